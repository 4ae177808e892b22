/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_PROOF_SESSION_WORLD_H
#define MAILIN_PROOF_SESSION_WORLD_H

#include "session.h"

/* A session and its program.  All memory of the session is in one block at one
 * address, so that a copy of that block is a copy of the session. */
#define WORLD_ROOM ((size_t)1 << 15)

struct world {
	struct mailin_session *session; /* NULL: freed */
	size_t used;                    /* octets of memory[] that are in use */
	size_t blocks;                  /* blocks that are not freed */
	uint64_t tokens[RECIPIENTS];    /* the tokens of decisions that are
					   PENDING */
	uint8_t sasl; /* the pending decision is a step of SASL */
	uint8_t token_count;
	uint8_t is_live; /* a transaction has begun and has not ended */
	uint8_t closes;  /* calls of the callback "close" */
	struct model model;
	_Alignas(16) char memory[WORLD_ROOM];
};

extern struct world world;

/* What the session did in the last event: its output, and its calls of the
 * handler. */
struct outcome {
	struct record record;
	size_t used;             /* octets that mailin_session_feed() read */
	size_t handed_on;        /* octets of a message given to the handler */
	enum mailin_error error; /* the result of a call of the program */
	bool is_shown; /* there was output while a handshake was awaited */
	size_t len;
	char text[2048]; /* the replies */
};

extern struct outcome outcome;

/* The decisions of the program, in order.  The first "given" ones are taken
 * from "verdicts"; all later ones are YES.  The program stores in "made" how
 * many decisions there were, and in "verdicts" which ones. */
#define MOST_CHOICES 6

struct choices {
	uint8_t verdicts[MOST_CHOICES];
	uint8_t kinds[MOST_CHOICES]; /* how many verdicts were possible for each
					decision */
	unsigned given, made;
	bool may_wait; /* PENDING is possible */
	bool all_wait; /* each decision is PENDING */
	bool few;      /* the only verdicts are yes and no */
};

extern struct choices choices;

/* Begin a new session. */
void world_begin(const struct setup *setup, struct mailin_config *config);
/* Free the config.  No session may be used after this. */
void world_end(struct mailin_config *config);
/* Carry out the event, and send all output. */
void world_run(const struct event *event);
/* The parts of world_run().  world_resume() returns false if
 * mailin_session_resume() fails. */
void world_feed(const char *octets, size_t len);
void world_drain(void);
void world_clear_outcome(void);
bool world_resume(unsigned which, enum verdict verdict);
/* Set choices to the next sequence of decisions.  Returns false after the last
 * sequence. */
bool choices_next(void);

/* session_program.c */
const struct mailin_handler *program_handler(const struct setup *setup);
enum mailin_reply program_reply(struct mailin_session *session, bool is_sasl,
    enum verdict verdict);

struct mailin_allocator world_allocator(void);

/* Returns a copy of the world, which the caller frees. */
struct world *world_copy(void);
void world_restore(const struct world *copy);

extern const char verdict_names[VERDICT_COUNT][12];
extern const char on_names[ON_CLOSE + 1][12];

#endif
