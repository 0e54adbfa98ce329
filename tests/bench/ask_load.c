/* SPDX-License-Identifier: Apache-2.0
 * Asks a server on this machine over HTTP as fast as it answers, one thread, many connections, each
 * with one request at a time. wrk does not get along with `openssl ocsp`, and its Lua costs more
 * than the servers that are measured.
 * ask_load PORT PATH BODIES SECONDS CONNECTIONS keep|close [FLAGS]: prints
 * "REQUESTS FAILED SECONDS GOOD REVOKED".
 * BODIES: records of two bytes length and the body of a POST.
 * FLAGS: a file with an octet for each of them; it is 1 from the moment its certificate is known to
 * be revoked. GOOD counts answers "good" to what was flagged when it was asked, REVOKED the others
 * among those. Needs requests that end with their serial. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_MAX  16384
#define SERIAL_SIZE 16

typedef struct Peer {
	int fd;
	size_t question;
	bool is_flagged; /* when it was asked */
	char answer[ANSWER_MAX];
	size_t got;
} Peer;

typedef struct Question {
	char *bytes;
	size_t length;
} Question;

static struct sockaddr_in server = { .sin_family = AF_INET };
static Question *questions;
static size_t question_count, next_question;
static bool is_kept;
static int poller;
static unsigned long answered, failed, good, revoked;
static const volatile unsigned char *flags;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double) time.tv_sec + 1e-9 * (double) time.tv_nsec;
}

static void add_question(const char *path, const unsigned char *body, size_t length)
{
	char head[512];
	int size = snprintf(head, sizeof head,
			    "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
			    "application/ocsp-request\r\n%sContent-Length: %zu\r\n\r\n",
			    path, is_kept ? "" : "Connection: close\r\n", length);
	Question *question;

	questions = realloc(questions, (question_count + 1) * sizeof *questions);
	question = &questions[question_count++];
	question->length = (size_t) size + length;
	question->bytes = malloc(question->length);
	memcpy(question->bytes, head, (size_t) size);
	memcpy(question->bytes + size, body, length);
}

static void read_questions(const char *path, const char *name)
{
	unsigned char header[2], body[65536];
	FILE *file = fopen(name, "rb");

	if (file == NULL)
		die(name);
	while (fread(header, 1, 2, file) == 2) {
		size_t length = (size_t) header[0] << 8 | header[1];

		if (fread(body, 1, length, file) != length)
			die(name);
		add_question(path, body, length);
	}
	(void) fclose(file);
}

static void ask(Peer *peer)
{
	const Question *question;

	peer->question = next_question++ % question_count;
	peer->is_flagged = flags != NULL && flags[peer->question] != 0;
	question = &questions[peer->question];
	peer->got = 0;
	/* A request is far smaller than the socket's buffer. */
	if (send(peer->fd, question->bytes, question->length, MSG_NOSIGNAL) !=
	    (ssize_t) question->length)
		failed++;
}

static void open_peer(Peer *peer)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = peer };
	struct linger at_once = { .l_onoff = 1 };
	int yes = 1;

	peer->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (peer->fd < 0 ||
	    connect(peer->fd, (const struct sockaddr *) &server, sizeof server) != 0)
		die("connect");
	setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	if (epoll_ctl(poller, EPOLL_CTL_ADD, peer->fd, &event) != 0)
		die("epoll_ctl");
	ask(peer);
}

/* 0 while the answer is not complete. */
static size_t answer_length(Peer *peer)
{
	const char *end, *length;

	peer->answer[peer->got] = '\0';
	end = memmem(peer->answer, peer->got, "\r\n\r\n", 4);
	if (end == NULL)
		return 0;
	length = strcasestr(peer->answer, "\r\ncontent-length:");
	return length == NULL || length > end
		       ? 0
		       : (size_t) (end + 4 - peer->answer) + strtoul(length + 17, NULL, 10);
}

/* certStatus stands right behind the CertID, which ends with the serial. */
static void judge(const Peer *peer)
{
	const Question *question = &questions[peer->question];
	const char *serial = question->bytes + question->length - SERIAL_SIZE;
	const char *found = memmem(peer->answer, peer->got, serial, SERIAL_SIZE);

	if (!peer->is_flagged)
		return;
	if (found != NULL && memcmp(found + SERIAL_SIZE, "\x80", 2) == 0)
		good++;
	else
		revoked++;
}

static const unsigned char *map_flags(const char *name)
{
	int fd = open(name, O_RDONLY);
	void *mapped =
		fd >= 0 ? mmap(NULL, question_count, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;

	if (mapped == MAP_FAILED)
		die(name);
	(void) close(fd);
	return mapped;
}

static void take(Peer *peer)
{
	ssize_t n = recv(peer->fd, peer->answer + peer->got, sizeof peer->answer - 1 - peer->got,
			 MSG_DONTWAIT);
	size_t whole;

	if (n < 0 && errno == EAGAIN)
		return;
	if (n > 0) {
		peer->got += (size_t) n;
		whole = answer_length(peer);
		if (whole == 0 || peer->got < whole)
			return;
		answered++;
		judge(peer);
		failed += memcmp(peer->answer, "HTTP/1.", 7) != 0 ||
			  memcmp(peer->answer + 8, " 200", 4) != 0;
		if (is_kept) {
			ask(peer);
			return;
		}
	} else {
		failed++;
	}
	(void) close(peer->fd);
	open_peer(peer);
}

int main(int argc, char **argv)
{
	struct epoll_event events[64];
	Peer *peers;
	double begin, end;
	int count;

	if (argc != 7 && argc != 8)
		return 2;
	is_kept = strcmp(argv[6], "keep") == 0;
	read_questions(argv[2], argv[3]);
	if (argc == 8)
		flags = map_flags(argv[7]);
	server.sin_port = htons((unsigned short) atoi(argv[1]));
	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	poller = epoll_create1(0);
	count = atoi(argv[5]);
	peers = calloc((size_t) count, sizeof *peers);
	begin = now();
	end = begin + atof(argv[4]);
	for (int i = 0; i < count; i++)
		open_peer(&peers[i]);
	while (now() < end) {
		int n = epoll_wait(poller, events, 64, 100);

		for (int i = 0; i < n; i++)
			take(events[i].data.ptr);
	}
	printf("%lu %lu %f %lu %lu\n", answered, failed, now() - begin, good, revoked);
	return 0;
}
