/* SPDX-License-Identifier: Apache-2.0
 * Landlock of every version: rights that the running kernel does not know are left out and
 * reported. The constants are our own, because the headers we build against are older than many
 * kernels. */
#include "pkcs11/cage_landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RULE_PATH_BENEATH 1
#define CREATE_VERSION    1U

#define FS_EXECUTE    (1ULL << 0)
#define FS_WRITE_FILE (1ULL << 1)
#define FS_READ_FILE  (1ULL << 2)
#define FS_READ_DIR   (1ULL << 3)
#define FS_MAKE_CHAR  (1ULL << 6)
#define FS_MAKE_SOCK  (1ULL << 9)
#define FS_MAKE_FIFO  (1ULL << 10)
#define FS_MAKE_BLOCK (1ULL << 11)
#define FS_MAKE_SYM   (1ULL << 12)
#define FS_TRUNCATE   (1ULL << 14)
#define FS_IOCTL_DEV  (1ULL << 15)

#define NET_BIND_TCP    (1ULL << 0)
#define NET_CONNECT_TCP (1ULL << 1)

#define SCOPE_ABSTRACT_UNIX (1ULL << 0)
#define SCOPE_SIGNAL        (1ULL << 1)

/* Rights that mean something on a file that is no folder. */
#define FS_OF_FILES (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

/* Never granted: what no child of ours has to make or run in a folder that it may write. */
#define FS_NEVER                                                                                   \
	(FS_EXECUTE | FS_MAKE_CHAR | FS_MAKE_SOCK | FS_MAKE_FIFO | FS_MAKE_BLOCK | FS_MAKE_SYM |   \
	 FS_IOCTL_DEV)

typedef struct Ruleset {
	uint64_t files;
	uint64_t network;
	uint64_t scopes;
} Ruleset;

typedef struct PathRule {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed)) PathRule;

/* How many rights, from bit 0 on, each version knows. */
static uint64_t known_rights(int version)
{
	static const unsigned counts[] = { 0, 13, 14, 15, 15, 16 };
	unsigned last = sizeof counts / sizeof counts[0] - 1;

	return (1ULL << counts[(unsigned) version < last ? (unsigned) version : last]) - 1;
}

static int allow_path(int ruleset, const char *path, uint64_t rights)
{
	PathRule rule = { .allowed = rights };
	struct stat status;
	int error = 0;

	rule.parent = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : errno;
	if (fstat(rule.parent, &status) < 0)
		error = errno;
	if (error == 0 && !S_ISDIR(status.st_mode))
		rule.allowed &= FS_OF_FILES;
	if (error == 0 && syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) < 0)
		error = errno;
	(void) close(rule.parent);
	return error;
}

static int allow_paths(int ruleset, const char *const *paths, uint64_t rights)
{
	int error = 0;

	for (; paths != NULL && *paths != NULL && error == 0; paths++)
		error = allow_path(ruleset, *paths, rights);
	return error;
}

static int restrict_files(int ruleset, const CageProfile *profile, uint64_t known)
{
	uint64_t reading = FS_READ_FILE | FS_READ_DIR;
	int error;

	if (profile->may_execute)
		reading |= FS_EXECUTE;
	error = allow_paths(ruleset, profile->read_paths, reading);
	if (error == 0)
		error = allow_paths(ruleset, profile->write_paths, known & ~FS_NEVER);
	if (error == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		error = errno;
	return error;
}

static void report_version(int version, CageReport *report)
{
	report->landlock = version;
	if (version < 1)
		report->missing |= 1U << CAGE_WALL_FILES;
	if (version < 3)
		report->missing |= 1U << CAGE_WALL_TRUNCATE;
	if (version < 4)
		report->missing |= 1U << CAGE_WALL_TCP;
	if (version < 6)
		report->missing |= 1U << CAGE_WALL_SIGNALS;
}

int cage_landlock_enter(const CageProfile *profile, CageReport *report)
{
	Ruleset wanted = { 0 };
	size_t size = sizeof(uint64_t);
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_VERSION);
	int ruleset;
	int error;

	report_version(version < 0 ? 0 : (int) version, report);
	if (version < 1)
		return version == 0 || errno == ENOSYS || errno == EOPNOTSUPP ? 0 : errno;
	wanted.files = known_rights((int) version);
	if (version >= 4) {
		wanted.network = NET_BIND_TCP;
		if ((profile->families & CAGE_INET) == 0)
			wanted.network |= NET_CONNECT_TCP;
		size = 2 * sizeof(uint64_t);
	}
	if (version >= 6) {
		wanted.scopes = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
		size = sizeof wanted;
	}
	ruleset = (int) syscall(SYS_landlock_create_ruleset, &wanted, size, 0);
	if (ruleset < 0)
		return errno;
	error = restrict_files(ruleset, profile, wanted.files);
	(void) close(ruleset);
	return error;
}
