/* SPDX-License-Identifier: Apache-2.0
 * A card that keeps its keys as EVP_PKEY and forgets them when it is erased. */
#include "tests/unit/fake_card_client.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

#include "pkcs11/card_client.h"
#include "tests/unit/fake_fault.h"

struct CardClient {
	FakeCard *card;
	CardFailureKind dead; /* every further call fails with it */
	gboolean is_logged_in;
	guint key; /* index of the key made in this conversation, or of the only one */
};

static FakeCard *in_reader;
static guint serials;

FakeCard *fake_card_client_new(void)
{
	FakeCard *card = g_new0(FakeCard, 1);

	card->keys = g_ptr_array_new_with_free_func((GDestroyNotify) EVP_PKEY_free);
	card->certificates = g_ptr_array_new_with_free_func((GDestroyNotify) g_bytes_unref);
	return card;
}

void fake_card_client_card_free(FakeCard *card)
{
	if (card == NULL)
		return;
	g_free(card->serial);
	g_free(card->label);
	g_free(card->so_pin);
	g_free(card->user_pin);
	g_ptr_array_unref(card->keys);
	g_ptr_array_unref(card->certificates);
	g_free(card);
}

void fake_card_client_insert(FakeCard *card)
{
	in_reader = card;
	if (card != NULL)
		card->is_out = FALSE;
}

static void set(char **field, const char *value)
{
	g_free(*field);
	*field = g_strdup(value);
}

static bool fail(CardClient *client, CardFailureKind kind, CardCondition condition,
		 CardFailure *ret_failure)
{
	bool is_final = kind == CARD_FAILURE_CRASHED || kind == CARD_FAILURE_NO_CARD;

	if (is_final && client != NULL)
		client->dead = kind;
	card_failure_set(ret_failure, kind, "injected: %s", card_failure_name(kind));
	ret_failure->card = condition;
	return false;
}

/* What comes before every call. *ret_after is TRUE when the call is to be done and then lost. */
static bool begin(CardClient *client, bool *ret_after, CardFailure *ret_failure)
{
	FakeFault fault;

	*ret_after = false;
	if (client->dead != CARD_FAILURE_NONE)
		return fail(client, client->dead, CARD_UNKNOWN, ret_failure);
	fault = fake_fault_card();
	if (fault == FAKE_FAULT_PULLED)
		client->card->is_out = TRUE;
	if (client->card->is_out)
		return fail(client, CARD_FAILURE_NO_CARD, CARD_GONE, ret_failure);
	if (fault == FAKE_FAULT_REFUSED)
		return fail(client, CARD_FAILURE_CARD_ERROR, CARD_INTACT, ret_failure);
	if (fault == FAKE_FAULT_CRASHED)
		return fail(client, CARD_FAILURE_CRASHED, CARD_UNKNOWN, ret_failure);
	*ret_after = fault == FAKE_FAULT_CRASHED_AFTER;
	return true;
}

static bool end(CardClient *client, bool after, CardFailure *ret_failure)
{
	return !after || fail(client, CARD_FAILURE_CRASHED, CARD_UNKNOWN, ret_failure);
}

static bool check_so_pin(CardClient *client, const Secret *so_pin, CardFailure *ret_failure)
{
	return g_strcmp0(client->card->so_pin, secret_data(so_pin)) == 0 ||
	       fail(client, CARD_FAILURE_FOREIGN, CARD_INTACT, ret_failure);
}

CardClient *card_client_start(const CardClientOptions *options, CardFailure *ret_failure)
{
	CardClient *client = g_new0(CardClient, 1);

	(void) options, (void) ret_failure;
	client->card = in_reader;
	return client;
}

bool card_client_ready(CardClient *client, CardReady *ret_ready, CardFailure *ret_failure)
{
	const FakeCard *card = client->card;

	if (card == NULL || card->is_out)
		return fail(client, CARD_FAILURE_NO_CARD, CARD_GONE, ret_failure);
	*ret_ready = (CardReady){
		.initialised = card->serial != NULL,
		.user_pin_set = card->user_pin != NULL,
		.pin_min = 4,
		.pin_max = 16,
	};
	g_strlcpy(ret_ready->serial, card->serial != NULL ? card->serial : "", CARD_SERIAL_SIZE);
	g_strlcpy(ret_ready->label, card->label != NULL ? card->label : "", CARD_LABEL_SIZE);
	g_strlcpy(ret_ready->alphabet,
		  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
		  sizeof(ret_ready->alphabet));
	return true;
}

bool card_client_initialise(CardClient *client, const Secret *so_pin, const char *label,
			    char ret_serial[CARD_SERIAL_SIZE], CardFailure *ret_failure)
{
	FakeCard *card = client->card;
	bool after;

	if (!begin(client, &after, ret_failure))
		return false;
	if (card->serial != NULL)
		return fail(client, CARD_FAILURE_NOT_BLANK, CARD_INTACT, ret_failure);
	card->serial = g_strdup_printf("%016x", ++serials);
	set(&card->so_pin, secret_data(so_pin));
	set(&card->label, label);
	g_strlcpy(ret_serial, card->serial, CARD_SERIAL_SIZE);
	return end(client, after, ret_failure);
}

bool card_client_rekey(CardClient *client, const Secret *old_so_pin, const Secret *new_so_pin,
		       CardFailure *ret_failure)
{
	bool after;

	if (!begin(client, &after, ret_failure) || !check_so_pin(client, old_so_pin, ret_failure))
		return false;
	set(&client->card->so_pin, secret_data(new_so_pin));
	return end(client, after, ret_failure);
}

bool card_client_wipe(CardClient *client, const Secret *so_pin, const char *label,
		      CardFailure *ret_failure)
{
	FakeCard *card = client->card;
	bool after;

	if (!begin(client, &after, ret_failure) || !check_so_pin(client, so_pin, ret_failure))
		return false;
	set(&card->label, label);
	g_clear_pointer(&card->user_pin, g_free);
	g_ptr_array_set_size(card->keys, 0);
	g_ptr_array_set_size(card->certificates, 0);
	client->is_logged_in = FALSE;
	return end(client, after, ret_failure);
}

bool card_client_inspect(CardClient *client, CardContents *ret_contents, CardFailure *ret_failure)
{
	bool after;

	if (!begin(client, &after, ret_failure))
		return false;
	*ret_contents = (CardContents){
		.objects = 2 * client->card->keys->len + client->card->certificates->len,
		.certificates = client->card->certificates->len,
		.user_pin_set = client->card->user_pin != NULL,
	};
	return end(client, after, ret_failure);
}

static bool make_key(CardClient *client, CardBytes *ret_spki, CardFailure *ret_failure)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	unsigned char *spki = NULL;
	int length = i2d_PUBKEY(key, &spki);

	(void) ret_failure;
	g_assert_cmpint(length, >, 0);
	ret_spki->length = (size_t) length;
	memcpy(ret_spki->bytes, spki, ret_spki->length);
	OPENSSL_free(spki);
	client->key = client->card->keys->len;
	g_ptr_array_add(client->card->keys, key);
	return true;
}

bool card_client_generate(CardClient *client, const Secret *so_pin, const char *kind,
			  CardBytes *ret_spki, CardFailure *ret_failure)
{
	bool after;

	g_assert_cmpstr(kind, ==, "ec:P-256");
	if (!begin(client, &after, ret_failure) || !check_so_pin(client, so_pin, ret_failure))
		return false;
	if (client->card->keys->len > 0)
		return fail(client, CARD_FAILURE_NOT_EMPTY, CARD_INTACT, ret_failure);
	set(&client->card->user_pin, "known to nobody");
	client->is_logged_in = TRUE;
	return make_key(client, ret_spki, ret_failure) && end(client, after, ret_failure);
}

bool card_client_generate_next(CardClient *client, const char *kind, CardBytes *ret_spki,
			       CardFailure *ret_failure)
{
	bool after;

	(void) kind;
	if (!begin(client, &after, ret_failure))
		return false;
	g_assert_true(client->is_logged_in);
	if (client->card->keys->len > 1)
		return fail(client, CARD_FAILURE_NOT_EMPTY, CARD_INTACT, ret_failure);
	return make_key(client, ret_spki, ret_failure) && end(client, after, ret_failure);
}

bool card_client_put(CardClient *client, const void *der, size_t length, CardBytes *ret_read_back,
		     CardFailure *ret_failure)
{
	bool after;

	if (!begin(client, &after, ret_failure))
		return false;
	g_assert_true(client->is_logged_in);
	g_ptr_array_add(client->card->certificates, g_bytes_new(der, length));
	ret_read_back->length = length;
	memcpy(ret_read_back->bytes, der, length);
	return end(client, after, ret_failure);
}

bool card_client_prove(CardClient *client, const unsigned char nonce[CARD_NONCE_SIZE],
		       CardBytes *ret_signature, CardFailure *ret_failure)
{
	EVP_MD_CTX *context;
	bool after;

	if (!begin(client, &after, ret_failure))
		return false;
	g_assert_true(client->is_logged_in);
	g_assert_cmpuint(client->key, <, client->card->keys->len);
	context = EVP_MD_CTX_new();
	ret_signature->length = sizeof(ret_signature->bytes);
	g_assert_cmpint(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL,
					   client->card->keys->pdata[client->key]),
			==, 1);
	g_assert_cmpint(EVP_DigestSign(context, ret_signature->bytes, &ret_signature->length, nonce,
				       CARD_NONCE_SIZE),
			==, 1);
	EVP_MD_CTX_free(context);
	return end(client, after, ret_failure);
}

bool card_client_find(CardClient *client, const void *der, size_t length, CardFailure *ret_failure)
{
	g_autoptr(GBytes) wanted = g_bytes_new(der, length);
	bool after;

	if (!begin(client, &after, ret_failure))
		return false;
	if (!g_ptr_array_find_with_equal_func(client->card->certificates, wanted, g_bytes_equal,
					      NULL))
		return fail(client, CARD_FAILURE_DAMAGED, CARD_INTACT, ret_failure);
	return end(client, after, ret_failure);
}

bool card_client_keep(CardClient *client, const void *der, size_t length, CardFailure *ret_failure)
{
	g_autoptr(GBytes) kept = g_bytes_new(der, length);
	FakeCard *card = client->card;
	guint index;
	bool after;

	if (!begin(client, &after, ret_failure))
		return false;
	if (!client->is_logged_in ||
	    !g_ptr_array_find_with_equal_func(card->certificates, kept, g_bytes_equal, &index))
		return fail(client, CARD_FAILURE_DAMAGED, CARD_INTACT, ret_failure);
	for (guint i = card->keys->len; i-- > 0;)
		if (i != index)
			g_ptr_array_remove_index(card->keys, i);
	for (guint i = card->certificates->len; i-- > 0;)
		if (i != index)
			g_ptr_array_remove_index(card->certificates, i);
	client->key = 0;
	return end(client, after, ret_failure);
}

bool card_client_unblock(CardClient *client, const Secret *so_pin, const Secret *new_pin,
			 CardFailure *ret_failure)
{
	bool after;

	if (!begin(client, &after, ret_failure) || !check_so_pin(client, so_pin, ret_failure))
		return false;
	set(&client->card->user_pin, secret_data(new_pin));
	return end(client, after, ret_failure);
}

static bool log_in(CardClient *client, const Secret *pin, CardFailure *ret_failure)
{
	if (g_strcmp0(client->card->user_pin, secret_data(pin)) != 0)
		return fail(client, CARD_FAILURE_PIN_WRONG, CARD_INTACT, ret_failure);
	client->is_logged_in = TRUE;
	return true;
}

bool card_client_check(CardClient *client, const Secret *pin, bool last_try,
		       CardFailure *ret_failure)
{
	bool after;

	(void) last_try;
	return begin(client, &after, ret_failure) && log_in(client, pin, ret_failure) &&
	       end(client, after, ret_failure);
}

bool card_client_change(CardClient *client, const Secret *old_pin, const Secret *new_pin,
			bool last_try, CardFailure *ret_failure)
{
	bool after;

	(void) last_try;
	if (!begin(client, &after, ret_failure) || !log_in(client, old_pin, ret_failure))
		return false;
	set(&client->card->user_pin, secret_data(new_pin));
	return end(client, after, ret_failure);
}

bool card_client_stop(CardClient *client, CardFailure *ret_failure)
{
	(void) client, (void) ret_failure;
	return true;
}

void card_client_free(CardClient *client)
{
	g_free(client);
}

int card_client_pid(const CardClient *client)
{
	(void) client;
	return 0;
}
