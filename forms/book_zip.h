/* SPDX-License-Identifier: Apache-2.0
 * The parts of a foreign workbook: unpacked in blocks and counted, never trusting the sizes it
 * states itself. */
#pragma once

#include <expat.h>
#include <glib.h>

typedef struct BookZip BookZip;

/* bytes must outlive it. */
BookZip *book_zip_open(const char *name, GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void book_zip_free(BookZip *zip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BookZip, book_zip_free)

gboolean book_zip_has(const BookZip *zip, const char *part);

/* What the handlers of one part share; it is the first member of their own state. */
typedef struct BookParse {
	XML_StartElementHandler start;
	XML_EndElementHandler end;
	XML_CharacterDataHandler text;
	XML_Parser parser;
	GError *error; /* set by a handler that stopped the parser */
} BookParse;

/* Runs the part through the handlers, which get parse as their user data. */
gboolean book_zip_parse(BookZip *zip, const char *part, BookParse *parse,
			GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* For handlers: stops the parser; *parse->error must be set. */
void book_zip_stop(BookParse *parse);
/* For handlers: the element without its prefix, and an attribute without its prefix or NULL. */
const char *book_zip_local(const char *name);
const char *book_zip_attribute(const char **attributes, const char *name);
