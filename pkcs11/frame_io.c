/* SPDX-License-Identifier: Apache-2.0
 * Frames on a SOCK_SEQPACKET socket, with deadlines. The socket may be blocking or not: every call
 * is MSG_DONTWAIT behind a poll, so a stopped peer never holds the caller beyond its deadline. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "pkcs11/frame.h"

static int64_t now(void)
{
	struct timespec time;

	(void) clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t) time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int64_t frame_deadline_in(unsigned milliseconds)
{
	return now() + milliseconds;
}

static FrameResult wait_for(int fd, short events, int64_t deadline)
{
	struct pollfd one = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = deadline == FRAME_FOREVER ? -1 : deadline - now();
		int ready;

		if (deadline != FRAME_FOREVER && left <= 0)
			left = 0;
		ready = poll(&one, 1, left > INT_MAX ? INT_MAX : (int) left);
		if (ready > 0)
			return FRAME_OK;
		if (ready == 0 && left < INT_MAX)
			return FRAME_LATE;
		if (ready < 0 && errno != EINTR)
			return FRAME_FAILED;
	}
}

static bool again(void)
{
	return errno == EINTR || errno == EAGAIN;
}

FrameResult frame_send(int fd, const Frame *frame, int64_t deadline)
{
	const unsigned char *bytes;
	size_t length;

	if (!frame_encoded(frame, &bytes, &length)) {
		errno = EMSGSIZE;
		return FRAME_TOO_LARGE;
	}
	for (;;) {
		FrameResult result = wait_for(fd, POLLOUT, deadline);

		if (result != FRAME_OK)
			return result;
		if (send(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
			return FRAME_OK;
		if (errno == EPIPE || errno == ECONNRESET)
			return FRAME_CLOSED;
		if (!again())
			return FRAME_FAILED;
	}
}

static FrameResult receive_into(int fd, unsigned char *bytes, int64_t deadline, size_t *ret_length)
{
	for (;;) {
		FrameResult result = wait_for(fd, POLLIN, deadline);
		ssize_t got;

		if (result != FRAME_OK)
			return result;
		got = recv(fd, bytes, FRAME_MAX, MSG_DONTWAIT | MSG_TRUNC);
		if (got == 0 || (got < 0 && errno == ECONNRESET))
			return FRAME_CLOSED;
		if (got > 0) {
			*ret_length = (size_t) got;
			return got > FRAME_MAX ? FRAME_TOO_LARGE : FRAME_OK;
		}
		if (!again())
			return FRAME_FAILED;
	}
}

FrameResult frame_receive(int fd, const FrameTag *tags, int64_t deadline, Frame **ret_frame)
{
	unsigned char *bytes = malloc(FRAME_MAX);
	size_t length = 0;
	FrameResult result;

	if (bytes == NULL)
		return FRAME_FAILED;
	result = receive_into(fd, bytes, deadline, &length);
	if (result == FRAME_OK)
		result = frame_parse(bytes, length, tags, ret_frame);
	secret_erase(bytes, length > FRAME_MAX ? FRAME_MAX : length);
	free(bytes);
	return result;
}
