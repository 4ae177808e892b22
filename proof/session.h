/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_PROOF_SESSION_H
#define MAILIN_PROOF_SESSION_H

#include <mailin.h>

#include "config/rules.h"

/*
 * A search through all states of a session (proof/README.md):
 *
 *	session.c         tries all events in all states; lists the claims
 *	session_search.c  the states that were found
 *	session_setup.c   the configurations
 *	session_event.c   the events: what clients and programs do
 *	session_world.c   a session, and a copy of it
 *	session_program.c the program that uses the session: its handler
 *	session_key.c     what distinguishes one state from another
 *	session_model.c   the observer: the expected outcome of each event
 *	session_order.c   the observer: when each command is allowed
 *	session_spec.c    the observer: the outcome of commands
 *	session_auth.c    the observer: the outcome of AUTH
 *	session_text.c    the observer: the outcome of octets of a message
 *	session_judge.c   compares the session with the observer
 *	session_forget.c  compares what the session forgets
 *	session_rights.c  compares what the session allows and offers
 *	session_ways.c    tries later decisions, pipelining, and early input
 *	session_cover.c   which states and cells of the table were reached
 */

/* ---- Configurations ------------------------------------------------------ */

struct setup {
	bool lmtp, relaxed;
	enum mailin_tls_policy tls;
	enum mailin_auth_policy auth;
	bool no_starttls;   /* STARTTLS is not offered */
	bool first_tls;     /* TLS comes before the session opens */
	bool proxy;         /* a PROXY header is expected */
	bool trusts;        /* the client may use XCLIENT and XFORWARD */
	bool allow;         /* MAILIN_PIPELINING_ALLOW */
	bool no_extensions; /* all extensions that can be off are off */
	bool ignore;        /* MAILIN_PARAMETERS_IGNORE */
	bool no_own;  /* no callbacks for verbs and parameters that the library
			 does not know */
	bool reject;  /* MAILIN_BARE_NEWLINE_REJECT */
	bool limited; /* the limit named by "limit" has the value LIMIT */
	enum mailin_limit limit;
};

#define LIMIT      1u /* the value of the limit, if "limited" is true */
#define RECIPIENTS 2u /* the value of MAILIN_LIMIT_RECIPIENTS */

/* Fill in the setup that has this index among all setups that differ from the
 * first one in at most "most" settings.  Returns false after the last one. */
bool setup_at(struct setup *setup, size_t index, unsigned most);
struct mailin_config *setup_config(const struct setup *setup,
    const struct mailin_allocator *allocator);
const char *setup_name(const struct setup *setup);

/* ---- Events -------------------------------------------------------------- */

/* The conditions under which an event can be tried. */
#define IN_NEW     0x001u /* the session is not open */
#define IN_PROXY   0x002u /* a PROXY header must come */
#define IN_COMMAND 0x004u
#define IN_AUTH    0x008u /* after a 334 */
#define IN_DATA    0x010u
#define IN_CHUNK   0x020u /* octets of BDAT are still to come */
#define IN_TLS     0x040u /* a handshake must come */
#define IN_OPEN    0x080u /* a decision is PENDING */
#define IN_CLOSED  0x100u
#define IN_HALF    0x200u /* half a line has come */
#define IN_ANY     0x3ffu

enum act {
	ACT_FEED,
	ACT_LOOK, /* take the output, which opens the session */
	ACT_EOF,
	ACT_TIMED_OUT,
	ACT_SHUTDOWN,
	ACT_ABORT,
	ACT_TLS_FAILED,
	ACT_TLS, /* mailin_session_tls_started */
	ACT_EXPECT_PROXY,
	ACT_EXPECT_TLS,
	ACT_SET_PEER,
	ACT_SET_EXTENSION,
	ACT_STALE, /* resume a decision that is not pending */
	ACT_RESUME /* with event->verdict */
};

/* A client's line, as an independent reader classifies it. */
enum form {
	FORM_GOOD,
	FORM_BAD,      /* it breaks its grammar */
	FORM_BAD_LINE, /* a CR or NUL is in it */
	FORM_CLOSES,   /* it ends the session in every state */
	FORM_HALF,     /* its end is still to come */
};

#define HAS_UTF8    0x01u /* a UTF-8 address */
#define HAS_SMTP8   0x02u /* SMTPUTF8 */
#define HAS_BINARY  0x04u /* BODY=BINARYMIME */
#define HAS_UNKNOWN 0x08u /* an unknown parameter */
#define HAS_LAST    0x10u
#define HAS_INITIAL 0x20u /* AUTH with an initial response */
#define IS_END      0x40u /* the line "." */
#define IS_BARE     0x80u /* a message line with a bare LF */

/* The variant of an event: which mechanism, response or PROXY header it has, or
 * which client it names. */
enum detail {
	DETAIL_NONE,
	DETAIL_PLAIN,
	DETAIL_LOGIN,
	DETAIL_OWN,
	DETAIL_OAUTH,
	DETAIL_EXTERNAL,
	DETAIL_NO_MECHANISM,
	DETAIL_CREDENTIALS, /* a response: the credentials of PLAIN */
	DETAIL_WORD,        /* a response: base64 of a name */
	DETAIL_BINARY,      /* base64 of something that is not a name */
	DETAIL_CANCEL,
	DETAIL_NO_BASE64,
	DETAIL_V1,
	DETAIL_V2_LOCAL,
	DETAIL_V2_TLS,
	DETAIL_TRUSTED, /* XCLIENT of a client that is also trusted */
	DETAIL_USER     /* XCLIENT of a client that has logged in */
};

enum verdict {
	VERDICT_YES,
	VERDICT_NO,      /* 550 with a text of the program */
	VERDICT_LATER,   /* 450 */
	VERDICT_CLOSE,   /* 421 */
	VERDICT_WRONG,   /* a positive reply that this callback may not give */
	VERDICT_PENDING, /* the decision is made in a later event */
	VERDICT_CHALLENGE, /* only of the callback "sasl": another step */
	VERDICT_COUNT
};

struct event {
	const char *name; /* the event as a line of a transcript */
	struct mailin_span octets;
	unsigned in;
	enum act act;
	enum form form;
	enum mailin_verb verb;
	unsigned has;
	unsigned size; /* octets of the chunk, or of a message */
	enum detail detail;
	enum verdict verdict; /* for ACT_RESUME: the verdict */
	unsigned which;       /* for ACT_RESUME: 0 resumes the first pending
				 decision, 1 the last one */
};

extern const struct event events[];
extern const size_t events_count;

/* ---- The observer -------------------------------------------------------- */

enum phase {
	PHASE_NEW,
	PHASE_PROXY,
	PHASE_PROXY_TLS,
	PHASE_TLS_FIRST,
	PHASE_START,
	PHASE_REFUSED,
	PHASE_READY,
	PHASE_MAIL,
	PHASE_RCPT,
	PHASE_DATA,
	PHASE_CHUNKS,
	PHASE_FAILED,
	PHASE_AUTH,
	PHASE_TLS,
	PHASE_CLOSED
};

enum on {
	ON_CONNECT,
	ON_HELO,
	ON_STARTTLS,
	ON_AUTH,
	ON_SASL,
	ON_MAIL,
	ON_RCPT,
	ON_DATA_START,
	ON_DATA,
	ON_DATA_END,
	ON_QUERY,
	ON_BURL,
	ON_XCLIENT,
	ON_VERB,
	ON_PARAMETER,
	ON_DECISIONS,
	ON_RESET = ON_DECISIONS,
	ON_DELIVERED,
	ON_CLOSE
};

struct call {
	uint8_t on;
	uint8_t verdict;
};

#define MOST_CALLS 12

/* The bit of AUTH in a set of keywords that EHLO offers.  Each extension has
 * another bit. */
#define MAILIN_BIT_AUTH (UINT32_C(1) << 31)

/* The outcome of an event, or of a command so far. */
struct record {
	struct call calls[MOST_CALLS];
	uint8_t call_count;
	uint8_t code_count;
	uint16_t codes[8];
	uint32_t offered; /* keywords of a reply to EHLO; a bit for each */
};

/* The observer's knowledge.  It is compared octet by octet, so padding must
 * be zero. */
struct model {
	uint8_t phase, helo, tls, certificate, identity;
	uint8_t proxied, told, forwarded, trusted, withdrawn;
	uint8_t mail, rcpts, binary, utf8, rcpt_refused;
	uint8_t ended; /* the callback "reset" or "delivered" was called */
	uint8_t chunk, last; /* chunk: its octets still to come; last: the
				chunk has LAST */
	uint8_t in_chunk;
	uint8_t held; /* the chunks so far end in CR */
	uint8_t half; /* half a line has come */
	uint8_t mechanism, steps, username, failing;
	uint8_t stopping; /* mailin_session_shutdown was called */
	uint8_t eof;
	uint8_t early;    /* input came while a decision was pending */
	uint8_t counter;  /* the count for the setup's limit */
	uint8_t open;     /* a decision is PENDING */
	uint16_t refused; /* the code that refuses the message, or 0 */
	uint16_t stray;   /* the code that refuses the current chunk, or 0 */
	uint16_t command; /* the event whose decision is pending */
	struct record so_far; /* the outcome of that event so far */
};

/* The expected outcome of an event. */
struct expected {
	struct model after;
	uint16_t codes[8];
	uint8_t code_count;
	bool wrong_calls; /* the handler was called in a wrong way */
	enum mailin_error error;
	bool takes_nothing; /* the event has no effect: no octet is read */
};

/* A code of which only the class, 5xx, is known. */
#define CODE_5XX 599u

/* Compute the expected outcome of an event after which no decision is pending.
 * If the handler was called in a wrong way, set wrong_calls. */
void model_expect(const struct setup *setup, const struct model *before,
    const struct event *event, const struct record *record,
    struct expected *expected);
/* Returns the expected outcome of a call of the program, or of octets that are
 * not a command. */
void model_expect_other(const struct setup *setup, const struct event *event,
    struct expected *expected);

/* The data with which the functions of the observer work. */
struct reader {
	const struct record *record;
	unsigned at;
	struct expected *expected;
	const struct setup *setup;
	bool waits; /* the client must wait for the reply */
};

enum verdict model_take(struct reader *reader, enum on on);
bool model_next_is(const struct reader *reader, enum on on);
void model_reply(struct reader *reader, unsigned code);
/* Expect a reply of the library.  A 5xx code counts as an error of the
 * client. */
void model_error(struct reader *reader, unsigned code);
bool model_is_over(struct reader *reader, enum mailin_limit limit);
void model_end(struct reader *reader, bool delivered);
void model_close(struct reader *reader);
unsigned model_code(enum verdict verdict, unsigned yes);
void model_command(struct reader *reader, const struct event *event);
void model_response(struct reader *reader, const struct event *event);
void model_auth(struct reader *reader, const struct event *event);
void model_octets(struct reader *reader, const struct event *event);
void model_chunk(struct reader *reader, const struct event *event);
/* Returns the code that refuses a command before it runs, or 0. */
unsigned model_refusal(const struct setup *setup, const struct model *model,
    const struct event *event);
/* Returns true if the client must wait for the reply to this command. */
bool model_is_last(const struct event *event);
bool model_offers(const struct setup *setup, const struct model *model,
    enum mailin_extension extension);

#endif
