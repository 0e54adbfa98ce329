/* SPDX-License-Identifier: Apache-2.0
 * Distinguished names: one attribute a set, in the order given. */
#include "daemon/ca/name.h"

#include <openssl/bio.h>
#include <openssl/x509.h>
#include <string.h>

#include "daemon/base/error.h"
#include "daemon/ca/tlv.h"

typedef struct AttributeRow {
	const char *key;
	const char *oid;
	gsize max; /* characters, the upper bounds of RFC 5280 A.1 */
	guint8 tag;
} AttributeRow;

/* clang-format off */
static const AttributeRow attributes[] = {
	{ "C",            "2.5.4.6",  2,   TLV_PRINTABLE_STRING },
	{ "ST",           "2.5.4.8",  128, TLV_UTF8_STRING },
	{ "L",            "2.5.4.7",  128, TLV_UTF8_STRING },
	{ "O",            "2.5.4.10", 64,  TLV_UTF8_STRING },
	{ "OU",           "2.5.4.11", 64,  TLV_UTF8_STRING },
	{ "CN",           "2.5.4.3",  64,  TLV_UTF8_STRING },
	{ "serialNumber", "2.5.4.5",  64,  TLV_PRINTABLE_STRING },
};
/* clang-format on */

static const char plain[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";

static const AttributeRow *find(const char *key)
{
	for (gsize i = 0; i < G_N_ELEMENTS(attributes); i++)
		if (g_ascii_strcasecmp(attributes[i].key, key) == 0)
			return &attributes[i];
	return NULL;
}

static gboolean is_allowed(const AttributeRow *row, const char *value)
{
	gsize length = strlen(value);

	if (length == 0 || !g_utf8_validate(value, (gssize) length, NULL) ||
	    (gsize) g_utf8_strlen(value, (gssize) length) > row->max)
		return FALSE;
	if (row->tag == TLV_PRINTABLE_STRING)
		return strspn(value, plain) == length && (row->max != 2 || length == 2);
	for (const char *at = value; *at != '\0'; at = g_utf8_next_char(at))
		if (g_unichar_iscntrl(g_utf8_get_char(at)))
			return FALSE;
	return TRUE;
}

static gboolean put_attribute(GByteArray *to, const char *key, const char *value, GError **error)
{
	const AttributeRow *row = find(key);
	gsize set, pair;

	if (row == NULL)
		return error_set(
			error, ERROR_USAGE,
			N_("“%s” is not an attribute of a name: C, ST, L, O, OU, CN, serialNumber"),
			key);
	if (!is_allowed(row, value))
		return error_set(error, ERROR_USAGE, N_("“%s” cannot be the %s of a name"), value,
				 row->key);
	set = tlv_open(to, TLV_SET);
	pair = tlv_open(to, TLV_SEQUENCE);
	tlv_put_oid(to, row->oid);
	tlv_put(to, row->tag, value, strlen(value));
	tlv_close(to, pair);
	tlv_close(to, set);
	return TRUE;
}

/* Cuts the next "key=value" off *@rest, with its backslashes taken away. */
static char *next_part(const char **rest)
{
	GString *part = g_string_new(NULL);
	const char *at = *rest;

	for (; *at != '\0' && *at != ','; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		g_string_append_c(part, *at);
	}
	*rest = *at == ',' ? at + 1 : at;
	return g_strstrip(g_string_free(part, FALSE));
}

GBytes *name_parse(const char *text, GError **error)
{
	g_autoptr(GByteArray) name = g_byte_array_new();
	gsize outer = tlv_open(name, TLV_SEQUENCE);
	const char *rest = text;

	do {
		g_autofree char *part = next_part(&rest);
		char *value = strchr(part, '=');

		if (value == NULL) {
			error_set(error, ERROR_USAGE, N_("“%s” is not a name such as O=…, CN=…"),
				  text);
			return NULL;
		}
		*value++ = '\0';
		if (!put_attribute(name, g_strstrip(part), g_strstrip(value), error))
			return NULL;
	} while (*rest != '\0');
	tlv_close(name, outer);
	return tlv_finish(g_steal_pointer(&name));
}

static gboolean check_plain(const char *text, GError **error)
{
	gsize length = strlen(text);

	return (length >= 1 && length <= 64 && strspn(text, plain) == length) ||
	       error_set(error, ERROR_USAGE, N_("“%s” cannot stand in a certificate"), text);
}

GBytes *name_card(const char *card, const char *identifier, GError **error)
{
	g_autoptr(GByteArray) name = g_byte_array_new();
	gsize outer = tlv_open(name, TLV_SEQUENCE);

	if (!check_plain(card, error) || !check_plain(identifier, error) ||
	    !put_attribute(name, "serialNumber", identifier, error) ||
	    !put_attribute(name, "CN", card, error))
		return NULL;
	tlv_close(name, outer);
	return tlv_finish(g_steal_pointer(&name));
}

char *name_text(GBytes *name, GError **error)
{
	gsize length;
	const unsigned char *at = g_bytes_get_data(name, &length);
	X509_NAME *parsed = d2i_X509_NAME(NULL, &at, (long) length);
	BIO *text = BIO_new(BIO_s_mem());
	char *result = NULL, *data;

	if (parsed != NULL && text != NULL &&
	    X509_NAME_print_ex(text, parsed, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
		gsize n = (gsize) BIO_get_mem_data(text, &data);

		result = g_strndup(data, n);
	}
	BIO_free(text);
	X509_NAME_free(parsed);
	if (result == NULL)
		error_set(error, ERROR_CA, N_("the name in a certificate cannot be read"));
	return result;
}
