/* SPDX-License-Identifier: Apache-2.0
 * Local headers and members, then the directory of them all (PKWARE APPNOTE 4.3). */
#include "daemon/op/archive.h"

#include <string.h>

#include "daemon/base/clock.h"
#include "daemon/base/error.h"

#define LOCAL_HEADER     0x04034b50u
#define DIRECTORY_HEADER 0x02014b50u
#define DIRECTORY_END    0x06054b50u
#define VERSION          20
#define NAME_IS_UTF8     (1u << 11)
#define REGULAR_FILE     (0100644u << 16)
#define BYTES_MAX        G_MAXUINT32
#define MEMBERS_MAX      G_MAXUINT16

struct Archive {
	GByteArray *bytes;
	GByteArray *directory;
	guint members;
	guint16 date, time; /* of MS-DOS */
};

static void put(GByteArray *bytes, guint32 value, guint size)
{
	for (guint i = 0; i < size; i++) {
		guint8 octet = (guint8) (value >> 8 * i);

		g_byte_array_append(bytes, &octet, 1);
	}
}

static guint32 crc_of(const guint8 *data, gsize length)
{
	guint32 table[256];
	guint32 crc = 0xffffffffu;

	for (guint32 n = 0; n < 256; n++) {
		table[n] = n;
		for (int bit = 0; bit < 8; bit++)
			table[n] =
				(table[n] & 1) != 0 ? 0xedb88320u ^ table[n] >> 1 : table[n] >> 1;
	}
	for (gsize i = 0; i < length; i++)
		crc = table[(crc ^ data[i]) & 0xff] ^ crc >> 8;
	return ~crc;
}

Archive *archive_new(gint64 at)
{
	Archive *archive = g_new0(Archive, 1);
	g_autofree char *text = clock_time(at);
	int field[6] = { 0 };

	for (int i = 0; i < 6; i++)
		field[i] = (int) g_ascii_strtoll(text + (i == 0 ? 0 : 2 + 3 * i), NULL, 10);
	archive->bytes = g_byte_array_new();
	archive->directory = g_byte_array_new();
	archive->date = (guint16) ((field[0] - 1980) << 9 | field[1] << 5 | field[2]);
	archive->time = (guint16) (field[3] << 11 | field[4] << 5 | field[5] / 2);
	return archive;
}

void archive_free(Archive *archive)
{
	if (archive == NULL)
		return;
	g_clear_pointer(&archive->bytes, g_byte_array_unref);
	g_byte_array_unref(archive->directory);
	g_free(archive);
}

/* What both headers tell of a member, behind their own beginnings. */
static void put_member(const Archive *archive, GByteArray *to, const char *name, GBytes *content)
{
	gsize length = 0;
	const guint8 *data = g_bytes_get_data(content, &length);

	put(to, VERSION, 2);
	put(to, NAME_IS_UTF8, 2);
	put(to, 0, 2); /* stored */
	put(to, archive->time, 2);
	put(to, archive->date, 2);
	put(to, crc_of(data, length), 4);
	put(to, (guint32) length, 4);
	put(to, (guint32) length, 4);
	put(to, (guint32) strlen(name), 2);
	put(to, 0, 2); /* no extra field */
}

gboolean archive_add(Archive *archive, const char *name, GBytes *content, GError **error)
{
	guint32 at = archive->bytes->len;
	gsize length = 0;
	const guint8 *data = g_bytes_get_data(content, &length);

	if (archive->members == MEMBERS_MAX ||
	    length + 2 * strlen(name) + 1024 >
		    BYTES_MAX - archive->bytes->len - archive->directory->len)
		return error_set(error, ERROR_LARGE, N_("the archive would be larger than 4 GiB"));
	put(archive->bytes, LOCAL_HEADER, 4);
	put_member(archive, archive->bytes, name, content);
	g_byte_array_append(archive->bytes, (const guint8 *) name, (guint) strlen(name));
	g_byte_array_append(archive->bytes, data, (guint) length);
	put(archive->directory, DIRECTORY_HEADER, 4);
	put(archive->directory, 3u << 8 | VERSION, 2); /* made on Unix */
	put_member(archive, archive->directory, name, content);
	put(archive->directory, 0, 2); /* no comment */
	put(archive->directory, 0, 2); /* first disk */
	put(archive->directory, 0, 2);
	put(archive->directory, REGULAR_FILE, 4);
	put(archive->directory, at, 4);
	g_byte_array_append(archive->directory, (const guint8 *) name, (guint) strlen(name));
	archive->members++;
	return TRUE;
}

GBytes *archive_finish(Archive *archive)
{
	guint32 at = archive->bytes->len;

	g_byte_array_append(archive->bytes, archive->directory->data, archive->directory->len);
	put(archive->bytes, DIRECTORY_END, 4);
	put(archive->bytes, 0, 4); /* one disk */
	put(archive->bytes, archive->members, 2);
	put(archive->bytes, archive->members, 2);
	put(archive->bytes, archive->directory->len, 4);
	put(archive->bytes, at, 4);
	put(archive->bytes, 0, 2); /* no comment */
	return g_byte_array_free_to_bytes(g_steal_pointer(&archive->bytes));
}
