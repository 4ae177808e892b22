/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_STAMP_H
#define MAILIN_SERVER_STAMP_H

#include <stddef.h>

/* The numbers of the levels in syslog(3) and sd-daemon(3). */
enum log_level {
	LEVEL_ERROR = 3,
	LEVEL_WARNING = 4,
	LEVEL_INFO = 6,
	LEVEL_DEBUG = 7
};

/* A stamp is the beginning of a line.  It has one of these forms. */
enum log_form {
	/* No stamp: the lines are for the person who starts the server. */
	FORM_PLAIN,
	FORM_TIMED, /* time and level */
	FORM_LEVEL  /* <6>: journald or syslog adds the time */
};

/* Room for the longest stamp. */
#define STAMP_SIZE 64

/* Choose the form of all stamps.  Call before there are threads. */
void stamp_set_form(enum log_form form);
enum log_form stamp_form(void);

/* Write a stamp, such as "time=2026-01-31T23:59:59.123456Z level=info ", with a
 * NUL.  Returns its length. */
size_t stamp_write(char out[STAMP_SIZE], enum log_level level);

#endif
