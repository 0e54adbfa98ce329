/* SPDX-License-Identifier: Apache-2.0
 * libzip on the bytes, expat on what comes out, block by block. */
#include "forms/book_zip.h"

#include <string.h>
#include <zip.h>

#include "forms/form_error.h"

#define PART_MAX  (64u * 1024 * 1024)
#define ALL_MAX   (128u * 1024 * 1024)
#define PARTS_MAX 2000
#define BLOCK     (64 * 1024)

struct BookZip {
	zip_t *zip;
	const char *name;
	gsize unpacked;
};

/* A rule in both languages, behind the name of the file. */
#define REFUSE(zip, error, ja, en)                                                                 \
	form_error_set((error), FORM_ERROR_INPUT, "%s: " ja, "%s: " en, (zip)->name)

static gboolean check_magic(const BookZip *zip, GBytes *bytes, GError **error)
{
	static const guint8 compound[] = { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 };
	gsize n = 0;
	const guint8 *at = g_bytes_get_data(bytes, &n);

	if (n >= sizeof compound && memcmp(at, compound, sizeof compound) == 0)
		return REFUSE(
			zip, error,
			"パスワードで保護されているか、古い形式(.xls)です。パスワードを外し、"
			".xlsx か CSV で保存し直してください",
			"protected by a password, or an old .xls; save it without the password "
			"as .xlsx or CSV");
	return (n >= 4 && memcmp(at, "PK\x03\x04", 4) == 0) ||
	       REFUSE(zip, error, "Excel のブック(.xlsx)ではありません",
		      "not an Excel workbook (.xlsx)");
}

static gboolean check_part(const BookZip *zip, zip_uint64_t index, GError **error)
{
	zip_stat_t stat;

	if (zip_stat_index(zip->zip, index, 0, &stat) != 0 || (stat.valid & ZIP_STAT_NAME) == 0)
		return REFUSE(zip, error, "壊れています", "broken");
	if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE)
		return REFUSE(zip, error,
			      "暗号化されています。パスワードを外して保存し直してください",
			      "encrypted; save it again without the password");
	if (g_str_has_prefix(stat.name, "xl/externalLinks/"))
		return REFUSE(
			zip, error,
			"他のファイルへのリンクがあります。リンクを解除し、値だけにしてください",
			"it links to other files; break the links and keep the values");
	if (g_str_equal(stat.name, "xl/connections.xml"))
		return REFUSE(zip, error,
			      "外部データへの接続があります。接続を削除し、値だけにしてください",
			      "it connects to outside data; remove the connections and keep the "
			      "values");
	return TRUE;
}

static gboolean check_parts(const BookZip *zip, GError **error)
{
	zip_int64_t count = zip_get_num_entries(zip->zip, 0);

	if (count > PARTS_MAX)
		return REFUSE(zip, error, "部品が多すぎます", "too many parts");
	for (zip_int64_t i = 0; i < count; i++)
		if (!check_part(zip, (zip_uint64_t) i, error))
			return FALSE;
	return book_zip_has(zip, "xl/workbook.xml") ||
	       REFUSE(zip, error, "Excel のブック(.xlsx)ではありません",
		      "not an Excel workbook (.xlsx)");
}

static zip_t *open_bytes(GBytes *bytes)
{
	gsize n = 0;
	const void *data = g_bytes_get_data(bytes, &n);
	zip_source_t *source = zip_source_buffer_create(data, n, 0, NULL);
	zip_t *zip = source != NULL ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;

	if (zip == NULL && source != NULL)
		zip_source_free(source);
	return zip;
}

BookZip *book_zip_open(const char *name, GBytes *bytes, GError **error)
{
	g_autoptr(BookZip) zip = g_new0(BookZip, 1);

	zip->name = name;
	if (!check_magic(zip, bytes, error))
		return NULL;
	zip->zip = open_bytes(bytes);
	if (zip->zip == NULL) {
		(void) REFUSE(zip, error, "壊れています", "broken");
		return NULL;
	}
	return check_parts(zip, error) ? g_steal_pointer(&zip) : NULL;
}

void book_zip_free(BookZip *zip)
{
	if (zip == NULL)
		return;
	if (zip->zip != NULL)
		zip_discard(zip->zip);
	g_free(zip);
}

gboolean book_zip_has(const BookZip *zip, const char *part)
{
	return zip_name_locate(zip->zip, part, 0) >= 0;
}

const char *book_zip_local(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

const char *book_zip_attribute(const char **attributes, const char *name)
{
	for (; *attributes != NULL; attributes += 2)
		if (g_str_equal(book_zip_local(attributes[0]), name))
			return attributes[1];
	return NULL;
}

void book_zip_stop(BookParse *parse)
{
	XML_StopParser(parse->parser, XML_FALSE);
}

/* No workbook needs one, and entities are how small files become large. */
static void refuse_doctype(void *data, const char *name, const char *system_id,
			   const char *public_id, int has_subset)
{
	BookParse *parse = data;

	(void) name;
	(void) system_id;
	(void) public_id;
	(void) has_subset;
	if (parse->error == NULL)
		form_error_set(&parse->error, FORM_ERROR_INPUT, "DTD があります", "holds a DTD");
	book_zip_stop(parse);
}

static gboolean feed(BookZip *zip, const char *part, BookParse *parse, const char *block, int n,
		     GError **error)
{
	if (XML_Parse(parse->parser, block, n, n == 0) != XML_STATUS_ERROR)
		return TRUE;
	if (parse->error != NULL) {
		g_propagate_error(error, g_steal_pointer(&parse->error));
		return form_error_prefix(error, "%s: %s: ", "%s: %s: ", zip->name, part);
	}
	return form_error_set(error, FORM_ERROR_INPUT, "%s: %s: XML の誤り（%s、%lu行目）",
			      "%s: %s: broken XML (%s, line %lu)", zip->name, part,
			      XML_ErrorString(XML_GetErrorCode(parse->parser)),
			      XML_GetCurrentLineNumber(parse->parser));
}

static gboolean unpack(BookZip *zip, const char *part, zip_file_t *file, BookParse *parse,
		       GError **error)
{
	char block[BLOCK];
	gsize unpacked = 0;
	zip_int64_t n;

	while ((n = zip_fread(file, block, sizeof block)) > 0) {
		unpacked += (gsize) n;
		zip->unpacked += (gsize) n;
		if (unpacked > PART_MAX || zip->unpacked > ALL_MAX)
			return form_error_set(error, FORM_ERROR_INPUT,
					      "%s: 展開すると大きすぎます（%s、%u MiB まで）",
					      "%s: unpacks to too much (%s, at most %u MiB)",
					      zip->name, part, PART_MAX / 1024 / 1024);
		if (!feed(zip, part, parse, block, (int) n, error))
			return FALSE;
	}
	if (n < 0)
		return REFUSE(zip, error, "壊れています", "broken");
	return feed(zip, part, parse, "", 0, error);
}

gboolean book_zip_parse(BookZip *zip, const char *part, BookParse *parse, GError **error)
{
	zip_file_t *file = zip_fopen(zip->zip, part, 0);
	gboolean is_done;

	if (file == NULL)
		return form_error_set(error, FORM_ERROR_INPUT, "%s: %s がありません",
				      "%s: there is no %s", zip->name, part);
	parse->parser = XML_ParserCreate(NULL);
	XML_SetUserData(parse->parser, parse);
	XML_SetElementHandler(parse->parser, parse->start, parse->end);
	XML_SetCharacterDataHandler(parse->parser, parse->text);
	XML_SetStartDoctypeDeclHandler(parse->parser, refuse_doctype);
	is_done = unpack(zip, part, file, parse, error);
	XML_ParserFree(parse->parser);
	parse->parser = NULL;
	g_clear_error(&parse->error);
	(void) zip_fclose(file);
	return is_done;
}
