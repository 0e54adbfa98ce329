/* SPDX-License-Identifier: Apache-2.0
 * The witness file is only appended to (it may be on another machine, or chattr +a). Its own last
 * line says what it lacks, so nothing has to be remembered over a crash. */
#include "daemon/op/seal_witness.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "daemon/audit/audit_checkpoint.h"
#include "daemon/base/error.h"
#include "pkcs11/failpoint.h"

#define TAIL 4096
#define PAGE 500

void seal_witness_log(const char *line)
{
	syslog(LOG_AUTHPRIV | LOG_NOTICE, "%s", line);
}

static gboolean fail(const char *path, int code, GError **error)
{
	return error_set(error, ERROR_PARTLY,
			 N_("a checkpoint of the audit trail is kept, but could not be copied to "
			    "the witness file %s: %s"),
			 path, g_strerror(code));
}

/* Number of the last whole line that is a checkpoint, 0 for none. *ret_is_torn: bytes of a line
 * that was not finished stand behind it. */
static gboolean read_end(int fd, gint64 *ret_number, gboolean *ret_is_torn)
{
	char tail[TAIL + 1];
	struct stat facts;
	ssize_t length;
	char *last, *end;
	AuditCheckpoint checkpoint;

	if (fstat(fd, &facts) != 0)
		return FALSE;
	length = pread(fd, tail, TAIL, MAX(facts.st_size - TAIL, 0));
	if (length < 0)
		return FALSE;
	tail[length] = '\0';
	end = strrchr(tail, '\n');
	*ret_is_torn = length > 0 && tail[length - 1] != '\n';
	*ret_number = 0;
	while (end != NULL) {
		*end = '\0';
		last = strrchr(tail, '\n');
		if (audit_checkpoint_parse(last != NULL ? last + 1 : tail, &checkpoint)) {
			*ret_number = checkpoint.number;
			return TRUE;
		}
		end = last;
	}
	return TRUE;
}

gboolean seal_witness_has(const char *path, gint64 number)
{
	int fd = *path != '\0' ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	gboolean is_torn = FALSE, is_read;
	gint64 last = 0;

	if (fd < 0)
		return *path == '\0' || number == 0;
	is_read = read_end(fd, &last, &is_torn);
	close(fd);
	return is_read && last >= number;
}

static gboolean append(int fd, const char *line)
{
	g_autofree char *text = g_strconcat(line, "\n", NULL);
	size_t length = strlen(text);
	ssize_t done;

	do
		done = write(fd, text, length);
	while (done < 0 && errno == EINTR);
	if (done >= 0 && (size_t) done < length)
		errno = ENOSPC;
	return done >= 0 && (size_t) done == length;
}

/* *ret_code 0 unless the file is the trouble. */
static gboolean append_all(StoreTx *tx, int fd, int *ret_code, GError **error)
{
	gboolean is_torn = FALSE;
	gint64 number;
	guint got = PAGE;

	*ret_code = 0;
	if (!read_end(fd, &number, &is_torn) || (is_torn && !append(fd, ""))) {
		*ret_code = errno;
		return FALSE;
	}
	while (got == PAGE) {
		g_autoptr(GPtrArray) page = store_tree_list(tx, number, PAGE, error);

		if (page == NULL)
			return FALSE;
		got = page->len;
		for (guint i = 0; i < page->len; i++) {
			const TreeCheckpoint *row = page->pdata[i];
			int code = FAILPOINT("seal.witness");

			if (code != 0 || !append(fd, row->line)) {
				*ret_code = code != 0 ? code : errno;
				return FALSE;
			}
			number = row->number;
		}
	}
	FAILPOINT("seal.witnessed");
	*ret_code = fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
	return *ret_code == 0;
}

gboolean seal_witness_write(StoreTx *tx, const char *path, GError **error)
{
	int fd, code = 0;
	gboolean is_done;

	if (*path == '\0')
		return TRUE;
	fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0644);
	if (fd < 0)
		return fail(path, errno, error);
	/* Nothing in it is secret, and whoever is to compare it must be able to read it. */
	is_done = (fchmod(fd, 0644) == 0 || errno == EPERM) && append_all(tx, fd, &code, error);
	close(fd);
	return is_done || (code != 0 && fail(path, code, error));
}
