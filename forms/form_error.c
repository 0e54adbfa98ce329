/* SPDX-License-Identifier: Apache-2.0
 * Errors that keep their two languages apart, so that a caller can put "row 12" before each. */
#include "forms/form_error.h"

typedef struct FormErrorPrivate {
	char *ja;
	char *en;
} FormErrorPrivate;

static void form_error_private_init(FormErrorPrivate *priv)
{
	priv->ja = NULL;
	priv->en = NULL;
}

static void form_error_private_copy(const FormErrorPrivate *from, FormErrorPrivate *to)
{
	to->ja = g_strdup(from->ja);
	to->en = g_strdup(from->en);
}

static void form_error_private_clear(FormErrorPrivate *priv)
{
	g_free(priv->ja);
	g_free(priv->en);
}

G_DEFINE_EXTENDED_ERROR(FormError, form_error)

/* Takes both texts. */
static void set(GError **error, int code, char *ja, char *en)
{
	FormErrorPrivate *priv;

	*error = g_error_new(FORM_ERROR, code, "%s / %s", ja, en);
	priv = form_error_get_private(*error);
	priv->ja = ja;
	priv->en = en;
}

gboolean form_error_set(GError **error, FormErrorCode code, const char *ja, const char *en, ...)
{
	va_list args;
	char *text_ja, *text_en;

	if (error == NULL)
		return FALSE;
	va_start(args, en);
	text_ja = g_strdup_vprintf(ja, args);
	va_end(args);
	va_start(args, en);
	text_en = g_strdup_vprintf(en, args);
	va_end(args);
	set(error, (int) code, text_ja, text_en);
	return FALSE;
}

gboolean form_error_prefix(GError **error, const char *ja, const char *en, ...)
{
	g_autofree char *before_ja = NULL, *before_en = NULL;
	g_autoptr(GError) old = NULL;
	const FormErrorPrivate *priv;
	va_list args;

	if (error == NULL || *error == NULL || (*error)->domain != FORM_ERROR)
		return FALSE;
	va_start(args, en);
	before_ja = g_strdup_vprintf(ja, args);
	va_end(args);
	va_start(args, en);
	before_en = g_strdup_vprintf(en, args);
	va_end(args);
	old = g_steal_pointer(error);
	priv = form_error_get_private(old);
	set(error, old->code, g_strconcat(before_ja, priv->ja, NULL),
	    g_strconcat(before_en, priv->en, NULL));
	return FALSE;
}

int form_error_exit(const GError *error)
{
	return error->domain == FORM_ERROR ? error->code + 1 : 1;
}
