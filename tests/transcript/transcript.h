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

/* A growing string of octets.  If all members are zero, it is empty. */
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

/* The result of a callback. */
enum verdict_kind {
	VERDICT_REPLY,     /* "NO_MAILBOX" */
	VERDICT_CUSTOM,    /* "550 5.1.1 text" */
	VERDICT_CHALLENGE, /* "CHALLENGE octets" */
	VERDICT_IDENTITY   /* "IDENTITY name": accepts */
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
	bool is_used; /* a callback has returned the verdict */
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
	bool restart;  /* "---" is the line before it */
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

/* The places at which a transcript cuts the client's stream. */
enum split {
	SPLIT_WHOLE, /* each piece ends where the client waits for replies */
	SPLIT_LINES,
	SPLIT_OCTETS,
	SPLIT_CUT /* the stream is cut in two, at one place */
};

/* The memory around the octets of a feed. */
enum edge {
	EDGE_NONE,
	EDGE_AFTER, /* an unmapped page follows the octets */
	EDGE_BEFORE /* an unmapped page precedes the octets */
};

/*
 * A change: what differs from the transcript, at the callback, decision or
 * allocation whose number, counted from 1, is "at".  After a change, replies
 * and events are not compared with the transcript, except after LATER, which
 * must change nothing.
 */
enum change {
	CHANGE_NOTHING,
	CHANGE_LATER,    /* the decision is PENDING at first */
	CHANGE_FAIL,     /* the decision refuses */
	CHANGE_CLOSE,    /* the decision ends the session */
	CHANGE_FREE,     /* the callback frees the session */
	CHANGE_MEMORY,   /* the allocation fails */
	CHANGE_MEMORY_ON /* the allocation and all after it fail */
};

/* One way to play a transcript. */
struct mode {
	enum split split;
	bool later;   /* mailin_session_resume gives all verdicts */
	size_t cut;   /* SPLIT_CUT: octets before the cut */
	size_t drain; /* maximum length of output read at once; 0: any */
	enum edge edge;
	enum change change;
	uint64_t at;
};

/* Counters over all sessions of the transcript. */
struct run {
	struct mode mode;
	uint64_t octets; /* octets that were offered to the session */
	uint64_t callbacks, decisions, allocations;
	size_t blocks;    /* blocks of memory that are in use */
	bool counts;      /* allocations are counted */
	bool has_changed; /* the change has been made */
	bool must_close;  /* after CHANGE_CLOSE */
};

struct transcript {
	const char *path;
	struct run run;
	struct mailin_config *config;
	enum stage stage;
	bool has_handler, has_events, has_delivered, traces, tls, proxy;
	bool tls_expected;   /* the session begins with a handshake */
	char *certificate;   /* the name in the client's certificate, or NULL */
	bool at_once, later; /* the verdicts must be given in this way */
	bool lacks_memory;   /* the transcript itself lets allocations fail */
	bool has_memory;     /* false: allocations fail */
	char *peer;
	char *trusted; /* the address of a trusted proxy, or NULL */
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

/* A pending decision: the callback has returned PENDING. */
struct pending {
	uint64_t token;
	const struct verdict *verdict; /* NULL: the line "! resume" has the
					  verdict */
};

struct play {
	struct transcript *transcript;
	bool failed;
	const struct step *step; /* the current step */

	struct mailin_handler handler;
	struct mailin_session *session;
	struct text held;     /* input that the session has not read */
	struct text received; /* output that no S: line has matched yet */
	struct pending pending[1024];
	size_t pending_count;

	struct text *events;
	size_t event_count, event_next;
	uint64_t octets;     /* octets of the message, given to "data" */
	bool closed;         /* the callback "close" was called */
	bool in_transaction; /* MAIL was accepted */
	bool ended;          /* "reset" or "delivered" was called */
	bool ending;
	bool in_message; /* inside a callback about a message */
};

/* Play a transcript.  Returns false, and prints why, if the session does
 * something else. */
bool play_transcript(struct transcript *transcript, const struct mode *mode);

/* Play a transcript as it is written, and then in other modes (struct mode):
 * cut in two, with other sizes of output, and with one change.  A cut is tried
 * at every n-th octet, and a change more often: at every n/8-th callback,
 * decision or allocation, n / 8 being rounded up.  Returns false if the
 * transcript fails in one of the modes. */
bool vary_transcript(struct transcript *transcript, size_t n);
/* Print how many modes of each kind were played.  If claims is true, all modes
 * were played, so print the result as a claim (proof/claim.h). */
void vary_print(bool claims, bool failed);

/* Report an error at the current step.  Call play_wrong if the session did
 * something that is never allowed, and play_fail if it only differs from the
 * transcript. */
void play_wrong(struct play *play, const char *format, ...) MAILIN_FORMAT(2, 3);
void play_fail(struct play *play, const char *format, ...) MAILIN_FORMAT(2, 3);
/* Check what must hold even after a change.  The first function checks the
 * replies, the second one the end of the session. */
void play_check_replies(struct play *play);
void play_check_changed(struct play *play);
/* Count a callback, and make the change if it belongs to this callback.  This
 * may free the session. */
void play_called(struct play *play);
/* Put the octets into the memory that "edge" describes.  They stay valid until
 * the next call. */
const char *edge_octets(enum edge edge, const char *octets, size_t len);
void edge_leave(void);
void play_client(struct play *play, const char *octets, size_t len);
void play_call(struct play *play, const char *call);
/* Send all output. */
void play_drain(struct play *play);
/* Give the verdicts that are pending. */
void play_settle(struct play *play);
void play_resume(struct play *play, uint64_t token,
    const struct verdict *verdict);

void play_handler(const struct transcript *transcript,
    struct mailin_handler *handler);
void play_event(struct play *play, const char *format, ...) MAILIN_FORMAT(2, 3);
/* Log octets of a message.  Octets that follow each other are one event, even
 * if they come in several pieces. */
void play_event_data(struct play *play, struct mailin_span octets);
const struct verdict *play_verdict(const struct play *play,
    const char *callback, struct mailin_span argument);
/* Returns the reply of a verdict.  If it is a custom reply, formats it. */
enum mailin_reply play_format(struct play *play, const struct verdict *verdict);
/* Return the reply of the verdict; or return PENDING, and keep the verdict for
 * play_settle. */
enum mailin_reply play_answer(struct play *play, const struct verdict *verdict);
enum mailin_reply play_decide(struct play *play, const char *callback,
    struct mailin_span argument);

#endif
