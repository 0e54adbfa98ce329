/* SPDX-License-Identifier: Apache-2.0
 * The system calls a caged child may not make. A list of the forbidden, because vendor modules use
 * what they like; so it must also name what Landlock does not look at: chmod, chown, xattr and
 * times work on any path there. Calls newer than this list get ENOSYS. */
#include "pkcs11/cage_syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* The last call this list was written for; up to NEWEST everything behind it does not exist. */
#define LAST_KNOWN 450
#define NEWEST     511

/* clang-format off */
static const int always[] = {
	/* other processes */
	SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
	SCMP_SYS(kcmp), SCMP_SYS(pidfd_getfd), SCMP_SYS(process_madvise),
	SCMP_SYS(process_mrelease), SCMP_SYS(rt_sigqueueinfo), SCMP_SYS(rt_tgsigqueueinfo),
	SCMP_SYS(setpriority), SCMP_SYS(ioprio_set), SCMP_SYS(migrate_pages),
	SCMP_SYS(move_pages),
	/* channels to other processes of the same user */
	SCMP_SYS(shmget), SCMP_SYS(shmat), SCMP_SYS(shmctl), SCMP_SYS(semget), SCMP_SYS(semop),
	SCMP_SYS(semtimedop), SCMP_SYS(semctl), SCMP_SYS(msgget), SCMP_SYS(msgsnd),
	SCMP_SYS(msgrcv), SCMP_SYS(msgctl), SCMP_SYS(mq_open), SCMP_SYS(mq_unlink),
	SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(keyctl),
	/* files past Landlock */
	SCMP_SYS(open_by_handle_at), SCMP_SYS(name_to_handle_at), SCMP_SYS(chroot),
	SCMP_SYS(pivot_root), SCMP_SYS(chmod), SCMP_SYS(fchmodat), SCMP_SYS(chown),
	SCMP_SYS(lchown), SCMP_SYS(fchownat), SCMP_SYS(setxattr), SCMP_SYS(lsetxattr),
	SCMP_SYS(removexattr), SCMP_SYS(lremovexattr), SCMP_SYS(utime), SCMP_SYS(utimes),
	SCMP_SYS(futimesat), SCMP_SYS(mknod), SCMP_SYS(mknodat), SCMP_SYS(mount),
	SCMP_SYS(umount2), SCMP_SYS(mount_setattr), SCMP_SYS(move_mount), SCMP_SYS(open_tree),
	SCMP_SYS(fsopen), SCMP_SYS(fsconfig), SCMP_SYS(fsmount), SCMP_SYS(fspick),
	SCMP_SYS(swapon), SCMP_SYS(swapoff), SCMP_SYS(quotactl), SCMP_SYS(quotactl_fd),
	SCMP_SYS(acct), SCMP_SYS(fanotify_init), SCMP_SYS(fanotify_mark),
	SCMP_SYS(lookup_dcookie),
	/* the kernel's soft spots */
	SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd),
	SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register),
	SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(init_module), SCMP_SYS(finit_module),
	SCMP_SYS(delete_module), SCMP_SYS(kexec_load), SCMP_SYS(kexec_file_load),
	SCMP_SYS(reboot), SCMP_SYS(syslog), SCMP_SYS(personality), SCMP_SYS(modify_ldt),
	SCMP_SYS(iopl), SCMP_SYS(ioperm), SCMP_SYS(uselib), SCMP_SYS(vhangup),
	SCMP_SYS(remap_file_pages), SCMP_SYS(mbind), SCMP_SYS(set_mempolicy), SCMP_SYS(vmsplice),
	/* the machine's clock and name */
	SCMP_SYS(settimeofday), SCMP_SYS(clock_settime), SCMP_SYS(clock_settime64),
	SCMP_SYS(adjtimex), SCMP_SYS(clock_adjtime), SCMP_SYS(sethostname),
	SCMP_SYS(setdomainname),
};

static const int sockets[] = { SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen),
			       SCMP_SYS(accept), SCMP_SYS(accept4) };
static const int execution[] = { SCMP_SYS(execve), SCMP_SYS(execveat) };
static const int forks[] = { SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(pidfd_send_signal) };
static const int watches[] = { SCMP_SYS(inotify_init), SCMP_SYS(inotify_init1),
			       SCMP_SYS(inotify_add_watch) };

/* First argument must be our own process, or 0 where that means ourselves. */
static const int own_process[] = { SCMP_SYS(kill), SCMP_SYS(tgkill), SCMP_SYS(tkill) };
static const int zero_process[] = { SCMP_SYS(prlimit64), SCMP_SYS(sched_setaffinity),
				    SCMP_SYS(sched_setscheduler), SCMP_SYS(sched_setparam),
				    SCMP_SYS(sched_setattr) };

/* Asking to be told by a signal means naming a process that gets it. */
static const int owner_commands[] = { F_SETOWN, F_SETOWN_EX, F_SETSIG };
static const unsigned long owner_ioctls[] = { FIOSETOWN, SIOCSPGRP, TIOCSTI, TIOCLINUX };
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int deny_all(scmp_filter_ctx filter, const int *calls, size_t count)
{
	int error = 0;

	for (size_t i = 0; i < count && error == 0; i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 0);
	return error;
}

static int deny_if(scmp_filter_ctx filter, int call, struct scmp_arg_cmp condition)
{
	return seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), call, 1, &condition);
}

/* Arguments that are an int are compared by their lower half: the upper one is the caller's to
 * fill. */
static struct scmp_arg_cmp int_is(unsigned argument, unsigned value)
{
	return SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, 0xffffffffU, value);
}

/* Families are a range check away from a list: deny below, between and above the allowed ones. */
static int deny_families(scmp_filter_ctx filter, unsigned families)
{
	uint32_t refuse = SCMP_ACT_ERRNO(EAFNOSUPPORT);
	int error = 0;

	for (unsigned family = 0; family < 64 && error == 0; family++) {
		bool allowed =
			(family == AF_UNIX && (families & CAGE_UNIX) != 0) ||
			((family == AF_INET || family == AF_INET6) && (families & CAGE_INET) != 0);
		struct scmp_arg_cmp same = int_is(0, family);

		if (!allowed)
			error = seccomp_rule_add_array(filter, refuse, SCMP_SYS(socket), 1, &same);
	}
	return error;
}

static int deny_sockets(scmp_filter_ctx filter, const CageProfile *profile)
{
	int error;

	if (profile->families == 0) {
		error = deny_all(filter, sockets, COUNT(sockets));
		return error != 0 ? error
				  : seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT),
						     SCMP_SYS(socket), 0);
	}
	return deny_families(filter, profile->families);
}

static int deny_processes(scmp_filter_ctx filter, const CageProfile *profile)
{
	/* clone3 hides its flags behind a pointer: libc then falls back to clone. */
	int error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);

	if (error == 0 && !profile->may_execute)
		error = deny_all(filter, execution, COUNT(execution));
	if (error == 0 && !profile->may_execute && !profile->may_fork) {
		error = deny_all(filter, forks, COUNT(forks));
		if (error == 0)
			error = deny_if(filter, SCMP_SYS(clone),
					SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
	}
	/* Who may fork has children to end; the signal scope of Landlock bounds him instead. */
	for (size_t i = 0; i < COUNT(own_process) && error == 0; i++)
		if (!profile->may_execute && !profile->may_fork)
			error = deny_if(filter, own_process[i],
					SCMP_A0_32(SCMP_CMP_NE, (uint32_t) getpid()));
	for (size_t i = 0; i < COUNT(zero_process) && error == 0; i++)
		error = deny_if(filter, zero_process[i], SCMP_A0_32(SCMP_CMP_NE, 0));
	return error;
}

static int deny_owners(scmp_filter_ctx filter)
{
	int error = 0;

	for (size_t i = 0; i < COUNT(owner_commands) && error == 0; i++)
		error = deny_if(filter, SCMP_SYS(fcntl), int_is(1, (unsigned) owner_commands[i]));
	for (size_t i = 0; i < COUNT(owner_ioctls) && error == 0; i++)
		error = deny_if(filter, SCMP_SYS(ioctl), int_is(1, (unsigned) owner_ioctls[i]));
	return error;
}

static int deny_unknown(scmp_filter_ctx filter)
{
	int error = 0;

	for (int call = LAST_KNOWN + 1; call <= NEWEST && error == 0; call++)
		error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), call, 0);
	return error;
}

int cage_syscalls_filter(const CageProfile *profile)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int error;

	if (filter == NULL)
		return ENOMEM;
	/* Errors of the kernel as they are, not folded into ECANCELED. */
	error = seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
	if (error == 0)
		error = deny_all(filter, always, COUNT(always));
	if (error == 0)
		error = deny_sockets(filter, profile);
	if (error == 0)
		error = deny_processes(filter, profile);
	if (error == 0 && !profile->may_watch)
		error = deny_all(filter, watches, COUNT(watches));
	if (error == 0)
		error = deny_owners(filter);
	if (error == 0)
		error = deny_unknown(filter);
	if (error == 0)
		error = seccomp_load(filter);
	seccomp_release(filter);
	return -error;
}
