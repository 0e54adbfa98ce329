/* SPDX-License-Identifier: Apache-2.0
 * The tightest cage of all: the file and the output are open, nothing else can be. */
#include "forms/verb_read.h"

#include "forms/book.h"
#include "forms/form_error.h"
#include "forms/form_output.h"
#include "forms/input.h"
#include "pkcs11/cage.h"

#define CPU_SECONDS 60
#define MEMORY      (2ull * 1024 * 1024 * 1024)

static gboolean enter_cage(int fd, const FormOutput *output, const char *folder, GError **error)
{
	const char *writable[] = { folder, NULL };
	int keep[4];
	int outputs[2];
	int n = form_output_descriptors(output, outputs);
	CageProfile profile = { .write_paths = writable,
				.keep = keep,
				.keep_count = (size_t) n + 1,
				.memory = MEMORY,
				.cpu_seconds = CPU_SECONDS };
	CageReport report;
	int wrong;

	keep[0] = fd; /* opened first, so the lowest */
	for (int i = 0; i < n; i++)
		keep[i + 1] = n == 1   ? outputs[0]
			      : i == 0 ? MIN(outputs[0], outputs[1])
				       : MAX(outputs[0], outputs[1]);
	wrong = cage_enter(&profile, &report);
	return wrong == 0 || form_error_set(error, FORM_ERROR_FAILED, "囲いを作れません（%s）",
					    "the cage cannot be built (%s)", g_strerror(wrong));
}

static gboolean convert(int fd, const char *path, FormOutput *output, GError **error)
{
	GByteArray *array = input_read(fd, path, BOOK_BYTES_MAX, error);
	g_autoptr(GBytes) bytes = array != NULL ? g_byte_array_free_to_bytes(array) : NULL;
	g_autoptr(GBytes) json = bytes != NULL ? book_read(path, bytes, error) : NULL;

	return json != NULL && form_output_finish(output, json, error);
}

gboolean verb_read_run(int argc, char **argv, GError **error)
{
	gboolean has_output = argc == 4 && g_str_equal(argv[2], "-o");
	g_autoptr(FormOutput) output = NULL;
	g_autofree char *folder = NULL;
	int fd = -1;

	if (argc != 2 && !has_output)
		return form_error_set(error, FORM_ERROR_INPUT,
				      "引数が正しくありません（opcard-form --help）",
				      "wrong arguments (see opcard-form --help)");
	if (!input_open(argv[1], &fd, error))
		return FALSE;
	output = form_output_open(has_output ? argv[3] : "-", error);
	if (output == NULL)
		return FALSE;
	folder = has_output && !g_str_equal(argv[3], "-") ? g_path_get_dirname(argv[3]) : NULL;
	return enter_cage(fd, output, folder, error) && convert(fd, argv[1], output, error);
}
