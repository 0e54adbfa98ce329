/* SPDX-License-Identifier: Apache-2.0
 * The linker leads store_tx_…() and issuer_sign() through here (--wrap). */
#include "tests/unit/fake_fault.h"

#include "daemon/base/error.h"
#include "daemon/ca/issuer.h"
#include "daemon/store/store.h"

static struct {
	FakeFault fault;
	guint at;
	guint steps;
	gboolean is_reached;
	guint interrupt_in;
	void (*interrupt)(gpointer data);
	gpointer interrupt_data;
	int open;
} plan;

StoreTx *__real_store_tx_begin(Store *store, StorePriority priority, GError **error);
StoreTx *__real_store_tx_read(Store *store, GError **error);
gboolean __real_store_tx_commit(StoreTx **tx, GError **error);
void __real_store_tx_abort(StoreTx *tx);
GBytes *__real_issuer_sign(const Issuer *issuer, GBytes *tbs, GError **error);
StoreTx *__wrap_store_tx_begin(Store *store, StorePriority priority, GError **error);
StoreTx *__wrap_store_tx_read(Store *store, GError **error);
gboolean __wrap_store_tx_commit(StoreTx **tx, GError **error);
void __wrap_store_tx_abort(StoreTx *tx);
GBytes *__wrap_issuer_sign(const Issuer *issuer, GBytes *tbs, GError **error);

int fsync(int fd);
int fdatasync(int fd);

/* SQLite's too: no power is lost here, and waiting for the disk would be most of the time. */
int fsync(int fd)
{
	(void) fd;
	return 0;
}

int fdatasync(int fd)
{
	(void) fd;
	return 0;
}

const char *fake_fault_name(FakeFault fault)
{
	static const char *const names[_FAKE_FAULT_MAX] = {
		"none", "refused", "crashed", "crashed after", "pulled", "disk full",
	};

	return names[fault];
}

void fake_fault_arm(FakeFault fault, guint at)
{
	plan.fault = fault;
	plan.at = at;
	plan.steps = 0;
	plan.is_reached = FALSE;
}

gboolean fake_fault_disarm(void)
{
	gboolean is_reached = plan.is_reached;

	fake_fault_arm(FAKE_FAULT_NONE, 0);
	return is_reached;
}

void fake_fault_interrupt(guint at, void (*then)(gpointer data), gpointer data)
{
	plan.interrupt_in = at;
	plan.interrupt = then;
	plan.interrupt_data = data;
}

static gboolean is_hit(void)
{
	plan.steps++;
	if (plan.fault == FAKE_FAULT_NONE || plan.steps < plan.at)
		return FALSE;
	if (plan.steps > plan.at && plan.fault != FAKE_FAULT_DISK_FULL)
		return FALSE;
	plan.is_reached = TRUE;
	return TRUE;
}

FakeFault fake_fault_card(void)
{
	void (*then)(gpointer data) = plan.interrupt;

	if (then != NULL && --plan.interrupt_in == 0) {
		plan.interrupt = NULL;
		then(plan.interrupt_data);
	}
	if (plan.fault == FAKE_FAULT_DISK_FULL)
		return FAKE_FAULT_NONE;
	return is_hit() ? plan.fault : FAKE_FAULT_NONE;
}

int fake_fault_open_transactions(void)
{
	return plan.open;
}

StoreTx *__wrap_store_tx_begin(Store *store, StorePriority priority, GError **error)
{
	StoreTx *tx = __real_store_tx_begin(store, priority, error);

	plan.open += tx != NULL;
	return tx;
}

StoreTx *__wrap_store_tx_read(Store *store, GError **error)
{
	StoreTx *tx = __real_store_tx_read(store, error);

	plan.open += tx != NULL;
	return tx;
}

gboolean __wrap_store_tx_commit(StoreTx **tx, GError **error)
{
	plan.open--;
	if (!is_hit())
		return __real_store_tx_commit(tx, error);
	__real_store_tx_abort(g_steal_pointer(tx));
	return error_set(error, ERROR_STORE, "injected failure of a commit");
}

void __wrap_store_tx_abort(StoreTx *tx)
{
	plan.open -= tx != NULL;
	__real_store_tx_abort(tx);
}

GBytes *__wrap_issuer_sign(const Issuer *issuer, GBytes *tbs, GError **error)
{
	if (plan.fault == FAKE_FAULT_DISK_FULL || !is_hit())
		return __real_issuer_sign(issuer, tbs, error);
	error_set(error, ERROR_CA, "injected failure of a signature");
	return NULL;
}
