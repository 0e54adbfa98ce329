/* SPDX-License-Identifier: Apache-2.0
 * opcard-notify: the request is read whole, the channel shuts itself in, then it speaks. The mail
 * server's answers and what a hook writes never reach opcardd but as one line of text. */
#include "daemon/notify/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/notify/notify_hook.h"
#include "daemon/notify/notify_mail.h"
#include "daemon/notify/notify_syslog.h"

#define REQUEST_MAX (1024 * 1024)
#define WHY_MAX     300

#ifdef __SANITIZE_ADDRESS__
/* The leak checker wants to clone and ptrace, which the cage forbids. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:abort_on_error=1";
}
#endif

static const struct {
	const char *name;
	void (*send)(Notify *notify);
} channels[] = {
	{ "mail", notify_mail_send },
	{ "syslog", notify_syslog_send },
	{ "hook", notify_hook_send },
};

const char *notify_text(const Notify *notify, const char *name)
{
	return json_string_value(json_object_get(notify->request, name));
}

void notify_done(Notify *notify, const char *receiver)
{
	json_array_append_new(notify->done, json_string(receiver));
}

/* A server's words go into a database and onto terminals. */
void notify_fail(Notify *notify, const char *receiver, const char *why)
{
	g_autofree char *valid = g_utf8_make_valid(why, -1);
	g_autofree char *text = g_utf8_substring(valid, 0, MIN(g_utf8_strlen(valid, -1), WHY_MAX));

	for (char *c = text; *c != '\0'; c++)
		if (g_ascii_iscntrl(*c))
			*c = ' ';
	json_object_set_new(notify->failed, receiver, json_string(g_strstrip(text)));
}

void notify_fail_all(Notify *notify, const char *why)
{
	const json_t *to = json_object_get(notify->request, "to");

	for (size_t i = 0; i < json_array_size(to); i++)
		notify_fail(notify, json_string_value(json_array_get(to, i)), why);
}

static json_t *read_request(void)
{
	char *text = malloc(REQUEST_MAX);
	size_t length = text != NULL ? fread(text, 1, REQUEST_MAX, stdin) : 0;
	json_t *request =
		length > 0 && length < REQUEST_MAX ? json_loadb(text, length, 0, NULL) : NULL;

	free(text);
	return request;
}

static gboolean send_on(Notify *notify)
{
	const char *channel = notify_text(notify, "channel");

	for (gsize i = 0; i < G_N_ELEMENTS(channels); i++)
		if (g_strcmp0(channels[i].name, channel) == 0) {
			channels[i].send(notify);
			return TRUE;
		}
	return FALSE;
}

int main(int argc, char **argv)
{
	json_t *request;
	Notify notify;
	gboolean is_sent;
	json_t *answer;

	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return puts("opcard-notify " OPCARD_VERSION) < 0;
	request = read_request();
	notify = (Notify){ request, json_array(), json_object() };
	is_sent = request != NULL && send_on(&notify);
	if (!is_sent)
		fprintf(stderr, "opcard-notify: no request that it understands\n");
	answer = json_pack("{s:o, s:o}", "done", notify.done, "failed", notify.failed);
	is_sent = is_sent && json_dumpf(answer, stdout, JSON_COMPACT) == 0 && fflush(stdout) == 0;
	json_decref(answer);
	json_decref(request);
	return is_sent ? EXIT_SUCCESS : EXIT_FAILURE;
}
