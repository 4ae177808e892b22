/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_OPTIONS_H
#define MAILIN_SERVER_OPTIONS_H

#include <mailin/event.h>

/* Where to listen. */
struct endpoint {
	const char *address; /* a text, such as 127.0.0.1:2525 */
	bool tls;            /* clients speak TLS from their first octet on */
};

/* The options of the command line. */
struct options {
	struct mailin_config *config; /* the config of all sessions */
	struct endpoint *listen;
	size_t listen_count;
	const char **domains; /* accept mail for these; none: for any */
	size_t domain_count;
	struct mailin_network *proxy_from;   /* of trust */
	struct mailin_network *xclient_from; /* likewise */
	struct mailin_trust trust;
	const char *maildir;
	const char *passwd;          /* NULL: AUTH is not offered */
	const char *tls_certificate; /* NULL: no TLS */
	const char *tls_key;
	unsigned threads; /* event loops */
	unsigned workers; /* threads that store messages */
	unsigned max_connections;
	unsigned grace; /* seconds */
	bool discard;   /* store nothing */
	bool stdio;
	bool trace;
};

enum options_result {
	OPTIONS_RUN,     /* serve */
	OPTIONS_PRINTED, /* --help or --version: printed on stdout */
	OPTIONS_WRONG    /* the reason is on stderr */
};

/* Parse the command line. options points into argv.  Call options_free whatever
 * the result is. */
enum options_result options_parse(struct options *options, int argc,
    char **argv);
void options_free(struct options *options);

#endif
