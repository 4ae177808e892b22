/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_SESSION_PLAN_H
#define MAILIN_FUZZ_SESSION_PLAN_H

#include "session_check.h"

/*
 * What the first octets of an input mean: the server's configuration, what its
 * handler answers, and when the client reads.  All zero is a server as the
 * library's defaults make it, a handler that agrees to everything, and a
 * client that reads after each line.
 */

#define PLAN_LEN 40

/* The octets of the head, in order. */
struct plan_head {
	uint8_t policies[7];   /* enum mailin_policy: the value */
	uint8_t extensions[4]; /* a bit each that is not as by default */
	uint8_t mechanisms;    /* a bit each; 0x80: one of the program's own */
	uint8_t limits[6];     /* see session_plan.c */
	uint8_t start;         /* START_ */
	uint8_t memory;        /* allocation that fails; 0: none */
	uint8_t refuse;        /* data: refuse behind so many octets; 0: no */
	uint8_t refusal;       /* with this verdict */
	uint8_t verdicts[8];   /* one decision after another, round and round */
	uint8_t reads[6];      /* the same behind each LF: READ_ */
	uint8_t cuts[4];       /* the same, octets of a piece, less one */
};

#define START_TLS    0x01 /* implicit */
#define START_PROXY  0x02 /* a PROXY header is expected */
#define START_DRAIN  0x04 /* the client waits for the greeting */
#define START_DATA   0x08 /* the verdict on data is PENDING at first */
#define START_PEER   0x10
#define START_SILENT 0x20 /* a handler without callbacks but trace */
#define START_TLS_FIRST 0x40 /* TLS is expected, behind the header if any */

/* What the application does at a send point; else all is sent. */
enum read {
	READ_ALL     = 0,
	READ_NOTHING = 20,  /* to 23: it goes on with input */
	READ_HALF    = 24,
	READ_SHUTDOWN,
	READ_TIMED_OUT,
	READ_EOF,
	READ_ABORT,
	READ_TLS_FAILED,
	READ_SHOWN          /* looked at, not sent */
};

#define READ_NO_TLS 0x20    /* no handshake, where it is waited for */

/* NULL only if memory is gone. */
struct mailin_config *plan_config(const struct plan_head *head,
    const struct mailin_allocator *allocator);

enum verdict_way {
	VERDICT_AT_ONCE,
	VERDICT_LATER,   /* PENDING, then resume */
	VERDICT_INSIDE   /* resume, then PENDING */
};

enum verdict_way plan_way(uint8_t verdict);
/* The reply that it asks for; text is what a custom one says, if it is that. */
bool plan_has_text(uint8_t verdict);
enum mailin_reply plan_reply(uint8_t verdict, struct mailin_session *session,
    struct mailin_span text);

/* Make of it one that refuses. */
uint8_t plan_refusal(uint8_t verdict);

#endif
