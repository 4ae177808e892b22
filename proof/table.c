/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Prints the library's table of states for proof/spin.py: each cell that
 * allows an event, with the states that the event leads to. */
#include <stdio.h>

#include "support/rule_names.h"

int
main(void)
{
	int state, event;

	for (state = STATE_NEW; state < STATE_COUNT; state++) {
		printf("state %s\n", state_name((enum mailin_state)state));
		for (event = 0; event < EVENT_COUNT; event++) {
			struct mailin_rule rule = mailin_rule(
			    (enum mailin_state)state, (enum mailin_event)event);

			if (rule.yes == STATE_NONE)
				continue;
			printf("cell %s|%s|%s|%s\n",
			    state_name((enum mailin_state)state),
			    event_name((enum mailin_event)event),
			    state_name((enum mailin_state)rule.yes),
			    state_name((enum mailin_state)rule.no));
		}
	}
	return 0;
}
