/* SPDX-License-Identifier: Apache-2.0
 * replay FOLDER [COUNT]: every file of the corpus through the fuzz target, and COUNT changed ones,
 * the same every time. What a fuzzer finds is put into the corpus and stays found. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

typedef struct Sample {
	guint8 *bytes;
	gsize length;
} Sample;

static void sample_clear(gpointer data)
{
	g_free(((Sample *) data)->bytes);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static GArray *read_corpus(const char *folder)
{
	GArray *samples = g_array_new(FALSE, TRUE, sizeof(Sample));
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	g_array_set_clear_func(samples, sample_clear);
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		g_ptr_array_add(names, g_build_filename(folder, name, NULL));
	g_ptr_array_sort(names, compare_names);
	for (guint i = 0; i < names->len; i++) {
		Sample sample;
		char *bytes;

		if (!g_file_get_contents(names->pdata[i], &bytes, &sample.length, NULL))
			continue;
		sample.bytes = (guint8 *) bytes;
		g_array_append_val(samples, sample);
	}
	return samples;
}

static gsize pick(GRand *chance, gsize below)
{
	return below > 0 ? (gsize) g_rand_int_range(chance, 0, (gint32) below) : 0;
}

/* Flips, sets, cuts, repeats, or takes the rest of another sample. */
static void change(GByteArray *bytes, const GArray *samples, GRand *chance)
{
	const Sample *other = &g_array_index(samples, Sample, pick(chance, samples->len));
	gsize at = pick(chance, bytes->len), from = pick(chance, other->length);
	guint8 copy[64];
	gsize wanted = pick(chance, sizeof copy) + 1, length = MIN(wanted, bytes->len - at);

	switch (bytes->len > 0 ? g_rand_int_range(chance, 0, 6) : 5) {
	case 0:
		bytes->data[at] ^= (guint8) (1 << pick(chance, 8));
		break;
	case 1:
		bytes->data[at] = (guint8) g_rand_int(chance);
		break;
	case 2:
		g_byte_array_set_size(bytes, (guint) at);
		break;
	case 3:
		g_byte_array_remove_range(bytes, (guint) at, (guint) length);
		break;
	case 4:
		memcpy(copy, bytes->data + at, length);
		g_byte_array_append(bytes, copy, (guint) length);
		break;
	default:
		g_byte_array_set_size(bytes, (guint) at);
		g_byte_array_append(bytes, other->bytes + from, (guint) (other->length - from));
		break;
	}
}

static void run_changed(const GArray *samples, int count)
{
	g_autoptr(GRand) chance = g_rand_new_with_seed(20261121);

	for (int i = 0; i < count; i++) {
		const Sample *sample = &g_array_index(samples, Sample, pick(chance, samples->len));
		g_autoptr(GByteArray) bytes = g_byte_array_new();

		g_byte_array_append(bytes, sample->bytes, (guint) sample->length);
		for (gsize n = pick(chance, 4); n < 4; n++)
			change(bytes, samples, chance);
		fuzz_one(bytes->data, bytes->len);
	}
}

int main(int argc, char **argv)
{
	g_autoptr(GArray) samples = argc > 1 ? read_corpus(argv[1]) : NULL;
	int count = argc > 2 ? atoi(argv[2]) : 0;

	if (samples == NULL || samples->len == 0)
		return 2;
	for (guint i = 0; i < samples->len; i++) {
		const Sample *sample = &g_array_index(samples, Sample, i);

		fuzz_one(sample->bytes, sample->length);
	}
	run_changed(samples, count);
	printf("%u samples and %d changed ones\n", samples->len, count);
	return 0;
}
