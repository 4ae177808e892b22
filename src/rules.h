/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_RULES_H
#define MAILIN_SRC_RULES_H

#include <stdint.h>

#include <mailin/command.h>

/*
 * The order of commands, as a table.  It knows verbs and states, and no
 * octet, reply or handler.  The session has no transition but these.
 */

enum mailin_state {
	STATE_NONE = 0,     /* of a rule: the event is not allowed there */
	STATE_NEW,          /* not opened */
	STATE_PROXY,        /* not opened, a PROXY header has to come first */
	STATE_PROXY_TLS,    /* the same, and TLS behind it */
	STATE_START,        /* greeted, the client has not said who it is */
	STATE_REFUSED,      /* connect refused with 554: QUIT only */
	STATE_READY,        /* HELO, EHLO or LHLO done */
	STATE_MAIL,         /* a sender */
	STATE_RCPT,         /* a sender and recipients */
	STATE_DATA,         /* the message, up to CR LF . CR LF */
	STATE_CHUNKS,       /* BDAT under way */
	STATE_CHUNKS_FAILED,/* the same, the message already refused */
	STATE_AUTH,         /* an answer to a challenge */
	STATE_TLS,          /* 220 to STARTTLS queued */
	STATE_TLS_FIRST,    /* not opened, the client begins with TLS */
	STATE_CLOSED,
	STATE_COUNT
};

/* The verbs, and what else happens. */
enum mailin_event {
	EVENT_UNKNOWN = MAILIN_VERB_UNKNOWN,
	EVENT_CONNECT = MAILIN_VERB_COUNT, /* the session opens */
	EVENT_ANSWER,                      /* a line in STATE_AUTH */
	EVENT_END,                         /* of the message */
	EVENT_TLS,                         /* the handshake is done */
	EVENT_EXPECT_PROXY,                /* the program says so */
	EVENT_EXPECT_TLS,                  /* the same */
	EVENT_PROXY,                       /* the header has come */
	EVENT_COUNT
};

/* What an event needs, whatever the state. */
#define NEEDS_SMTP      0x01u /* else 500: not of LMTP (RFC 2033 4.1) */
#define NEEDS_LMTP      0x02u
#define NEEDS_OFFER     0x04u /* else 502: its extension is on */
#define NEEDS_TLS       0x08u /* else 530, where TLS is REQUIRED */
#define NEEDS_IDENTITY  0x10u /* else 530, where AUTH is REQUIRED */
#define NEEDS_ESMTP     0x20u /* else 503: EHLO or LHLO came first; in RELAXED
                                 AUTH and STARTTLS do without */
#define NEEDS_LAST      0x40u /* ends a pipelined group (RFC 2920 3.1) */
#define COUNTS_AS_JUNK  0x80u

extern const uint8_t mailin_needs[EVENT_COUNT];

static inline uint8_t
mailin_rule_needs(enum mailin_event event)
{
	return mailin_needs[event];
}

/* Where the event leads.  Both are STATE_NONE where it is not allowed. */
struct mailin_rule {
	uint8_t yes;        /* enum mailin_state: after a positive reply */
	uint8_t no;         /* after a negative one */
};

extern const struct mailin_rule mailin_rules[STATE_COUNT][EVENT_COUNT];

static inline struct mailin_rule
mailin_rule(enum mailin_state state, enum mailin_event event)
{
	return mailin_rules[state][event];
}

/* "START", "EHLO", "(end of message)"; for documentation and tests. */
const char *mailin_state_name(enum mailin_state state);
const char *mailin_event_name(enum mailin_event event);

#endif
