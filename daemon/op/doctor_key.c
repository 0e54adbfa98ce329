/* SPDX-License-Identifier: Apache-2.0
 * Keys of cards and CA against [policy] algorithms of the day. */
#include "daemon/op/doctor_key.h"

#include "daemon/base/error.h"
#include "daemon/op/allow_key.h"
#include "daemon/op/authority.h"
#include "daemon/op/doctor_finding.h"
#include "daemon/store/store_key.h"

#define NAMED_MAX 10

static char *name_cards(StoreTx *tx, gint64 now, const StoreKeyKind *kind, GError **error)
{
	g_autoptr(GPtrArray) cards = store_key_cards(tx, now, kind, NAMED_MAX, error);
	GString *text;

	if (cards == NULL)
		return NULL;
	text = g_string_new(NULL);
	for (guint i = 0; i < cards->len; i++)
		g_string_append_printf(text, "%s%s", i > 0 ? ", " : "",
				       (const char *) cards->pdata[i]);
	if (kind->count > NAMED_MAX)
		g_string_append(text, ", …");
	return g_string_free(text, FALSE);
}

static gboolean check_kind(StoreTx *tx, const Op *op, const StoreKeyKind *kind, json_t *findings,
			   GError **error)
{
	g_autofree char *name = key_spki_kind(kind->spki);
	g_autofree char *cards = name_cards(tx, op->now, kind, error);

	if (cards == NULL)
		return FALSE;
	doctor_finding_add(findings, DOCTOR_ERROR,
			   N_("give them another key: set [cards] key to an allowed one, then "
			      "`opcardctl renew CARD` or `opcardctl reissue CARD`"),
			   N_("%lld cards in use have a key of the kind %s, which [policy] "
			      "algorithms does not allow any more (N12): %s"),
			   (long long) kind->count, name, cards);
	return TRUE;
}

static gboolean check_cards(StoreTx *tx, const Op *op, json_t *findings, GError **error)
{
	g_autoptr(GPtrArray) kinds = store_key_kinds(tx, op->now, error);
	guint bad = 0;

	for (guint i = 0; kinds != NULL && i < kinds->len; i++) {
		const StoreKeyKind *kind = kinds->pdata[i];

		if (allow_key_spki(op->house, op->now, kind->spki, NULL))
			continue;
		bad++;
		if (!check_kind(tx, op, kind, findings, error))
			return FALSE;
	}
	if (kinds != NULL && bad == 0)
		doctor_finding_add(findings, DOCTOR_OK, NULL,
				   N_("the keys of all cards in use are of allowed kinds (N12)"));
	return kinds != NULL;
}

static void check_token(const Op *op, const Issuer *issuer, json_t *findings)
{
	g_autoptr(GError) trouble = authority_trouble(op->house);

	if (issuer == NULL || issuer_signer(issuer) == NULL ||
	    !sign_is_remote(issuer_signer(issuer)))
		return;
	if (trouble == NULL)
		doctor_finding_add(findings, DOCTOR_OK, NULL,
				   N_("the token with the CA key answers"));
	else
		doctor_finding_trouble(
			findings,
			N_("revocations hold through OCSP meanwhile; nothing is issued "
			   "and no revocation list signed until the token answers"),
			trouble);
}

static void check_authority(const Op *op, json_t *findings)
{
	g_autoptr(Issuer) issuer = op_issuer(op, NULL);
	g_autofree char *name = issuer != NULL ? key_spki_kind(issuer_spki(issuer)) : NULL;
	const char *kind = config_text(op->house->config, CONFIG_CARD_KEY);

	check_token(op, issuer, findings);
	if (issuer != NULL && !allow_key_name(op->house, op->now, name, NULL))
		doctor_finding_add(findings, DOCTOR_ERROR,
				   N_("the certification authority needs a successor with an "
				      "allowed key; until then nothing is issued"),
				   N_("the certification authority's key is %s, which [policy] "
				      "algorithms does not allow any more (N12)"),
				   name);
	if (!allow_key_name(op->house, op->now, kind, NULL))
		doctor_finding_add(findings, DOCTOR_ERROR,
				   N_("set [cards] key to an allowed kind; until then nothing is "
				      "issued"),
				   N_("new cards would get a key of the kind %s, which [policy] "
				      "algorithms does not allow (N12)"),
				   kind);
}

gboolean doctor_key_examine(StoreTx *tx, const Op *op, json_t *findings, GError **error)
{
	check_authority(op, findings);
	return check_cards(tx, op, findings, error);
}
