/* SPDX-License-Identifier: Apache-2.0
 * A CA of ours as a value. Preparing and signing are two calls because the store records in
 * between. */
#include "daemon/ca/issuer.h"

#include <string.h>

#include "daemon/base/error.h"
#include "daemon/ca/name.h"

struct Issuer {
	gatomicrefcount references;
	guint16 id;
	GBytes *certificate;
	DerFacts facts;
	Signer *signer;
	guint8 name_hash[_KEY_HASH_MAX][KEY_HASH_SIZE_MAX];
	guint8 key_hash[_KEY_HASH_MAX][KEY_HASH_SIZE_MAX];
};

GBytes *issuer_create_root(Signer *signer, const char *subject, gint64 now, int days,
			   GError **error)
{
	guint8 serial[DER_SERIAL_SIZE];
	g_autoptr(GBytes) name = name_parse(subject, error);
	g_autoptr(GBytes) tbs = NULL;
	g_autoptr(GBytes) signature = NULL;
	DerRequest request = {
		.profile = PROFILE_ROOT,
		.serial = serial,
		.issuer_name = name,
		.issuer_spki = sign_spki(signer),
		.algorithm = sign_algorithm(signer),
		.subject_name = name,
		.spki = sign_spki(signer),
		.not_before = now,
		.not_after = profile_not_after(PROFILE_ROOT, now, days, 0),
	};

	if (name == NULL || !der_serial_new(serial, error))
		return NULL;
	tbs = der_tbs(&request, error);
	if (tbs == NULL || !sign_bytes(signer, g_bytes_get_data(tbs, NULL), g_bytes_get_size(tbs),
				       &signature, error))
		return NULL;
	return der_assemble(tbs, sign_algorithm(signer), signature, sign_spki(signer), error);
}

static gboolean check_signer(Signer *signer, GBytes *spki, GError **error)
{
	g_autoptr(GBytes) probe = g_bytes_new_static("opcard", strlen("opcard"));
	g_autoptr(GBytes) signature = NULL;

	if (signer == NULL)
		return TRUE;
	if (!g_bytes_equal(sign_spki(signer), spki))
		return error_set(error, ERROR_CA,
				 N_("The CA key is not that of the CA certificate"));
	/* A token is not waited for here; each of its signatures is checked anyway. */
	if (sign_is_remote(signer))
		return TRUE;
	return sign_bytes(signer, g_bytes_get_data(probe, NULL), g_bytes_get_size(probe),
			  &signature, error) &&
	       sign_check(spki, sign_algorithm(signer), probe, signature, error);
}

Issuer *issuer_load(guint16 id, GBytes *certificate, Signer *signer, GError **error)
{
	g_auto(DerFacts) facts = { 0 };
	g_autoptr(Issuer) issuer = g_new0(Issuer, 1);
	gsize length;
	const void *name;

	g_atomic_ref_count_init(&issuer->references);
	if (!der_read(certificate, &facts, error) || !check_signer(signer, facts.spki, error))
		return NULL;
	name = g_bytes_get_data(facts.subject_name, &length);
	for (KeyHash hash = 0; hash < _KEY_HASH_MAX; hash++) {
		key_hash_bytes(name, length, hash, issuer->name_hash[hash]);
		if (!key_hash_spki(facts.spki, hash, issuer->key_hash[hash], error))
			return NULL;
	}
	issuer->id = id;
	issuer->certificate = g_bytes_ref(certificate);
	issuer->signer = signer != NULL ? sign_ref(signer) : NULL;
	issuer->facts = facts;
	facts = (DerFacts){ 0 };
	return g_steal_pointer(&issuer);
}

Issuer *issuer_ref(const Issuer *issuer)
{
	Issuer *counted = (Issuer *) issuer;

	g_atomic_ref_count_inc(&counted->references);
	return counted;
}

void issuer_free(Issuer *issuer)
{
	if (issuer == NULL || !g_atomic_ref_count_dec(&issuer->references))
		return;
	g_clear_pointer(&issuer->certificate, g_bytes_unref);
	der_facts_clear(&issuer->facts);
	sign_free(issuer->signer);
	g_free(issuer);
}

guint16 issuer_id(const Issuer *issuer)
{
	return issuer->id;
}

GBytes *issuer_certificate(const Issuer *issuer)
{
	return issuer->certificate;
}

GBytes *issuer_subject(const Issuer *issuer)
{
	return issuer->facts.subject_name;
}

GBytes *issuer_spki(const Issuer *issuer)
{
	return issuer->facts.spki;
}

gint64 issuer_not_before(const Issuer *issuer)
{
	return issuer->facts.not_before;
}

gint64 issuer_not_after(const Issuer *issuer)
{
	return issuer->facts.not_after;
}

Signer *issuer_signer(const Issuer *issuer)
{
	return issuer->signer;
}

const guint8 *issuer_name_hash(const Issuer *issuer, KeyHash hash)
{
	return issuer->name_hash[hash];
}

const guint8 *issuer_key_hash(const Issuer *issuer, KeyHash hash)
{
	return issuer->key_hash[hash];
}

static gboolean check_reachable(const Issuer *issuer, GError **error)
{
	return issuer->signer != NULL ||
	       error_set(error, ERROR_CA, N_("The CA key cannot be reached"));
}

gboolean issuer_reach(const Issuer *issuer, GError **error)
{
	return check_reachable(issuer, error) && sign_reach(issuer->signer, error);
}

GBytes *issuer_prepare(const Issuer *issuer, const IssuerRequest *request, gint64 *ret_not_after,
		       GError **error)
{
	gint64 end = profile_not_after(request->profile, request->not_before, request->days,
				       issuer->facts.not_after);

	if (request->not_after != 0)
		end = MIN(end, request->not_after);
	DerRequest der = {
		.profile = request->profile,
		.serial = request->serial,
		.issuer_name = issuer->facts.subject_name,
		.issuer_spki = issuer->facts.spki,
		.subject_name = request->subject_name,
		.spki = request->spki,
		.not_before = request->not_before,
		.not_after = end,
		.ocsp_url = request->ocsp_url,
		.crl_url = request->crl_url,
	};
	GBytes *tbs;

	if (!check_reachable(issuer, error))
		return NULL;
	if (request->not_before < issuer->facts.not_before ||
	    request->not_before >= issuer->facts.not_after) {
		error_set(error, ERROR_CA, N_("The CA certificate is not valid at that time"));
		return NULL;
	}
	der.algorithm = sign_algorithm(issuer->signer);
	tbs = der_tbs(&der, error);
	if (tbs != NULL && ret_not_after != NULL)
		*ret_not_after = end;
	return tbs;
}

GBytes *issuer_sign(const Issuer *issuer, GBytes *tbs, GError **error)
{
	g_autoptr(GBytes) signature = NULL;

	if (!check_reachable(issuer, error) ||
	    !sign_bytes(issuer->signer, g_bytes_get_data(tbs, NULL), g_bytes_get_size(tbs),
			&signature, error))
		return NULL;
	return der_assemble(tbs, sign_algorithm(issuer->signer), signature, issuer->facts.spki,
			    error);
}
