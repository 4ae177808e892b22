/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SERVER_H
#define MAILIN_SERVER_SERVER_H

#include "receive/service.h"

/* The two ways to serve; each answers the program's exit status. */

/* Clients from the network, until SIGTERM or SIGINT. */
int server_run(struct service *service);

/* One client, on standard input and output. */
int stdio_run(struct service *service);

#endif
