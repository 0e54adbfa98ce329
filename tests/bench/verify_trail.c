/* SPDX-License-Identifier: Apache-2.0
 * Verifies the trail of a stopped opcardd as `opcardctl audit verify` does and prints seconds and
 * records: verify_trail STATE-FOLDER. */
#include <stdio.h>
#include <time.h>

#include "daemon/audit/audit.h"
#include "daemon/store/store.h"

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = argc == 2 ? store_open(argv[1], time(NULL), &error) : NULL;
	gint64 begin = g_get_monotonic_time();
	AuditVerdict verdict = { .is_ok = FALSE };
	StoreTx *tx;

	if (store == NULL)
		return 2;
	tx = store_tx_read(store, &error);
	if (tx == NULL || !audit_verify(tx, NULL, &verdict, &error))
		return 1;
	store_tx_abort(tx);
	printf("%.3f %lld %s\n", (double) (g_get_monotonic_time() - begin) / G_USEC_PER_SEC,
	       (long long) verdict.count, verdict.is_ok ? "ok" : verdict.reason);
	return verdict.is_ok ? 0 : 1;
}
