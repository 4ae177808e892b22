/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_POLICY_H
#define MAILIN_SERVER_POLICY_H

#include <mailin/event.h>

#include "settings/given.h"

/* An address to listen at. */
struct endpoint {
	const char *address; /* a text, such as 127.0.0.1:2525 */
	bool tls;            /* clients speak TLS from their first octet on */
};

/*
 * How the clients of a listener are served.  Policies share no memory, so an
 * option of one policy cannot weaken another.
 */
struct policy {
	struct givens givens; /* all options; owns their texts */
	/* The beginning of messages about the policy: "", or "FILE: ", or
	 * "FILE:LINE: " with the line where its section begins. */
	char *where;
	bool serves;                  /* a listener has this policy */
	struct mailin_config *config; /* the config of its sessions */
	struct endpoint *listen;
	size_t listen_count;
	const char **domains; /* the domains for which mail is accepted; NULL:
				 all */
	size_t domain_count;
	const char *recipients; /* NULL: any recipient of the domains */
	bool ignore_case;       /* the case of local parts does not matter */
	struct mailin_network *proxy_from;   /* the member trust points to it */
	struct mailin_network *xclient_from; /* the member trust points to it */
	struct mailin_trust trust;
	const char *passwd; /* NULL: AUTH is not offered */
	bool scram_named;   /* --mechanisms names SCRAM */
	bool scram_plus;    /* SCRAM-SHA-256-PLUS is offered */
	struct mailin_tls_files *certificates;
	size_t certificate_count;
	const char *tls_key; /* given before a certificate, or NULL */
	bool tls_self_signed;
	const char *tls_client_ca; /* NULL: no certificates of clients are
				      used */
	bool stdio; /* the client is on standard input and output */
};

/* Make a policy from the options that were given.  Options that concern the
 * whole process are ignored.  The policy becomes the owner of all givens, and
 * the caller's struct becomes empty.  where and stdio are the values of the
 * members with these names.  Returns NULL, with the reason on stderr, if an
 * option is wrong or there is no memory. */
struct policy *policy_new(struct givens *givens, const char *where, bool stdio);

/* Returns true if the listener has a certificate. */
static inline bool
policy_has_tls(const struct policy *policy)
{
	return policy->certificate_count > 0 || policy->tls_self_signed;
}

/* Free the policy.  policy may be NULL. */
void policy_free(struct policy *policy);

#endif
