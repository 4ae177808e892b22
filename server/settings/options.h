/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_OPTIONS_H
#define MAILIN_SERVER_OPTIONS_H

#include <mailin/config.h>

#include "settings/cidr.h"
#include "settings/netaddr.h"

/* Where to listen. */
struct endpoint {
	struct netaddr address;
	bool tls; /* from the first octet on */
};

/* What the command line asked for. */
struct options {
	struct mailin_config *config; /* the sessions', with all settings */
	struct endpoint *listen;
	size_t listen_count;
	const char **domains; /* whose mail to take; none: any */
	size_t domain_count;
	struct cidr_list proxy_from;   /* who begins with PROXY */
	struct cidr_list xclient_from; /* who may say XCLIENT */
	const char *maildir;
	const char *passwd;          /* NULL: nobody logs in */
	const char *tls_certificate; /* NULL: no TLS */
	const char *tls_key;
	unsigned threads; /* event loops */
	unsigned workers; /* threads that store */
	unsigned max_connections;
	unsigned grace; /* seconds */
	bool discard;   /* store nothing */
	bool stdio;
	bool trace;
};

enum options_result {
	OPTIONS_RUN,    /* serve */
	OPTIONS_ANSWER, /* --help, --version: it stands on stdout */
	OPTIONS_WRONG   /* the reason stands on stderr */
};

/* options points into argv and is to be freed whatever the answer. */
enum options_result options_parse(struct options *options, int argc,
    char **argv);
void options_free(struct options *options);

#endif
