/* SPDX-License-Identifier: Apache-2.0
 * Key and certificate onto a card. */
#include "daemon/op/personalise.h"

#include <openssl/rand.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/ca/name.h"
#include "daemon/op/allow_key.h"
#include "daemon/op/cert_status.h"
#include "daemon/store/store_certificate.h"
#include "daemon/store/store_person.h"
#include "pkcs11/failpoint.h"

gboolean personalise_wipe(Work *work, GError **error)
{
	g_autofree char *label = at_reader_label(work->card->number);
	g_autoptr(Secret) so_pin = at_reader_so_pin(work->desk, error);
	CardFailure failure;

	if (so_pin == NULL)
		return FALSE;
	steps_add(work->op->steps, "wipe", N_("Erasing the card and reading it back"));
	return card_client_wipe(work->desk->client, so_pin, label, &failure) ||
	       work_fail(work, &failure, error);
}

static GBytes *generate(Work *work, gboolean is_next, GError **error)
{
	const char *kind = config_text(work->op->house->config, CONFIG_CARD_KEY);
	g_autoptr(Secret) so_pin = at_reader_so_pin(work->desk, error);
	g_autofree CardBytes *spki = g_new0(CardBytes, 1);
	CardFailure failure;
	gboolean is_made;

	if (so_pin == NULL)
		return NULL;
	steps_add(work->op->steps, "generate", N_("Making the key on the card"));
	is_made = is_next ? card_client_generate_next(work->desk->client, kind, spki, &failure)
			  : card_client_generate(work->desk->client, so_pin, kind, spki, &failure);
	if (!is_made) {
		work_fail(work, &failure, error);
		return NULL;
	}
	return g_bytes_new(spki->bytes, spki->length);
}

/* The opaque identifier of the subject: nothing of the person, different for every certificate. */
static Certificate *compose(Work *work, const Issuer *issuer, GBytes *spki, GError **error)
{
	const Config *config = work->op->house->config;
	g_autoptr(Certificate) certificate = g_new0(Certificate, 1);
	g_autofree char *today = clock_date(work->op->now);
	g_autofree char *identifier = NULL;
	g_autoptr(GBytes) subject = NULL;

	if (!der_serial_new(certificate->serial, error))
		return NULL;
	identifier = der_serial_text(certificate->serial);
	identifier[12] = '\0';
	subject = name_card(work->card->number, identifier, error);
	if (subject == NULL)
		return NULL;
	IssuerRequest request = {
		.profile = PROFILE_CARD,
		.serial = certificate->serial,
		.subject_name = subject,
		.spki = spki,
		.not_before = work->op->now,
		.not_after = work->request->not_after,
		.days = (int) (config_policy(config, POLICY_CARD_VALIDITY, today) / 86400),
		.ocsp_url = config_text(config, CONFIG_OCSP_URL),
		.crl_url = config_text(config, CONFIG_CRL_URL),
	};

	certificate->tbs = issuer_prepare(issuer, &request, &certificate->not_after, error);
	if (certificate->tbs == NULL)
		return NULL;
	certificate->issuer = issuer_id(issuer);
	certificate->card = g_strdup(work->card->number);
	certificate->intent = g_strdup(work->intent);
	certificate->reason = REVOCATION_NONE;
	certificate->not_before = work->op->now;
	certificate->spki = g_bytes_ref(spki);
	return g_steal_pointer(&certificate);
}

/* tx2 */
static gboolean record_certificate(Work *work, Certificate *certificate, GError **error)
{
	g_autofree char *serial = der_serial_text(certificate->serial);
	g_autoptr(StoreTx) tx = work_tx(work, error);
	Record record = { .kind = "certificate-signed", .article = "T14" };

	if (tx == NULL || !store_certificate_insert(tx, certificate, error) ||
	    !work_step(tx, work, "recorded", NULL, error))
		return FALSE;
	record.extra = json_pack("{s:s}", "serial", serial);
	cert_status_note(work->op, certificate);
	return record_card(tx, work->op, work->card, &record, error) &&
	       cert_status_commit(work->op, &tx, error);
}

static gboolean put(Work *work, const Certificate *certificate, GError **error)
{
	g_autofree CardBytes *read_back = g_new0(CardBytes, 1);
	gsize length;
	const void *der = g_bytes_get_data(certificate->der, &length);
	CardFailure failure;

	steps_add(work->op->steps, "put", N_("Writing the certificate and reading it back"));
	if (!card_client_put(work->desk->client, der, length, read_back, &failure))
		return work_fail(work, &failure, error);
	if (read_back->length != length || memcmp(read_back->bytes, der, length) != 0)
		return error_set(error, ERROR_CARD,
				 N_("card %s gave back another certificate than was written; try "
				    "another reader, then set the card aside"),
				 work->card->number);
	return TRUE;
}

gboolean personalise_prove(Work *work, GBytes *spki, GError **error)
{
	unsigned char nonce[CARD_NONCE_SIZE];
	g_autofree CardBytes *bytes = g_new0(CardBytes, 1);
	CardFailure failure;

	steps_add(work->op->steps, "prove", N_("Proving that the card has the key"));
	if (RAND_bytes(nonce, sizeof(nonce)) != 1)
		return error_set(error, ERROR_INTERNAL, N_("no random numbers are to be had"));
	if (!card_client_prove(work->desk->client, nonce, bytes, &failure))
		return work_fail(work, &failure, error);
	g_autoptr(GBytes) data = g_bytes_new(nonce, sizeof(nonce));
	g_autoptr(GBytes) signature = g_bytes_new(bytes->bytes, bytes->length);

	return key_verify(spki, data, signature, error);
}

gboolean personalise_card(Work *work, gboolean is_next, Certificate **ret_certificate,
			  GError **error)
{
	g_autoptr(Issuer) issuer = op_issuer(work->op, error);
	g_autoptr(GBytes) spki = issuer != NULL ? generate(work, is_next, error) : NULL;
	Certificate *certificate;

	if (spki == NULL)
		return FALSE;
	FAILPOINT("personalise.generated");
	if (!allow_key_spki(work->op->house, work->op->now, spki, error))
		return FALSE;
	certificate = compose(work, issuer, spki, error);
	if (certificate == NULL)
		return FALSE;
	if (!record_certificate(work, certificate, error)) {
		certificate_free(certificate);
		return FALSE;
	}
	*ret_certificate = certificate;
	FAILPOINT("personalise.recorded");
	steps_add(work->op->steps, "sign", N_("Signing the certificate"));
	certificate->der = issuer_sign(issuer, certificate->tbs, error);
	FAILPOINT("personalise.signed");
	if (certificate->der == NULL || !put(work, certificate, error))
		return FALSE;
	FAILPOINT("personalise.put");
	if (!personalise_prove(work, spki, error))
		return FALSE;
	FAILPOINT("personalise.proved");
	return TRUE;
}
