/* SPDX-License-Identifier: Apache-2.0
 * The cage, in the order in which it must be built: what is open, what may be gained, what may be
 * used, and last the filter that forbids building. The filter's tables stand in cage_syscalls.c. */
#include "pkcs11/cage.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pkcs11/cage_landlock.h"
#include "pkcs11/cage_syscalls.h"

#define DEFAULT_FILES 64

static int close_rest(const CageProfile *profile)
{
	unsigned from = 3;

	for (size_t i = 0; i < profile->keep_count; i++) {
		unsigned keep = (unsigned) profile->keep[i];

		if (keep > from && close_range(from, keep - 1, 0) < 0)
			return errno;
		if (keep >= from)
			from = keep + 1;
	}
	return close_range(from, ~0U, 0) < 0 ? errno : 0;
}

/* Root without capabilities is an ordinary user who happens to own many files; Landlock sees to
 * those. */
static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };

	for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
		(void) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
	(void) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return syscall(SYS_capset, &header, none) < 0 ? errno : 0;
}

static int limit(int resource, uint64_t value)
{
	struct rlimit old;
	struct rlimit new = { .rlim_cur = value, .rlim_max = value };

	if (getrlimit((__rlimit_resource_t) resource, &old) < 0)
		return errno;
	if (old.rlim_max < value)
		return 0;
	return setrlimit((__rlimit_resource_t) resource, &new) < 0 ? errno : 0;
}

static int limit_all(const CageProfile *profile)
{
	int error = limit(RLIMIT_CORE, 0);

	if (error == 0)
		error = limit(RLIMIT_NOFILE, profile->files == 0 ? DEFAULT_FILES : profile->files);
	if (error == 0)
		error = limit(RLIMIT_MSGQUEUE, 0);
	if (error == 0 && profile->file_size != 0)
		error = limit(RLIMIT_FSIZE, profile->file_size);
	if (error == 0 && profile->cpu_seconds != 0)
		error = limit(RLIMIT_CPU, profile->cpu_seconds);
#ifndef __SANITIZE_ADDRESS__
	if (error == 0 && profile->memory != 0)
		error = limit(RLIMIT_AS, profile->memory);
#endif
	return error;
}

static int forbid_gains(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return errno;
	return 0;
}

/* ENOSYS and the like mean that this kernel has no such wall: noted, not fatal. */
static int note(int error, CageWall wall, CageReport *report)
{
	if (error != ENOSYS && error != EOPNOTSUPP)
		return error;
	report->missing |= 1U << wall;
	return 0;
}

int cage_enter(const CageProfile *profile, CageReport *ret_report)
{
	CageReport report = { 0 };
	int error = note(close_rest(profile), CAGE_WALL_DESCRIPTORS, &report);

	if (error == 0)
		error = forbid_gains();
	if (error == 0)
		error = note(drop_capabilities(), CAGE_WALL_CAPABILITIES, &report);
	if (error == 0)
		error = limit_all(profile);
	if (error == 0)
		error = cage_landlock_enter(profile, &report);
	if (error == 0)
		error = note(cage_syscalls_filter(profile), CAGE_WALL_SYSCALLS, &report);
	if (error == 0)
		*ret_report = report;
	return error;
}

const char *cage_wall_name(CageWall wall)
{
	static const char *const names[_CAGE_WALL_MAX] = {
		[CAGE_WALL_DESCRIPTORS] = "descriptors", [CAGE_WALL_CAPABILITIES] = "capabilities",
		[CAGE_WALL_LIMITS] = "limits",           [CAGE_WALL_FILES] = "files",
		[CAGE_WALL_TRUNCATE] = "truncate",       [CAGE_WALL_TCP] = "tcp",
		[CAGE_WALL_SIGNALS] = "signals",         [CAGE_WALL_SYSCALLS] = "syscalls",
	};

	return wall < _CAGE_WALL_MAX ? names[wall] : "?";
}

void cage_report_text(const CageReport *report, char *ret_text, size_t size)
{
	size_t length = 0;

	ret_text[0] = '\0';
	for (unsigned wall = 0; wall < _CAGE_WALL_MAX && length < size; wall++)
		if ((report->missing & 1U << wall) != 0)
			length += (size_t) snprintf(ret_text + length, size - length, "%s%s",
						    length > 0 ? ", " : "",
						    cage_wall_name((CageWall) wall));
}
