/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_RULES_H
#define MAILIN_SRC_RULES_H

#include <stdint.h>

#include <mailin/command.h>

/* The order of commands, as a table of verbs and states.  It does not depend on
 * octets, replies or the handler.  Every transition of a session is in this
 * table. */

enum mailin_state {
	STATE_NONE = 0,  /* in a cell: the event is not allowed */
	STATE_NEW,       /* not opened yet */
	STATE_PROXY,     /* not opened; a PROXY header must come first */
	STATE_PROXY_TLS, /* not opened; a PROXY header must come, then TLS */
	STATE_START,     /* greeted, no HELO yet */
	STATE_REFUSED,   /* 554 was sent, no greeting; only QUIT runs */
	STATE_READY,     /* HELO, EHLO or LHLO done */
	STATE_MAIL,      /* MAIL accepted */
	STATE_RCPT,      /* MAIL and a RCPT accepted */
	STATE_DATA,      /* reading a message up to CR LF . CR LF */
	STATE_CHUNKS,    /* between the first BDAT and the last */
	STATE_CHUNKS_FAILED, /* like CHUNKS, but the message is refused */
	STATE_AUTH,          /* the client's response must come next */
	STATE_TLS,           /* the 220 to STARTTLS is queued */
	STATE_TLS_FIRST,     /* not opened; a TLS handshake must come first */
	STATE_CLOSED,
	STATE_COUNT
};

/* The verbs, and events that are not verbs. */
enum mailin_event {
	EVENT_UNKNOWN = MAILIN_VERB_UNKNOWN,
	EVENT_CONNECT = MAILIN_VERB_COUNT, /* the session opens */
	EVENT_CHALLENGE,                   /* AUTH needs a response */
	EVENT_AUTH_END,                    /* AUTH was decided */
	EVENT_REFUSE,                      /* the message is refused */
	EVENT_END,                         /* the message has ended */
	EVENT_TLS,                         /* the handshake is done */
	EVENT_EXPECT_PROXY,                /* the program expects a PROXY
					      header */
	EVENT_EXPECT_TLS,                  /* the program expects TLS */
	EVENT_PROXY,                       /* the PROXY header has come */
	EVENT_CLOSE,                       /* the session ends */
	EVENT_COUNT
};

/* The conditions of a verb that do not depend on the state, and the reply if a
 * condition is not met. */
#define NEEDS_SMTP     0x01u /* only in SMTP, else 500 (RFC 2033 4.1) */
#define NEEDS_LMTP     0x02u /* only in LMTP, else 500 */
#define NEEDS_OFFER    0x04u /* an extension offers it, else 502 */
#define NEEDS_TLS      0x08u /* if the policy is REQUIRED: 530 without TLS */
#define NEEDS_IDENTITY 0x10u /* if the policy is REQUIRED: 530 without AUTH */
/* EHLO or LHLO came first, else 503.  RELAXED syntax does not require it before
 * AUTH and STARTTLS. */
#define NEEDS_ESMTP 0x20u

/* The states that an event leads to.  Both are STATE_NONE if the event is not
 * allowed. */
struct mailin_rule {
	uint8_t yes; /* enum mailin_state after a positive reply */
	uint8_t no;  /* enum mailin_state after a negative reply */
};

extern const struct mailin_rule mailin_rules[STATE_COUNT][EVENT_COUNT];

static inline struct mailin_rule
mailin_rule(enum mailin_state state, enum mailin_event event)
{
	return mailin_rules[state][event];
}

#endif
