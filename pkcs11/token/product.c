/* SPDX-License-Identifier: Apache-2.0
 * The table of card families. */
#include "pkcs11/token/product.h"

#include <stdlib.h>
#include <string.h>

#include "pkcs11/card_verb.h"

/* More than SoftHSM or OpenSC need, less than would hurt. */
#define MEMORY      (1024ULL * 1024 * 1024)
#define FILE_SIZE   (16ULL * 1024 * 1024)
#define CPU_SECONDS 600

/* What any module needs to be loaded; the C library's and OpenSSL's own files among it. */
static const char *const libraries[] = {
	"/usr/lib", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/ssl/openssl.cnf",
};

#include "pkcs11/token/family_softhsm.h"

static const Product *const products[] = {
	&family_softhsm,
};

const Product *product_find(const char *family)
{
	for (size_t i = 0; i < sizeof products / sizeof products[0]; i++)
		if (strcmp(products[i]->family, family) == 0)
			return products[i];
	return NULL;
}

static void add_path(const char **paths, const char *path)
{
	size_t count = 0;

	while (paths[count] != NULL)
		count++;
	if (count < PRODUCT_PATHS_MAX)
		paths[count] = path;
}

bool product_enclose(const Product *product, const char *reader, const char *module,
		     char ret_walls[CARD_TEXT_SIZE], CardFailure *ret_failure)
{
	ProductPaths paths = { 0 };
	int keep[2] = { CARD_VERB_FD };
	CageProfile profile = {
		.read_paths = paths.read,
		.write_paths = paths.write,
		.keep = keep,
		.keep_count = 1,
		.families = product->families,
		.memory = MEMORY,
		.file_size = FILE_SIZE,
		.cpu_seconds = CPU_SECONDS,
	};
	CageReport report;
	int error;

	if (!product->prepare(reader, &paths, ret_failure))
		return false;
	add_path(paths.read, module);
	for (size_t i = 0; i < sizeof libraries / sizeof libraries[0]; i++)
		add_path(paths.read, libraries[i]);
	if (paths.keep > CARD_VERB_FD)
		keep[profile.keep_count++] = paths.keep;
	error = cage_enter(&profile, &report);
	if (error != 0)
		return card_failure_set(ret_failure, CARD_FAILURE_SYSTEM,
					"the cage cannot be built: %s", strerrordesc_np(error));
	cage_report_text(&report, ret_walls, CARD_TEXT_SIZE);
	return true;
}

size_t product_libraries(const char **ret_paths)
{
	memcpy(ret_paths, libraries, sizeof libraries);
	return sizeof libraries / sizeof libraries[0];
}
