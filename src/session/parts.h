/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_PARTS_H
#define MAILIN_SRC_SESSION_PARTS_H

#include <mailin/proxy.h>
#include <mailin/session.h>

#include "message/body.h"
#include "session/envelope.h"

/* The blocks of a session, which are allocated when they are first needed.
 * Most sessions are idle and never need one. */

/* A reply that the handler formatted.  text has len octets, without a NUL. */
struct mailin_custom {
	int code;
	char enhanced[10];
	size_t len;
	char text[];
};

/* A PROXY header.  The spans in "proxy" point into "octets". */
struct mailin_proxied {
	struct mailin_proxy proxy;
	char octets[];
};

/* The attributes of XCLIENT or XFORWARD.  The spans in "values" point into
 * "octets". */
struct mailin_attribute_values {
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
	char octets[];
};

/* The argument of the callback unknown_parameter. */
struct mailin_unknown_parameter {
	enum mailin_verb verb;
	struct mailin_span keyword, value;
};

/* An AUTH exchange, allocated at the first AUTH.  secret holds the decoded
 * responses of the client. */
struct mailin_exchange {
	unsigned mechanism; /* the mechanism's number (config/data.h) */
	unsigned steps;     /* calls of the callback "sasl" so far */
	struct mailin_buffer secret;
	size_t username_len; /* LOGIN: length of the first response */
	bool has_username;
	bool is_failing; /* refused; the reply comes later (RFC 7628 3.2.3) */
	struct mailin_verdict failure;
};

/* A mail transaction (RFC 5321 3.3), allocated at the first MAIL. */
struct mailin_transaction {
	struct mailin_envelope envelope;
	char *gather; /* for mailin_body_gather(), or NULL */
	struct mailin_body body;
	struct mailin_verdict refusal; /* OK, or the reply at the end */
	size_t replies_sent;           /* replies to the message sent so far */
	size_t decided;                /* how many verdicts are final */
	size_t parameter;  /* offset of the next parameter to check */
	bool end_reported; /* the handler knows that it ended */
	bool utf8;         /* MAIL had SMTPUTF8 */
	bool binary;       /* MAIL had BODY=BINARYMIME */
	bool rcpt_refused;
	bool over_size;
	bool accepted; /* data_end accepted it, at least for one recipient */
	bool closing;  /* one of its replies ends the session */
};

/* Facts about the client from a proxy: from a PROXY header, XCLIENT or
 * XFORWARD. */
struct mailin_proxy_facts {
	struct mailin_proxied *proxied;
	struct mailin_attribute_values *xclient, *xforward;
	struct mailin_peer *first_peer; /* the peer before XCLIENT in clear */
	uint32_t withdrawn; /* proxy's extensions that are off for its client */
	bool proxy_has_tls; /* in this connection, TLS ends at the proxy */

	/* Used while the handler decides on XCLIENT or XFORWARD: the attributes
	 * of the command, and for XCLIENT also the next client. */
	struct mailin_attribute_values *new_attributes;
	struct mailin_peer *next_peer;
	char *next_identity;
	uint32_t next_extensions;
};

#endif
