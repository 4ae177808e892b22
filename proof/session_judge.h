/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_PROOF_SESSION_JUDGE_H
#define MAILIN_PROOF_SESSION_JUDGE_H

#include "session_key.h"

/* The claims, in the order in which they are printed. */
enum claim_of {
	CLAIM_STATE,
	CLAIM_REPLIES,
	CLAIM_CALLS,
	CLAIM_OCTETS,
	CLAIM_ENVELOPE,
	CLAIM_ENDS,
	CLAIM_ACCEPTED,
	CLAIM_CLEARED,
	CLAIM_UNCHANGED,
	CLAIM_CLEAR,
	CLAIM_TLS,
	CLAIM_XCLIENT,
	CLAIM_AUTH,
	CLAIM_WAIT,
	CLAIM_OFFER,
	CLAIM_COUNTERS,
	CLAIM_MISUSE,
	CLAIM_CLOSED,
	CLAIM_FREE,
	CLAIM_LATER,
	CLAIM_PIPELINED,
	CLAIM_EARLY,
	CLAIM_ALIKE,
	CLAIM_REACH,
	CLAIM_CELLS,
	CLAIMS
};

/* Count a case of the claim.  Store the first case that does not hold, and the
 * way to it. */
void hold(enum claim_of claim, bool holds, const char *what);

/* The event that is judged. */
struct judged {
	const struct setup *setup;
	const struct event
	    *event; /* if a decision was resumed: the event that asked for it */
	struct model base;    /* what the observer knew before the event */
	struct record record; /* the whole outcome of the event */
	struct expected expected;
	const struct key *before; /* the session before the event */
	struct key after;
	bool is_open, was_open; /* a decision is, or was, pending */
	bool resumes;
};

extern struct judged judged;

/* Returns the state of the library's table for this phase. */
enum mailin_state judge_state_of(enum phase phase);
unsigned judge_count(const struct record *record, enum on on);
/* session_forget.c: check that the session forgets all that it must forget, and
 * changes nothing that it must keep. */
void judge_forgotten(void);
/* session_rights.c: check AUTH, the offers of EHLO, the counters, misuse, and
 * the end. */
void judge_rights(void);

/* Judge the current event, and bring the observer up to date. */
void judge(const struct setup *setup, const struct event *event,
    const struct key *before);
/* Set the key of a session that has just opened inside TLS.  After STARTTLS, a
 * session is compared with it. */
void judge_set_fresh(const struct key *fresh);
/* End the session, and check that nothing of it remains. */
void judge_free(void);

/* session_ways.c: try the event again, with a later decision, and with a second
 * line in the same piece of input. */
void ways_try(const struct setup *setup, const struct world *from,
    const struct event *event);
/* Returns true if the event can be tried now. */
bool ways_is_tried(const struct setup *setup, const struct event *event);

/* session_cover.c: record the cell of the table that the judged event has
 * used. */
void cover_note(void);
/* At the end, report the cells that no event has used. */
void cover_end(void);

#endif
