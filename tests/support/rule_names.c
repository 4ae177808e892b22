/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "support/rule_names.h"

static const char *const states[STATE_COUNT] = {
	[STATE_NONE] = "-",
	[STATE_NEW] = "NEW",
	[STATE_PROXY] = "PROXY",
	[STATE_PROXY_TLS] = "PROXY-TLS",
	[STATE_START] = "START",
	[STATE_REFUSED] = "REFUSED",
	[STATE_READY] = "READY",
	[STATE_MAIL] = "MAIL",
	[STATE_RCPT] = "RCPT",
	[STATE_DATA] = "DATA",
	[STATE_CHUNKS] = "CHUNKS",
	[STATE_CHUNKS_FAILED] = "CHUNKS-FAILED",
	[STATE_AUTH] = "AUTH",
	[STATE_TLS] = "TLS",
	[STATE_TLS_FIRST] = "TLS-FIRST",
	[STATE_CLOSED] = "CLOSED",
};

/* The events that are not verbs. */
static const char *const events[EVENT_COUNT] = {
	[EVENT_UNKNOWN] = "(unknown)",
	[EVENT_CONNECT] = "(connect)",
	[EVENT_CHALLENGE] = "(challenge)",
	[EVENT_AUTH_END] = "(end of AUTH)",
	[EVENT_REFUSE] = "(message refused)",
	[EVENT_END] = "(end of message)",
	[EVENT_TLS] = "(handshake)",
	[EVENT_EXPECT_PROXY] = "(PROXY expected)",
	[EVENT_EXPECT_TLS] = "(TLS expected)",
	[EVENT_PROXY] = "(PROXY header)",
	[EVENT_CLOSE] = "(close)",
};

const char *
state_name(enum mailin_state state)
{
	return states[state];
}

const char *
event_name(enum mailin_event event)
{
	return events[event] != NULL ?
	    events[event] :
	    mailin_verb_name((enum mailin_verb)event);
}
