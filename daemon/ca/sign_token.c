/* SPDX-License-Identifier: Apache-2.0
 * Conversations with the signing worker, and the memory of the last one that failed. */
#include "daemon/ca/sign_token.h"

#include <openssl/sha.h>
#include <string.h>

#include "daemon/base/error.h"
#include "daemon/ca/key_file.h"
#include "daemon/ca/token_uri.h"
#include "pkcs11/sign_client.h"

/* So long after a failure nobody tries again. */
#define PAUSE (3 * G_USEC_PER_SEC)

struct SignToken {
	TokenUri uri;
	char *program;
	char *module;
	char *folder;
	char *pin_uri;
	gint64 deadline;
	GMutex use;      /* held while the worker runs */
	Secret *refused; /* a PIN the token did not take */
	GMutex mutex;    /* guards what follows */
	gint64 retry_at;
	GError *trouble; /* why the last use failed */
};

typedef struct Use {
	SignToken *token;
	const char *kind; /* NULL: no key is to be made */
	const guint8 *digest;
	CardBytes spki;
	CardBytes result;
} Use;

SignToken *sign_token_new(const char *uri, const SignTokenOptions *options, GError **error)
{
	SignToken *token;
	g_auto(TokenUri) parsed = { NULL, NULL };

	if (!token_uri_parse(uri, &parsed, error))
		return NULL;
	if (*options->module == '\0' || *options->pin_uri == '\0') {
		error_set(error, ERROR_USAGE,
			  N_("the CA key is on a token: name its PKCS#11 module and the file with "
			     "its PIN (module and pin in [ca])"));
		return NULL;
	}
	token = g_new0(SignToken, 1);
	token->uri = parsed;
	parsed = (TokenUri){ NULL, NULL };
	token->program = g_strdup(options->program);
	token->module = g_strdup(options->module);
	token->folder = options->folder != NULL && *options->folder != '\0'
				? g_strdup(options->folder)
				: NULL;
	token->pin_uri = g_strdup(options->pin_uri);
	token->deadline = options->deadline;
	g_mutex_init(&token->use);
	g_mutex_init(&token->mutex);
	return token;
}

void sign_token_free(SignToken *token)
{
	if (token == NULL)
		return;
	token_uri_clear(&token->uri);
	g_clear_error(&token->trouble);
	secret_free(token->refused);
	g_mutex_clear(&token->use);
	g_mutex_clear(&token->mutex);
	g_free(token->program);
	g_free(token->module);
	g_free(token->folder);
	g_free(token->pin_uri);
	g_free(token);
}

typedef struct Reason {
	CardFailureKind kind;
	const char *text;
} Reason;

static const Reason reasons[] = {
	{ CARD_FAILURE_NO_CARD,
	  N_("the token \"%s\" with the CA key is not there (%s): connect it; nothing is lost") },
	{ CARD_FAILURE_READER,
	  N_("the token \"%s\" with the CA key is not there (%s): connect it; nothing is lost") },
	{ CARD_FAILURE_PIN_WRONG, N_("the token \"%s\" with the CA key refuses its PIN (%s): "
				     "correct the file with the PIN; "
				     "this one is not tried again") },
	{ CARD_FAILURE_PIN_LOCKED,
	  N_("the PIN of the token \"%s\" with the CA key is locked (%s)") },
	{ CARD_FAILURE_PIN_LAST_TRY, N_("the token \"%s\" with the CA key has one try left for its "
					"PIN and is not touched (%s): "
					"log in to it by hand first") },
	{ CARD_FAILURE_TIMEOUT,
	  N_("the token \"%s\" with the CA key did not answer in time (%s): check it, or give it "
	     "longer ([ca] deadline)") },
	{ CARD_FAILURE_CRASHED,
	  N_("the module of the token \"%s\" with the CA key ended in the middle (%s)") },
};

static gboolean fail(const Use *use, const CardFailure *failure, GError **error)
{
	const char *text = N_("the token \"%s\" with the CA key cannot be used: %s");

	for (gsize i = 0; i < G_N_ELEMENTS(reasons); i++)
		if (reasons[i].kind == failure->kind)
			text = reasons[i].text;
	return error_set(error, ERROR_CA, text, use->token->uri.token, failure->text);
}

static gboolean read_pin(SignToken *token, Secret **ret_pin, GError **error)
{
	const char *path = key_file_path(token->pin_uri, error);
	g_autoptr(GError) cause = NULL;
	Secret *pin = path != NULL ? key_file_read_secret(path, &cause) : NULL;

	if (path == NULL)
		return FALSE;
	if (pin == NULL)
		return error_set(error, ERROR_CA,
				 N_("the PIN of the token \"%s\" with the CA key cannot be read: "
				    "%s"),
				 token->uri.token, cause->message);
	if (token->refused != NULL && secret_equal(token->refused, pin)) {
		secret_free(pin);
		return error_set(error, ERROR_CA,
				 N_("the token \"%s\" with the CA key refused the PIN in %s, which "
				    "has not changed since: correct the file"),
				 token->uri.token, path);
	}
	*ret_pin = pin;
	return TRUE;
}

static gboolean converse(Use *use, SignClient *client, CardFailure *ret_failure)
{
	if (!sign_client_ready(client, &use->spki, ret_failure))
		return FALSE;
	if (use->kind != NULL)
		return sign_client_generate(client, use->kind, &use->spki, ret_failure);
	if (use->digest == NULL || use->spki.length == 0)
		return TRUE;
	return sign_client_sign(client, use->digest, &use->result, ret_failure);
}

static gboolean is_about_pin(CardFailureKind kind)
{
	return kind == CARD_FAILURE_PIN_WRONG || kind == CARD_FAILURE_PIN_LOCKED ||
	       kind == CARD_FAILURE_PIN_FORMAT;
}

static gboolean try_once(Use *use, GError **error)
{
	SignToken *token = use->token;
	Secret *pin = NULL;
	SignClient *client;
	CardFailure failure;
	gboolean is_done;

	if (!read_pin(token, &pin, error))
		return FALSE;
	SignClientOptions options = {
		.program = token->program,
		.module = token->module,
		.folder = token->folder,
		.token = token->uri.token,
		.object = token->uri.object,
		.pin = pin,
		.deadline_ms = (unsigned) (token->deadline * 1000),
	};

	client = sign_client_start(&options, &failure);
	is_done = client != NULL && converse(use, client, &failure);
	sign_client_free(client);
	if (!is_done && is_about_pin(failure.kind)) {
		secret_free(token->refused);
		token->refused = g_steal_pointer(&pin);
	}
	secret_free(pin);
	return is_done || fail(use, &failure, error);
}

static GError *trouble_until(SignToken *token, gint64 now)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&token->mutex);

	return token->trouble != NULL && now < token->retry_at ? g_error_copy(token->trouble)
							       : NULL;
}

GError *sign_token_trouble(SignToken *token)
{
	return trouble_until(token, G_MININT64);
}

/* Takes @trouble over; NULL: the use worked. */
static void remember(SignToken *token, GError *trouble)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&token->mutex);

	g_clear_error(&token->trouble);
	token->trouble = trouble;
	token->retry_at = g_get_monotonic_time() + PAUSE;
}

static gboolean use_token(Use *use, GError **error)
{
	SignToken *token = use->token;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&token->use);
	GError *trouble = trouble_until(token, g_get_monotonic_time());

	if (trouble == NULL) {
		(void) try_once(use, &trouble);
		remember(token, trouble != NULL ? g_error_copy(trouble) : NULL);
	}
	if (trouble == NULL)
		return TRUE;
	g_propagate_error(error, trouble);
	return FALSE;
}

static GBytes *bytes_of(const CardBytes *bytes)
{
	return g_bytes_new(bytes->bytes, bytes->length);
}

static void missing(const SignToken *token, ErrorCode code, GError **error)
{
	error_set(error, code, N_("the token \"%s\" has no key \"%s\""), token->uri.token,
		  token->uri.object);
}

GBytes *sign_token_find(SignToken *token, GError **error)
{
	g_autofree Use *use = g_new0(Use, 1);

	use->token = token;
	if (!use_token(use, error))
		return NULL;
	if (use->spki.length > 0)
		return bytes_of(&use->spki);
	missing(token, ERROR_NOT_FOUND, error);
	return NULL;
}

GBytes *sign_token_generate(SignToken *token, const char *kind, GError **error)
{
	g_autofree Use *use = g_new0(Use, 1);

	use->token = token;
	use->kind = kind;
	return use_token(use, error) ? bytes_of(&use->spki) : NULL;
}

GBytes *sign_token_sign(SignToken *token, const void *bytes, gsize length, GError **error)
{
	g_autofree Use *use = g_new0(Use, 1);
	guint8 digest[SHA256_DIGEST_LENGTH];

	SHA256(bytes, length, digest);
	use->token = token;
	use->digest = digest;
	if (!use_token(use, error))
		return NULL;
	if (use->result.length > 0)
		return bytes_of(&use->result);
	missing(token, ERROR_CA, error);
	return NULL;
}
