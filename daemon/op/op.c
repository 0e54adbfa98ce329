/* SPDX-License-Identifier: Apache-2.0
 * The frame around every operation. */
#include "daemon/op/op.h"

#include "daemon/base/clock.h"
#include "daemon/base/error.h"
#include "daemon/op/cert_status.h"

#define JOB_BLOCK 1000

void op_init(Op *op, House *house, const Actor *actor, gint64 now)
{
	*op = (Op){
		.house = house,
		.actor = actor,
		.now = now,
		.started = g_get_monotonic_time(),
		.touched = g_array_new(FALSE, FALSE, sizeof(CertStatusChange)),
		.exceptions = g_ptr_array_new_with_free_func(g_free),
	};
}

void op_clear(Op *op)
{
	if (op->touched == NULL)
		return;
	cert_status_forget(op);
	g_clear_pointer(&op->touched, g_array_unref);
	g_clear_pointer(&op->exceptions, g_ptr_array_unref);
}

Issuer *op_issuer(const Op *op, GError **error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&op->house->issuer_mutex);

	if (op->house->issuer == NULL) {
		error_set(error, ERROR_CA,
			  N_("there is no certification authority yet; run `opcardctl ca init` "
			     "first"));
		return NULL;
	}
	return issuer_ref(op->house->issuer);
}

Issuer *op_issuer_of(const Op *op, guint16 id)
{
	House *house = op->house;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->issuer_mutex);

	if (house->issuer != NULL && issuer_id(house->issuer) == id)
		return issuer_ref(house->issuer);
	for (guint i = 0; house->older != NULL && i < house->older->len; i++) {
		const OlderIssuer *older = house->older->pdata[i];

		if (issuer_id(older->issuer) == id)
			return issuer_ref(older->issuer);
	}
	return NULL;
}

static gboolean reserve_jobs(House *house, int year, GError **error)
{
	g_autofree char *counter = g_strdup_printf("job-%d", year);
	g_autoptr(StoreTx) tx = store_tx_begin(house->store, STORE_NORMAL, error);
	gint64 first;

	if (tx == NULL || !store_reserve(tx, counter, JOB_BLOCK, &first, error) ||
	    !store_tx_commit(&tx, error))
		return FALSE;
	house->job_year = year;
	house->job_next = first;
	house->job_end = first + JOB_BLOCK;
	return TRUE;
}

char *op_job_id(House *house, gint64 now, GError **error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&house->job_mutex);
	int year = clock_year(now);

	if ((house->job_next >= house->job_end || house->job_year != year) &&
	    !reserve_jobs(house, year, error))
		return NULL;
	return g_strdup_printf("I-%d-%06" G_GINT64_FORMAT, year, house->job_next++);
}

const Actor *op_daemon_actor(void)
{
	static const Actor daemon_actor = {
		.id = (char *) "opcardd",
		.name = (char *) "opcardd",
		.roles = ROLE_SET(ROLE_DAEMON),
	};

	return &daemon_actor;
}

void op_actor_deputy_free(ActorDeputy *deputy)
{
	g_free(deputy->delegation);
	g_free(deputy->post);
	g_free(deputy->order);
	g_strfreev(deputy->sections);
	g_clear_pointer(&deputy->holders, g_array_unref);
	g_free(deputy);
}

void op_actor_free(Actor *actor)
{
	if (actor == NULL)
		return;
	g_clear_pointer(&actor->posts, g_ptr_array_unref);
	g_clear_pointer(&actor->titles, g_ptr_array_unref);
	g_clear_pointer(&actor->deputies, g_ptr_array_unref);
	g_free(actor->grant);
	g_free(actor->id);
	g_free(actor->name);
	g_strfreev(actor->sections);
	g_free(actor->exception);
	g_free(actor);
}

gboolean op_has_role(const Op *op, RoleSet roles)
{
	return (roles & (op->actor->roles | ROLE_SET(ROLE_ANYONE))) != 0;
}

static gboolean contains(char **sections, const char *section)
{
	return sections != NULL && g_strv_contains((const char *const *) sections, section);
}

gboolean op_manages(const Op *op, const char *section)
{
	const GPtrArray *deputies = op->actor->deputies;

	if (section == NULL)
		return FALSE;
	for (guint i = 0; deputies != NULL && i < deputies->len; i++)
		if (contains(((ActorDeputy *) deputies->pdata[i])->sections, section))
			return TRUE;
	return contains(op->actor->sections, section);
}

const char *op_first_section(const Op *op)
{
	const GPtrArray *deputies = op->actor->deputies;

	if (op->actor->sections != NULL && op->actor->sections[0] != NULL)
		return op->actor->sections[0];
	for (guint i = 0; deputies != NULL && i < deputies->len; i++) {
		char **sections = ((ActorDeputy *) deputies->pdata[i])->sections;

		if (sections != NULL && sections[0] != NULL)
			return sections[0];
	}
	return NULL;
}

gint64 op_effective(const Op *op)
{
	return op->effective != 0 ? op->effective : op->now;
}
