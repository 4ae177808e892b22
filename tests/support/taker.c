/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "support/taker.h"

static void
store(struct taker *taker, struct mailin_span octets)
{
	size_t i;

	memcpy(taker->octets + taker->len, octets.ptr, octets.len);
	taker->len += octets.len;
	taker->nul |= memchr(octets.ptr, '\0', octets.len) != NULL;
	for (i = 0; i < octets.len && !taker->eight_bit; i++)
		taker->eight_bit = (unsigned char)octets.ptr[i] > 127;
}

/* Check the facts about the octets so far, and their number. */
static void
check_facts(const struct taker *taker)
{
	struct mailin_facts facts = mailin_session_facts(taker->client.session);

	/* If the limit is reached, do not compare these facts: they may come
	 * from the octet after the limit, which is not delivered. */
	if (facts.octets != taker->len ||
	    (taker->len != taker->limit &&
		(facts.nul != taker->nul ||
		    facts.eight_bit != taker->eight_bit)))
		ck_abort_msg("other facts after %zu octets", taker->len);
	/* A policy that refuses bare newlines does not deliver them. */
	if (taker->rejects && (facts.bare_cr || facts.bare_lf))
		ck_abort_msg("a bare newline after %zu octets", taker->len);
}

static enum mailin_reply
resume_inside(struct mailin_session *session)
{
	if (mailin_session_resume(session, mailin_session_decision(session),
		MAILIN_REPLY_OK) != MAILIN_OK)
		ck_abort_msg("cannot resume inside");
	return MAILIN_REPLY_PENDING;
}

static enum mailin_reply
answer(struct taker *taker, struct mailin_session *session)
{
	if (taker->taking == TAKE_STALE && taker->calls == taker->at + 1)
		return MAILIN_REPLY_CUSTOM;
	if (taker->at != TAKER_EACH && taker->at != taker->calls)
		return MAILIN_REPLY_OK;
	switch (taker->taking) {
	case TAKE_REFUSE:
		return MAILIN_REPLY_FAILED;
	case TAKE_LATER:
		return MAILIN_REPLY_PENDING;
	case TAKE_RESUME:
		return resume_inside(session);
	case TAKE_FREE:
		mailin_session_free(session);
		taker->freed = true;
		return MAILIN_REPLY_OK;
	case TAKE_FORMAT:
	case TAKE_STALE:
		(void)mailin_session_reply(session, 554, "5.6.0", "unused");
		return MAILIN_REPLY_OK;
	case TAKE_ALL:
		break;
	}
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
take(struct mailin_session *session, struct mailin_span octets, void *user)
{
	struct taker *taker = user;

	if (mailin_session_feed(session, "x\r\n", 3) != 0)
		ck_abort_msg("fed from inside");
	if (octets.len == 0 || octets.len > sizeof taker->octets - taker->len)
		ck_abort_msg("%zu octets", octets.len);
	store(taker, octets);
	taker->calls++;
	check_facts(taker);
	return answer(taker, session);
}

static void
note_facts(struct client *client, enum on on)
{
	struct taker *taker = client->extra;

	if (on == ON_DATA_END || on == ON_RESET)
		taker->facts = mailin_session_facts(client->session);
}

static void
forget_message(struct taker *taker)
{
	taker->len = taker->calls = 0;
	taker->nul = taker->eight_bit = false;
	memset(&taker->facts, 0, sizeof taker->facts);
}

void
taker_start(struct taker *taker, const char *const settings[4])
{
	char name[32];
	size_t i;

	taker->rejects = false;
	client_init(&taker->client);
	client_set(&taker->client, "errors", "0");
	for (i = 0; settings != NULL && i < 4 && settings[i] != NULL; i++) {
		const char *value = strchr(settings[i], '=') + 1;

		snprintf(name, sizeof name, "%.*s",
		    (int)(value - settings[i]) - 1, settings[i]);
		client_set(&taker->client, name, value);
		taker->rejects |= strcmp(settings[i], TAKER_REJECTS) == 0;
	}
	taker->client.handler.data = take;
	taker->client.hook = note_facts;
	taker->client.extra = taker;
	taker->taking = TAKE_ALL;
	taker->limit = 0;
	taker->at = TAKER_EACH;
	taker->freed = false;
	forget_message(taker);
	client_begin(&taker->client);
	client_greet(&taker->client);
}

void
taker_end(struct taker *taker)
{
	if (taker->freed)
		taker->client.session = NULL;
	client_end(&taker->client);
}

static void
begin(struct taker *taker)
{
	forget_message(taker);
	client_envelope(&taker->client, 1);
}

void
taker_data(struct taker *taker)
{
	begin(taker);
	client_expect(&taker->client, "DATA", "354");
}

void
taker_chunk(struct taker *taker, size_t len)
{
	char line[40];

	begin(taker);
	snprintf(line, sizeof line, "BDAT %zu LAST", len);
	client_expect(&taker->client, line, "");
}

static void
resume(struct client *client)
{
	uint64_t token = mailin_session_decision(client->session);

	if (token != 0 &&
	    mailin_session_resume(client->session, token, MAILIN_REPLY_OK) !=
		MAILIN_OK)
		ck_abort_msg("cannot resume");
}

void
taker_feed(struct taker *taker, struct mailin_span octets, size_t feed)
{
	struct client *client = &taker->client;
	size_t at = 0, used, idle = 0;

	while (at < octets.len && !taker->freed) {
		used = client_feed(client, octets.ptr + at,
		    octets.len - at < feed ? octets.len - at : feed);
		at += used;
		if (taker->freed)
			break;
		/* handler.h: after PENDING no octets come until
		 * mailin_session_resume is called. */
		if (mailin_session_decision(client->session) != 0 &&
		    client_feed(client, "x", 1) != 0)
			ck_abort_msg("taken while it waits");
		resume(client);
		client_drain(client);
		idle = used > 0 ? 0 : idle + 1;
		if (idle > 1)
			break;
	}
}

void
taker_check(const struct taker *taker, const struct decoded *want, size_t most,
    const char *what)
{
	size_t len = want->len < most ? want->len : most;

	if (taker->len != len || memcmp(taker->octets, want->octets, len) != 0)
		ck_abort_msg("%s: %zu octets come, not %zu", what, taker->len,
		    len);
}
