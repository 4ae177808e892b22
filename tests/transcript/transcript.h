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

/* Where the client's stream is cut. */
enum split {
	SPLIT_WHOLE, /* where it waits for replies */
	SPLIT_LINES,
	SPLIT_OCTETS,
	SPLIT_CUT /* in two, at one place */
};

/* How a transcript is played. */
enum edge {
	EDGE_NONE,
	EDGE_AFTER, /* an unmapped page follows the octets */
	EDGE_BEFORE /* or is right before them */
};

/*
 * What goes otherwise than the transcript says, at callback, decision or
 * allocation number "at", from 1.  From then on its replies and events are not
 * compared any more, except after LATER, which changes nothing.
 */
enum change {
	CHANGE_NOTHING,
	CHANGE_LATER,    /* the decision is PENDING, then as it is */
	CHANGE_FAIL,     /* the decision refuses */
	CHANGE_CLOSE,    /* the decision ends the session */
	CHANGE_FREE,     /* the callback frees the session */
	CHANGE_MEMORY,   /* the allocation fails */
	CHANGE_MEMORY_ON /* and all after it */
};

struct mode {
	enum split split;
	bool later;   /* all verdicts come by resume */
	size_t cut;   /* SPLIT_CUT: octets before the cut */
	size_t drain; /* send so many octets at once; 0: all */
	enum edge edge;
	enum change change;
	uint64_t at;
};

/* What has happened so far, in all sessions of the transcript. */
struct run {
	struct mode mode;
	uint64_t octets; /* offered */
	uint64_t callbacks, decisions, allocations;
	size_t blocks;    /* allocated, and not freed */
	bool counts;      /* allocations are counted */
	bool has_changed; /* the change has been made */
	bool must_close;  /* by what the decision was about */
};

struct transcript {
	const char *path;
	struct run run;
	struct mailin_config *config;
	enum stage stage;
	bool has_handler, has_events, has_delivered, traces, tls, proxy;
	bool tls_expected;   /* the session begins with a handshake */
	char *certificate;   /* the name in it; NULL: none */
	bool at_once, later; /* verdicts come only in this way */
	bool lacks_memory;   /* allocations fail in it */
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

/* An open decision. */
struct pending {
	uint64_t token;
	const struct verdict *verdict; /* NULL: "! resume" has it */
};

struct play {
	struct transcript *transcript;
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
	uint64_t octets; /* of the message, in calls of data */
	bool closed;     /* close was called */
	bool in_transaction,
	    ended; /* MAIL was accepted; its end was reported */
	bool ending;
	bool in_message; /* the callback is about a message */
};

/* Play a transcript.  Returns false, after a message to stdout, if the session
 * does something else. */
bool play_transcript(struct transcript *transcript, const struct mode *mode);

/* Play it in other ways, of each kind every n-th.  False if one goes wrong. */
bool vary_transcript(struct transcript *transcript, size_t n);
/* Print how many ways of each kind were played; with claims, if all were, as
 * the programs of proof/ do. */
void vary_print(bool claims, bool failed);

/* Report what is wrong at the current step: it is never right, or it is not
 * what the transcript says. */
void play_wrong(struct play *play, const char *format, ...) MAILIN_FORMAT(2, 3);
void play_fail(struct play *play, const char *format, ...) MAILIN_FORMAT(2, 3);
/* What holds even after a change: of replies, and at the end. */
void play_check_replies(struct play *play);
void play_check_changed(struct play *play);
/* Call in each callback.  The session may be freed then. */
void play_called(struct play *play);
/* Put the octets where the mode says; they are valid until the next call. */
const char *edge_octets(enum edge edge, const char *octets, size_t len);
void edge_leave(void);
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
