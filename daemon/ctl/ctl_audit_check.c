/* SPDX-License-Identifier: Apache-2.0
 * Every hash is made again from the file alone, by the rules of daemon/audit/audit_record.h and
 * audit_checkpoint.h: fields, seal, record, the path to the root, the root in the checkpoint, its
 * signature, the key. Written apart from the daemon's own code, so that one checks the other. */
#include "daemon/ctl/ctl_audit_check.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/ctl_fields.h"
#include "daemon/ctl/ctl_lang.h"
#include "daemon/ctl/ctl_output.h"
#include "daemon/ctl/ctl_problem.h"

#define HASH   32
#define FIELDS 4
#define PARTS  8

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* NULL unless @text is hex of @length octets (0: any). */
static GByteArray *bytes_of(const char *text, gsize length)
{
	GByteArray *bytes;
	gsize digits = text != NULL ? strlen(text) : 1;

	if (digits % 2 != 0 || (length != 0 && digits != 2 * length) ||
	    strspn(text, "0123456789abcdefABCDEF") != digits)
		return NULL;
	bytes = g_byte_array_new();
	for (gsize i = 0; i < digits; i += 2) {
		guint8 octet = (guint8) (g_ascii_xdigit_value(text[i]) << 4 |
					 g_ascii_xdigit_value(text[i + 1]));

		g_byte_array_append(bytes, &octet, 1);
	}
	return bytes;
}

static void add_number(GChecksum *sum, gint64 number)
{
	gint64 wire = GINT64_TO_BE(number);

	g_checksum_update(sum, (const guchar *) &wire, sizeof(wire));
}

static void end(GChecksum *sum, guint8 ret_hash[HASH])
{
	gsize length = HASH;

	g_checksum_get_digest(sum, ret_hash, &length);
	g_checksum_reset(sum);
}

static gboolean mark_of(const json_t *field, guint8 ret_mark[HASH])
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autoptr(GByteArray) mark = bytes_of(text_of(field, "mark"), HASH);
	g_autoptr(GByteArray) key = bytes_of(text_of(field, "key"), 16);
	const char *text = text_of(field, "text");

	if (mark != NULL && key == NULL) {
		memcpy(ret_mark, mark->data, HASH);
		return TRUE;
	}
	if (key == NULL)
		return FALSE;
	g_checksum_update(sum, key->data, 16);
	g_checksum_update(sum, (const guchar *) (text != NULL ? "\1" : "\0"), 1);
	if (text != NULL)
		g_checksum_update(sum, (const guchar *) text, -1);
	end(sum, ret_mark);
	return TRUE;
}

static gboolean is_sealed(const json_t *fields, const GByteArray *sealed)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 mark[HASH], own[HASH];

	if (json_array_size(fields) == 0)
		return TRUE;
	if (json_array_size(fields) != FIELDS)
		return FALSE;
	for (size_t i = 0; i < FIELDS; i++) {
		if (!mark_of(json_array_get(fields, i), mark))
			return FALSE;
		g_checksum_update(sum, mark, HASH);
	}
	end(sum, own);
	return memcmp(own, sealed->data, HASH) == 0;
}

static void add_text(GChecksum *sum, const char *text)
{
	add_number(sum, text != NULL ? (gint64) strlen(text) : -1);
	if (text != NULL)
		g_checksum_update(sum, (const guchar *) text, -1);
}

/* Version 1: 14 + 14 digits and the lengths stand before the words. */
static gboolean first_leaf(const json_t *row, const char *record, GChecksum *sum,
			   guint8 ret_leaf[HASH])
{
	const json_t *fields = json_object_get(row, "fields");
	g_auto(GStrv) words = strlen(record) > 41 ? g_strsplit(record + 41, " ", 3) : NULL;

	if (words == NULL || g_strv_length(words) < 2 || json_array_size(fields) != FIELDS)
		return FALSE;
	add_number(sum, json_integer_value(json_object_get(row, "seq")));
	add_number(sum, g_ascii_strtoll(record + 2, NULL, 10));
	add_number(sum, g_ascii_strtoll(record + 17, NULL, 10));
	add_text(sum, words[0]);
	add_text(sum, words[1]);
	add_text(sum, text_of(json_array_get(fields, 0), "text"));
	add_text(sum, text_of(json_array_get(fields, 1), "text"));
	add_text(sum, words[2]);
	add_text(sum, text_of(json_array_get(fields, 2), "text"));
	add_text(sum, text_of(json_array_get(fields, 3), "text"));
	end(sum, ret_leaf);
	g_checksum_update(sum, (const guchar *) "\0", 1);
	g_checksum_update(sum, ret_leaf, HASH);
	end(sum, ret_leaf);
	return TRUE;
}

static gboolean leaf_of(const json_t *row, guint8 ret_leaf[HASH])
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autoptr(GByteArray) prev = bytes_of(text_of(row, "prev"), HASH);
	g_autoptr(GByteArray) sealed = bytes_of(text_of(row, "sealed"), HASH);
	const char *record = text_of(row, "record");

	if (prev == NULL || record == NULL)
		return FALSE;
	if (record[0] == '1') {
		g_checksum_update(sum, prev->data, HASH);
		return first_leaf(row, record, sum, ret_leaf);
	}
	if (sealed == NULL || !is_sealed(json_object_get(row, "fields"), sealed))
		return FALSE;
	g_checksum_update(sum, (const guchar *) "\0", 1);
	g_checksum_update(sum, prev->data, HASH);
	add_number(sum, json_integer_value(json_object_get(row, "seq")));
	g_checksum_update(sum, sealed->data, HASH);
	add_number(sum, (gint64) strlen(record));
	g_checksum_update(sum, (const guchar *) record, -1);
	end(sum, ret_leaf);
	return TRUE;
}

static void join(const guint8 *left, const guint8 *right, guint8 ret_hash[HASH])
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	g_checksum_update(sum, (const guchar *) "\1", 1);
	g_checksum_update(sum, left, HASH);
	g_checksum_update(sum, right, HASH);
	end(sum, ret_hash);
}

/* RFC 9162 2.1.3.2. */
static gboolean leads_to(const json_t *row, guint64 size, const guint8 *root)
{
	guint64 node = (guint64) json_integer_value(json_object_get(row, "seq")) - 1;
	guint64 last = size - 1;
	const json_t *path = json_object_get(row, "path");
	guint8 hash[HASH];

	if (node >= size || !leaf_of(row, hash))
		return FALSE;
	for (size_t i = 0; i < json_array_size(path); i++) {
		g_autoptr(GByteArray) step =
			bytes_of(json_string_value(json_array_get(path, i)), HASH);

		if (step == NULL || last == 0)
			return FALSE;
		if ((node & 1) != 0 || node == last)
			join(step->data, hash, hash);
		else
			join(hash, step->data, hash);
		while ((node & 1) == 0 && node == last && node != 0) {
			node >>= 1;
			last >>= 1;
		}
		node >>= 1;
		last >>= 1;
	}
	return last == 0 && memcmp(hash, root, HASH) == 0;
}

static gboolean is_signed(const char *line, const char *signature, const char *spki, const char *id)
{
	g_autoptr(GByteArray) key = bytes_of(spki, 0);
	g_autoptr(GByteArray) der = bytes_of(signature, 0);
	const guint8 *at = key != NULL ? key->data : NULL;
	EVP_PKEY *parsed = key != NULL ? d2i_PUBKEY(NULL, &at, (long) key->len) : NULL;
	g_autofree char *own =
		key != NULL ? g_compute_checksum_for_data(G_CHECKSUM_SHA256, key->data, key->len)
			    : NULL;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	gboolean is_good;

	is_good = parsed != NULL && der != NULL && g_ascii_strncasecmp(own, id, 16) == 0 &&
		  EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, parsed) == 1 &&
		  EVP_DigestVerify(context, der->data, der->len, (const guint8 *) line,
				   (size_t) (signature - line - 1)) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(parsed);
	return is_good;
}

typedef struct Found {
	const char *bad; /* msgid */
	json_int_t seq;  /* 0: the checkpoint itself */
	gsize records;
	char key[17];
} Found;

static void check_records(const json_t *file, guint64 size, const guint8 *root, Found *found)
{
	const json_t *records = json_object_get(file, "records");

	found->records = json_array_size(records);
	for (size_t i = 0; i < found->records; i++) {
		const json_t *row = json_array_get(records, i);

		if (leads_to(row, size, root))
			continue;
		found->bad = N_("the record is not one of those the checkpoint was signed over");
		found->seq = json_integer_value(json_object_get(row, "seq"));
		return;
	}
}

static void check(const json_t *file, const char *key, Found *found)
{
	const char *line = text_of(file, "checkpoint");
	g_auto(GStrv) parts = g_strsplit(line != NULL ? line : "", " ", PARTS + 1);
	g_autoptr(GByteArray) root = NULL;

	found->bad = N_("the checkpoint is not signed by the key in the file");
	if (g_strv_length(parts) != PARTS)
		return;
	root = bytes_of(parts[3], HASH);
	if (root == NULL || strlen(parts[6]) != 16 ||
	    !is_signed(line, line + strlen(line) - strlen(parts[7]),
		       text_of(json_object_get(file, "key"), "spki"), parts[6]))
		return;
	g_strlcpy(found->key, parts[6], sizeof(found->key));
	found->bad = N_("the checkpoint was signed with another key than the one named");
	if (key != NULL && g_ascii_strcasecmp(key, parts[6]) != 0)
		return;
	found->bad = NULL;
	check_records(file, g_ascii_strtoull(parts[2], NULL, 10), root->data, found);
}

gboolean ctl_audit_check(Ctl *ctl, GError **error)
{
	const char *path = g_ptr_array_index(ctl->operands, 0);
	json_error_t place;
	g_autoptr(json_t) file = json_load_file(path, 0, &place);
	g_autoptr(json_t) answer = NULL;
	Found found = { 0 };

	if (file == NULL || g_strcmp0(text_of(file, "format"), "opcard-audit-export/1") != 0)
		return ctl_problem_set(error, CTL_PROBLEM_INPUT,
				       N_("%s is no export of audit records (opcardctl audit "
					  "export)."),
				       path);
	check(file, ctl_fields_get(ctl, "key"), &found);
	ctl->exit_code = found.bad == NULL ? 0 : 1;
	if (ctl->json) {
		answer = json_pack("{sb sI so ss ss?}", "ok", found.bad == NULL, "records",
				   (json_int_t) found.records, "firstBad",
				   found.seq != 0 ? json_integer(found.seq) : json_null(), "key",
				   found.key, "reason", found.bad);
		ctl_output_json(answer);
	} else if (found.bad == NULL) {
		printf(_("All %lu records are in the audit trail as they stand here; checkpoint "
			 "key %s\n"),
		       (unsigned long) found.records, found.key);
	} else if (found.seq != 0) {
		printf(_("Record %lld is NOT genuine: %s\n"), (long long) found.seq, _(found.bad));
	} else {
		printf(_("The file is NOT genuine: %s\n"), _(found.bad));
	}
	return TRUE;
}
