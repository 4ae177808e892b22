/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_PARTS_H
#define MAILIN_SRC_SESSION_PARTS_H

#include <mailin/proxy.h>
#include <mailin/session.h>

#include "body.h"
#include "envelope.h"

/*
 * The parts of a session that have memory of their own: most sessions are idle,
 * and have none of them.
 */

/* A reply that the handler formatted: its text follows the struct. */
struct mailin_custom {
	int    code;
	char   enhanced[10];
	size_t len;
	char   text[];
};

/* The PROXY header; its octets follow the struct. */
struct mailin_proxied {
	struct mailin_proxy proxy;
	char                octets[];
};

/* What XCLIENT or XFORWARD has told; the octets follow the struct. */
struct mailin_told {
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
	char               octets[];
};

/* An unknown parameter, as the handler is asked about it. */
struct mailin_strange {
	enum mailin_verb   verb;
	struct mailin_span keyword, value;
};

/* An AUTH exchange, from the first one on: what has come of it, decoded. */
struct mailin_exchange {
	unsigned              mechanism;    /* see config_data.h */
	unsigned              steps;        /* of the program's own */
	struct mailin_buffer  secret;
	size_t                username_len; /* LOGIN */
	bool                  has_username;
	bool                  is_failing;   /* RFC 7628 3.2.3 */
	struct mailin_verdict failure;
};

/* A mail transaction (RFC 5321 3.3), from the first MAIL on. */
struct mailin_transaction {
	struct mailin_envelope envelope;
	struct mailin_body     body;
	char                  *gather;       /* its pieces, where short; or
	                                      * NULL */
	struct mailin_verdict  refusal;      /* of the message; OK: none */
	size_t                 answers;      /* to its end, sent so far */
	size_t                 decided;      /* and come, in a row */
	size_t                 parameter;    /* the next one to look at */
	bool                   lost;         /* reset has been called */
	bool                   utf8;         /* MAIL had SMTPUTF8 */
	bool                   binary;       /* and BODY=BINARYMIME */
	bool                   rcpt_refused;
	bool                   over_size;
	bool                   accepted;     /* for some recipient */
	bool                   closing;      /* by the reply to it */
};

/* What those in front of the session say of the client. */
struct mailin_claims {
	struct mailin_proxied *proxied;
	struct mailin_told    *xclient, *xforward;
	struct mailin_peer    *first_peer;  /* before XCLIENT, in clear */
	uint32_t               withdrawn;   /* extensions that were the
	                                       proxy's, not its client's */
	bool                   proxy_has_tls; /* and the client has not */

	/* Under decision; all but telling for XCLIENT alone. */
	struct mailin_told    *telling;
	struct mailin_peer    *next_peer;
	char                  *next_identity;
	uint32_t               next_extensions;
};

#endif
