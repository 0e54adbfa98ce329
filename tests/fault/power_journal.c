/* SPDX-License-Identifier: Apache-2.0
 * The journal of file operations, and what is made to fail. */
#include "tests/fault/power_journal.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define JOURNAL_FD 900
#define HIDDEN     "-shm"

static const char *root;
static int journal = -1;
static PowerControl none;
static PowerControl *control = &none;

void *power_journal_real(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (found == NULL)
		abort();
	return found;
}

__attribute__((constructor)) static void power_start(void)
{
	const char *path = getenv("POWER_JOURNAL");
	const char *page = getenv("POWER_CONTROL");
	int fd;

	root = getenv("POWER_ROOT");
	if (path == NULL || root == NULL)
		return;
	fd = REAL(open)(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	journal = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, JOURNAL_FD);
	if (journal < 0)
		abort();
	REAL(close)(fd);
	if (page == NULL)
		return;
	fd = REAL(open)(page, O_RDWR | O_CLOEXEC);
	control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (control == MAP_FAILED)
		abort();
	REAL(close)(fd);
}

/* --- the journal --- */

int power_journal_is_on(void)
{
	return journal >= 0;
}

void power_journal_put(const PowerRecord *record, const char *name, const void *data)
{
	struct iovec parts[] = {
		{ (void *) record, sizeof *record },
		{ (void *) name, record->name_length },
		{ (void *) data, record->data_length },
	};
	int code = errno;
	ssize_t wanted = (ssize_t) (sizeof *record + record->name_length + record->data_length);

	if (REAL(writev)(journal, parts, 3) != wanted)
		abort();
	errno = code;
}

uint64_t power_journal_inode(int fd)
{
	struct stat facts;

	return fstat(fd, &facts) == 0 ? facts.st_ino : 0;
}

/* The absolute path, or none when it is not watched. */
int power_journal_find(int folder, const char *path, char *ret_path)
{
	char link[64];
	ssize_t length = 0;

	if (journal < 0)
		return 0;
	if (path[0] != '/') {
		if (folder == AT_FDCWD)
			return 0;
		(void) snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
		length = readlink(link, ret_path, PATH_MAX - 1);
		if (length < 0 || (size_t) length + strlen(path) + 2 > PATH_MAX)
			return 0;
		ret_path[length++] = '/';
	} else if (strlen(path) + 1 > PATH_MAX) {
		return 0;
	}
	strcpy(ret_path + length, path);
	length = (ssize_t) strlen(ret_path);
	return strncmp(ret_path, root, strlen(root)) == 0 &&
	       (length < 4 || strcmp(ret_path + length - 4, HIDDEN) != 0);
}

/* Inode of the folder of @path, and its last part. */
static uint64_t folder_of(const char *path, const char **ret_name)
{
	char folder[PATH_MAX];
	struct stat facts;
	char *slash;

	strcpy(folder, path);
	slash = strrchr(folder, '/');
	*slash = '\0';
	*ret_name = path + (slash - folder) + 1;
	return stat(folder, &facts) == 0 ? facts.st_ino : 0;
}

void power_journal_entry(char type, const char *path, uint64_t inode, mode_t mode)
{
	const char *name;
	PowerRecord record = { .type = (uint32_t) type, .inode = inode, .mode = mode };

	record.other = folder_of(path, &name);
	record.name_length = (uint32_t) strlen(name);
	power_journal_put(&record, name, NULL);
}

/* --- what is made to fail --- */

int power_journal_trip(PowerKind kind)
{
	int32_t left;

	control->seen[kind]++;
	if (control->kind != kind)
		return 0;
	left = --control->left;
	if (left > 0 || (left < 0 && !control->is_lasting))
		return 0;
	if (control->code == 0)
		raise(SIGKILL);
	errno = (int) control->code;
	return -1;
}
