/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_TRANSCRIPT_H
#define MAILIN_TESTS_TRANSCRIPT_H

#include <mailin.h>

/*
 * Session transcripts, as tests/transcripts/README describes them:
 *
 *	transcript.c  finds the files, plays each in every way, counts
 *	text.c        octets and their escapes
 *	read.c        turns a file into a struct transcript
 *	verdict.c     the server's side: verdicts and events
 *	handler.c     the callbacks
 *	play.c        the client's side: sends, waits, compares
 *	call.c        the lines with "!"
 */

/* A growing string of octets.  All zero is an empty one. */
struct text {
	char *octets;
	size_t len;
};

void text_free(struct text *text);
void text_add(struct text *text, const char *octets, size_t len);
void text_add_string(struct text *text, const char *string);
void text_add_span(struct text *text, struct mailin_span span);
void text_drop(struct text *text, size_t len);
bool text_equal(const struct text *text, const struct text *other);
/* Append the octets of a text in which escapes are written.  Returns false if
 * an escape is malformed. */
bool text_read(struct text *text, const char *written);
/* Returns the octets with escapes, for messages.  The result is valid until the
 * second call after this one. */
const char *text_show(const char *octets, size_t len);

/* What a callback returns. */
enum verdict_kind {
	VERDICT_REPLY,     /* "NO_MAILBOX" */
	VERDICT_CUSTOM,    /* "550 5.1.1 text" */
	VERDICT_CHALLENGE, /* "CHALLENGE octets" */
	VERDICT_IDENTITY   /* "IDENTITY name"; OK */
};

struct verdict {
	enum verdict_kind kind;
	enum mailin_reply reply;
	int code;
	char enhanced[16];
	struct text text;
};

/* A line such as "rcpt user@example.org = NO_MAILBOX". */
struct choice {
	char callback[20];
	char *argument; /* NULL: any argument */
	struct verdict verdict;
};

enum step_kind {
	STEP_CLIENT, /* C: and C- */
	STEP_SERVER, /* S: */
	STEP_EVENT,  /* E: */
	STEP_CALL    /* ! */
};

struct step {
	enum step_kind kind;
	unsigned line; /* line number in the file */
	bool restart;  /* "---" precedes it */
	struct text text;
};

/* The stage of a session at which a transcript begins. */
enum stage {
	STAGE_NOTHING,
	STAGE_GREETING,
	STAGE_HELO,
	STAGE_EHLO,
	STAGE_MAIL,
	STAGE_RCPT,
	STAGE_DATA
};

struct transcript {
	const char *path;
	struct mailin_config *config;
	enum stage stage;
	bool has_handler, has_events, has_delivered, traces, tls, proxy;
	bool tls_expected;   /* the session begins with a handshake */
	char *certificate;   /* the name in it; NULL: none */
	bool at_once, later; /* verdicts come only in this way */
	bool has_memory;     /* false: allocations fail */
	char *peer;
	char *trusted; /* the address of a proxy; NULL: none */
	char *authcid, *password;
	struct choice *choices;
	size_t choice_count;
	struct step *steps;
	size_t step_count;
};

/* Read a transcript.  Returns false, after a message to stderr, if the file is
 * malformed. */
bool transcript_read(struct transcript *transcript, const char *path);
void transcript_free(struct transcript *transcript);
bool verdict_read(struct verdict *verdict, const char *written);

/* Where the client's stream is cut. */
enum split {
	SPLIT_WHOLE, /* only where it waits for replies */
	SPLIT_LINES,
	SPLIT_OCTETS
};

/* An open decision. */
struct pending {
	uint64_t token;
	const struct verdict *verdict; /* NULL: "! resume" has it */
};

struct play {
	struct transcript *transcript;
	enum split split;
	bool later; /* all verdicts come by resume */
	bool failed;
	const struct step *step; /* the current step */

	struct mailin_handler handler;
	struct mailin_session *session;
	struct text held;     /* input that the session did not take */
	struct text received; /* output that no S: line has matched */
	struct pending pending[1024];
	size_t pending_count;

	struct text *events;
	size_t event_count, event_next;
	uint64_t octets; /* message octets delivered */
	bool closed;     /* close was called */
	bool in_transaction,
	    ended; /* MAIL was accepted; its end was reported */
	bool ending;
};

/* Play a transcript.  Returns false, after a message to stdout, if the session
 * does something else. */
bool play_transcript(struct transcript *transcript, enum split split,
    bool later);

/* Report what is wrong at the current step. */
void play_fail(struct play *play, const char *format, ...) MAILIN_FORMAT(2, 3);
void play_client(struct play *play, const char *octets, size_t len);
void play_call(struct play *play, const char *call);
/* Take all output that is to be sent. */
void play_drain(struct play *play);
/* Give the verdicts that were postponed. */
void play_settle(struct play *play);
void play_resume(struct play *play, uint64_t token,
    const struct verdict *verdict);

void play_handler(const struct transcript *transcript,
    struct mailin_handler *handler);
void play_event(struct play *play, const char *format, ...) MAILIN_FORMAT(2, 3);
/* Log octets of a message.  Consecutive octets are one event, however they are
 * cut. */
void play_event_data(struct play *play, struct mailin_span octets);
const struct verdict *play_verdict(const struct play *play,
    const char *callback, struct mailin_span argument);
/* Returns the reply of a verdict; formats a custom reply. */
enum mailin_reply play_format(struct play *play, const struct verdict *verdict);
/* Return the reply now, or PENDING, and keep the verdict for play_settle. */
enum mailin_reply play_answer(struct play *play, const struct verdict *verdict);
enum mailin_reply play_decide(struct play *play, const char *callback,
    struct mailin_span argument);

#endif
