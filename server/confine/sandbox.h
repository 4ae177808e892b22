/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SANDBOX_H
#define MAILIN_SERVER_SANDBOX_H

#include <stdbool.h>

/*
 * The sandbox: a filter of system calls (seccomp(2), by libseccomp).  It is for
 * the case that a client makes the server run code of the client's.
 *
 * The filter allows what the server does after its start: to read and write
 * files and accepted sockets, to accept clients, to have threads and timers.
 * It refuses all else with EPERM: new sockets and connections, new processes,
 * other users and groups, memory that is executable.  It kills the process at
 * calls that only an attacker makes: to execute a program, or to reach into
 * another process.
 */

/* Returns true if this build has a filter. */
bool sandbox_exists(void);

/* Install the filter, for all threads and for good.  If datagrams is true, the
 * filter allows UNIX sockets for datagrams, by which a service manager is told.
 * Returns false, with the reason on stderr, if that is impossible. */
bool sandbox_enter(bool datagrams);

#endif
