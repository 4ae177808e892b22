/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "config/data.h"
#include "session_world.h"

struct world world;
struct outcome outcome;

static bool is_begun;

/* ---- Memory -------------------------------------------------------------- */

struct block {
	size_t size; /* octets in the block, after this struct */
	size_t is_free;
};

/* Returns the first free block that is large enough, without splitting it, or a
 * new block. */
static void *
take(size_t size, void *user)
{
	struct block *block;
	size_t at;

	(void)user;
	if (!is_begun)
		return malloc(size);
	size = (size + 15) / 16 * 16;
	for (at = 0; at < world.used; at += sizeof *block + block->size) {
		block = (struct block *)(void *)(world.memory + at);
		if (block->is_free && block->size >= size)
			break;
	}
	if (at == world.used) {
		if (WORLD_ROOM - at < sizeof *block + size)
			abort();
		block = (struct block *)(void *)(world.memory + at);
		block->size = size;
		world.used += sizeof *block + size;
	}
	block->is_free = 0;
	world.blocks++;
	memset(block + 1, 0xa5, block->size);
	return block + 1;
}

static void
give(void *memory, void *user)
{
	(void)user;
	if (!is_begun) {
		free(memory);
		return;
	}
	((struct block *)memory - 1)->is_free = 1;
	world.blocks--;
}

struct mailin_allocator
world_allocator(void)
{
	return (struct mailin_allocator){ take, give, NULL };
}

struct world *
world_copy(void)
{
	size_t len = offsetof(struct world, memory) + world.used;
	struct world *copy = malloc(len);

	if (copy == NULL)
		abort();
	memcpy(copy, &world, len);
	return copy;
}

void
world_restore(const struct world *copy)
{
	memcpy(&world, copy, offsetof(struct world, memory) + copy->used);
}

/* ---- A session ----------------------------------------------------------- */

void
world_begin(const struct setup *setup, struct mailin_config *config)
{
	is_begun = true;
	memset(&world, 0, sizeof world);
	world.session = mailin_session_new(config, program_handler(setup),
	    NULL);
	if (world.session == NULL)
		abort();
	world.model.trusted = setup->trusts;
}

void
world_end(struct mailin_config *config)
{
	is_begun = false;
	mailin_config_free(config);
}

/* ---- Events -------------------------------------------------------------- */

/* Returns the keywords of a reply to EHLO: a bit for each extension, and one
 * for AUTH. */
static uint32_t
keywords(const char *line)
{
	int i;

	if (strncmp(line, "AUTH ", 5) == 0)
		return MAILIN_BIT_AUTH;
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++) {
		const char *name = mailin_extension_name(
		    (enum mailin_extension)i);
		size_t len = strlen(name);

		if (strncmp(line, name, len) == 0 &&
		    (line[len] == '\r' || line[len] == ' '))
			return UINT32_C(1) << i;
	}
	return 0;
}

/* Read the replies that were sent. */
static void
read_replies(void)
{
	struct record *record = &outcome.record;
	const char *line = outcome.text;

	outcome.text[outcome.len] = '\0';
	record->code_count = 0;
	record->offered = 0;
	while (*line != '\0') {
		if (strncmp(line, "250", 3) == 0)
			record->offered |= keywords(line + 4);
		if (line[3] == ' ' && record->code_count < 8)
			record->codes[record->code_count++] = (uint16_t)atoi(
			    line);
		line = strstr(line, "\r\n");
		if (line == NULL)
			abort();
		line += 2;
	}
}

void
world_drain(void)
{
	struct mailin_span out;

	while ((out = mailin_session_output(world.session)).len > 0) {
		if (out.len >= sizeof outcome.text - outcome.len)
			abort();
		memcpy(outcome.text + outcome.len, out.ptr, out.len);
		outcome.len += out.len;
		if (mailin_session_sent(world.session, out.len) != MAILIN_OK)
			abort();
	}
	read_replies();
}

/* The octets are overwritten after the call, because the session must not use
 * them any more. */
void
world_feed(const char *octets, size_t len)
{
	static char room[2048];

	if (len > sizeof room)
		abort();
	memcpy(room, octets, len);
	outcome.used += mailin_session_feed(world.session, room, len);
	memset(room, '#', len);
}

void
world_clear_outcome(void)
{
	memset(&outcome, 0, offsetof(struct outcome, text));
	outcome.text[0] = '\0';
	choices.made = 0;
}

bool
world_resume(unsigned which, enum verdict verdict)
{
	unsigned index = which == 0 ? 0 : world.token_count - 1u;
	uint64_t token = world.tokens[index];
	enum mailin_reply reply = program_reply(world.session, world.sasl,
	    verdict);

	world.token_count--;
	memmove(world.tokens + index, world.tokens + index + 1,
	    (world.token_count - index) * sizeof token);
	outcome.error = mailin_session_resume(world.session, token, reply);
	return outcome.error == MAILIN_OK;
}

static void
call(const struct event *event)
{
	static const struct mailin_tls tls = { .version = { "TLSv1.3", 7 } };
	static const struct mailin_peer peer = { .address = { "192.0.2.3",
						     9 } };
	struct mailin_session *session = world.session;
	enum mailin_error *error = &outcome.error;

	switch (event->act) {
	case ACT_EOF:
		*error = mailin_session_eof(session);
		break;
	case ACT_TIMED_OUT:
		*error = mailin_session_timed_out(session);
		break;
	case ACT_SHUTDOWN:
		*error = mailin_session_shutdown(session);
		break;
	case ACT_ABORT:
		*error = mailin_session_abort(session, MAILIN_CLOSE_ABORT);
		break;
	case ACT_TLS_FAILED:
		*error = mailin_session_abort(session, MAILIN_CLOSE_TLS);
		break;
	case ACT_TLS:
		*error = mailin_session_tls_started(session, &tls);
		break;
	case ACT_EXPECT_PROXY:
		*error = mailin_session_expect_proxy(session);
		break;
	case ACT_EXPECT_TLS:
		*error = mailin_session_expect_tls(session);
		break;
	case ACT_SET_PEER:
		*error = mailin_session_set_peer(session, &peer);
		break;
	case ACT_SET_EXTENSION:
		*error = mailin_session_set_extension(session,
		    MAILIN_EXTENSION_XCLIENT, true);
		break;
	case ACT_STALE:
		*error = mailin_session_resume(session, UINT64_MAX,
		    MAILIN_REPLY_OK);
		break;
	default:
		break;
	}
}

/* Returns true if the program makes this call before it takes the output for
 * the first time. */
static bool
is_before(enum act act)
{
	return act == ACT_TLS || act == ACT_TLS_FAILED ||
	    act == ACT_EXPECT_PROXY || act == ACT_EXPECT_TLS ||
	    act == ACT_SET_PEER || act == ACT_SET_EXTENSION || act == ACT_STALE;
}

void
world_run(const struct event *event)
{
	world_clear_outcome();
	if (event->act == ACT_FEED)
		world_feed(event->octets.ptr, event->octets.len);
	else if (event->act == ACT_RESUME)
		(void)world_resume(event->which, event->verdict);
	else
		call(event);
	if (!is_before(event->act))
		world_drain();
	else
		read_replies();
}
