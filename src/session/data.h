/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_DATA_H
#define MAILIN_SRC_SESSION_DATA_H

#include <mailin/session.h>

#include "config/data.h"
#include "reply/encode.h"
#include "command/line.h"
#include "reply/queue.h"
#include "octet/rare.h"
#include "proxy/line.h"
#include "config/rules.h"
#include "session/parts.h"

/* With these extensions a proxy names its client.  The program trusts the
 * proxy, but not its clients. */
#define WORDS_OF_PROXIES \
	(MAILIN_BIT(MAILIN_EXTENSION_XCLIENT) | \
	    MAILIN_BIT(MAILIN_EXTENSION_XFORWARD))

/* Room for a usual HELO name with its NUL. */
#define NAME_ROOM 32

/* This struct is small, because most sessions are idle.  Data that only some
 * sessions need is in separate blocks (parts.h). */
struct mailin_session {
	const struct mailin_config *config;
	const struct mailin_handler *handler; /* has all callbacks */
	void *user;

	uint32_t extensions; /* a bit for each extension that is on */
	uint32_t offered;    /* a bit for each extension that is offered now */
	enum mailin_state state;
	uint8_t checks; /* NEEDS_ bits to check (rules.h) */
	bool calling;   /* a callback is running */
	bool asking;    /* a callback that decides is running */
	bool mute;      /* aborted: no output is shown */

	/* No step begins if one of these is set. */
	bool starved; /* there was no memory for replies */
	bool freeing; /* a callback has freed the session */

	/* session_run_due() may have something to do if one of these is set. */
	bool ended;    /* no more input will come */
	bool stopping; /* mailin_session_shutdown was called */
	bool in_chunk; /* reading the chunk of BDAT or BURL */
	bool decided;

	bool no_enhanced; /* the next reply has no enhanced code (RFC 2034 3) */

	/* The open decision, which the handler must make or has just made
	 * (calls.h).  If "waiting" is true, the handler returned PENDING.  If
	 * "decided" is true, "verdict" is set. */
	bool waiting;
	enum mailin_reply verdict;
	enum mailin_reply agreed; /* sent if the handler returns OK */
	const struct mailin_decision *decision; /* NULL: no decision is open */
	uint64_t token;
	uint64_t last_token;
	char *candidate;              /* a name or identity, not accepted yet */
	struct mailin_custom *custom; /* the last CUSTOM reply */

	struct mailin_line line;
	struct mailin_span command_line; /* the current command */
	enum mailin_verb verb;           /* the verb of the current command */
	enum mailin_domain_kind candidate_kind;
	uint64_t progress;
	uint64_t message_octets; /* octets of the message, before decoding */

	struct mailin_queue queue;
	uint64_t wait_for;  /* the client must wait until queue.sent is this */
	uint64_t tls_reply; /* octets queued before the 220 to STARTTLS */
	bool must_wait;     /* the client must wait for the next reply */
	bool early;         /* the client sent before it was allowed to */
	/* The cause of the next reply.  While "replying" is true, a refused
	 * command is being reported, and command_line is its line. */
	uint8_t cause; /* enum mailin_outcome_kind */
	bool replying;

	/* The current chunk of BDAT or BURL. */
	bool last_chunk;
	bool is_burl; /* the handler fetches the octets */
	union {
		uint64_t chunk_left; /* octets that are still to come */
		/* Before the session opens: how much of the PROXY header was
		 * read. */
		struct mailin_proxy_progress proxy_progress;
	};
	uint64_t discarded;

	enum mailin_verb helo_verb; /* HELO, EHLO or LHLO */
	enum mailin_domain_kind helo_kind;
	char *helo_name;
	char name_room[NAME_ROOM]; /* a short HELO name, or "" */
	char *identity;
	struct mailin_peer *peer;
	struct mailin_tls *tls;
	struct mailin_buffer *keywords; /* EHLO lines that the program added */

	/* These pointers are never NULL.  Until the session needs a block of
	 * its own, they point to shared empty blocks. */
	struct mailin_proxy_facts *proxy_facts;
	struct mailin_exchange *auth;
	struct mailin_transaction *transaction;

	/* Counters that the limits apply to. */
	uint32_t errors, junk, refused_rcpts;
	uint32_t auth_failures, transactions;

	/* The reply to a refused BDAT.  This member is here to fill a gap in
	 * the struct. */
	enum mailin_reply chunk_error;
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

/* Must a PROXY header come first? */
static inline bool
session_expects_proxy(const struct mailin_session *session)
{
	return session->state == STATE_PROXY ||
	    session->state == STATE_PROXY_TLS;
}

/* Must a TLS handshake come next?  Octets in clear are then not read. */
static inline bool
session_expects_tls(const struct mailin_session *session)
{
	return session->state == STATE_TLS || session->state == STATE_TLS_FIRST;
}

/* Is the 220 to STARTTLS queued?  No octet in clear may follow it (RFC 3207
 * 4.2). */
static inline bool
session_awaits_handshake(const struct mailin_session *session)
{
	return session->state == STATE_TLS;
}

/* Do the next octets belong to a message, and not to a line? */
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
