/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_DATA_H
#define MAILIN_SRC_SESSION_DATA_H

#include <mailin/session.h>

#include "config/data.h"
#include "reply/encode.h"
#include "command/line.h"
#include "reply/queue.h"
#include "octet/rare.h"
#include "config/rules.h"
#include "session/parts.h"

/* The extensions by which a proxy names its client.  The program trusts the
 * proxy, but not the clients of that proxy. */
#define WORDS_OF_PROXIES \
	(MAILIN_BIT(MAILIN_EXTENSION_XCLIENT) | \
	    MAILIN_BIT(MAILIN_EXTENSION_XFORWARD))

/* Room for the usual HELO name with its NUL. */
#define NAME_ROOM 32

/*
 * Most sessions are idle, so this struct is small.  Data that only some
 * sessions need, or only from the first message on, is in blocks of its own.
 */
struct mailin_session {
	const struct mailin_config *config;
	const struct mailin_handler *handler; /* complete, see session.c */
	void *user;

	uint32_t extensions; /* a bit for each that is on */
	uint32_t offered;    /* a bit for each that is offered now */
	enum mailin_state state;
	uint8_t checks; /* NEEDS_ bits to check (rules.h) */
	bool calling;   /* a callback is running */
	bool asking;    /* that callback decides */
	bool mute;      /* aborted: output shows nothing */

	/* If one of these is set, no step begins. */
	bool starved; /* no memory for replies */
	bool freeing; /* a callback called free */

	/* If one of these is set, work may be due after a step
	 * (session_run_due). */
	bool ended;    /* eof: no more input */
	bool stopping; /* shutdown was called */
	bool in_chunk; /* reading BDAT or BURL */
	bool decided;

	bool no_enhanced; /* in the next reply (RFC 2034 3) */

	/* The open decision (decide.h).  waiting: the handler returned PENDING.
	 * verdict is valid if decided is set. */
	bool waiting;
	enum mailin_reply verdict;
	enum mailin_reply agreed;               /* the reply that OK means */
	const struct mailin_decision *decision; /* NULL: none is open */
	uint64_t token;
	uint64_t last_token;
	char *candidate;              /* name or identity, if accepted */
	struct mailin_custom *custom; /* last CUSTOM reply */

	struct mailin_line line;
	struct mailin_span command_line; /* of the present command */
	enum mailin_verb verb;           /* its verb */
	enum mailin_domain_kind candidate_kind;
	uint64_t progress;
	uint64_t message_octets; /* before decoding */

	struct mailin_queue queue;
	uint64_t wait_for;  /* octets the client must await */
	uint64_t tls_reply; /* octets queued before the 220 */
	bool must_wait;     /* the client must wait for the reply */
	bool early;         /* input came while waiting */

	/* The present chunk of BDAT or BURL. */
	bool last_chunk;
	bool is_burl;                  /* the handler fetches the octets */
	enum mailin_reply chunk_error; /* reply to bad BDAT */
	uint64_t chunk_left;
	uint64_t discarded;

	enum mailin_verb helo_verb; /* HELO, EHLO or LHLO */
	enum mailin_domain_kind helo_kind;
	char *helo_name;
	char name_room[NAME_ROOM]; /* "" if unused */
	char *identity;
	struct mailin_peer *peer;
	struct mailin_tls *tls;
	struct mailin_buffer *keywords; /* EHLO lines of the program */

	/* Never NULL: until needed, they point to shared blocks that are all
	 * zero. */
	struct mailin_proxy_facts *proxy_facts;
	struct mailin_exchange *auth;
	struct mailin_transaction *transaction;

	/* Counters that the limits apply to. */
	uint32_t errors, junk, refused_rcpts;
	uint32_t auth_failures, transactions;
};

static inline const struct mailin_allocator *
session_allocator(const struct mailin_session *session)
{
	return &session->config->allocator;
}

static inline int
session_policy(const struct mailin_session *session, enum mailin_policy policy)
{
	return session->config->policies[policy];
}

static inline enum mailin_event
session_event(enum mailin_verb verb)
{
	return (enum mailin_event)verb;
}

static inline uint64_t
session_limit(const struct mailin_session *session, enum mailin_limit limit)
{
	return session->config->limits[limit];
}

/* Is count over a limit?  A limit of 0 means no limit. */
static inline bool
session_over(const struct mailin_session *session, enum mailin_limit limit,
    uint64_t count)
{
	uint64_t most = session_limit(session, limit);

	return most != 0 && count > most;
}

static inline bool
session_is_lmtp(const struct mailin_session *session)
{
	return session_policy(session, MAILIN_POLICY_PROTOCOL) ==
	    MAILIN_PROTOCOL_LMTP;
}

static inline enum mailin_syntax
session_syntax(const struct mailin_session *session)
{
	return (
	    enum mailin_syntax)session_policy(session, MAILIN_POLICY_SYNTAX);
}

static inline bool
session_offers(const struct mailin_session *session,
    enum mailin_extension extension)
{
	return (session->offered & MAILIN_BIT(extension)) != 0;
}

/* A PROXY header must come first. */
static inline bool
session_expects_proxy(const struct mailin_session *session)
{
	return session->state == STATE_PROXY ||
	    session->state == STATE_PROXY_TLS;
}

/* A TLS handshake must come next; octets in clear are not taken. */
static inline bool
session_expects_tls(const struct mailin_session *session)
{
	return session->state == STATE_TLS || session->state == STATE_TLS_FIRST;
}

/* The 220 to STARTTLS is queued.  No octet in clear follows (RFC 3207 4.2). */
static inline bool
session_awaits_handshake(const struct mailin_session *session)
{
	return session->state == STATE_TLS;
}

/* The next octets belong to a message, not to a line. */
static inline bool
session_in_message(const struct mailin_session *session)
{
	return session->state == STATE_DATA || session->in_chunk;
}

/* Add one, but do not wrap around. */
static inline void
session_count(uint32_t *counter)
{
	*counter += *counter < UINT32_MAX;
}

#endif
