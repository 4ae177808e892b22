/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_PARTS_H
#define MAILIN_SRC_SESSION_PARTS_H

#include <mailin/proxy.h>
#include <mailin/session.h>

#include "message/body.h"
#include "session/envelope.h"

/*
 * The blocks of a session that are allocated when first needed.  Most sessions
 * are idle and never need them.
 */

/* A reply that the handler formatted; text has len octets and no NUL. */
struct mailin_custom {
	int code;
	char enhanced[10];
	size_t len;
	char text[];
};

/* The PROXY header; the spans in proxy point into octets. */
struct mailin_proxied {
	struct mailin_proxy proxy;
	char octets[];
};

/* The attributes of XCLIENT or XFORWARD.  The values point into octets. */
struct mailin_attribute_values {
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
	char octets[];
};

/* An unknown parameter, for the callback unknown_parameter. */
struct mailin_unknown_parameter {
	enum mailin_verb verb;
	struct mailin_span keyword, value;
};

/* An AUTH exchange, allocated at the first AUTH.  secret has the client's
 * responses, decoded. */
struct mailin_exchange {
	unsigned mechanism; /* its number (config/data.h) */
	unsigned steps;     /* taken, of the program's mechanism */
	struct mailin_buffer secret;
	size_t username_len; /* LOGIN */
	bool has_username;
	bool is_failing; /* RFC 7628 3.2.3 */
	struct mailin_verdict failure;
};

/* A mail transaction (RFC 5321 3.3), allocated at the first MAIL. */
struct mailin_transaction {
	struct mailin_envelope envelope;
	struct mailin_body body;
	char *gather;                  /* buffer for short pieces,
	                                      * NULL: not yet needed */
	struct mailin_verdict refusal; /* OK: the message is not refused */
	size_t replies_sent;           /* replies to the message */
	size_t decided;    /* verdicts that are final, from the first on */
	size_t parameter;  /* offset of the next one to check */
	bool end_reported; /* reset or delivered was called */
	bool utf8;         /* MAIL had SMTPUTF8 */
	bool binary;       /* MAIL had BODY=BINARYMIME */
	bool rcpt_refused;
	bool over_size;
	bool accepted; /* by data_end, at least once */
	bool closing;  /* one of its replies ends the session */
};

/* What a proxy says of the client, by a PROXY header, XCLIENT or XFORWARD. */
struct mailin_proxy_facts {
	struct mailin_proxied *proxied;
	struct mailin_attribute_values *xclient, *xforward;
	struct mailin_peer *first_peer; /* the peer before XCLIENT, in clear */
	uint32_t withdrawn; /* extensions that its client may not use */
	bool proxy_has_tls; /* the TLS here is with the proxy */

	/* The open decision on XCLIENT or XFORWARD; XFORWARD has only
	 * new_attributes. */
	struct mailin_attribute_values *new_attributes;
	struct mailin_peer *next_peer;
	char *next_identity;
	uint32_t next_extensions;
};

#endif
