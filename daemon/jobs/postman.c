/* SPDX-License-Identifier: Apache-2.0
 * Looks into the outbox every few moments; one index entry tells that it is empty. */
#include "daemon/jobs/postman.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/base/log.h"
#include "daemon/op/notice_send.h"

#define LOOK_MS    1000
#define TROUBLE_MS 60000

struct Postman {
	House *house;
	GThread *thread;
	int stop; /* can be read once it is to end */
};

static gpointer loop(gpointer data)
{
	Postman *postman = data;
	struct pollfd stop = { .fd = postman->stop, .events = POLLIN };
	int pause = 0;

	while (poll(&stop, 1, pause) == 0) {
		g_autoptr(GError) error = NULL;
		guint count = 0;

		pause = LOOK_MS;
		if (!notice_send_due(postman->house, clock_now(), postman->stop, &count, &error)) {
			log_error("notices", NULL, NULL, error);
			pause = TROUBLE_MS;
		} else if (count > 0) {
			pause = 0;
		}
	}
	return NULL;
}

Postman *postman_start(House *house, GError **error)
{
	Postman *postman = g_new0(Postman, 1);

	postman->house = house;
	postman->stop = eventfd(0, EFD_CLOEXEC);
	if (postman->stop < 0)
		error_set(error, ERROR_INTERNAL, N_("%s could not be started: %s"), "postman",
			  g_strerror(errno));
	else
		postman->thread = g_thread_try_new("postman", loop, postman, error);
	if (postman->thread == NULL) {
		if (postman->stop >= 0)
			close(postman->stop);
		g_free(postman);
		return NULL;
	}
	return postman;
}

void postman_stop(Postman *postman)
{
	if (postman == NULL)
		return;
	(void) eventfd_write(postman->stop, 1);
	g_thread_join(postman->thread);
	close(postman->stop);
	g_free(postman);
}
