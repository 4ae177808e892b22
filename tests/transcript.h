/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_TRANSCRIPT_H
#define MAILIN_TESTS_TRANSCRIPT_H

#include <mailin.h>

/*
 * Session transcripts, as tests/transcripts/README describes them:
 *
 *	transcript.c          finds them, plays each in every way, counts
 *	transcript_text.c     octets, and how they are written
 *	transcript_read.c     a file becomes a struct transcript
 *	transcript_verdict.c  the server's side: verdicts, events
 *	transcript_handler.c  its callbacks
 *	transcript_play.c     the client's side: octets in, replies out
 *	transcript_call.c     the lines with "!"
 */

/* Octets that grow; all zero is an empty one. */
struct text {
	char  *octets;
	size_t len;
};

void text_free(struct text *text);
void text_add(struct text *text, const char *octets, size_t len);
void text_add_string(struct text *text, const char *string);
void text_add_span(struct text *text, struct mailin_span span);
void text_drop(struct text *text, size_t len);
bool text_equal(const struct text *text, const struct text *other);
/* Add what is written, with its escapes read; false if they are malformed. */
bool text_read(struct text *text, const char *written);
/* The other way, for messages; it lives until the second call after. */
const char *text_show(const char *octets, size_t len);

/* What a callback answers. */
enum verdict_kind {
	VERDICT_REPLY,       /* "NO_MAILBOX" */
	VERDICT_CUSTOM,      /* "550 5.1.1 text" */
	VERDICT_CHALLENGE,   /* "CHALLENGE octets" */
	VERDICT_IDENTITY     /* "IDENTITY name", and OK */
};

struct verdict {
	enum verdict_kind kind;
	enum mailin_reply reply;
	int               code;
	char              enhanced[16];
	struct text       text;
};

/* "rcpt user@example.org = NO_MAILBOX" */
struct choice {
	char           callback[20];
	char          *argument;       /* NULL: any */
	struct verdict verdict;
};

enum step_kind {
	STEP_CLIENT,    /* C: and C- */
	STEP_SERVER,    /* S: */
	STEP_EVENT,     /* E: */
	STEP_CALL       /* ! */
};

struct step {
	enum step_kind kind;
	unsigned       line;           /* of the file */
	bool           restart;        /* "---" stands before it */
	struct text    text;
};

/* How far a session has come where a transcript begins. */
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
	const char           *path;
	struct mailin_config *config;
	enum stage            stage;
	bool                  has_handler, has_events, traces, tls, proxy;
	bool                  tls_expected;    /* it is still to come */
	char                 *certificate;     /* whose it is; NULL: none */
	bool                  at_once, later;  /* the verdicts may be so */
	bool                  has_memory;      /* of the config's allocator */
	char                 *peer;
	char                 *trusted; /* the address of a proxy; NULL: none */
	char                 *authcid, *password;
	struct choice        *choices;
	size_t                choice_count;
	struct step          *steps;
	size_t                step_count;
};

/* A message to stderr and false if the file is no transcript. */
bool transcript_read(struct transcript *transcript, const char *path);
void transcript_free(struct transcript *transcript);
bool verdict_read(struct verdict *verdict, const char *written);

/* Where the stream of the client is cut. */
enum split {
	SPLIT_WHOLE,    /* where it waits for replies */
	SPLIT_LINES,
	SPLIT_OCTETS
};

/* A decision that is waited for. */
struct pending {
	uint64_t              token;
	const struct verdict *verdict; /* NULL: of a later "! resume" */
};

struct play {
	struct transcript       *transcript;
	enum split               split;
	bool                     later;     /* all verdicts come by resume */
	bool                     failed;
	const struct step       *step;      /* the one at hand */

	struct mailin_handler    handler;
	struct mailin_session   *session;
	struct text              held;      /* offered, not yet taken */
	struct text              received;  /* not yet expected */
	struct pending           pending[1024];
	size_t                   pending_count;

	struct text             *events;
	size_t                   event_count, event_next;
	uint64_t                 octets;    /* of the message, handed on */
	bool                     closed;    /* the callback has come */
	bool                     ending;
};

/* Play it; false, and a message to stdout, if it goes otherwise. */
bool play_transcript(struct transcript *transcript, enum split split,
    bool later);

/* Say what is wrong at the step at hand. */
void play_fail(struct play *play, const char *format, ...)
    MAILIN_FORMAT(2, 3);
void play_client(struct play *play, const char *octets, size_t len);
void play_call(struct play *play, const char *call);
/* Take all that is to be sent. */
void play_drain(struct play *play);
/* Give the verdicts that were put off. */
void play_settle(struct play *play);
void play_resume(struct play *play, uint64_t token,
    const struct verdict *verdict);

void play_handler(const struct transcript *transcript,
    struct mailin_handler *handler);
void play_event(struct play *play, const char *format, ...)
    MAILIN_FORMAT(2, 3);
/* Octets of a message: in a row they are one event, however they come. */
void play_event_data(struct play *play, struct mailin_span octets);
const struct verdict *play_verdict(const struct play *play,
    const char *callback, struct mailin_span argument);
/* The reply that a verdict is, formatted now. */
enum mailin_reply play_format(struct play *play,
    const struct verdict *verdict);
/* Answer at once, or keep the verdict for play_settle. */
enum mailin_reply play_answer(struct play *play,
    const struct verdict *verdict);
enum mailin_reply play_decide(struct play *play, const char *callback,
    struct mailin_span argument);

#endif
