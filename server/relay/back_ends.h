/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_BACK_ENDS_H
#define MAILIN_SERVER_BACK_ENDS_H

#include <stdatomic.h>

#include "relay/back_off.h"
#include "relay/credentials.h"
#include "relay/place.h"
#include "relay/proof.h"
#include "relay/tls.h"

/* One address of a back end. */
struct back_end {
	char *name; /* the back end as the option names it, for the log */
	char *host; /* the name that its certificate must have; empty: a UNIX
		       socket */
	struct place place;
	struct back_off back_off;
};

struct back_end_options {
	const char **names; /* texts that place_is_valid accepts */
	size_t count;
	bool lmtp;
	enum tls_mode tls;
	const char *ca;   /* NULL: trust the authorities of the system */
	const char *auth; /* the file of the credentials; NULL: none */
	bool xclient;     /* XCLIENT tells the back end who the client is */
	unsigned timeout; /* seconds to wait for a reply */
};

/*
 * The mail servers to which messages are passed on.  At SIGHUP a new struct
 * takes the place of this one, but connections that exist keep the old struct.
 * So each user of a struct is an owner of it; the last owner frees it, in any
 * thread.  Only the members "back_off" in it ever change.
 */
struct back_ends {
	atomic_uint owners;
	bool lmtp;
	enum tls_mode tls;
	struct trust *trust;             /* NULL: no TLS */
	struct credentials *credentials; /* NULL: no AUTH */
	struct prover *prover;           /* NULL: no SCRAM */
	bool xclient;
	unsigned timeout;
	char *hostname; /* the name of this server, for EHLO */
	struct back_end *items;
	size_t count;
};

/* Find the addresses of all back ends, and read the authorities for TLS, and
 * the credentials.  The caller is the first owner.  Returns NULL, with the
 * reason on stderr, if a back end has no address, if a file cannot be used, or
 * if a password would go to another machine without TLS. */
struct back_ends *back_ends_new(const struct back_end_options *options,
    const char *hostname);
struct back_ends *back_ends_hold(struct back_ends *back_ends);

/* Release the back ends; their last owner frees them.  back_ends may be
 * NULL. */
void back_ends_drop(struct back_ends *back_ends);

#endif
