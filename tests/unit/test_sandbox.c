/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The sandbox of mailin-server: which system calls it allows, which it refuses,
 * and which make it kill the process.  Each call is tried in a separate
 * process. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "confine/sandbox.h"
#include "confine/sanitized.h"
#include "support/child.h"
#include "support/suite.h"

/* A system call to try.  The descriptor or the memory that it needs is made
 * before the process enters the sandbox. */
struct row {
	const char *name;
	long (*call)(int socket);
	bool not_sanitized; /* not tried with sanitizers, which need the call */
};

static int
listen_on_loopback(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
	    listen(fd, 1) != 0)
		_exit(201);
	return fd;
}

static unsigned needs;

/* Returns the errno of the call; 0 if it succeeded. */
static int
try(const void *argument)
{
	const struct row *row = argument;
	int socket = listen_on_loopback();

	if (!sandbox_enter(needs))
		return 202;
	return row->call(socket) < 0 ? errno : 0;
}

static void
expect(const struct row *rows, size_t count, int result)
{
	size_t i;

	for (i = 0; i < count; i++) {
		int found;

		if (SANITIZED && rows[i].not_sanitized)
			continue;
		found = child_run(try, &rows[i]);
		ck_assert_msg(found == result, "%s: %d, not %d", rows[i].name,
		    found, result);
	}
}

/* ---- System calls that fail ---- */

static long
connect_somewhere(int fd)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(25),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	return connect(fd, (struct sockaddr *)&address, sizeof address);
}

static long
bind_again(int fd)
{
	struct sockaddr_in address = { .sin_family = AF_INET };

	return bind(fd, (struct sockaddr *)&address, sizeof address);
}

static long
map_code(int fd)
{
	void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)fd;
	return code == MAP_FAILED ? -1 : 0;
}

static long
make_code(int fd)
{
	void *data = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)fd;
	if (data == MAP_FAILED)
		_exit(203);
	return mprotect(data, 4096, PROT_READ | PROT_EXEC);
}

/* CALL(name, expression): a function that makes one system call. */
#define CALL(name, expression) \
	static long name(int fd) \
	{ \
		(void)fd; \
		return expression; \
	}

CALL(make_pair, socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){ 0, 0 }))
CALL(set_limit, setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 }))
CALL(make_socket, socket(AF_INET, SOCK_STREAM, 0))
CALL(make_unix_socket, socket(AF_UNIX, SOCK_STREAM, 0))
CALL(make_packet_socket, socket(AF_PACKET, SOCK_RAW, 0))
CALL(make_netlink_socket, socket(AF_NETLINK, SOCK_RAW, 0))
CALL(listen_again, listen(fd, 1))
CALL(make_process, syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL))
CALL(share_memory, syscall(SYS_clone, CLONE_VM | SIGCHLD, NULL, NULL, NULL, 0))
CALL(kill_parent, kill(getppid(), 0))
CALL(signal_parent, syscall(SYS_tgkill, getppid(), getppid(), 0))
CALL(become_root, setuid(0))
CALL(become_same, setresuid(getuid(), getuid(), getuid()))
CALL(lose_groups, setgroups(0, NULL))
CALL(allow_dumps, prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
CALL(change_mode, fchmodat(AT_FDCWD, "/nowhere", 04755, 0))
CALL(change_owner, fchownat(AT_FDCWD, "/nowhere", 0, 0, 0))
CALL(make_link, linkat(AT_FDCWD, "/nowhere", AT_FDCWD, "/elsewhere", 0))
CALL(make_symlink, symlinkat("/nowhere", AT_FDCWD, "/nowhere/else"))
CALL(make_node, mknodat(AT_FDCWD, "/nowhere/else", 0600, 0))
CALL(change_root, chroot("/nowhere"))
CALL(change_directory, chdir("/nowhere"))
CALL(make_memory_file, memfd_create("code", 0))
CALL(use_io_uring, syscall(SYS_io_uring_setup, 1, NULL))
CALL(use_keys, syscall(SYS_keyctl, 0, 0, 0, 0, 0))
CALL(change_personality, syscall(SYS_personality, 0xffffffff))
CALL(set_clock, syscall(SYS_clock_settime, CLOCK_REALTIME, NULL))
CALL(leave_session, setsid())

START_TEST(refuses_what_the_server_does_not_need)
{
	static const struct row rows[] = {
		{ "a socket", make_socket, false },
		{ "a UNIX socket", make_unix_socket, false },
		{ "a packet socket", make_packet_socket, false },
		{ "a netlink socket", make_netlink_socket, false },
		{ "a pair of sockets", make_pair, false },
		{ "connect", connect_somewhere, false },
		{ "bind", bind_again, false },
		{ "listen", listen_again, false },
		{ "a process", make_process, true },
		{ "a process with the same memory", share_memory, true },
		{ "kill", kill_parent, false },
		{ "tgkill", signal_parent, false },
		{ "setuid", become_root, false },
		{ "setresuid", become_same, false },
		{ "setgroups", lose_groups, false },
		{ "a dumpable process", allow_dumps, true },
		{ "a limit", set_limit, true },
		{ "chmod", change_mode, false },
		{ "chown", change_owner, false },
		{ "link", make_link, false },
		{ "symlink", make_symlink, false },
		{ "mknod", make_node, false },
		{ "chroot", change_root, false },
		{ "chdir", change_directory, false },
		{ "memory with code", map_code, true },
		{ "data that becomes code", make_code, true },
		{ "a file in memory", make_memory_file, false },
		{ "io_uring", use_io_uring, false },
		{ "keyctl", use_keys, false },
		{ "personality", change_personality, false },
		{ "the clock", set_clock, false },
		{ "setsid", leave_session, false },
	};

	expect(rows, ROWS(rows), EPERM);
}
END_TEST

CALL(make_thread_anew, syscall(SYS_clone3, NULL, 0))

/* The process must get the error that clone3 does not exist.  Then libc calls
 * clone, whose flags the filter can see. */
START_TEST(has_no_clone3)
{
	static const struct row row = { "clone3", make_thread_anew, false };

	expect(&row, 1, ENOSYS);
}
END_TEST

/* ---- System calls that kill the process ---- */

CALL(run_program, execl("/bin/true", "true", (char *)NULL))
CALL(run_file, syscall(SYS_execveat, fd, "", NULL, NULL, AT_EMPTY_PATH))
CALL(trace_parent, syscall(SYS_ptrace, 16, getppid(), 0, 0))
CALL(read_parent, syscall(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0))
CALL(leave_namespace, unshare(CLONE_NEWUSER))
CALL(load_filter, syscall(SYS_bpf, BPF_MAP_CREATE, NULL, 0))
CALL(mount_disk, syscall(SYS_mount, "none", "/", "tmpfs", 0, NULL))

START_TEST(kills_an_attacker)
{
	static const struct row rows[] = {
		{ "execve", run_program, true },
		{ "execveat", run_file, true },
		{ "ptrace", trace_parent, true },
		{ "process_vm_readv", read_parent, true },
		{ "unshare", leave_namespace, true },
		{ "bpf", load_filter, true },
		{ "mount", mount_disk, true },
	};

	expect(rows, ROWS(rows), -SIGSYS);
}
END_TEST

/* ---- System calls that are allowed ---- */

static void *
nothing(void *argument)
{
	return argument;
}

static long
run_thread(int fd)
{
	pthread_t thread;

	(void)fd;
	errno = pthread_create(&thread, NULL, nothing, NULL);
	if (errno == 0)
		errno = pthread_join(thread, NULL);
	return errno == 0 ? 0 : -1;
}

static long
accept_nobody(int fd)
{
	return accept4(fd, NULL, NULL, SOCK_CLOEXEC) == -1 && errno == EAGAIN ?
	    0 :
	    -1;
}

static long
store_file(int fd)
{
	char name[] = "/tmp/test_sandbox.XXXXXX", other[sizeof name + 4];
	int file = mkstemp(name);

	(void)fd;
	snprintf(other, sizeof other, "%s.new", name);
	return file < 0 || write(file, "x", 1) != 1 || fsync(file) != 0 ||
		renameat(AT_FDCWD, name, AT_FDCWD, other) != 0 ||
		unlinkat(AT_FDCWD, other, 0) != 0 || close(file) != 0 ?
	    -1 :
	    0;
}

CALL(get_random, getentropy(&fd, sizeof fd))
CALL(name_thread, prctl(PR_SET_NAME, "name", 0, 0, 0))
CALL(read_limit, getrlimit(RLIMIT_NOFILE, &(struct rlimit){ 0, 0 }))
CALL(read_clock,
    clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ 0, 1 }, NULL))

START_TEST(allows_what_the_server_needs)
{
	static const struct row rows[] = {
		{ "a thread", run_thread, false },
		{ "accept", accept_nobody, false },
		{ "a file", store_file, false },
		{ "random numbers", get_random, false },
		{ "the name of a thread", name_thread, false },
		{ "the limits", read_limit, false },
		{ "the clock", read_clock, false },
	};

	expect(rows, ROWS(rows), 0);
}
END_TEST

static long
abort_process(int fd)
{
	(void)fd;
	abort();
}

START_TEST(a_fault_ends_the_process_as_before)
{
	static const struct row row = { "abort", abort_process, false };

	expect(&row, 1, -SIGABRT);
}
END_TEST

/* ---- Datagrams for a service manager ---- */

CALL(make_datagrams, socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0))
CALL(make_udp, socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0))

START_TEST(allows_datagrams_if_asked)
{
	static const struct row unix_row = { "UNIX", make_datagrams, false };
	static const struct row others[] = {
		{ "UDP", make_udp, false },
		{ "a UNIX socket", make_unix_socket, false },
		{ "connect", connect_somewhere, false },
	};

	expect(&unix_row, 1, EPERM);
	needs = SANDBOX_DATAGRAMS;
	expect(&unix_row, 1, 0);
	expect(others, ROWS(others), EPERM);
	needs = SANDBOX_DATAGRAMS | SANDBOX_CONNECT;
	expect(others, 2, EPERM);
	/* The socket of this row is listening before the test. */
	expect(&others[2], 1, EISCONN);
}
END_TEST

/* ---- Listening ---- */

CALL(make_listener,
    socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0))
CALL(connect_by_sending, sendto(fd, "", 1, MSG_FASTOPEN, NULL, 0))

/* If listening is allowed, a socket that listens still cannot connect, not even
 * by sending. */
START_TEST(allows_to_listen_if_asked)
{
	static const struct row listens[] = {
		{ "a socket", make_listener, false },
		{ "listen", listen_again, false },
	};
	static const struct row others[] = {
		{ "connect", connect_somewhere, false },
		{ "sendto", connect_by_sending, false },
		{ "a UNIX socket", make_unix_socket, false },
	};

	expect(listens, ROWS(listens), EPERM);
	needs = SANDBOX_LISTEN;
	expect(listens, ROWS(listens), 0);
	expect(others, ROWS(others), EPERM);
}
END_TEST

/* ---- All threads of the process ---- */

static void *
make_socket_later(void *gate)
{
	pthread_mutex_lock(gate);
	return socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM ? gate :
								       NULL;
}

/* Returns 0 if a thread that existed before the sandbox is inside it, too. */
static int
enter_with_thread(const void *argument)
{
	pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
	pthread_t thread;
	void *result = NULL;

	(void)argument;
	pthread_mutex_lock(&gate);
	if (pthread_create(&thread, NULL, make_socket_later, &gate) != 0 ||
	    !sandbox_enter(0))
		return 1;
	pthread_mutex_unlock(&gate);
	pthread_join(thread, &result);
	return result == &gate ? 0 : 2;
}

START_TEST(holds_all_threads)
{
	ck_assert_int_eq(child_run(enter_with_thread, NULL), 0);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = { refuses_what_the_server_does_not_need,
		has_no_clone3, kills_an_attacker, allows_what_the_server_needs,
		a_fault_ends_the_process_as_before, allows_datagrams_if_asked,
		allows_to_listen_if_asked, holds_all_threads };

	return suite_run("sandbox", tests, ROWS(tests));
}
