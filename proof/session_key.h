/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_PROOF_SESSION_KEY_H
#define MAILIN_PROOF_SESSION_KEY_H

#include "session_world.h"

/*
 * The abstraction: two sessions with the same key are one state of the search.
 * The key has each member of a session that a branch reads while no call runs
 * and all output is sent.
 *
 * These members are not in the key, because they influence nothing else:
 * tokens; the counters "progress" and "message_octets"; the octets of names,
 * addresses and stored lines; the room of buffers; the columns and facts of a
 * message (proof/decides.sh); "verdict", "agreed" and "custom", which each
 * decision sets; a stored line that has run; counters without a limit, and
 * discarded octets; how far a PROXY header was read, which depends on its
 * octets alone (fuzz/fuzz_proxy.c); and, while no decision is pending, "early",
 * "must_wait", "no_enhanced" and "verb", which each line sets.  This is tested,
 * too: sessions with the same key and different histories must do the same in
 * each event.
 */
struct key {
	struct model model;

	uint32_t extensions, offered, withdrawn, next_extensions;
	uint64_t chunk_left;
	uint32_t counter;
	uint8_t state, checks, mute, starved, ended, stopping;
	uint8_t in_chunk, last_chunk, is_burl, chunk_error;
	uint8_t waiting, decision, verb, early, must_wait, no_enhanced;
	uint8_t has_command_line, candidate, candidate_kind;
	uint8_t line_len, line_reason, line_skipping, line_after_cr;
	uint8_t awaits_silence;
	uint8_t helo_verb, helo_kind, has_name, has_identity;
	uint8_t has_tls, has_certificate, peer, first_peer;
	uint8_t has_header, xclient, xforward, proxy_has_tls, new_attributes;
	uint8_t next_identity;
	uint8_t mechanism, steps, has_username, is_failing, failure;
	uint8_t secret;

	/* The transaction. */
	uint8_t has_sender, rcpts, verdicts[RECIPIENTS];
	uint8_t body_state, body_refused, body_dots;
	uint8_t refusal, replies_sent, decided;
	uint8_t end_reported, utf8, binary, rcpt_refused, over_size;
	uint8_t accepted, closing;
};

void key_take(struct key *key, const struct setup *setup);
bool key_equal(const struct key *a, const struct key *b);
/* Returns true if the keys are equal except for counters.  A refused command
 * changes counters. */
bool key_same_but_counters(const struct key *a, const struct key *b);

/* Returns true if the transaction is equal, octet by octet, to that of a new
 * session. */
bool key_is_clear(const struct mailin_session *session);
/* Returns the state of the current session in the library's table. */
enum mailin_state key_state(void);

#endif
