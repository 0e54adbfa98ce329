/* SPDX-License-Identifier: Apache-2.0
 * Preloaded into a program: keeps a journal of what it does to the files under POWER_ROOT, so that
 * power.py can say what a disk would hold if the power failed, and makes the n-th write or sync
 * fail. SQLite's -shm file lies in memory and does not count. Files opened by fopen() for writing
 * are not seen; that ends the program loudly. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/fault/power_journal.h"

#define FILES_MAX     65536
#define IS_SYNCED(fl) (((fl) & (O_SYNC | O_DSYNC)) != 0)

static char watched[FILES_MAX]; /* 1: under the root; 2: and opened with O_SYNC */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void note_write(int fd, off_t at, const void *data, size_t length)
{
	PowerRecord record = { .type = 'W',
			       .inode = power_journal_inode(fd),
			       .offset = (uint64_t) at };

	record.data_length = (uint32_t) length;
	power_journal_put(&record, NULL, data);
	if (watched[fd] == 2) {
		record = (PowerRecord){ .type = 'S', .inode = record.inode };
		power_journal_put(&record, NULL, NULL);
	}
}

static int is_watched(int fd)
{
	return fd >= 0 && fd < FILES_MAX && watched[fd] != 0;
}

/* --- opening --- */

static int open_watched(int folder, const char *path, int flags, mode_t mode)
{
	char whole[PATH_MAX];
	struct stat facts;
	int is_ours = power_journal_find(folder, path, whole);
	int was_there = is_ours && stat(whole, &facts) == 0;
	int is_new = is_ours && (flags & O_CREAT) != 0 && !was_there;
	int fd;

	if (is_new && power_journal_trip(POWER_WRITES) != 0)
		return -1;
	fd = REAL(openat)(folder, path, flags, mode);
	if (!is_ours || fd < 0 || fd >= FILES_MAX)
		return fd;
	watched[fd] = IS_SYNCED(flags) ? 2 : 1;
	if (fstat(fd, &facts) != 0)
		abort();
	if (is_new)
		power_journal_entry('C', whole, facts.st_ino, facts.st_mode);
	else if ((flags & O_TRUNC) != 0)
		power_journal_put(&(PowerRecord){ .type = 'T', .inode = facts.st_ino }, NULL, NULL);
	return fd;
}

#define OPEN(name, folder, ...)                                                                    \
	int name(__VA_ARGS__, int flags, ...)                                                      \
	{                                                                                          \
		mode_t mode = 0;                                                                   \
		va_list rest;                                                                      \
		if ((flags & (O_CREAT | __O_TMPFILE)) != 0) {                                      \
			va_start(rest, flags);                                                     \
			mode = va_arg(rest, mode_t);                                               \
			va_end(rest);                                                              \
		}                                                                                  \
		return open_watched(folder, path, flags, mode);                                    \
	}
OPEN(open, AT_FDCWD, const char *path)
OPEN(open64, AT_FDCWD, const char *path)
OPEN(openat, folder, int folder, const char *path)
OPEN(openat64, folder, int folder, const char *path)

/* What open() without a mode becomes where the compiler hardens it. */
#define OPEN_2(name, folder, ...)                                                                  \
	int name(__VA_ARGS__, int flags);                                                          \
	int name(__VA_ARGS__, int flags)                                                           \
	{                                                                                          \
		return open_watched(folder, path, flags, 0);                                       \
	}
OPEN_2(__open_2, AT_FDCWD, const char *path)
OPEN_2(__open64_2, AT_FDCWD, const char *path)
OPEN_2(__openat_2, folder, int folder, const char *path)
OPEN_2(__openat64_2, folder, int folder, const char *path)

int creat(const char *path, mode_t mode)
{
	return open_watched(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

static void refuse(const char *path, const char *mode)
{
	char whole[PATH_MAX];

	if (mode[0] == 'r' && strchr(mode, '+') == NULL)
		return;
	if (power_journal_find(AT_FDCWD, path, whole)) {
		fprintf(stderr, "power: fopen(%s) for writing is not seen by the journal\n", path);
		abort();
	}
}

FILE *fopen(const char *path, const char *mode)
{
	refuse(path, mode);
	return REAL(fopen)(path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
	refuse(path, mode);
	return REAL(fopen64)(path, mode);
}

FILE *fdopen(int fd, const char *mode)
{
	if (is_watched(fd) && (mode[0] != 'r' || strchr(mode, '+') != NULL)) {
		fprintf(stderr, "power: fdopen() for writing is not seen by the journal\n");
		abort();
	}
	return REAL(fdopen)(fd, mode);
}

int close(int fd)
{
	if (is_watched(fd))
		watched[fd] = 0;
	return REAL(close)(fd);
}

/* --- contents --- */

static ssize_t write_at(int fd, const void *data, size_t length, off_t at)
{
	ssize_t done;

	if (power_journal_trip(POWER_WRITES) != 0)
		return -1;
	done = REAL(pwrite)(fd, data, length, at);
	if (done > 0)
		note_write(fd, at, data, (size_t) done);
	return done;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at)
{
	return is_watched(fd) ? write_at(fd, data, length, at) : REAL(pwrite)(fd, data, length, at);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at)
{
	return pwrite(fd, data, length, at);
}

ssize_t write(int fd, const void *data, size_t length)
{
	ssize_t done;

	if (!is_watched(fd))
		return REAL(write)(fd, data, length);
	if (power_journal_trip(POWER_WRITES) != 0)
		return -1;
	pthread_mutex_lock(&lock);
	done = REAL(write)(fd, data, length);
	if (done > 0)
		note_write(fd, lseek(fd, 0, SEEK_CUR) - done, data, (size_t) done);
	pthread_mutex_unlock(&lock);
	return done;
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
	ssize_t all = 0;

	if (!is_watched(fd))
		return REAL(writev)(fd, parts, count);
	for (int i = 0; i < count; i++) {
		ssize_t done = write(fd, parts[i].iov_base, parts[i].iov_len);

		if (done < 0)
			return all > 0 ? all : -1;
		all += done;
		if ((size_t) done < parts[i].iov_len)
			break;
	}
	return all;
}

int ftruncate(int fd, off_t length)
{
	PowerRecord record = { .type = 'T', .offset = (uint64_t) length };
	int is_ours = is_watched(fd);
	int result;

	if (is_ours && power_journal_trip(POWER_WRITES) != 0)
		return -1;
	result = REAL(ftruncate)(fd, length);
	record.inode = is_ours ? power_journal_inode(fd) : 0;
	if (is_ours && result == 0)
		power_journal_put(&record, NULL, NULL);
	return result;
}

int ftruncate64(int fd, off64_t length)
{
	return ftruncate(fd, length);
}

int posix_fallocate(int fd, off_t at, off_t length)
{
	struct stat facts;

	if (!is_watched(fd))
		return REAL(posix_fallocate)(fd, at, length);
	if (power_journal_trip(POWER_WRITES) != 0)
		return errno;
	if (fstat(fd, &facts) == 0 && facts.st_size < at + length)
		power_journal_put(&(PowerRecord){ .type = 'T',
						  .inode = facts.st_ino,
						  .offset = (uint64_t) (at + length) },
				  NULL, NULL);
	return REAL(posix_fallocate)(fd, at, length);
}

int posix_fallocate64(int fd, off64_t at, off64_t length)
{
	return posix_fallocate(fd, at, length);
}

/* A failed sync may have lost what it should have written: a later one does not bring it back. */
static int sync_one(int fd, int (*call)(int))
{
	PowerRecord record = { .type = 'S' };
	int is_ours = is_watched(fd);
	int result;

	if (!is_ours)
		return call(fd);
	record.inode = power_journal_inode(fd);
	if (power_journal_trip(POWER_SYNCS) != 0) {
		record.type = 'F';
		power_journal_put(&record, NULL, NULL);
		return -1;
	}
	result = call(fd);
	if (result == 0)
		power_journal_put(&record, NULL, NULL);
	return result;
}

int fsync(int fd)
{
	return sync_one(fd, REAL(fsync));
}

int fdatasync(int fd)
{
	return sync_one(fd, REAL(fdatasync));
}

int fchmod(int fd, mode_t mode)
{
	PowerRecord record = { .type = 'M', .mode = mode };
	int result = REAL(fchmod)(fd, mode);

	if (result == 0 && is_watched(fd)) {
		record.inode = power_journal_inode(fd);
		power_journal_put(&record, NULL, NULL);
	}
	return result;
}

/* --- names --- */

static int rename_watched(int from, const char *old, int to, const char *name, unsigned flags)
{
	char first[PATH_MAX], second[PATH_MAX];
	int is_ours = power_journal_find(from, old, first) && power_journal_find(to, name, second);
	struct stat facts;
	int result;

	if (is_ours && (lstat(first, &facts) != 0 || power_journal_trip(POWER_WRITES) != 0))
		return -1;
	result = REAL(renameat2)(from, old, to, name, flags);
	if (is_ours && result == 0) {
		/* One record of two halves: neither name is ever without the other. */
		power_journal_entry('R', first, facts.st_ino, facts.st_mode);
		power_journal_entry('N', second, facts.st_ino, facts.st_mode);
	}
	return result;
}

int rename(const char *old, const char *name)
{
	return rename_watched(AT_FDCWD, old, AT_FDCWD, name, 0);
}

int renameat(int from, const char *old, int to, const char *name)
{
	return rename_watched(from, old, to, name, 0);
}

int renameat2(int from, const char *old, int to, const char *name, unsigned flags)
{
	return rename_watched(from, old, to, name, flags);
}

int unlinkat(int folder, const char *path, int flags)
{
	char whole[PATH_MAX];
	int is_ours = power_journal_find(folder, path, whole);
	int result = REAL(unlinkat)(folder, path, flags);

	if (is_ours && result == 0)
		power_journal_entry('U', whole, 0, 0);
	return result;
}

int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int remove(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
	char whole[PATH_MAX];
	struct stat facts;
	int is_ours = power_journal_find(folder, path, whole);
	int result;

	if (is_ours && power_journal_trip(POWER_WRITES) != 0)
		return -1;
	result = REAL(mkdirat)(folder, path, mode);
	if (is_ours && result == 0 && stat(whole, &facts) == 0)
		power_journal_entry('D', whole, facts.st_ino, facts.st_mode);
	return result;
}

int mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

int link(const char *old, const char *name)
{
	char whole[PATH_MAX];
	struct stat facts;
	int result = REAL(link)(old, name);

	if (result == 0 && power_journal_find(AT_FDCWD, name, whole) && stat(whole, &facts) == 0)
		power_journal_entry('L', whole, facts.st_ino, facts.st_mode);
	return result;
}

/* --- what the CA key was used for --- */

struct evp_md_ctx_st;
int EVP_DigestSign(struct evp_md_ctx_st *context, unsigned char *signature, size_t *length,
		   const unsigned char *bytes, size_t count);

int EVP_DigestSign(struct evp_md_ctx_st *context, unsigned char *signature, size_t *length,
		   const unsigned char *bytes, size_t count)
{
	PowerRecord record = { .type = 'G', .data_length = (uint32_t) count };

	if (power_journal_is_on() && signature != NULL)
		power_journal_put(&record, NULL, bytes);
	return REAL(EVP_DigestSign)(context, signature, length, bytes, count);
}
