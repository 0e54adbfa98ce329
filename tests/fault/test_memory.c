/* SPDX-License-Identifier: Apache-2.0
 * Every allocation of the libc-only room (pkcs11/) fails once, for each n the n-th: no crash, a
 * failure that says so, nothing left behind. The linker's --wrap puts the functions here between
 * that room and libc; GLib and OpenSSL, which end the program or have tests of their own, are not
 * touched. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pkcs11/card_watch.h"
#include "pkcs11/frame.h"
#include "pkcs11/secret.h"
#include "pkcs11/sign_client.h"
#include "tests/card/desk.h"

#define DEADLINE_MS 60000
#define NEVER       0
#define STEPS_MAX   4000

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__real_mmap64(void *at, size_t size, ...);
int __real_munmap(void *at, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);
void *__wrap_mmap64(void *at, size_t size, ...);
int __wrap_munmap(void *at, size_t size);
void __wrap_free(void *memory);

static unsigned long asked, fail_at;
static long alive;

static int may_have(void)
{
	asked++;
	if (asked == fail_at) {
		errno = ENOMEM;
		return 0;
	}
	return 1;
}

static void *count(void *memory)
{
	alive += memory != NULL;
	return memory;
}

void *__wrap_malloc(size_t size)
{
	return may_have() ? count(__real_malloc(size)) : NULL;
}

void *__wrap_calloc(size_t number, size_t size)
{
	return may_have() ? count(__real_calloc(number, size)) : NULL;
}

void *__wrap_realloc(void *old, size_t size)
{
	if (!may_have())
		return NULL;
	return old == NULL ? count(__real_malloc(size)) : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	return may_have() ? count(__real_strdup(text)) : NULL;
}

void *__wrap_mmap64(void *at, size_t size, ...)
{
	va_list rest;
	int protection, flags, fd;

	va_start(rest, size);
	protection = va_arg(rest, int);
	flags = va_arg(rest, int);
	fd = va_arg(rest, int);
	va_end(rest);
	return may_have() ? count(__real_mmap64(at, size, protection, flags, fd, (off_t) 0))
			  : MAP_FAILED;
}

int __wrap_munmap(void *at, size_t size)
{
	alive--;
	return __real_munmap(at, size);
}

void __wrap_free(void *memory)
{
	alive -= memory != NULL;
	__real_free(memory);
}

/* One use of the room from beginning to end: false when it said that it could not. */
typedef bool Use(void);

static unsigned long open_files(void)
{
	g_autoptr(GDir) folder = g_dir_open("/proc/self/fd", 0, NULL);
	unsigned long files = 0;

	while (g_dir_read_name(folder) != NULL)
		files++;
	return files;
}

static void exhaust(Use *use)
{
	unsigned long all, files;

	fail_at = NEVER;
	asked = 0;
	g_assert_true(use());
	all = asked;
	g_assert_cmpint(alive, ==, 0);
	g_assert_cmpuint(all, >, 0);
	g_assert_cmpuint(all, <, STEPS_MAX);
	files = open_files();
	for (unsigned long n = 1; n <= all; n++) {
		asked = 0;
		fail_at = n;
		g_assert_false(use());
		g_assert_cmpint(alive, ==, 0);
		g_assert_cmpuint(open_files(), ==, files);
	}
	fail_at = NEVER;
	g_assert_true(use());
	g_test_message("%lu allocations failed one by one", all);
}

/* --- secrets --- */

static bool use_secrets(void)
{
	secret_auto Secret *first = secret_new("abcd", 4);
	secret_auto Secret *second = secret_new_random("xyz", 40);
	secret_auto Secret *read_one = NULL;
	int ends[2];

	g_assert_cmpint(pipe2(ends, O_CLOEXEC), ==, 0);
	g_assert_cmpint(write(ends[1], "wxyz\n", 5), ==, 5);
	close(ends[1]);
	read_one = secret_read_fd(ends[0], SECRET_MAX);
	close(ends[0]);
	return first != NULL && second != NULL && read_one != NULL &&
	       secret_length(read_one) == 4 && !secret_equal(first, second);
}

/* --- frames --- */

enum {
	TAG_NUMBER = 1,
	TAG_TEXT,
	TAG_BYTES,
	TAG_SECRET
};

static const FrameTag tags[] = { { TAG_NUMBER, FRAME_NUMBER, 8 },
				 { TAG_TEXT, FRAME_TEXT, 100 },
				 { TAG_BYTES, FRAME_BYTES, 30000 },
				 { TAG_SECRET, FRAME_SECRET, SECRET_MAX },
				 { 0, FRAME_NUMBER, 0 } };

static bool receive(int fd)
{
	frame_auto Frame *frame = NULL;
	secret_auto Secret *taken = NULL;
	size_t length;

	if (frame_receive(fd, tags, frame_deadline_in(DEADLINE_MS), &frame) != FRAME_OK) {
		g_assert_null(frame);
		return false;
	}
	taken = frame_take_secret(frame, TAG_SECRET);
	return frame_number(frame, TAG_NUMBER, 0) == 7 && frame_text(frame, TAG_TEXT) != NULL &&
	       frame_bytes(frame, TAG_BYTES, &length) != NULL && length == 20000 && taken != NULL;
}

static bool use_frames(void)
{
	static const unsigned char bytes[20000];
	secret_auto Secret *secret = secret_new("4711", 4);
	frame_auto Frame *frame = frame_new(3);
	int ends[2];
	bool is_done;

	if (secret == NULL)
		return false;
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), ==, 0);
	frame_put_number(frame, TAG_NUMBER, 7);
	frame_put_text(frame, TAG_TEXT, "千葉");
	frame_put_bytes(frame, TAG_BYTES, bytes, sizeof bytes);
	frame_put_secret(frame, TAG_SECRET, secret);
	is_done = frame_send(ends[0], frame, frame_deadline_in(DEADLINE_MS)) == FRAME_OK &&
		  receive(ends[1]);
	close(ends[0]);
	close(ends[1]);
	return is_done;
}

/* --- a card --- */

static bool is_said(bool is_done, const CardFailure *failure)
{
	g_assert_true(is_done || failure->kind != CARD_FAILURE_NONE);
	g_assert_true(is_done || failure->text[0] != '\0');
	return is_done;
}

typedef struct Keys {
	Secret *so_pin, *pin, *next;
} Keys;

static void keys_clear(Keys *keys)
{
	secret_free(keys->so_pin);
	secret_free(keys->pin);
	secret_free(keys->next);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Keys, keys_clear)

static bool personalise(CardClient *client, const Keys *keys, CardFailure *failure)
{
	static const unsigned char nonce[CARD_NONCE_SIZE];
	CardBytes spki, certificate, other;
	CardContents contents;

	if (!card_client_generate(client, keys->so_pin, "ec:P-256", &spki, failure))
		return false;
	desk_certify(&spki, &certificate);
	return card_client_put(client, certificate.bytes, certificate.length, &other, failure) &&
	       card_client_prove(client, nonce, &other, failure) &&
	       card_client_find(client, certificate.bytes, certificate.length, failure) &&
	       card_client_inspect(client, &contents, failure) &&
	       card_client_unblock(client, keys->so_pin, keys->pin, failure) &&
	       card_client_check(client, keys->pin, false, failure) &&
	       card_client_generate_next(client, "ec:P-256", &other, failure) &&
	       card_client_keep(client, certificate.bytes, certificate.length, failure) &&
	       card_client_change(client, keys->pin, keys->next, false, failure) &&
	       card_client_rekey(client, keys->so_pin, keys->so_pin, failure) &&
	       card_client_wipe(client, keys->so_pin, "OP000001", failure);
}

static bool talk(const Desk *desk, const Keys *keys, CardFailure *failure)
{
	CardClientOptions options = { .program = g_getenv("OPCARD_CARD"),
				      .family = "softhsm",
				      .reader = desk->reader,
				      .deadline_ms = DEADLINE_MS };
	g_autoptr(CardClient) client = card_client_start(&options, failure);
	char serial[CARD_SERIAL_SIZE];
	CardReady ready;

	return client != NULL && card_client_ready(client, &ready, failure) &&
	       card_client_initialise(client, keys->so_pin, "OP000001", serial, failure) &&
	       personalise(client, keys, failure) && card_client_stop(client, failure);
}

static bool use_card(void)
{
	g_autoptr(Desk) desk = desk_new();
	g_auto(Keys) keys = { secret_new("so-12345678", 11), secret_new("kz7Qm2xv", 8),
			      secret_new("w4Hd9tRb", 8) };
	CardFailure failure = { 0 };

	return keys.so_pin != NULL && keys.pin != NULL && keys.next != NULL &&
	       is_said(talk(desk, &keys, &failure), &failure);
}

/* --- the watcher --- */

static bool use_watch(void)
{
	g_autoptr(Desk) desk = desk_new();
	const char *readers[] = { desk->reader };
	CardWatchOptions options = { .program = g_getenv("OPCARD_CARD"),
				     .family = "softhsm",
				     .module = "/usr/lib/softhsm/libsofthsm2.so",
				     .readers = readers,
				     .reader_count = 1 };
	CardFailure failure = { 0 };
	CardWatch *watch = card_watch_start(&options, &failure);
	CardWatchEvent event;
	bool is_done;

	if (!is_said(watch != NULL, &failure))
		return false;
	is_done = is_said(card_watch_next(watch, DEADLINE_MS, &event, &failure) == CARD_WATCH_EVENT,
			  &failure);
	card_watch_free(watch);
	return is_done;
}

/* --- a CA key --- */

static bool use_signer(void)
{
	secret_auto Secret *pin = secret_new("token-pin", 9);
	SignClientOptions options = { .program = g_getenv("OPCARD_CARD"),
				      .module = "/usr/lib/softhsm/libsofthsm2.so",
				      .token = "none",
				      .object = "none",
				      .pin = pin,
				      .deadline_ms = DEADLINE_MS };
	CardFailure failure = { 0 };
	SignClient *client = pin != NULL ? sign_client_start(&options, &failure) : NULL;
	CardBytes spki;
	bool is_met;

	if (client == NULL)
		return false;
	/* There is no such token: as far as memory goes all went well when the child says so. */
	is_met = sign_client_ready(client, &spki, &failure) || failure.kind != CARD_FAILURE_SYSTEM;
	sign_client_free(client);
	return is_met;
}

static void test_secrets(void)
{
	exhaust(use_secrets);
}

static void test_frames(void)
{
	exhaust(use_frames);
}

static void test_card(void)
{
	exhaust(use_card);
}

static void test_watch(void)
{
	exhaust(use_watch);
}

static void test_signer(void)
{
	exhaust(use_signer);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/memory/secrets", test_secrets);
	g_test_add_func("/memory/frames", test_frames);
	g_test_add_func("/memory/card", test_card);
	g_test_add_func("/memory/watch", test_watch);
	g_test_add_func("/memory/signer", test_signer);
	return g_test_run();
}
