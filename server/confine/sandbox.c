/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "confine/sandbox.h"
#include "confine/sanitized.h"
#include "log/log.h"

/* These calls are allowed with any arguments. */
/* clang-format off */
static const char *const allowed[] = {
	/* memory */
	"brk", "madvise", "mremap", "munmap",
	/* files */
	"access", "close", "dup", "dup2", "dup3", "faccessat", "faccessat2",
	"fcntl", "fdatasync", "fstat", "fsync", "ftruncate", "getcwd",
	"getdents64", "lseek", "lstat", "mkdir", "mkdirat", "newfstatat",
	"open", "openat", "pipe2", "pread64", "pwrite64", "read", "readlink",
	"readlinkat", "readv", "rename", "renameat", "renameat2", "stat",
	"statfs", "fstatfs", "statx", "umask", "unlink", "unlinkat", "write",
	"writev",
	/* sockets that are open already */
	"accept", "accept4", "getpeername", "getsockname", "getsockopt",
	"recvfrom", "recvmsg", "setsockopt", "shutdown",
	/* events */
	"epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2",
	"epoll_wait", "eventfd2", "poll", "ppoll", "pselect6", "select",
	"timerfd_create", "timerfd_settime",
	/* threads, signals and the end */
	"exit", "exit_group", "futex", "futex_waitv", "getcpu", "membarrier",
	"restart_syscall", "rseq", "rt_sigaction", "rt_sigprocmask",
	"rt_sigreturn", "rt_sigtimedwait", "sched_getaffinity",
	"sched_getparam", "sched_getscheduler", "sched_yield",
	"set_robust_list", "sigaltstack",
	/* time and other facts */
	"clock_getres", "clock_gettime", "clock_nanosleep", "getegid",
	"geteuid", "getgid", "getpgrp", "getpid", "getppid", "getrandom",
	"getrlimit", "getrusage", "gettid", "gettimeofday", "getuid",
	"nanosleep", "sysinfo", "time", "uname",
};

/* Calls that are allowed in addition in a build with a sanitizer. */
static const char *const sanitizer_needs[] = {
	"clone", "getdents", "mmap", "mprotect", "prctl", "prlimit64", "ptrace",
	"wait4",
};

/* Only an attacker makes these calls. */
static const char *const deadly[] = {
	"bpf", "delete_module", "execve", "execveat", "finit_module",
	"init_module", "kexec_file_load", "kexec_load", "mount",
	"perf_event_open", "pidfd_getfd", "pivot_root", "process_madvise",
	"process_vm_readv", "process_vm_writev", "ptrace", "reboot", "setns",
	"umount2", "unshare", "userfaultfd",
};
/* clang-format on */

/* Allows a call if (its argument & mask) == value. */
struct rule {
	const char *name;
	unsigned argument;
	uint64_t mask, value;
};

#define THREAD   (CLONE_VM | CLONE_SIGHAND | CLONE_THREAD)
#define ALL_BITS UINT64_MAX
#define LOW_BITS UINT32_MAX

static const struct rule rules[] = {
	/* Make a thread, but no process. */
	{ "clone", 0, THREAD, THREAD },
	/* Map memory, but not for code. */
	{ "mmap", 2, PROT_EXEC, 0 },
	{ "mprotect", 2, PROT_EXEC, 0 },
	{ "prctl", 0, LOW_BITS, PR_SET_NAME },
	/* Send, but do not connect by sending. */
	{ "sendmsg", 2, MSG_FASTOPEN, 0 },
	{ "sendto", 3, MSG_FASTOPEN, 0 },
	/* Read the limits, but do not set them. */
	{ "prlimit64", 2, ALL_BITS, 0 },
	{ "ioctl", 1, LOW_BITS, FIONBIO },
	{ "ioctl", 1, LOW_BITS, FIONREAD },
	{ "ioctl", 1, LOW_BITS, TCGETS },
};

/* Add a rule for one call.  Skips a name that this architecture does not have,
 * or that libseccomp does not know.  Returns 0 or an errno. */
static int
add(scmp_filter_ctx filter, uint32_t action, const char *name,
    const struct scmp_arg_cmp *argument)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number < 0)
		return 0;
	return -seccomp_rule_add_array(filter, action, number,
	    argument != NULL ? 1 : 0, argument);
}

static int
add_all(scmp_filter_ctx filter, uint32_t action, const char *const *names,
    size_t count)
{
	int error = 0;
	size_t i;

	for (i = 0; error == 0 && i < count; i++)
		error = add(filter, action, names[i], NULL);
	return error;
}

/* Allow the process to send a signal to itself, as abort() does. */
static int
allow_abort(scmp_filter_ctx filter)
{
	struct scmp_arg_cmp own = { .op = SCMP_CMP_EQ,
		.datum_a = (uint64_t)getpid() };

	return add(filter, SCMP_ACT_ALLOW, "tgkill", &own);
}

static int
allow_sockets(scmp_filter_ctx filter, int family, int type)
{
	struct scmp_arg_cmp arguments[] = {
		{ .arg = 0, .op = SCMP_CMP_EQ, .datum_a = (uint64_t)family },
		{ .arg = 1, .op = SCMP_CMP_EQ, .datum_a = (uint64_t)type },
	};

	return -seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket),
	    2, arguments);
}

/* Allow the server to make stream sockets and to listen.  It still may not
 * connect sockets. */
static int
allow_listening(scmp_filter_ctx filter)
{
	static const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
	int error = allow_sockets(filter, AF_INET, type);

	if (error == 0)
		error = allow_sockets(filter, AF_INET6, type);
	if (error == 0)
		error = add(filter, SCMP_ACT_ALLOW, "bind", NULL);
	if (error == 0)
		error = add(filter, SCMP_ACT_ALLOW, "listen", NULL);
	return error;
}

/* Allow the server to connect to back ends and to look up their names.  To look
 * up a name, libc needs sockets for datagrams, and a list of the host's
 * addresses. */
static int
allow_relaying(scmp_filter_ctx filter)
{
	static const int families[] = { AF_INET, AF_INET6, AF_UNIX,
		AF_NETLINK };
	int error = 0;
	size_t i;

	for (i = 0; error == 0 && i < sizeof families / sizeof families[0];
	     i++) {
		struct scmp_arg_cmp family = { .arg = 0,
			.op = SCMP_CMP_EQ,
			.datum_a = (uint64_t)families[i] };

		error = add(filter, SCMP_ACT_ALLOW, "socket", &family);
	}
	if (error == 0)
		error = add(filter, SCMP_ACT_ALLOW, "connect", NULL);
	if (error == 0)
		error = add(filter, SCMP_ACT_ALLOW, "bind", NULL);
	if (error == 0)
		error = add(filter, SCMP_ACT_ALLOW, "sendmmsg", NULL);
	return error;
}

/* Allow the calls for these needs, a sum of values of enum sandbox_needs. */
static int
add_needs(scmp_filter_ctx filter, unsigned needs)
{
	int error = 0;

	if ((needs & SANDBOX_DATAGRAMS) != 0)
		error = allow_sockets(filter, AF_UNIX,
		    SOCK_DGRAM | SOCK_CLOEXEC);
	if (error == 0 && (needs & SANDBOX_CONNECT) != 0)
		error = add(filter, SCMP_ACT_ALLOW, "connect", NULL);
	if (error == 0 && (needs & SANDBOX_LISTEN) != 0)
		error = allow_listening(filter);
	if (error == 0 && (needs & SANDBOX_RELAY) != 0)
		error = allow_relaying(filter);
	return error;
}

static int
add_rules(scmp_filter_ctx filter)
{
	int error = 0;
	size_t i;

	for (i = 0; error == 0 && i < sizeof rules / sizeof rules[0]; i++) {
		struct scmp_arg_cmp argument = { .arg = rules[i].argument,
			.op = SCMP_CMP_MASKED_EQ,
			.datum_a = rules[i].mask,
			.datum_b = rules[i].value };

		error = add(filter, SCMP_ACT_ALLOW, rules[i].name, &argument);
	}
	return error;
}

#define COUNT(names) (sizeof(names) / sizeof(names)[0])

static int
fill(scmp_filter_ctx filter)
{
	int error = add_all(filter, SCMP_ACT_ALLOW, allowed, COUNT(allowed));

	if (error == 0 && SANITIZED)
		error = add_all(filter, SCMP_ACT_ALLOW, sanitizer_needs,
		    COUNT(sanitizer_needs));
	if (error == 0)
		error = add_rules(filter);
	if (error == 0)
		error = allow_abort(filter);
	/* The flags of clone3 are in memory, which a filter cannot read.  If
	 * clone3 does not exist, libc calls clone instead. */
	if (error == 0)
		error = add(filter, SCMP_ACT_ERRNO(ENOSYS), "clone3", NULL);
	if (error == 0 && !SANITIZED)
		error = add_all(filter, SCMP_ACT_KILL_PROCESS, deadly,
		    COUNT(deadly));
	return error;
}

static int
install(scmp_filter_ctx filter)
{
	/* Put the filter's instructions in a tree, which is faster than a list.
	 * An older libseccomp ignores this. */
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return -seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
}

bool
sandbox_exists(void)
{
	return true;
}

bool
sandbox_enter(unsigned needs)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int error = ENOMEM;

	if (filter != NULL) {
		error = fill(filter);
		if (error == 0)
			error = add_needs(filter, needs);
		if (error == 0)
			error = install(filter);
		if (error == 0)
			error = -seccomp_load(filter);
		seccomp_release(filter);
	}
	if (error != 0)
		log_error(
		    "cannot enter the sandbox: %s; with --sandbox off the "
		    "server has none",
		    strerror(error));
	return error == 0;
}
