/* SPDX-License-Identifier: Apache-2.0
 * A vendor module with bad intentions. It does what the file "behaviour" in the reader says, and
 * writes into "result" there which of its attempts the cage let through. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <p11-kit/pkcs11.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list);

static char reader[PATH_MAX - 64];
static char root[PATH_MAX - 64];

static const char *in_root(const char *name)
{
	static char path[PATH_MAX];

	(void) snprintf(path, sizeof path, "%s/%s", root, name);
	return path;
}

static const char *in_reader(const char *name)
{
	static char path[PATH_MAX];

	(void) snprintf(path, sizeof path, "%s/%s", reader, name);
	return path;
}

/* Each attempt gives true when it got through. */
static bool opened(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd >= 0)
		(void) close(fd);
	return fd >= 0;
}

static bool of_parent(const char *name, int flags)
{
	char path[64];

	(void) snprintf(path, sizeof path, "/proc/%d/%s", (int) getppid(), name);
	return opened(path, flags);
}

static bool read_secret(void)
{
	return opened(in_root("secret"), O_RDONLY);
}

static bool list_outside(void)
{
	DIR *folder = opendir(root);

	if (folder != NULL)
		(void) closedir(folder);
	return folder != NULL;
}

static bool write_outside(void)
{
	return opened(in_root("new"), O_WRONLY | O_CREAT);
}

static bool write_secret(void)
{
	return opened(in_root("secret"), O_WRONLY);
}

static bool truncate_secret(void)
{
	return truncate(in_root("secret"), 3) == 0;
}

static bool chmod_secret(void)
{
	return chmod(in_root("secret"), 0644) == 0;
}

static bool chown_secret(void)
{
	return chown(in_root("secret"), getuid(), getgid()) == 0;
}

static bool touch_secret(void)
{
	return syscall(SYS_utimes, in_root("secret"), NULL) == 0;
}

static bool mark_secret(void)
{
	return setxattr(in_root("secret"), "user.evil", "1", 1, 0) == 0;
}

static bool remove_victim(void)
{
	return unlink(in_root("victim")) == 0;
}

static bool link_secret(void)
{
	return link(in_root("secret"), in_reader("linked")) == 0;
}

static bool make_symlink(void)
{
	return symlink("/etc/passwd", in_reader("symlink")) == 0;
}

static bool make_fifo(void)
{
	return mknod(in_reader("fifo"), S_IFIFO | 0600, 0) == 0;
}

static bool parent_memory(void)
{
	return of_parent("mem", O_RDWR);
}

static bool parent_environment(void)
{
	return of_parent("environ", O_RDONLY);
}

static bool parent_vm_read(void)
{
	char byte;
	struct iovec local = { &byte, 1 };
	struct iovec remote = { (void *) &reader, 1 };

	return process_vm_readv(getppid(), &local, 1, &remote, 1, 0) >= 0 || errno == EFAULT;
}

static bool parent_ptrace(void)
{
	return ptrace(PTRACE_SEIZE, getppid(), NULL, NULL) == 0;
}

static bool parent_kill(void)
{
	return kill(getppid(), SIGCONT) == 0;
}

static bool group_kill(void)
{
	return kill(-1, 0) == 0;
}

static bool parent_tgkill(void)
{
	return syscall(SYS_tgkill, getppid(), getppid(), SIGCONT) == 0;
}

static bool parent_sigqueue(void)
{
	return sigqueue(getppid(), SIGCONT, (union sigval){ 0 }) == 0;
}

static bool parent_pidfd(void)
{
	int fd = (int) syscall(SYS_pidfd_open, getppid(), 0);
	bool through = fd >= 0 && syscall(SYS_pidfd_send_signal, fd, SIGCONT, NULL, 0) == 0;

	if (fd >= 0)
		(void) close(fd);
	return through;
}

static bool parent_limits(void)
{
	struct rlimit limit;

	return prlimit(getppid(), RLIMIT_NOFILE, NULL, &limit) == 0;
}

static bool parent_owner(void)
{
	int fds[2];
	bool through;

	if (pipe(fds) < 0)
		return false;
	through = fcntl(fds[0], F_SETOWN, getppid()) == 0;
	(void) close(fds[0]);
	(void) close(fds[1]);
	return through;
}

static bool family(int number, int type)
{
	int fd = socket(number, type, 0);

	if (fd >= 0)
		(void) close(fd);
	return fd >= 0;
}

static bool inet_socket(void)
{
	return family(AF_INET, SOCK_STREAM);
}

static bool inet6_socket(void)
{
	return family(AF_INET6, SOCK_DGRAM);
}

static bool unix_socket(void)
{
	return family(AF_UNIX, SOCK_STREAM);
}

static bool netlink_socket(void)
{
	return family(AF_NETLINK, SOCK_RAW);
}

static bool execute(void)
{
	char *const argv[] = { (char *) "true", NULL };
	int status = 0;
	pid_t pid = vfork();

	if (pid == 0) {
		(void) execve("/bin/true", argv, argv + 1);
		_exit(9);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool execute_in_place(void)
{
	char *const argv[] = { (char *) "nothing", NULL };

	/* Not allowed: EPERM. Allowed: it fails for the right reason. */
	return execve("/nonexistent", argv, argv + 1) < 0 && errno == ENOENT;
}

static bool fork_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	if (pid > 0)
		(void) waitpid(pid, NULL, 0);
	return pid > 0;
}

static bool new_namespace(void)
{
	return unshare(CLONE_FILES) == 0;
}

static bool io_uring(void)
{
	char parameters[256] = { 0 };

	return syscall(SYS_io_uring_setup, 1, parameters) >= 0 || errno == EFAULT;
}

static bool keyring(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0) >= 0;
}

static bool shared_memory(void)
{
	return shmget(IPC_PRIVATE, 4096, 0600) >= 0;
}

static bool dumpable(void)
{
	return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 1;
}

static bool other_descriptor(void)
{
	struct stat status;

	for (int fd = 4; fd < 64; fd++)
		if (fstat(fd, &status) == 0 && !S_ISREG(status.st_mode))
			return true;
	return false;
}

static bool capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2] = { 0 };

	return syscall(SYS_capget, &header, sets) == 0 &&
	       (sets[0].effective | sets[1].effective | sets[0].permitted | sets[1].permitted) != 0;
}

static bool watch_outside(void)
{
	int fd = inotify_init1(IN_CLOEXEC);
	bool through = fd >= 0 && inotify_add_watch(fd, root, IN_CREATE) >= 0;

	if (fd >= 0)
		(void) close(fd);
	return through;
}

static bool file_handle(void)
{
	return syscall(SYS_name_to_handle_at, AT_FDCWD, root, NULL, NULL, 0) == 0 ||
	       errno == EFAULT;
}

/* clang-format off */
static const struct {
	const char *name;
	bool (*attempt)(void);
} attempts[] = {
	{ "read-secret", read_secret },           { "list-outside", list_outside },
	{ "write-outside", write_outside },       { "write-secret", write_secret },
	{ "truncate-secret", truncate_secret },   { "chmod-secret", chmod_secret },
	{ "chown-secret", chown_secret },         { "touch-secret", touch_secret },
	{ "mark-secret", mark_secret },           { "remove-victim", remove_victim },
	{ "link-secret", link_secret },           { "make-symlink", make_symlink },
	{ "make-fifo", make_fifo },             { "parent-memory", parent_memory },
	{ "parent-environment", parent_environment }, { "parent-vm-read", parent_vm_read },
	{ "parent-ptrace", parent_ptrace },       { "parent-kill", parent_kill },
	{ "group-kill", group_kill },             { "parent-tgkill", parent_tgkill },
	{ "parent-sigqueue", parent_sigqueue },   { "parent-pidfd", parent_pidfd },
	{ "parent-limits", parent_limits },       { "parent-owner", parent_owner },
	{ "inet-socket", inet_socket },           { "inet6-socket", inet6_socket },
	{ "unix-socket", unix_socket },           { "netlink-socket", netlink_socket },
	{ "execute", execute },                   { "execute-in-place", execute_in_place },
	{ "fork", fork_process },                 { "namespace", new_namespace },
	{ "io-uring", io_uring },                 { "keyring", keyring },
	{ "shared-memory", shared_memory },       { "dumpable", dumpable },
	{ "other-descriptor", other_descriptor }, { "watch-outside", watch_outside },
	{ "file-handle", file_handle },           { "capabilities", capabilities },
};
/* clang-format on */

static void escape(void)
{
	char unfinished[64];
	char path[sizeof reader + sizeof unfinished];
	FILE *result;

	(void) snprintf(unfinished, sizeof unfinished, "result.%ld", (long) getpid());
	(void) snprintf(path, sizeof path, "%s", in_reader(unfinished));
	result = fopen(path, "we");
	if (result == NULL)
		return;
	for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++)
		(void) fprintf(result, "%s %s\n", attempts[i].name,
			       attempts[i].attempt() ? "THROUGH" : "refused");
	if (fclose(result) == 0)
		(void) rename(path, in_reader("result"));
}

static void eat_memory(void)
{
	for (size_t eaten = 0; eaten < (8ULL << 30); eaten += 64 << 20) {
		void *piece = mmap(NULL, 64 << 20, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (piece == MAP_FAILED)
			abort();
	}
	_exit(77);
}

static void fill_disk(void)
{
	int fd = open(in_reader("large"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	_exit(ftruncate(fd, 1LL << 30) == 0 ? 77 : 78);
}

static void crash(void)
{
	volatile char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*page = 1;
}

static void act(const char *behaviour)
{
	static const char noise[] = "this is no frame";

	if (strcmp(behaviour, "escape") == 0)
		escape();
	else if (strcmp(behaviour, "segfault") == 0)
		crash();
	else if (strcmp(behaviour, "abort") == 0)
		abort();
	else if (strcmp(behaviour, "exit") == 0)
		_exit(0);
	else if (strcmp(behaviour, "noise") == 0)
		(void) send(3, noise, sizeof noise, 0);
	else if (strcmp(behaviour, "memory") == 0)
		eat_memory();
	else if (strcmp(behaviour, "disk") == 0)
		fill_disk();
	while (strcmp(behaviour, "loop") == 0)
		(void) pause();
}

static void find_places(void)
{
	const char *configuration = getenv("SOFTHSM2_CONF");
	FILE *file = configuration == NULL ? NULL : fopen(configuration, "re");
	char *slash;

	if (file == NULL || fscanf(file, "directories.tokendir = %4000[^\n]", reader) != 1)
		_exit(99);
	(void) fclose(file);
	(void) snprintf(root, sizeof root, "%s", reader);
	slash = strrchr(root, '/');
	*slash = '\0';
}

static CK_RV initialise(void *arguments)
{
	char behaviour[32] = "";
	FILE *file;

	(void) arguments;
	find_places();
	file = fopen(in_reader("behaviour"), "re");
	if (file == NULL || fscanf(file, "%31s", behaviour) != 1)
		_exit(98);
	(void) fclose(file);
	act(behaviour);
	return CKR_GENERAL_ERROR;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list)
{
	static CK_FUNCTION_LIST functions;

	functions.C_Initialize = initialise;
	*list = &functions;
	return CKR_OK;
}
