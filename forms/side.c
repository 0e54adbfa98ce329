/* SPDX-License-Identifier: Apache-2.0
 * A form cannot name files itself: whoever may change a form would otherwise read what the
 * printing program may. */
#include "forms/side.h"

#include <string.h>
#include <unistd.h>

#include "forms/input.h"

#define ENDING       ".form"
#define FONT_MAX     (64u * 1024 * 1024)
#define UNDERLAY_MAX (16u * 1024 * 1024)

gboolean side_open(Side *side, const char *form_path, const char *font_path, GError **error)
{
	gsize n = strlen(form_path);

	*side = (Side){ .font_path = font_path, .font_fd = -1, .underlay_fd = -1 };
	if (g_str_has_suffix(form_path, ENDING)) {
		g_autofree char *stem = g_strndup(form_path, n - strlen(ENDING));

		side->underlay_path = g_strconcat(stem, ".pdf", NULL);
		if (g_file_test(side->underlay_path, G_FILE_TEST_IS_REGULAR) &&
		    !input_open(side->underlay_path, &side->underlay_fd, error))
			return FALSE;
	}
	return font_path == NULL || input_open(font_path, &side->font_fd, error);
}

int side_descriptors(const Side *side, int ret_fds[SIDE_FILES])
{
	int n = 0;

	if (side->font_fd >= 0)
		ret_fds[n++] = side->font_fd;
	if (side->underlay_fd >= 0)
		ret_fds[n++] = side->underlay_fd;
	return n;
}

static gboolean read_one(int fd, const char *path, gsize most, GBytes **ret_bytes, GError **error)
{
	GByteArray *bytes;

	*ret_bytes = NULL;
	if (fd < 0)
		return TRUE;
	bytes = input_read(fd, path, most, error);
	if (bytes != NULL)
		*ret_bytes = g_byte_array_free_to_bytes(bytes);
	return bytes != NULL;
}

gboolean side_read(const Side *side, RenderFiles *ret_files, GError **error)
{
	if (!read_one(side->font_fd, side->font_path, FONT_MAX, &ret_files->font, error))
		return FALSE;
	if (read_one(side->underlay_fd, side->underlay_path, UNDERLAY_MAX, &ret_files->underlay,
		     error))
		return TRUE;
	g_clear_pointer(&ret_files->font, g_bytes_unref);
	return FALSE;
}

void side_clear(Side *side)
{
	if (side->font_fd >= 0)
		close(side->font_fd);
	if (side->underlay_fd >= 0)
		close(side->underlay_fd);
	g_clear_pointer(&side->underlay_path, g_free);
	side->font_fd = side->underlay_fd = -1;
}
