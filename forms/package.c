/* SPDX-License-Identifier: Apache-2.0
 * libzip on a buffer. libxlsxwriter would do it all, but keeps its parts in temporary files, which
 * the cage forbids. */
#include "forms/package.h"

#include <zip.h>

#include "forms/form_error.h"

#define DOS_DATE ((0 << 9) | (1 << 5) | 1) /* 1980-01-01, the first there is */

struct Package {
	zip_source_t *file;
	zip_t *zip;
	GPtrArray *parts; /* GString, read when the file is made */
};

static gboolean refuse(GError **error, const char *why)
{
	return form_error_set(error, FORM_ERROR_FAILED, "xlsx を作れません（%s）",
			      "the xlsx cannot be made (%s)", why);
}

static void free_part(gpointer part)
{
	g_string_free(part, TRUE);
}

Package *package_new(GError **error)
{
	g_autoptr(Package) package = g_new0(Package, 1);
	zip_error_t wrong;

	zip_error_init(&wrong);
	package->parts = g_ptr_array_new_with_free_func(free_part);
	package->file = zip_source_buffer_create(NULL, 0, 0, &wrong);
	if (package->file != NULL) {
		zip_source_keep(package->file);
		package->zip = zip_open_from_source(package->file, ZIP_TRUNCATE, &wrong);
		if (package->zip == NULL)
			zip_source_free(package->file);
	}
	if (package->zip == NULL) {
		refuse(error, zip_error_strerror(&wrong));
		g_clear_pointer(&package, package_free);
	}
	zip_error_fini(&wrong);
	return g_steal_pointer(&package);
}

void package_free(Package *package)
{
	if (package == NULL)
		return;
	if (package->zip != NULL)
		zip_discard(package->zip);
	if (package->file != NULL)
		zip_source_free(package->file);
	g_ptr_array_unref(package->parts);
	g_free(package);
}

gboolean package_add(Package *package, const char *name, GString *content, GError **error)
{
	zip_source_t *source = zip_source_buffer(package->zip, content->str, content->len, 0);
	zip_int64_t index = -1;

	g_ptr_array_add(package->parts, content);
	if (source != NULL)
		index = zip_file_add(package->zip, name, source, ZIP_FL_ENC_UTF_8);
	if (source != NULL && index < 0)
		zip_source_free(source);
	if (index < 0 ||
	    zip_file_set_dostime(package->zip, (zip_uint64_t) index, 0, DOS_DATE, 0) != 0 ||
	    zip_set_file_compression(package->zip, (zip_uint64_t) index, ZIP_CM_DEFLATE, 1) != 0)
		return refuse(error, zip_strerror(package->zip));
	return TRUE;
}

static GBytes *read_back(zip_source_t *file)
{
	zip_stat_t stat;
	guint8 *bytes;

	if (zip_source_stat(file, &stat) != 0 || zip_source_open(file) != 0)
		return NULL;
	bytes = g_malloc(stat.size);
	if (zip_source_read(file, bytes, stat.size) != (zip_int64_t) stat.size)
		g_clear_pointer(&bytes, g_free);
	zip_source_close(file);
	return bytes != NULL ? g_bytes_new_take(bytes, stat.size) : NULL;
}

GBytes *package_finish(Package *package, GError **error)
{
	GBytes *bytes;

	if (zip_close(package->zip) != 0) {
		refuse(error, zip_strerror(package->zip));
		return NULL;
	}
	package->zip = NULL;
	bytes = read_back(package->file);
	if (bytes == NULL)
		refuse(error, "zip");
	return bytes;
}
