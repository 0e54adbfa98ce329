/* SPDX-License-Identifier: Apache-2.0
 * Failpoints: OPCARD_FAILPOINTS is read once, at the first hit that counts; counts are per process.
 */
#include "pkcs11/failpoint.h"

#ifdef OPCARD_FAILPOINTS

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ARMED_MAX 64

typedef enum Action {
	ACTION_KILL,
	ACTION_EIO,
	ACTION_ENOSPC,
	ACTION_SLEEP,
	_ACTION_MAX
} Action;

typedef struct Armed {
	char *name;
	Action action;
	unsigned long milliseconds;
	unsigned long only; /* 0: every hit */
	unsigned long hits;
} Armed;

/* Bounds of the section; without any FAILPOINT() in the binary it does not exist. */
extern const char *const __start_opcard_failpoint[] __attribute__((weak, visibility("hidden")));
extern const char *const __stop_opcard_failpoint[] __attribute__((weak, visibility("hidden")));

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Armed armed[ARMED_MAX];
static size_t armed_count;
static int armed_read;
static int is_open;

static void refuse(const char *what)
{
	fprintf(stderr, "OPCARD_FAILPOINTS: cannot understand \"%s\"\n", what);
	abort();
}

static unsigned long number(const char *text, const char *all)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (end == text || *end != '\0')
		refuse(all);
	return value;
}

static void arm(char *entry)
{
	char *whole = strdup(entry);
	char *action = strchr(entry, ':');
	char *at;
	Armed *one;

	if (whole == NULL || action == NULL || armed_count == ARMED_MAX)
		refuse(entry);
	one = &armed[armed_count++];
	*action++ = '\0';
	at = strchr(action, '@');
	if (at != NULL) {
		*at++ = '\0';
		one->only = number(at, whole);
	}
	one->name = strdup(entry);
	if (strcmp(action, "kill") == 0) {
		one->action = ACTION_KILL;
	} else if (strcmp(action, "eio") == 0) {
		one->action = ACTION_EIO;
	} else if (strcmp(action, "enospc") == 0) {
		one->action = ACTION_ENOSPC;
	} else if (strncmp(action, "sleep=", 6) == 0) {
		one->action = ACTION_SLEEP;
		one->milliseconds = number(action + 6, whole);
	} else {
		refuse(whole);
	}
	free(whole);
}

static void read_environment(void)
{
	const char *text = getenv("OPCARD_FAILPOINTS");
	char *copy = text == NULL ? NULL : strdup(text);
	char *rest = copy;
	char *entry;

	armed_read = 1;
	while (copy != NULL && (entry = strsep(&rest, ",")) != NULL)
		if (*entry != '\0')
			arm(entry);
	free(copy);
}

/* Until the file is there nothing counts: so a test can name what an operation passes, whatever the
 * start passed before it. */
static int gate_is_open(void)
{
	const char *path = getenv("OPCARD_FAILPOINTS_GATE");

	is_open = is_open || path == NULL || access(path, F_OK) == 0;
	return is_open;
}

/* Counts the hit and gives a copy of what is armed for it. */
static int look_up(const char *name, Armed *ret_armed)
{
	int found = 0;

	pthread_mutex_lock(&lock);
	if (!gate_is_open()) {
		pthread_mutex_unlock(&lock);
		return 0;
	}
	if (!armed_read)
		read_environment();
	for (size_t i = 0; i < armed_count && !found; i++) {
		if (strcmp(armed[i].name, name) != 0)
			continue;
		armed[i].hits++;
		found = armed[i].only == 0 || armed[i].only == armed[i].hits;
		*ret_armed = armed[i];
	}
	pthread_mutex_unlock(&lock);
	return found;
}

int failpoint_hit(const char *name)
{
	Armed one = { 0 };
	struct timespec pause;

	if (!look_up(name, &one))
		return 0;
	switch (one.action) {
	case ACTION_KILL:
		raise(SIGKILL);
		return 0;
	case ACTION_EIO:
		return EIO;
	case ACTION_ENOSPC:
		return ENOSPC;
	case ACTION_SLEEP:
		pause.tv_sec = (time_t) (one.milliseconds / 1000);
		pause.tv_nsec = (long) (one.milliseconds % 1000) * 1000000;
		nanosleep(&pause, NULL);
		return 0;
	case _ACTION_MAX:
		break;
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

void failpoint_list(FILE *to)
{
	size_t count = (size_t) (__stop_opcard_failpoint - __start_opcard_failpoint);
	const char **names;

	if (count == 0 || __start_opcard_failpoint == NULL)
		return;
	names = calloc(count, sizeof *names);
	if (names == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		names[i] = __start_opcard_failpoint[i];
	qsort(names, count, sizeof *names, compare);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
			fprintf(to, "%s\n", names[i]);
	free(names);
}

#else

int failpoint_hit(const char *name)
{
	(void) name;
	return 0;
}

void failpoint_list(FILE *to)
{
	(void) to;
}

#endif
