/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_FUZZ_SESSION_PLAN_H
#define MAILIN_FUZZ_SESSION_PLAN_H

#include "session_check.h"

/*
 * The meaning of the first octets of an input: the configuration of the server,
 * the decisions of its handler, and when the client reads.  If all octets are
 * zero, the server has the library's defaults, the handler agrees to
 * everything, and the client reads after each line.
 */

#define PLAN_LEN 40

/* The octets of the head, in order. */
struct plan_head {
	uint8_t policies[7];   /* the value of each policy (enum mailin_policy)
	                          except RECEIVED_USER */
	uint8_t extensions[4]; /* a bit for each extension whose default is
				  inverted */
	uint8_t mechanisms;    /* a bit for each SASL mechanism of the library;
				  0x80: the program adds its own mechanism */
	uint8_t limits[6];     /* the values of limits: see session_plan.c */
	uint8_t start;         /* a set of the START_ bits below */
	uint8_t memory;        /* 1: the first allocation fails; 2: the second
				  one, and so on; 0: none fails */
	uint8_t refuse;        /* n: the handler refuses data after n - 1
				  octets; 0: it refuses no data */
	uint8_t refusal;       /* the verdict that refuses data */
	uint8_t verdicts[8];   /* the verdicts of the decisions; after the last
				  one, the first one follows again */
	uint8_t reads[6];      /* an enum read for each line; after the last
				  one, the first one follows again */
	uint8_t cuts[4];       /* the length of each piece, minus one; after
				  the last one, the first one follows again */
};

#define START_TLS       0x01 /* TLS from the first octet */
#define START_PROXY     0x02 /* a PROXY header is expected */
#define START_DRAIN     0x04 /* the client waits for the greeting */
#define START_DATA      0x08 /* the verdict on data is PENDING at first */
#define START_PEER      0x10
#define START_SILENT    0x20 /* a handler whose only callback is trace */
#define START_TLS_FIRST 0x40 /* TLS comes first, or after a PROXY header */

/* The program's action when it may send output.  A value that is not listed
 * here means READ_ALL. */
enum read {
	READ_ALL = 0,
	READ_NOTHING = 20, /* 20 to 23: send nothing, and feed more input */
	READ_HALF = 24,
	READ_SHUTDOWN,
	READ_TIMED_OUT,
	READ_EOF,
	READ_ABORT,
	READ_TLS_FAILED,
	READ_SHOWN /* look at the output, but do not send it */
};

#define READ_NO_TLS 0x20 /* no handshake when the session wants TLS */

/* Returns NULL only if memory is exhausted. */
struct mailin_config *plan_config(const struct plan_head *head,
    const struct mailin_allocator *allocator);

/* Returns true if both heads have the same configuration. */
bool plan_same_config(const struct plan_head *a, const struct plan_head *b);

enum verdict_way {
	VERDICT_AT_ONCE,
	VERDICT_LATER, /* PENDING, then resume */
	VERDICT_INSIDE /* resume, then PENDING */
};

enum verdict_way plan_way(uint8_t verdict);
/* plan_reply() returns the reply of the verdict.  If plan_has_text() returns
 * true, this is a custom reply, and text is its text. */
bool plan_has_text(uint8_t verdict);
enum mailin_reply plan_reply(uint8_t verdict, struct mailin_session *session,
    struct mailin_span text);

/* Returns a verdict that refuses.  The argument chooses which one. */
uint8_t plan_refusal(uint8_t verdict);

#endif
