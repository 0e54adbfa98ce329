/* SPDX-License-Identifier: Apache-2.0
 * Cards without readers. */
#include "tests/unit/sim_card.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

#define TRIES 3

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)

typedef struct SimKey {
	EVP_PKEY *key;
	GBytes *der;
} SimKey;

struct SimCard {
	char serial[CARD_SERIAL_SIZE];
	char label[CARD_LABEL_SIZE];
	gboolean is_initialised;
	Secret *so_pin;
	Secret *pin;
	int tries_left;
	GPtrArray *keys; /* SimKey */
};

struct CardClient {
	SimCard *card;
	SimKey *made; /* in this conversation */
	gboolean is_logged_in;
	CardFailureKind broken; /* the conversation has ended with it */
};

static struct {
	GHashTable *readers; /* path → SimCard */
	guint fail_in;
	CardFailureKind fail_kind;
	gboolean fail_late;
	guint act_in;
	void (*act)(gpointer data);
	gpointer act_data;
} world;

static void free_key(gpointer data)
{
	SimKey *key = data;

	EVP_PKEY_free(key->key);
	g_clear_pointer(&key->der, g_bytes_unref);
	g_free(key);
}

SimCard *sim_card_new(const char *serial)
{
	SimCard *card = g_new0(SimCard, 1);

	g_strlcpy(card->serial, serial, sizeof(card->serial));
	card->keys = g_ptr_array_new_with_free_func(free_key);
	return card;
}

void sim_card_free(SimCard *card)
{
	if (card == NULL)
		return;
	secret_free(card->so_pin);
	secret_free(card->pin);
	g_ptr_array_unref(card->keys);
	g_free(card);
}

void sim_card_insert(const char *reader, SimCard *card)
{
	if (world.readers == NULL)
		world.readers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (card != NULL)
		g_hash_table_insert(world.readers, g_strdup(reader), card);
	else
		g_hash_table_remove(world.readers, reader);
}

guint sim_card_keys(const SimCard *card)
{
	return card->keys->len;
}

GBytes *sim_card_certificate(const SimCard *card, guint index)
{
	return ((SimKey *) card->keys->pdata[index])->der;
}

void sim_card_fail(guint nth, CardFailureKind kind, gboolean is_late)
{
	world.fail_in = nth;
	world.fail_kind = kind;
	world.fail_late = is_late;
}

void sim_card_meanwhile(guint nth, void (*act)(gpointer data), gpointer data)
{
	world.act_in = nth;
	world.act = act;
	world.act_data = data;
}

static bool fail(CardClient *client, CardFailure *ret_failure, CardFailureKind kind)
{
	static const guint ends = 1u << CARD_FAILURE_NO_CARD | 1u << CARD_FAILURE_CRASHED |
				  1u << CARD_FAILURE_TIMEOUT | 1u << CARD_FAILURE_READER;

	if ((ends & 1u << kind) != 0)
		client->broken = kind;
	card_failure_set(ret_failure, kind, "simulated");
	ret_failure->tries_left = client->card != NULL ? client->card->tries_left : -1;
	ret_failure->card = kind == CARD_FAILURE_NO_CARD || kind == CARD_FAILURE_CRASHED
				    ? CARD_GONE
				    : CARD_INTACT;
	return false;
}

static bool enter(CardClient *client, CardFailure *ret_failure)
{
	if (world.act_in > 0 && --world.act_in == 0)
		world.act(world.act_data);
	if (client->broken != CARD_FAILURE_NONE)
		return fail(client, ret_failure, client->broken);
	if (world.fail_in > 0 && !world.fail_late && --world.fail_in == 0)
		return fail(client, ret_failure, world.fail_kind);
	if (client->card == NULL)
		return fail(client, ret_failure, CARD_FAILURE_NO_CARD);
	return true;
}

static bool leave(CardClient *client, CardFailure *ret_failure)
{
	if (world.fail_in > 0 && world.fail_late && --world.fail_in == 0) {
		fail(client, ret_failure, world.fail_kind);
		ret_failure->card = CARD_UNKNOWN;
		return false;
	}
	return true;
}

static Secret *copy(const Secret *secret)
{
	return secret_new(secret_data(secret), secret_length(secret));
}

static bool is_ours(CardClient *client, const Secret *so_pin, CardFailure *ret_failure)
{
	SimCard *card = client->card;

	return (card->so_pin != NULL && secret_equal(card->so_pin, so_pin)) ||
	       fail(client, ret_failure, CARD_FAILURE_FOREIGN);
}

CardClient *card_client_start(const CardClientOptions *options, CardFailure *ret_failure)
{
	CardClient *client = g_new0(CardClient, 1);

	(void) ret_failure;
	if (world.readers != NULL)
		client->card = g_hash_table_lookup(world.readers, options->reader);
	return client;
}

bool card_client_ready(CardClient *client, CardReady *ret_ready, CardFailure *ret_failure)
{
	SimCard *card = client->card;

	if (!enter(client, ret_failure))
		return false;
	memset(ret_ready, 0, sizeof(*ret_ready));
	if (card->is_initialised)
		g_strlcpy(ret_ready->serial, card->serial, sizeof(ret_ready->serial));
	g_strlcpy(ret_ready->label, card->label, sizeof(ret_ready->label));
	ret_ready->initialised = card->is_initialised;
	ret_ready->user_pin_set = card->pin != NULL;
	ret_ready->user_pin_locked = card->pin != NULL && card->tries_left == 0;
	ret_ready->pin_min = 4;
	ret_ready->pin_max = 32;
	for (int i = 0; i < 0x7F - 0x21; i++)
		ret_ready->alphabet[i] = (char) (0x21 + i);
	return leave(client, ret_failure);
}

bool card_client_initialise(CardClient *client, const Secret *so_pin, const char *label,
			    char ret_serial[CARD_SERIAL_SIZE], CardFailure *ret_failure)
{
	SimCard *card = client->card;

	if (!enter(client, ret_failure))
		return false;
	if (card->is_initialised)
		return fail(client, ret_failure, CARD_FAILURE_NOT_BLANK);
	card->is_initialised = TRUE;
	card->so_pin = copy(so_pin);
	g_strlcpy(card->label, label, sizeof(card->label));
	g_strlcpy(ret_serial, card->serial, CARD_SERIAL_SIZE);
	return leave(client, ret_failure);
}

bool card_client_rekey(CardClient *client, const Secret *old_so_pin, const Secret *new_so_pin,
		       CardFailure *ret_failure)
{
	if (!enter(client, ret_failure) || !is_ours(client, old_so_pin, ret_failure))
		return false;
	secret_free(client->card->so_pin);
	client->card->so_pin = copy(new_so_pin);
	return leave(client, ret_failure);
}

bool card_client_wipe(CardClient *client, const Secret *so_pin, const char *label,
		      CardFailure *ret_failure)
{
	SimCard *card = client->card;

	if (!enter(client, ret_failure) || !is_ours(client, so_pin, ret_failure))
		return false;
	g_ptr_array_set_size(card->keys, 0);
	client->made = NULL;
	secret_free(card->pin);
	card->pin = NULL;
	g_strlcpy(card->label, label, sizeof(card->label));
	return leave(client, ret_failure);
}

bool card_client_inspect(CardClient *client, CardContents *ret_contents, CardFailure *ret_failure)
{
	if (!enter(client, ret_failure))
		return false;
	*ret_contents = (CardContents){ .private_keys = client->card->keys->len,
					.user_pin_set = client->card->pin != NULL };
	return leave(client, ret_failure);
}

static bool add_key(CardClient *client, CardBytes *ret_spki, CardFailure *ret_failure)
{
	SimKey *made = g_new0(SimKey, 1);
	unsigned char *at = ret_spki->bytes;

	made->key = EVP_EC_gen("P-256");
	g_assert_nonnull(made->key);
	ret_spki->length = (size_t) i2d_PUBKEY(made->key, &at);
	g_ptr_array_add(client->card->keys, made);
	client->made = made;
	return leave(client, ret_failure);
}

bool card_client_generate(CardClient *client, const Secret *so_pin, const char *kind,
			  CardBytes *ret_spki, CardFailure *ret_failure)
{
	SimCard *card = client->card;

	(void) kind;
	if (!enter(client, ret_failure) || !is_ours(client, so_pin, ret_failure))
		return false;
	if (card->keys->len > 0)
		return fail(client, ret_failure, CARD_FAILURE_NOT_EMPTY);
	secret_free(card->pin);
	card->pin = secret_new_random("ABCDEFGH", 12);
	card->tries_left = TRIES;
	client->is_logged_in = TRUE;
	return add_key(client, ret_spki, ret_failure);
}

bool card_client_generate_next(CardClient *client, const char *kind, CardBytes *ret_spki,
			       CardFailure *ret_failure)
{
	(void) kind;
	if (!enter(client, ret_failure))
		return false;
	if (!client->is_logged_in || client->card->keys->len != 1)
		return fail(client, ret_failure, CARD_FAILURE_CARD_ERROR);
	return add_key(client, ret_spki, ret_failure);
}

bool card_client_put(CardClient *client, const void *der, size_t length, CardBytes *ret_read_back,
		     CardFailure *ret_failure)
{
	if (!enter(client, ret_failure))
		return false;
	if (client->made == NULL)
		return fail(client, ret_failure, CARD_FAILURE_CARD_ERROR);
	g_clear_pointer(&client->made->der, g_bytes_unref);
	client->made->der = g_bytes_new(der, length);
	memcpy(ret_read_back->bytes, der, length);
	ret_read_back->length = length;
	return leave(client, ret_failure);
}

bool card_client_prove(CardClient *client, const unsigned char nonce[CARD_NONCE_SIZE],
		       CardBytes *ret_signature, CardFailure *ret_failure)
{
	g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
	SimKey *key = client->made;
	size_t length = sizeof(ret_signature->bytes);

	if (!enter(client, ret_failure))
		return false;
	if (key == NULL && client->card->keys->len == 1)
		key = client->card->keys->pdata[0];
	if (!client->is_logged_in || key == NULL)
		return fail(client, ret_failure, CARD_FAILURE_CARD_ERROR);
	g_assert_cmpint(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key->key), ==, 1);
	g_assert_cmpint(
		EVP_DigestSign(context, ret_signature->bytes, &length, nonce, CARD_NONCE_SIZE), ==,
		1);
	ret_signature->length = length;
	return leave(client, ret_failure);
}

bool card_client_find(CardClient *client, const void *der, size_t length, CardFailure *ret_failure)
{
	g_autoptr(GBytes) wanted = g_bytes_new(der, length);

	if (!enter(client, ret_failure))
		return false;
	for (guint i = 0; i < client->card->keys->len; i++) {
		const SimKey *key = client->card->keys->pdata[i];

		if (key->der != NULL && g_bytes_equal(key->der, wanted))
			return leave(client, ret_failure);
	}
	return fail(client, ret_failure, CARD_FAILURE_DAMAGED);
}

bool card_client_keep(CardClient *client, const void *der, size_t length, CardFailure *ret_failure)
{
	g_autoptr(GBytes) kept = g_bytes_new(der, length);

	if (!enter(client, ret_failure))
		return false;
	for (guint i = client->card->keys->len; i > 0; i--) {
		SimKey *key = client->card->keys->pdata[i - 1];

		if (key->der == NULL || !g_bytes_equal(key->der, kept))
			g_ptr_array_remove_index(client->card->keys, i - 1);
	}
	client->made = NULL;
	return leave(client, ret_failure);
}

bool card_client_unblock(CardClient *client, const Secret *so_pin, const Secret *new_pin,
			 CardFailure *ret_failure)
{
	if (!enter(client, ret_failure) || !is_ours(client, so_pin, ret_failure))
		return false;
	secret_free(client->card->pin);
	client->card->pin = copy(new_pin);
	client->card->tries_left = TRIES;
	return leave(client, ret_failure);
}

static bool log_in(CardClient *client, const Secret *pin, bool last_try, CardFailure *ret_failure)
{
	SimCard *card = client->card;

	if (card->pin == NULL)
		return fail(client, ret_failure, CARD_FAILURE_PIN_NOT_SET);
	if (card->tries_left == 0)
		return fail(client, ret_failure, CARD_FAILURE_PIN_LOCKED);
	if (card->tries_left == 1 && !last_try)
		return fail(client, ret_failure, CARD_FAILURE_PIN_LAST_TRY);
	if (!secret_equal(card->pin, pin)) {
		card->tries_left--;
		return fail(client, ret_failure, CARD_FAILURE_PIN_WRONG);
	}
	card->tries_left = TRIES;
	client->is_logged_in = TRUE;
	return true;
}

bool card_client_check(CardClient *client, const Secret *pin, bool last_try,
		       CardFailure *ret_failure)
{
	return enter(client, ret_failure) && log_in(client, pin, last_try, ret_failure) &&
	       leave(client, ret_failure);
}

bool card_client_change(CardClient *client, const Secret *old_pin, const Secret *new_pin,
			bool last_try, CardFailure *ret_failure)
{
	if (!enter(client, ret_failure) || !log_in(client, old_pin, last_try, ret_failure))
		return false;
	secret_free(client->card->pin);
	client->card->pin = copy(new_pin);
	return leave(client, ret_failure);
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
