/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SYSTEM_LOG_H
#define MAILIN_SERVER_SYSTEM_LOG_H

#include <stddef.h>

/* Connect to syslog.  Call before the server gives up its rights. */
void system_log_open(void);

/* Send lines that begin with <level> and end in a newline to syslog.  This may
 * wait for syslog. */
void system_log_write(const char *lines, size_t len);

#endif
