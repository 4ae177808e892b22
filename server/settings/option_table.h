/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_OPTION_TABLE_H
#define MAILIN_SERVER_OPTION_TABLE_H

/* The options that the program adds itself.  All others are settings of the
 * library (mailin_setting_at). */
struct option {
	const char *group; /* the heading before the option, or NULL */
	const char *name;
	const char *argument; /* NULL: the option takes no value */
	const char *help;
};

enum {
	OPTION_LISTEN,
	OPTION_LISTEN_TLS,
	OPTION_HOSTNAME,
	OPTION_DOMAIN,
	OPTION_STDIO,
	OPTION_MAX_CONNECTIONS,
	OPTION_GRACE,
	OPTION_THREADS,
	OPTION_PROXY_FROM,
	OPTION_XCLIENT_FROM,
	OPTION_MAILDIR,
	OPTION_WORKERS,
	OPTION_DISCARD,
	OPTION_TLS_CERTIFICATE,
	OPTION_TLS_KEY,
	OPTION_PASSWD,
	OPTION_TRACE,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_COUNT
};

extern const struct option own_options[OPTION_COUNT];

#endif
