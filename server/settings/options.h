/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_OPTIONS_H
#define MAILIN_SERVER_OPTIONS_H

#include <mailin/config.h>

#include "io/cidr.h"
#include "io/netaddr.h"

/* Where to listen. */
struct endpoint {
	struct netaddr address;
	bool tls; /* clients speak TLS from their first octet on */
};

/* The options of the command line. */
struct options {
	struct mailin_config *config; /* the config of all sessions */
	struct endpoint *listen;
	size_t listen_count;
	const char **domains; /* accept mail for these; none: for any */
	size_t domain_count;
	struct cidr_list proxy_from;   /* who must begin with a PROXY header */
	struct cidr_list xclient_from; /* who may use XCLIENT and XFORWARD */
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
