/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_CLIENT_STEPS_H
#define MAILIN_SRC_CLIENT_STEPS_H

#include <mailin/client.h>

/* The order of commands, and the codes of their replies, as a table.  Every
 * change of state is in it, except those by 421, by the end of the connection
 * and by the program. */

/* The states of mailin/client.h. */
enum mailin_client_state {
	CLIENT_NO_CHANGE = 0, /* the reply does not change the state; never a
				 current state */
	CLIENT_STARTING,
	CLIENT_FRESH,
	CLIENT_READY,
	CLIENT_MAIL,
	CLIENT_BODY,
	CLIENT_TLS,
	CLIENT_CHALLENGE,
	CLIENT_REFUSED,
	CLIENT_CLOSED
};

/* The code of a challenge (RFC 4954 6). */
#define CHALLENGE 334

#define CLIENT_BIT(number) (1u << (number))

struct mailin_client_row {
	char name[9];
	char verb[9];
	uint16_t states; /* a bit for each state that allows the command */
	uint16_t after;  /* a bit for each step that the command may follow
			    without a wait, if the server offers PIPELINING */
	uint16_t code;   /* the code of a positive reply */
	bool is_only;    /* no other positive code is allowed */
	uint8_t now;     /* the state after the command is queued */
	uint8_t yes;     /* the state after a positive reply */
	uint8_t no;      /* the state after a negative reply */
	uint8_t more;    /* the state after a 334; NO_CHANGE: the reply cannot
			    have this code */
};

extern const struct mailin_client_row mailin_client_rows[MAILIN_CLIENT_COUNT];

/* Returns true if a reply to the step may have this code. */
bool mailin_client_code_allowed(enum mailin_client_step step, int code);

#endif
