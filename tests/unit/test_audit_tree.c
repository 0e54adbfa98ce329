/* SPDX-License-Identifier: Apache-2.0
 * The tree of RFC 6962: known roots, and a path for every leaf of every size. */
#include <string.h>

#include "daemon/audit/audit_proof.h"
#include "daemon/audit/audit_record.h"
#include "tests/unit/audit_place.h"

/* The leaves and roots that implementations of RFC 6962 are tested with. */
static const struct {
	const char *leaf; /* hex */
	const char *root; /* with all leaves up to here */
} vectors[] = {
	{ "", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
	{ "00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
	{ "10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
	{ "2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
	{ "3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
	{ "40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
	{ "5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
	{ "606162636465666768696a6b6c6d6e6f",
	  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
};

static void hash_leaf(AuditHash *hash, const char *hex, guint8 *ret_leaf)
{
	audit_hash_begin(hash);
	audit_hash_add(hash, "\0", 1);
	for (; *hex != '\0'; hex += 2) {
		guint8 octet =
			(guint8) (g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));

		audit_hash_add(hash, &octet, 1);
	}
	audit_hash_end(hash, ret_leaf);
}

static void check_root(const AuditTree *tree, AuditHash *hash, const char *expected)
{
	guint8 root[AUDIT_HASH_BYTES];
	char hex[2 * AUDIT_HASH_BYTES + 1];

	audit_tree_root(tree, hash, root);
	audit_hash_hex(root, sizeof(root), hex);
	g_assert_cmpstr(hex, ==, expected);
}

static void test_vectors(void)
{
	g_autoptr(AuditHash) hash = audit_hash_new();
	AuditTree tree = { 0 };

	check_root(&tree, hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	for (gsize i = 0; i < G_N_ELEMENTS(vectors); i++) {
		guint8 leaf[AUDIT_HASH_BYTES];

		hash_leaf(hash, vectors[i].leaf, leaf);
		audit_tree_push(&tree, hash, 0, leaf);
		check_root(&tree, hash, vectors[i].root);
	}
}

/* MTH by its definition (2.1). */
static void define(AuditHash *hash, const guint8 (*leaves)[32], guint64 n, guint8 *ret_hash)
{
	guint64 k = 1;
	guint8 left[32], right[32];

	if (n == 1) {
		memcpy(ret_hash, leaves[0], 32);
		return;
	}
	while (k * 2 < n)
		k *= 2;
	define(hash, leaves, k, left);
	define(hash, leaves + k, n - k, right);
	audit_tree_join(hash, left, right, ret_hash);
}

static void test_sizes(void)
{
	g_autoptr(AuditHash) hash = audit_hash_new();
	AuditTree tree = { 0 };
	guint8 leaves[300][32];

	for (guint i = 0; i < G_N_ELEMENTS(leaves); i++) {
		g_autofree char *text = g_strdup_printf("%04x", i);
		guint8 expected[32], root[32];

		hash_leaf(hash, text, leaves[i]);
		audit_tree_push(&tree, hash, 0, leaves[i]);
		define(hash, (const guint8(*)[32]) leaves, i + 1, expected);
		audit_tree_root(&tree, hash, root);
		g_assert_cmpmem(root, 32, expected, 32);
	}
}

typedef struct Leaves {
	guint8 (*hashes)[32];
	gint64 count;
} Leaves;

static gboolean take_leaf(gint64 seq, int version, const guint8 *hash, gpointer data)
{
	Leaves *leaves = data;

	g_assert_cmpint(version, ==, 2);
	memcpy(leaves->hashes[seq - 1], hash, 32);
	leaves->count = seq;
	return TRUE;
}

static void check_path(AuditProof *proof, AuditHash *hash, const Leaves *leaves, gint64 seq,
		       gint64 size)
{
	g_autoptr(GByteArray) path = g_byte_array_new();
	g_autoptr(GError) error = NULL;
	guint8 expected[32], root[32];

	define(hash, (const guint8(*)[32]) leaves->hashes, (guint64) size, expected);
	g_assert_true(audit_proof_path(proof, seq, path, &error));
	g_assert_no_error(error);
	AuditPath way = { (guint64) seq - 1, (guint64) size, path->data, path->len / 32 };

	g_assert_true(audit_tree_includes(hash, leaves->hashes[seq - 1], &way, root));
	g_assert_cmpmem(root, 32, expected, 32);
	if (path->len == 0)
		return;
	way.count--;
	g_assert_false(audit_tree_includes(hash, leaves->hashes[seq - 1], &way, root));
	way.count++;
	path->data[path->len - 1] ^= 1;
	g_assert_true(audit_tree_includes(hash, leaves->hashes[seq - 1], &way, root));
	g_assert_cmpint(memcmp(root, expected, 32), !=, 0);
}

/* Checkpoints made in pieces tell the same roots as the definition, and every path leads there. */
static void test_paths(void)
{
	static const int sizes[] = {
		1, 2, 3, 7, 8, 1023, 1024, 1025, 2047, 2048, 3000, 4096, 5000
	};
	g_auto(AuditPlace) place = { 0 };
	g_autoptr(AuditHash) hash = audit_hash_new();
	g_autoptr(GError) error = NULL;
	Leaves leaves = { g_malloc0_n(5000, 32), 0 };
	GRand *rand = g_rand_new_with_seed(20261121);
	int have = 1;

	audit_place_open(&place, TRUE);
	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(AuditProof) proof = NULL;
		g_autoptr(StoreTx) tx = NULL;
		AuditCheckpoint checkpoint;
		guint8 root[32];

		audit_place_add(&place, have + 1, sizes[i]);
		have = sizes[i];
		audit_place_seal(&place);
		tx = store_tx_read(place.store, &error);
		g_assert_true(store_ledger_hashes(tx, 1, have + 1, take_leaf, &leaves, &error));
		define(hash, (const guint8(*)[32]) leaves.hashes, (guint64) have, root);
		g_assert_true(audit_checkpoint_parse(place.witness->pdata[i], &checkpoint));
		g_assert_cmpmem(root, 32, checkpoint.root, 32);
		proof = audit_proof_new(tx, have);
		for (int n = 0; n < 12; n++)
			check_path(proof, hash, &leaves,
				   have <= 12 ? n % have + 1 : g_rand_int_range(rand, 1, have + 1),
				   have);
		check_path(proof, hash, &leaves, have, have);
	}
	audit_place_check_good(&place, 5000);
	g_rand_free(rand);
	g_free(leaves.hashes);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/audit/tree/vectors", test_vectors);
	g_test_add_func("/audit/tree/sizes", test_sizes);
	g_test_add_func("/audit/tree/paths", test_paths);
	return g_test_run();
}
