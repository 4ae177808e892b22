/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Prints the library's table of states for proof/spin.py: each cell that
 * allows an event, with the states that the event leads to. */
#include <stdio.h>

#include "config/rules.h"

int
main(void)
{
	int state, event;

	for (state = STATE_NEW; state < STATE_COUNT; state++) {
		printf("state %s\n",
		    mailin_state_name((enum mailin_state)state));
		for (event = 0; event < EVENT_COUNT; event++) {
			struct mailin_rule rule = mailin_rule(
			    (enum mailin_state)state, (enum mailin_event)event);

			if (rule.yes == STATE_NONE)
				continue;
			printf("cell %s|%s|%s|%s\n",
			    mailin_state_name((enum mailin_state)state),
			    mailin_event_name((enum mailin_event)event),
			    mailin_state_name((enum mailin_state)rule.yes),
			    mailin_state_name((enum mailin_state)rule.no));
		}
	}
	return 0;
}
