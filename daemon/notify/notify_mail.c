/* SPDX-License-Identifier: Apache-2.0
 * The server's address is known before the cage, as inside it there is no name service. */
#include "daemon/notify/notify_mail.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <signal.h>
#include <string.h>

#include "pkcs11/cage.h"

#define CONNECT_SECONDS 15L
#define SESSION_SECONDS 45L

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURLU, curl_url_cleanup)

/* "HOST:PORT:ADDRESS" for CURLOPT_RESOLVE; NULL with *ret_why. */
static char *resolve(const char *server, char **ret_why)
{
	g_autoptr(CURLU) url = curl_url();
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char *host = NULL, *port = NULL, *entry = NULL;
	char address[NI_MAXHOST];
	int code = EAI_FAIL;

	if (curl_url_set(url, CURLUPART_URL, server, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK)
		code = getaddrinfo(host, port, &hints, &found);
	if (code == 0)
		code = getnameinfo(found->ai_addr, found->ai_addrlen, address, sizeof(address),
				   NULL, 0, NI_NUMERICHOST);
	if (code == 0)
		entry = g_strdup_printf("%s:%s:%s", host, port, address);
	else
		*ret_why = g_strdup_printf("%s: %s", server, gai_strerror(code));
	if (found != NULL)
		freeaddrinfo(found);
	curl_free(host);
	curl_free(port);
	return entry;
}

static int enter_cage(const char *ca)
{
	const char *const readable[] = { "/usr/lib",
					 "/lib",
					 "/lib64",
					 "/etc/ssl",
					 "/usr/share/ca-certificates",
					 "/etc/ld.so.cache",
					 *ca != '\0' ? ca : NULL,
					 NULL };
	static const char *const writable[] = { NULL };
	CageProfile profile = { .read_paths = readable,
				.write_paths = writable,
				.families = CAGE_INET };
	CageReport report;

	return cage_enter(&profile, &report);
}

typedef struct Text {
	const char *text;
	size_t left;
} Text;

static size_t give(char *buffer, size_t size, size_t count, void *data)
{
	Text *text = data;
	size_t n = MIN(size * count, text->left);

	memcpy(buffer, text->text, n);
	text->text += n;
	text->left -= n;
	return n;
}

static void send_one(Notify *notify, CURL *curl, const char *to)
{
	g_autofree char *message =
		g_strdup_printf("To: <%s>\r\n%s", to, notify_text(notify, "message"));
	struct curl_slist *receivers = curl_slist_append(NULL, to);
	Text text = { message, strlen(message) };
	char why[CURL_ERROR_SIZE] = "";
	CURLcode code;
	long reply = 0;

	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, receivers);
	curl_easy_setopt(curl, CURLOPT_READDATA, &text);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
	curl_slist_free_all(receivers);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
	if (code == CURLE_OK) {
		notify_done(notify, to);
	} else {
		g_autofree char *text_of = g_strdup_printf(
			"%s (SMTP %ld)", *why != '\0' ? why : curl_easy_strerror(code), reply);

		notify_fail(notify, to, text_of);
	}
}

/* One transfer a session: what a broken one leaves behind must not meet the next address. */
static void send_all(Notify *notify, const char *server, const char *ca, const char *address)
{
	const json_t *to = json_object_get(notify->request, "to");
	struct curl_slist *known = curl_slist_append(NULL, address);

	for (size_t i = 0; i < json_array_size(to); i++) {
		CURL *curl = curl_easy_init();

		curl_easy_setopt(curl, CURLOPT_URL, server);
		curl_easy_setopt(curl, CURLOPT_RESOLVE, known);
		curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
		curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
		curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
		curl_easy_setopt(curl, CURLOPT_TIMEOUT, SESSION_SECONDS);
		curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
		curl_easy_setopt(curl, CURLOPT_PROXY, "");
		if (*ca != '\0')
			curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
		curl_easy_setopt(curl, CURLOPT_MAIL_FROM, notify_text(notify, "from"));
		curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
		send_one(notify, curl, json_string_value(json_array_get(to, i)));
		curl_easy_cleanup(curl);
	}
	curl_slist_free_all(known);
}

void notify_mail_send(Notify *notify)
{
	const char *server = notify_text(notify, "server");
	const char *ca = notify_text(notify, "ca");
	g_autofree char *why = NULL;
	g_autofree char *address = NULL;
	int wrong;

	(void) signal(SIGPIPE, SIG_IGN);
	if (server == NULL || ca == NULL || notify_text(notify, "message") == NULL) {
		notify_fail_all(notify, "no mail server");
		return;
	}
	curl_global_init(CURL_GLOBAL_ALL);
	address = resolve(server, &why);
	wrong = address != NULL ? enter_cage(ca) : 0;
	if (address == NULL || wrong != 0)
		notify_fail_all(notify, address == NULL ? why : g_strerror(wrong));
	else
		send_all(notify, server, ca, address);
	curl_global_cleanup();
}
