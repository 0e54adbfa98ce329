/* SPDX-License-Identifier: Apache-2.0
 * Preloaded into a program: keeps a journal of what it does to the files under POWER_ROOT, so that
 * power.py can say what a disk would hold if the power failed, and makes the n-th write or sync
 * fail. SQLite's -shm file lies in memory and does not count. Files opened by fopen() for writing
 * are not seen; that ends the program loudly. */
#include "tests/fault/power.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES_MAX     65536
#define JOURNAL_FD    900
#define REAL(name)    ((__typeof__(&(name))) real(#name))
#define HIDDEN        "-shm"
#define IS_SYNCED(fl) (((fl) & (O_SYNC | O_DSYNC)) != 0)

static char watched[FILES_MAX]; /* 1: under the root; 2: and opened with O_SYNC */
static const char *root;
static int journal = -1;
static PowerControl none;
static PowerControl *control = &none;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *real(const char *name)
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

static void put(const PowerRecord *record, const char *name, const void *data)
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

static uint64_t inode_of(int fd)
{
	struct stat facts;

	return fstat(fd, &facts) == 0 ? facts.st_ino : 0;
}

/* The absolute path, or none when it is not watched. */
static int find(int folder, const char *path, char *ret_path)
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

static void note_entry(char type, const char *path, uint64_t inode, mode_t mode)
{
	const char *name;
	PowerRecord record = { .type = (uint32_t) type, .inode = inode, .mode = mode };

	record.other = folder_of(path, &name);
	record.name_length = (uint32_t) strlen(name);
	put(&record, name, NULL);
}

static void note_write(int fd, off_t at, const void *data, size_t length)
{
	PowerRecord record = { .type = 'W', .inode = inode_of(fd), .offset = (uint64_t) at };

	record.data_length = (uint32_t) length;
	put(&record, NULL, data);
	if (watched[fd] == 2) {
		record = (PowerRecord){ .type = 'S', .inode = record.inode };
		put(&record, NULL, NULL);
	}
}

static int is_watched(int fd)
{
	return fd >= 0 && fd < FILES_MAX && watched[fd] != 0;
}

/* --- what is made to fail --- */

/* 0 when the operation may go on; sets errno. */
static int trip(PowerKind kind)
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

/* --- opening --- */

static int open_watched(int folder, const char *path, int flags, mode_t mode)
{
	char whole[PATH_MAX];
	struct stat facts;
	int is_ours = find(folder, path, whole);
	int was_there = is_ours && stat(whole, &facts) == 0;
	int is_new = is_ours && (flags & O_CREAT) != 0 && !was_there;
	int fd;

	if (is_new && trip(POWER_WRITES) != 0)
		return -1;
	fd = REAL(openat)(folder, path, flags, mode);
	if (!is_ours || fd < 0 || fd >= FILES_MAX)
		return fd;
	watched[fd] = IS_SYNCED(flags) ? 2 : 1;
	if (fstat(fd, &facts) != 0)
		abort();
	if (is_new)
		note_entry('C', whole, facts.st_ino, facts.st_mode);
	else if ((flags & O_TRUNC) != 0)
		put(&(PowerRecord){ .type = 'T', .inode = facts.st_ino }, NULL, NULL);
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
	if (find(AT_FDCWD, path, whole)) {
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

	if (trip(POWER_WRITES) != 0)
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
	if (trip(POWER_WRITES) != 0)
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

	if (is_ours && trip(POWER_WRITES) != 0)
		return -1;
	result = REAL(ftruncate)(fd, length);
	record.inode = is_ours ? inode_of(fd) : 0;
	if (is_ours && result == 0)
		put(&record, NULL, NULL);
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
	if (trip(POWER_WRITES) != 0)
		return errno;
	if (fstat(fd, &facts) == 0 && facts.st_size < at + length)
		put(&(PowerRecord){ .type = 'T',
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
	record.inode = inode_of(fd);
	if (trip(POWER_SYNCS) != 0) {
		record.type = 'F';
		put(&record, NULL, NULL);
		return -1;
	}
	result = call(fd);
	if (result == 0)
		put(&record, NULL, NULL);
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
		record.inode = inode_of(fd);
		put(&record, NULL, NULL);
	}
	return result;
}

/* --- names --- */

static int rename_watched(int from, const char *old, int to, const char *name, unsigned flags)
{
	char first[PATH_MAX], second[PATH_MAX];
	int is_ours = find(from, old, first) && find(to, name, second);
	struct stat facts;
	int result;

	if (is_ours && (lstat(first, &facts) != 0 || trip(POWER_WRITES) != 0))
		return -1;
	result = REAL(renameat2)(from, old, to, name, flags);
	if (is_ours && result == 0) {
		/* One record of two halves: neither name is ever without the other. */
		note_entry('R', first, facts.st_ino, facts.st_mode);
		note_entry('N', second, facts.st_ino, facts.st_mode);
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
	int is_ours = find(folder, path, whole);
	int result = REAL(unlinkat)(folder, path, flags);

	if (is_ours && result == 0)
		note_entry('U', whole, 0, 0);
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
	int is_ours = find(folder, path, whole);
	int result;

	if (is_ours && trip(POWER_WRITES) != 0)
		return -1;
	result = REAL(mkdirat)(folder, path, mode);
	if (is_ours && result == 0 && stat(whole, &facts) == 0)
		note_entry('D', whole, facts.st_ino, facts.st_mode);
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

	if (result == 0 && find(AT_FDCWD, name, whole) && stat(whole, &facts) == 0)
		note_entry('L', whole, facts.st_ino, facts.st_mode);
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

	if (journal >= 0 && signature != NULL)
		put(&record, NULL, bytes);
	return REAL(EVP_DigestSign)(context, signature, length, bytes, count);
}
