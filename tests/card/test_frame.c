/* SPDX-License-Identifier: Apache-2.0
 * Frames: what goes in comes out, and nothing else is ever taken for a frame. */
#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pkcs11/frame.h"

enum {
	VERB = 7,
	NUMBER = 1,
	TEXT,
	BYTES,
	PIN,
	OTHER_PIN
};

static const FrameTag tags[] = {
	{ NUMBER, FRAME_NUMBER, 0 },
	{ TEXT, FRAME_TEXT, 10 },
	{ BYTES, FRAME_BYTES, FRAME_MAX },
	{ PIN, FRAME_SECRET, SECRET_MAX },
	{ OTHER_PIN, FRAME_SECRET, SECRET_MAX },
	{ 0 },
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Frame, frame_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Secret, secret_free)

static FrameResult parse(const void *bytes, size_t length)
{
	g_autoptr(Frame) frame = NULL;
	/* A copy of exactly this size, so that a sanitizer sees a byte read too far. */
	g_autofree void *copy = g_memdup2(bytes, length);

	return frame_parse(copy, length, tags, &frame);
}

static Frame *sample(void)
{
	g_autoptr(Secret) pin = secret_new("Tulip47", 7);
	Frame *frame = frame_new(VERB);

	frame_put_number(frame, NUMBER, 0x0123456789abcdefULL);
	frame_put_text(frame, TEXT, "千葉");
	frame_put_bytes(frame, BYTES, "\0\1\2", 3);
	frame_put_secret(frame, PIN, pin);
	return frame;
}

static void test_there_and_back(void)
{
	g_autoptr(Frame) out = sample();
	g_autoptr(Frame) in = NULL;
	g_autoptr(Secret) pin = NULL;
	const unsigned char *bytes;
	size_t length;
	int fds[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), ==, 0);
	g_assert_cmpint(frame_send(fds[0], out, frame_deadline_in(1000)), ==, FRAME_OK);
	g_assert_cmpint(frame_receive(fds[1], tags, frame_deadline_in(1000), &in), ==, FRAME_OK);
	g_assert_cmpint(frame_verb(in), ==, VERB);
	g_assert_cmpuint(frame_number(in, NUMBER, 0), ==, 0x0123456789abcdefULL);
	g_assert_cmpstr(frame_text(in, TEXT), ==, "千葉");
	bytes = frame_bytes(in, BYTES, &length);
	g_assert_cmpmem(bytes, length, "\0\1\2", 3);
	pin = frame_take_secret(in, PIN);
	g_assert_cmpstr(secret_data(pin), ==, "Tulip47");
	g_assert_null(frame_take_secret(in, PIN));
	g_assert_null(frame_take_secret(in, OTHER_PIN));
	g_assert_false(frame_has(in, OTHER_PIN));
	g_assert_cmpuint(frame_number(in, OTHER_PIN, 5), ==, 5);
	/* A field is only what its kind says. */
	g_assert_null(frame_text(in, BYTES));
	g_assert_null(frame_bytes(in, PIN, &length));
	close(fds[0]);
	g_assert_cmpint(frame_receive(fds[1], tags, FRAME_FOREVER, &in), ==, FRAME_CLOSED);
	g_assert_cmpint(frame_send(fds[1], out, FRAME_FOREVER), ==, FRAME_CLOSED);
	close(fds[1]);
}

static void test_encoding(void)
{
	static const unsigned char expected[] = { 0, 7, 0, 2, 0, 0, 0, 2, 'a', 'b' };
	g_autoptr(Frame) frame = frame_new(VERB);
	const unsigned char *bytes;
	size_t length;

	frame_put_text(frame, TEXT, "ab");
	g_assert_true(frame_encoded(frame, &bytes, &length));
	g_assert_cmpmem(bytes, length, expected, sizeof expected);
}

static void test_refused(void)
{
	static const unsigned char unknown[] = { 0, 7, 0, 9, 0, 0, 0, 0 };
	static const unsigned char twice[] = { 0, 7, 0, 2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0 };
	static const unsigned char beyond[] = { 0, 7, 0, 2, 0, 0, 0, 2, 'a' };
	static const unsigned char huge[] = { 0, 7, 0, 3, 0xff, 0xff, 0xff, 0xff, 'a' };
	static const unsigned char with_nul[] = { 0, 7, 0, 2, 0, 0, 0, 2, 'a', 0 };
	static const unsigned char too_long[] = { 0,   7,   0,   2,   0,   0,   0,   11,  'a', 'a',
						  'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a' };
	static const unsigned char odd_number[] = { 0, 7, 0, 1, 0, 0, 0, 4, 0, 0, 0, 1 };
	static const unsigned char rest[] = { 0, 7, 0, 2, 0, 0, 0, 0, 0 };
	static const unsigned char empty[] = { 0, 7 };

	g_assert_cmpint(parse(empty, sizeof empty), ==, FRAME_OK);
	g_assert_cmpint(parse(empty, 1), ==, FRAME_BROKEN);
	g_assert_cmpint(parse(empty, 0), ==, FRAME_BROKEN);
	g_assert_cmpint(parse(unknown, sizeof unknown), ==, FRAME_UNKNOWN_TAG);
	g_assert_cmpint(parse(twice, sizeof twice), ==, FRAME_DUPLICATE);
	g_assert_cmpint(parse(beyond, sizeof beyond), ==, FRAME_BROKEN);
	g_assert_cmpint(parse(huge, sizeof huge), ==, FRAME_BROKEN);
	g_assert_cmpint(parse(with_nul, sizeof with_nul), ==, FRAME_BROKEN);
	g_assert_cmpint(parse(too_long, sizeof too_long), ==, FRAME_BROKEN);
	g_assert_cmpint(parse(odd_number, sizeof odd_number), ==, FRAME_BROKEN);
	g_assert_cmpint(parse(rest, sizeof rest), ==, FRAME_BROKEN);
}

static void test_secret_too_long(void)
{
	g_autoptr(Frame) frame = frame_new(VERB);
	char bytes[SECRET_MAX + 1] = { 0 };
	const unsigned char *encoded;
	size_t length;

	frame_put_bytes(frame, PIN, bytes, sizeof bytes);
	g_assert_true(frame_encoded(frame, &encoded, &length));
	g_assert_cmpint(parse(encoded, length), ==, FRAME_BROKEN);
}

static void test_too_large(void)
{
	g_autoptr(Frame) frame = frame_new(VERB);
	g_autoptr(Frame) fits = frame_new(VERB);
	g_autofree char *large = g_malloc0(FRAME_MAX);
	const unsigned char *bytes;
	size_t length;

	frame_put_bytes(fits, BYTES, large, FRAME_MAX - 8);
	g_assert_true(frame_encoded(fits, &bytes, &length));
	g_assert_cmpint(parse(bytes, length), ==, FRAME_OK);
	frame_put_bytes(frame, BYTES, large, FRAME_MAX - 7);
	frame_put_text(frame, TEXT, "x");
	g_assert_false(frame_encoded(frame, &bytes, &length));
	g_assert_cmpint(frame_send(-1, frame, FRAME_FOREVER), ==, FRAME_TOO_LARGE);
}

static void test_datagram_too_large(void)
{
	g_autofree char *large = g_malloc0(FRAME_MAX + 1);
	g_autoptr(Frame) frame = NULL;
	int fds[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), ==, 0);
	g_assert_cmpint(send(fds[0], large, FRAME_MAX + 1, 0), ==, FRAME_MAX + 1);
	g_assert_cmpint(frame_receive(fds[1], tags, FRAME_FOREVER, &frame), ==, FRAME_TOO_LARGE);
	close(fds[0]);
	close(fds[1]);
}

static void test_late(void)
{
	g_autoptr(Frame) in = NULL;
	g_autoptr(Frame) out = sample();
	FrameResult result = FRAME_OK;
	int fds[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), ==, 0);
	g_assert_cmpint(frame_receive(fds[0], tags, frame_deadline_in(20), &in), ==, FRAME_LATE);
	g_assert_cmpint(frame_receive(fds[0], tags, 0, &in), ==, FRAME_LATE);
	/* A peer that never reads: at last the socket is full. */
	for (unsigned i = 0; i < 100000 && result == FRAME_OK; i++)
		result = frame_send(fds[0], out, frame_deadline_in(20));
	g_assert_cmpint(result, ==, FRAME_LATE);
	close(fds[0]);
	close(fds[1]);
}

/* Random bytes, and a good frame with random damage: refused or parsed, never read beyond. */
static void test_garbage(void)
{
	g_autoptr(Frame) good = sample();
	const unsigned char *bytes;
	size_t length;

	g_assert_true(frame_encoded(good, &bytes, &length));
	for (size_t cut = 0; cut < length; cut++)
		(void) parse(bytes, cut);
	for (unsigned i = 0; i < 20000; i++) {
		g_autofree unsigned char *bad = g_memdup2(bytes, length);
		unsigned changes = (unsigned) g_test_rand_int_range(1, 8);

		for (unsigned j = 0; j < changes; j++)
			bad[g_test_rand_int_range(0, (int) length)] =
				(unsigned char) g_test_rand_int_range(0, j % 2 == 0 ? 256 : 8);
		(void) parse(bad, length);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/card/frame/there-and-back", test_there_and_back);
	g_test_add_func("/card/frame/encoding", test_encoding);
	g_test_add_func("/card/frame/refused", test_refused);
	g_test_add_func("/card/frame/secret-too-long", test_secret_too_long);
	g_test_add_func("/card/frame/too-large", test_too_large);
	g_test_add_func("/card/frame/datagram-too-large", test_datagram_too_large);
	g_test_add_func("/card/frame/late", test_late);
	g_test_add_func("/card/frame/garbage", test_garbage);
	return g_test_run();
}
