/* SPDX-License-Identifier: Apache-2.0
 * The policy with the configuration's figures, the card's limits and the holder's own words. */
#include "daemon/op/pin_rule.h"

#include <string.h>
#include <zxcvbn.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/store/store_person.h"
#include "pkcs11/pin_policy.h"

#define BIT(rule)     (1u << (rule))
#define GUESSES_BITS  13.3 /* ten thousand guesses */
#define GUESSED_UP_TO 16   /* characters; zxcvbn takes milliseconds for long ones */

G_STATIC_ASSERT(PIN_POLICY_LENGTH_MAX <= SECRET_MAX);

static void add_word(GPtrArray *words, const char *word)
{
	if (word != NULL && *word != '\0')
		g_ptr_array_add(words, g_strdup(word));
}

static gboolean add_holder(StoreTx *tx, gint64 holder, GPtrArray *words, GError **error)
{
	g_autoptr(Person) person = store_person_by_id(tx, holder, error);
	g_autoptr(Section) section = NULL;

	if (person == NULL)
		return FALSE;
	add_word(words, person->staff);
	add_word(words, person->name);
	add_word(words, person->kana);
	if (person->section == NULL)
		return TRUE;
	if (!store_person_find_section(tx, person->section, &section, error))
		return FALSE;
	if (section != NULL)
		add_word(words, section->name);
	return TRUE;
}

/* What must not be the PIN: whatever the registers know of the holder and the card. */
static GPtrArray *own_words(const Op *op, const PinRuleRequest *request, GError **error)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(StoreTx) tx = store_tx_read(op->house->store, error);

	add_word(words, request->card->number);
	add_word(words, config_text(op->house->config, CONFIG_ORGANISATION));
	if (tx == NULL || (request->holder != 0 && !add_holder(tx, request->holder, words, error)))
		return NULL;
	return g_steal_pointer(&words);
}

/* A second opinion on PINs with letters; the policy has the first word. */
static gboolean is_guessable(const Secret *pin)
{
	const char *text = secret_data(pin);
	gsize length = secret_length(pin);

	return length <= GUESSED_UP_TO && strspn(text, "0123456789") < length &&
	       ZxcvbnMatch(text, NULL, NULL) < GUESSES_BITS;
}

static char *join(guint32 broken, const char *(*text)(PinRule), const char *between)
{
	GString *joined = g_string_new(NULL);

	for (PinRule rule = 0; rule < _PIN_RULE_MAX; rule++)
		if ((broken & BIT(rule)) != 0)
			g_string_append_printf(joined, "%s%s", joined->len > 0 ? between : "",
					       text(rule));
	return g_string_free(joined, FALSE);
}

static gboolean refuse(const Card *card, const PinPolicy *policy, guint32 broken, GError **error)
{
	g_autofree char *en = join(broken, pin_policy_en, "; ");
	g_autofree char *ja = join(broken, pin_policy_ja, "。");

	if ((broken & BIT(PIN_RULE_TOO_SHORT)) != 0)
		return error_set(error, ERROR_PIN,
				 N_("card %s: the PIN is too short; it has at least %u characters "
				    "(T26)"),
				 card->number, (unsigned) policy->min_length);
	if ((broken & BIT(PIN_RULE_TOO_LONG)) != 0)
		return error_set(error, ERROR_PIN,
				 N_("card %s: the PIN is too long for this card; it has at most %u "
				    "characters"),
				 card->number, (unsigned) policy->max_length);
	if ((broken & BIT(PIN_RULE_CHARACTER)) != 0)
		return error_set(error, ERROR_PIN,
				 N_("card %s: the PIN has characters this card does not take; use "
				    "half-width letters, digits and signs"),
				 card->number);
	/* Each language prints its own list of the two. */
	return error_set(error, ERROR_PIN,
			 N_("card %s: the PIN is refused: %s%.0s; choose one without regularity "
			    "and without anything of your own (T26)"),
			 card->number, en, ja);
}

static PinPolicy policy_for(const Op *op, const PinRuleRequest *request)
{
	g_autofree char *today = clock_date(op->now);
	const Config *config = op->house->config;
	const char *kind = request->card->kind;
	const CardReady *ready = request->desk != NULL ? &request->desk->ready : NULL;
	PinPolicy policy = {
		.min_length = (gsize) config_policy_of(config, POLICY_PIN_MIN_LENGTH, kind, today),
		.max_length = PIN_POLICY_LENGTH_MAX,
		.classes = (unsigned) config_policy_of(config, POLICY_PIN_CLASSES, kind, today),
	};

	if (ready != NULL) {
		policy.min_length = MAX(policy.min_length, ready->pin_min);
		policy.max_length = MIN(policy.max_length, ready->pin_max);
		policy.alphabet = ready->alphabet;
	}
	return policy;
}

gboolean pin_rule_check(const Op *op, const PinRuleRequest *request, PinTrace *ret_trace,
			GError **error)
{
	const Secret *pin = request->pin, *old = request->old;
	g_autoptr(GPtrArray) words = own_words(op, request, error);
	PinPolicy policy = policy_for(op, request);
	PinBytes bytes = { secret_data(pin), secret_length(pin) };
	PinBytes before = { old != NULL ? secret_data(old) : NULL,
			    old != NULL ? secret_length(old) : 0 };
	PinContext context;
	PinVerdict verdict;

	if (words == NULL)
		return FALSE;
	context = (PinContext){ (const char *const *) words->pdata, words->len };
	if (pin_policy_check(&policy, &context, &bytes, &before, &verdict) && is_guessable(pin))
		verdict.broken = BIT(PIN_RULE_GUESSABLE);
	if (verdict.broken != 0)
		return refuse(request->card, &policy, verdict.broken, error);
	return ret_trace == NULL || pin_history_check(op, request->card, pin, ret_trace, error);
}
