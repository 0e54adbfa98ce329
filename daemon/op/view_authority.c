/* SPDX-License-Identifier: Apache-2.0
 * The issuing CA and those before it. */
#include "daemon/op/view_authority.h"

#include "daemon/ca/name.h"
#include "daemon/op/publish.h"
#include "daemon/op/responder.h"
#include "daemon/store/store_issuer.h"
#include "daemon/store/store_issuer_renewal.h"

static json_t *pem_of(GBytes *der)
{
	g_autofree char *pem = der != NULL ? der_pem("CERTIFICATE", der) : NULL;

	return view_text(pem);
}

static const char *state_of(const Op *op, const Issuer *issuer)
{
	Publisher *publisher = publish_of(op->house->publisher, issuer_id(issuer));

	if (publisher == publish_newest(op->house))
		return "issuing";
	return publish_is_over(publisher, op->now) ? "ended" : "retiring";
}

static json_t *crl_of(const Op *op, const Issuer *issuer)
{
	Publisher *publisher = publish_of(op->house->publisher, issuer_id(issuer));
	g_autofree char *file = publish_list_name(publisher);
	PublishFacts facts;

	publish_facts(publisher, &facts);
	return json_pack("{s:s, s:I, s:o, s:o, s:I}", "file", file, "number",
			 (json_int_t) facts.number, "thisUpdate", view_time(facts.this_update),
			 "nextUpdate", view_time(facts.next_update), "entries",
			 (json_int_t) facts.entries);
}

/* The certificates between it and the one before it. */
static gboolean add_links(StoreTx *tx, json_t *object, guint16 id, GError **error)
{
	g_autoptr(IssuerRenewal) renewal = NULL;

	if (!store_issuer_renewal_get(tx, id, &renewal, error))
		return FALSE;
	json_object_set_new(object, "newWithOld",
			    pem_of(renewal != NULL ? renewal->new_with_old : NULL));
	json_object_set_new(object, "oldWithNew",
			    pem_of(renewal != NULL ? renewal->old_with_new : NULL));
	return TRUE;
}

static json_t *view_one(StoreTx *tx, const Op *op, const Issuer *issuer, GError **error)
{
	g_autofree char *subject = name_text(issuer_subject(issuer), error);
	json_t *object;

	if (subject == NULL)
		return NULL;
	object = json_pack("{s:i, s:s, s:s, s:s, s:o, s:o, s:o, s:{s:o}, s:o}", "id",
			   (int) issuer_id(issuer), "state", state_of(op, issuer), "subject",
			   subject, "key", key_spki_name(issuer_spki(issuer)), "notBefore",
			   view_time(issuer_not_before(issuer)), "notAfter",
			   view_time(issuer_not_after(issuer)), "crl", crl_of(op, issuer), "ocsp",
			   "notAfter", view_time(responder_end_of(op->house, issuer_id(issuer))),
			   "certificate", pem_of(issuer_certificate(issuer)));
	if (add_links(tx, object, issuer_id(issuer), error))
		return object;
	json_decref(object);
	return NULL;
}

static json_t *list_all(StoreTx *tx, const Op *op, GError **error)
{
	g_autoptr(GPtrArray) rows = store_issuer_list(tx, error);
	json_t *list;

	if (rows == NULL)
		return NULL;
	list = json_array();
	for (guint i = 0; i < rows->len; i++) {
		const IssuerRow *row = rows->pdata[i];
		g_autoptr(Issuer) issuer = op_issuer_of(op, (guint16) row->id);
		json_t *one;

		if (issuer == NULL)
			continue;
		one = view_one(tx, op, issuer, error);
		if (one == NULL) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, one);
	}
	return list;
}

json_t *view_authority(StoreTx *tx, const Op *op, GError **error)
{
	g_autoptr(Issuer) issuer = op_issuer(op, error);
	json_t *object = issuer != NULL ? view_one(tx, op, issuer, error) : NULL;
	json_t *list = object != NULL ? list_all(tx, op, error) : NULL;

	if (list != NULL) {
		json_object_set_new(object, "issuers", list);
		return object;
	}
	json_decref(object);
	return NULL;
}
