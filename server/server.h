/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SERVER_H
#define MAILIN_SERVER_SERVER_H

#include "receive/service.h"

/* The two ways to serve.  Each function returns the exit status of the
 * program. */

/* Serve clients from the network until SIGTERM or SIGINT.  At SIGHUP read the
 * files again. */
int server_run(struct service *service);

/* Serve one client on standard input and output. */
int stdio_run(struct service *service);

#endif
