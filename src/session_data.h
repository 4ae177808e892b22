/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SESSION_DATA_H
#define MAILIN_SRC_SESSION_DATA_H

#include <mailin/session.h>

#include "config_data.h"
#include "encode.h"
#include "line.h"
#include "queue.h"
#include "rare.h"
#include "rules.h"
#include "session_parts.h"

/* What the handler is asked. */
enum mailin_decision {
	DECIDE_NOTHING = 0,
	DECIDE_CONNECT, DECIDE_HELO, DECIDE_STARTTLS,
	DECIDE_AUTH, DECIDE_SASL,
	DECIDE_MAIL, DECIDE_RCPT, DECIDE_PARAMETER,
	DECIDE_DATA_START, DECIDE_DATA, DECIDE_BURL, DECIDE_DATA_END,
	DECIDE_VRFY, DECIDE_EXPN, DECIDE_HELP, DECIDE_ETRN,
	DECIDE_XCLIENT, DECIDE_VERB,
	DECIDE_COUNT
};

/* The extensions by which a proxy tells of its client: for whom the program
 * trusts, and not for whoever is behind that. */
#define WORDS_OF_PROXIES (MAILIN_BIT(MAILIN_EXTENSION_XCLIENT) | \
	MAILIN_BIT(MAILIN_EXTENSION_XFORWARD))

/* Room for a usual name of a client, with its NUL. */
#define NAME_ROOM 32

/*
 * Most sessions are idle, so this is kept small: what only some need, or only
 * from the first message on, is in blocks of its own.
 */
struct mailin_session {
	const struct mailin_config  *config;
	const struct mailin_handler *handler;    /* no shorter than ours */
	void                        *user;

	uint32_t                     extensions; /* that are on, a bit each */
	uint32_t                     offered;    /* and of use at present */
	enum mailin_state            state;
	uint8_t                      checks;     /* NEEDS_... to look at */
	bool                         calling;    /* a callback is running */
	bool                         asking;     /* one that decides */
	bool                         mute;       /* aborted: nobody listens */

	/* No step may begin. */
	bool                         starved;    /* no memory for a reply */
	bool                         freeing;    /* a callback has freed it */

	/* Something may be left to do behind a step (session_settle). */
	bool                         ended;      /* eof: no more input */
	bool                         stopping;   /* shutdown, when it may be */
	bool                         in_chunk;   /* of BDAT */
	bool                         answered;

	/* What is being decided, and the answer; or it was PENDING. */
	bool                         waiting;
	enum mailin_reply            answer;
	enum mailin_decision         decision;
	enum mailin_reply            agreed;     /* what OK stood for */
	enum mailin_domain_kind      candidate_kind;
	uint64_t                     token;
	uint64_t                     last_token;
	char                        *candidate;  /* name or identity, if yes */
	struct mailin_custom        *custom;     /* the reply formatted last */

	/* Input. */
	struct mailin_line           line;
	struct mailin_span           command_line; /* the one being run */
	enum mailin_event            event;        /* what it is */
	enum mailin_reply            chunk_error;  /* if it may not be */
	uint64_t                     progress;
	uint64_t                     message_octets; /* as they came */

	/* Output. */
	struct mailin_queue          queue;
	uint64_t                     wait_for;   /* first, before input */
	uint64_t                     tls_reply;  /* where the 220 begins */
	bool                         must_wait;  /* for the reply to event */
	bool                         early;      /* input came before it */

	/* BDAT: the chunk at hand. */
	bool                         last_chunk;
	bool                         is_burl;    /* no octets: ask for them */
	uint64_t                     chunk_left;
	uint64_t                     discarded;

	/* The client. */
	enum mailin_verb             greeting;   /* HELO, EHLO, LHLO */
	enum mailin_domain_kind      helo_kind;
	char                        *helo_name;
	char                         name_room[NAME_ROOM]; /* "": unused */
	char                        *identity;
	struct mailin_peer          *peer;
	struct mailin_tls           *tls;
	struct mailin_buffer        *keywords;   /* the program's, for EHLO */

	/* Never NULL: nothing in all of them until they are needed. */
	struct mailin_claims        *claims;
	struct mailin_exchange      *auth;
	struct mailin_transaction   *mail;

	/* Counters, for the limits. */
	uint32_t                     errors, junk, refused_rcpts;
	uint32_t                     auth_failures, transactions;
};

static inline const struct mailin_allocator *
session_allocator(const struct mailin_session *session)
{
	return &session->config->allocator;
}

static inline int
session_policy(const struct mailin_session *session,
    enum mailin_policy policy)
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

/* Over a limit of which 0 means none. */
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
	return (enum mailin_syntax)session_policy(session,
	    MAILIN_POLICY_SYNTAX);
}

static inline bool
session_offers(const struct mailin_session *session,
    enum mailin_extension extension)
{
	return (session->offered & MAILIN_BIT(extension)) != 0;
}

/* A PROXY header has to come first. */
static inline bool
session_expects_proxy(const struct mailin_session *session)
{
	return session->state == STATE_PROXY ||
	    session->state == STATE_PROXY_TLS;
}

/* A TLS handshake has to come next: no octet in clear is taken. */
static inline bool
session_expects_tls(const struct mailin_session *session)
{
	return session->state == STATE_TLS ||
	    session->state == STATE_TLS_FIRST;
}

/* The next octets are those of a message, not a line. */
static inline bool
session_in_message(const struct mailin_session *session)
{
	return session->state == STATE_DATA || session->in_chunk;
}

/* Count one, up to the most that there is. */
static inline void
session_count(uint32_t *counter)
{
	*counter += *counter < UINT32_MAX;
}

#endif
