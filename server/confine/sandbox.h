/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SANDBOX_H
#define MAILIN_SERVER_SANDBOX_H

#include <stdbool.h>

/*
 * The sandbox: a filter of system calls (seccomp(2), by libseccomp).  It limits
 * the damage if a client makes the server run the client's own code.
 *
 * The filter allows what the server does after its start: to read and write
 * files and accepted sockets, to accept clients, to have threads and timers.
 * It refuses everything else with EPERM: new sockets and connections, new
 * processes, other users and groups, executable memory.  If the server tries to
 * execute a program, or to read the memory of another process, the filter kills
 * it, because only an attacker would do this.
 */

/* Returns true if this build has a filter. */
bool sandbox_exists(void);

/* Further system calls that the filter allows if the server needs them. */
enum sandbox_needs {
	/* Make UNIX sockets for datagrams, to send messages to a service
	 * manager. */
	SANDBOX_DATAGRAMS = 1,
	/* Connect sockets, because syslog(3) connects again after its daemon
	 * was restarted. */
	SANDBOX_CONNECT = 2,
	/* Listen at more addresses, because a file of settings may name new
	 * ones while the server runs. */
	SANDBOX_LISTEN = 4,
	/* Make stream sockets, connect them to back ends, and look up names. */
	SANDBOX_RELAY = 8
};

/* Install the filter, for all threads and for good.  needs is a sum of values
 * of enum sandbox_needs.  Returns false, with the reason on stderr, if that is
 * impossible. */
bool sandbox_enter(unsigned needs);

#endif
