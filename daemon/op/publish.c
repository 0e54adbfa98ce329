/* SPDX-License-Identifier: Apache-2.0
 * Publication of the revocation list. The number is durable in the store before a list with it
 * exists in the world, so a crash can skip a number but never repeat one. */
#include "daemon/op/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/error.h"
#include "daemon/ca/crl_read.h"
#include "daemon/store/store_issuer.h"
#include "pkcs11/failpoint.h"

struct Publisher {
	char *folder;
	char *path;
	gint64 period;
	GMutex mutex; /* guards what follows */
	GCond finished;
	CrlBody *body;
	GBytes *current;
	guint64 wanted; /* callers so far */
	guint64 done;   /* callers served by the last list that was written */
	gboolean is_running;
	guint64 number; /* durable in the store; above facts.number: no list has it yet */
	PublishFacts facts;
};

/* The list is for everybody, whatever the daemon's umask is. */
static gboolean make_public(const char *folder)
{
	g_autofree char *parent = g_path_get_dirname(folder);
	gboolean is_new = !g_file_test(parent, G_FILE_TEST_IS_DIR);

	return g_mkdir_with_parents(folder, 0755) == 0 && chmod(folder, 0755) == 0 &&
	       (!is_new || chmod(parent, 0755) == 0);
}

Publisher *publish_new(const Config *config, GError **error)
{
	g_autoptr(Publisher) publisher = g_new0(Publisher, 1);

	g_mutex_init(&publisher->mutex);
	g_cond_init(&publisher->finished);
	publisher->folder = g_build_filename(config_text(config, CONFIG_PUBLIC_DIR), "crl", NULL);
	publisher->path = g_build_filename(publisher->folder, "opcard.crl", NULL);
	publisher->period = config_number(config, CONFIG_CRL_PERIOD);
	publisher->body = crl_new();
	if (!make_public(publisher->folder)) {
		error_set(error, ERROR_STORE, N_("cannot use the folder %s: %s"), publisher->folder,
			  strerrordesc_np(errno));
		return NULL;
	}
	return g_steal_pointer(&publisher);
}

void publish_free(Publisher *publisher)
{
	if (publisher == NULL)
		return;
	g_mutex_clear(&publisher->mutex);
	g_cond_clear(&publisher->finished);
	g_clear_pointer(&publisher->body, crl_free);
	g_clear_pointer(&publisher->current, g_bytes_unref);
	g_free(publisher->folder);
	g_free(publisher->path);
	g_free(publisher);
}

void publish_note(Publisher *publisher, const StatusEntry *entry, gint64 invalid_from)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);
	g_autoptr(GError) error = NULL;
	CrlEntry row = {
		.revoked_at = entry->since,
		.reason = (CrlReason) entry->reason,
		.invalid_from = invalid_from,
	};

	memcpy(row.serial, entry->serial, DER_SERIAL_SIZE);
	if (entry->state != STATUS_HOLD && entry->state != STATUS_REVOKED)
		crl_remove(publisher->body, entry->serial);
	else if (!crl_put(publisher->body, &row, &error))
		g_critical("the revocation list refused an entry: %s", error->message);
}

static gboolean fail_partly(const Publisher *publisher, const char *why, GError **error)
{
	return error_set(error, ERROR_PARTLY,
			 N_("the change is in force and answered by OCSP, but the revocation "
			    "list could not be written to %s: %s"),
			 publisher->path, why);
}

static gboolean write_file(const Publisher *publisher, GBytes *list, GError **error)
{
	g_autofree char *temporary = g_strconcat(publisher->path, ".new", NULL);
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int folder = open(publisher->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	gsize length;
	const char *data = g_bytes_get_data(list, &length);
	gboolean is_done = fd >= 0 && folder >= 0 && fchmod(fd, 0644) == 0;

	for (gsize written = 0; is_done && written < length;) {
		gssize n = write(fd, data + written, length - written);

		is_done = n > 0 || (n < 0 && errno == EINTR);
		written += n > 0 ? (gsize) n : 0;
	}
	if (FAILPOINT("crl.write") != 0) {
		errno = ENOSPC;
		is_done = FALSE;
	}
	is_done = is_done && fsync(fd) == 0;
	FAILPOINT("crl.before-rename");
	is_done = is_done && rename(temporary, publisher->path) == 0 && fsync(folder) == 0;
	if (!is_done)
		fail_partly(publisher, strerrordesc_np(errno), error);
	FAILPOINT("crl.after-rename");
	if (fd >= 0)
		close(fd);
	if (folder >= 0)
		close(folder);
	return is_done;
}

gboolean publish_take_number(StoreTx *tx, House *house, gint64 now, guint64 *ret_number,
			     GError **error)
{
	Publisher *publisher = house->publisher;
	Op op = { .house = house };
	g_autoptr(Issuer) issuer = op_issuer(&op, NULL);
	gint64 floor, number;

	*ret_number = 0;
	if (issuer == NULL)
		return TRUE;
	IssuerRow row = {
		.id = issuer_id(issuer),
		.crl_this_update = now,
		.crl_next_update = now + publisher->period,
	};

	g_mutex_lock(&publisher->mutex);
	floor = (gint64) publisher->number;
	g_mutex_unlock(&publisher->mutex);
	if (!store_issuer_next_crl(tx, &row, floor, &number, error))
		return FALSE;
	*ret_number = (guint64) number;
	return TRUE;
}

void publish_give_number(Publisher *publisher, guint64 number)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	publisher->number = MAX(publisher->number, number);
}

static gboolean has_number(Publisher *publisher)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	return publisher->number > publisher->facts.number;
}

/* A list that shows nothing new, or whose changes came on an earlier one already. */
static gboolean take_own_number(House *house, gint64 now, GError **error)
{
	g_autoptr(StoreTx) tx = store_tx_begin(house->store, STORE_URGENT, error);
	guint64 number;

	if (tx == NULL || !publish_take_number(tx, house, now, &number, error) ||
	    !store_tx_commit(&tx, error))
		return FALSE;
	publish_give_number(house->publisher, number);
	return TRUE;
}

static gboolean publish_list(House *house, const Issuer *issuer, gint64 now, GError **error)
{
	Publisher *publisher = house->publisher;
	g_autoptr(CrlDraft) draft = NULL;
	g_autoptr(GBytes) list = NULL;
	CrlRequest request = {
		.issuer = issuer,
		.this_update = now,
		.next_update = now + publisher->period,
	};
	g_autoptr(GError) cause = NULL;
	gsize entries;

	if (!has_number(publisher) && !take_own_number(house, now, &cause))
		return fail_partly(publisher, cause->message, error);
	FAILPOINT("crl.number");
	g_mutex_lock(&publisher->mutex);
	request.number = publisher->facts.number = publisher->number;
	draft = crl_draft(publisher->body, &request, &cause);
	entries = crl_count(publisher->body);
	g_mutex_unlock(&publisher->mutex);
	list = draft != NULL ? crl_sign(g_steal_pointer(&draft), &cause) : NULL;
	if (list == NULL)
		return fail_partly(publisher, cause->message, error);
	if (!write_file(publisher, list, error))
		return FALSE;
	g_mutex_lock(&publisher->mutex);
	g_clear_pointer(&publisher->current, g_bytes_unref);
	publisher->current = g_steal_pointer(&list);
	publisher->facts = (PublishFacts){ request.number, now, request.next_update, entries };
	g_mutex_unlock(&publisher->mutex);
	return TRUE;
}

static gboolean run(House *house, gint64 now, GError **error)
{
	Op op = { .house = house };
	g_autoptr(Issuer) issuer = op_issuer(&op, error);

	return issuer != NULL && publish_list(house, issuer, now, error);
}

gboolean publish_now(House *house, gint64 now, GError **error)
{
	Publisher *publisher = house->publisher;
	guint64 mine, target;
	gboolean is_done;

	g_mutex_lock(&publisher->mutex);
	mine = ++publisher->wanted;
	while (publisher->is_running && publisher->done < mine)
		g_cond_wait(&publisher->finished, &publisher->mutex);
	if (publisher->done >= mine) {
		g_mutex_unlock(&publisher->mutex);
		return TRUE;
	}
	publisher->is_running = TRUE;
	target = publisher->wanted;
	g_mutex_unlock(&publisher->mutex);
	is_done = run(house, now, error);
	g_mutex_lock(&publisher->mutex);
	publisher->is_running = FALSE;
	if (is_done)
		publisher->done = target;
	g_cond_broadcast(&publisher->finished);
	g_mutex_unlock(&publisher->mutex);
	return is_done;
}

void publish_soon(House *house, gint64 now)
{
	g_autoptr(GError) later = NULL;

	if (!publish_now(house, now, &later))
		g_debug("the revocation list stays due: %s", later->message);
}

GBytes *publish_current(Publisher *publisher)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	return publisher->current != NULL ? g_bytes_ref(publisher->current) : NULL;
}

gint64 publish_due(Publisher *publisher)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	if (publisher->wanted > publisher->done && !publisher->is_running)
		return 0;
	return publisher->facts.this_update + publisher->period / 2;
}

void publish_resume(Publisher *publisher, guint64 number)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	publisher->number = MAX(publisher->number, number);
	publisher->facts.number = MAX(publisher->facts.number, number);
}

guint64 publish_witness(Publisher *publisher, const Issuer *issuer)
{
	g_autoptr(GBytes) list = NULL;
	g_autofree char *data = NULL;
	gsize length;
	CrlFacts facts = { .number = 0 };

	if (!g_file_get_contents(publisher->path, &data, &length, NULL))
		return 0;
	list = g_bytes_new_take(g_steal_pointer(&data), length);
	if (!crl_read(list, issuer, NULL, &facts, NULL))
		return 0;
	publish_resume(publisher, facts.number);
	return facts.number;
}

void publish_facts(Publisher *publisher, PublishFacts *ret_facts)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&publisher->mutex);

	*ret_facts = publisher->facts;
}
