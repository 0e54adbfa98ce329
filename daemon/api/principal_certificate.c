/* SPDX-License-Identifier: Apache-2.0
 * Certificates → persons. What our own CA signed is a card that the store knows, byte for byte, or
 * nobody; names and fingerprints of [accounts] are for what others signed. */
#include "daemon/api/principal_certificate.h"

#include "daemon/api/principal.h"
#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/store/store_card.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_issuer.h"
#include "daemon/store/store_person.h"

static gboolean check_dates(const HttpCertificate *certificate, gint64 now, GError **error)
{
	g_autofree char *end = clock_time(certificate->not_after);

	if (certificate->not_before <= now && now <= certificate->not_after)
		return TRUE;
	return error_set(error, ERROR_DENIED,
			 N_("the client certificate is not valid now (it ends at %s)"), end);
}

static gboolean check_card(const Certificate *row, const Card *card, GError **error)
{
	if (row->state != CERTIFICATE_VALID)
		return error_set(error, ERROR_DENIED,
				 N_("the certificate of card %s does not count: it is %s. Ask the "
				    "custodian"),
				 row->card, certificate_state_name(row->state));
	if (card_shown(card) != CARD_ACTIVE)
		return error_set(error, ERROR_DENIED,
				 N_("card %s is %s and is not accepted. Ask the custodian"),
				 card->number, card_state_label(card_shown(card)));
	return TRUE;
}

static Actor *of_card(House *house, StoreTx *tx, const Certificate *row, gint64 now, GError **error)
{
	g_autofree char *today = clock_date(now);
	g_autoptr(Card) card = store_card_get(tx, row->card, error);
	g_autoptr(Person) person = NULL;

	if (card == NULL || !check_card(row, card, error))
		return NULL;
	person = store_person_by_id(tx, card->holder, error);
	if (person == NULL)
		return NULL;
	if (!person_is_eligible(person, today)) {
		error_set(error, ERROR_DENIED, N_("the term of %s (%s) ended on %s"), person->staff,
			  person->name, person->until);
		return NULL;
	}
	return principal_of_staff(house, tx, person->staff, now, error);
}

static gboolean check_foreign(StoreTx *tx, const HttpCertificate *certificate, GError **error)
{
	g_autoptr(GPtrArray) ours = store_issuer_certificates(tx, error);

	for (guint i = 0; ours != NULL && i < ours->len; i++)
		if (certificate->issuer == NULL ||
		    g_bytes_equal(ours->pdata[i], certificate->issuer))
			return error_set(error, ERROR_DENIED,
					 N_("this certificate is of no card that opcardd knows"));
	return ours != NULL;
}

static Actor *of_account(House *house, StoreTx *tx, const HttpCertificate *certificate, gint64 now,
			 GError **error)
{
	g_autoptr(Actor) actor = g_new0(Actor, 1);
	g_autofree char *by_print = g_strconcat("cert:", certificate->fingerprint, NULL);
	g_autofree char *by_name = g_strconcat("cn:", certificate->name, NULL);
	gboolean is_named = *certificate->name != '\0';

	actor->at = now;
	actor->id = g_strdup(is_named ? by_name : by_print);
	actor->name = g_strdup(actor->id);
	if (!principal_take_account(house, tx, by_print, actor, error))
		return NULL;
	if (actor->roles == 0 && is_named &&
	    !principal_take_account(house, tx, by_name, actor, error))
		return NULL;
	if (actor->roles != 0)
		return g_steal_pointer(&actor);
	error_set(
		error, ERROR_DENIED,
		N_("the certificate \"%s\" is nobody's; the administrator maps it in [accounts] by "
		   "cert:%s"),
		certificate->name, certificate->fingerprint);
	return NULL;
}

Actor *principal_certificate_resolve(House *house, StoreTx *tx, const HttpCertificate *certificate,
				     gint64 now, GError **error)
{
	g_autoptr(Certificate) row = NULL;

	if (!check_dates(certificate, now, error) ||
	    !store_certificate_find(tx, certificate->serial, certificate->der, &row, error))
		return NULL;
	if (row != NULL)
		return of_card(house, tx, row, now, error);
	return check_foreign(tx, certificate, error)
		       ? of_account(house, tx, certificate, now, error)
		       : NULL;
}
