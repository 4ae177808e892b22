/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * For tests/tree/rcpt_calls.sh.  The compiler makes each function of the
 * library, inline or not, report when it begins and ends.  This program plays a
 * session to its first RCPT.  It prints the functions that are being called in
 * the callback "rcpt", and in the callback "trace" that shows the reply: a line
 * for each callback, with the addresses of the functions.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <mailin.h>

#define STACK_ROOM 64

static void *stack[STACK_ROOM];
static size_t depth;
static bool has_decided;

void __cyg_profile_func_enter(void *function, void *caller);
void __cyg_profile_func_exit(void *function, void *caller);

void
__cyg_profile_func_enter(void *function, void *caller)
{
	(void)caller;
	if (depth < STACK_ROOM)
		stack[depth] = function;
	depth++;
}

void
__cyg_profile_func_exit(void *function, void *caller)
{
	(void)function;
	(void)caller;
	depth--;
}

static void
print_stack(const char *callback)
{
	size_t i;

	printf("%s", callback);
	for (i = 0; i < depth && i < STACK_ROOM; i++)
		printf(" %" PRIxPTR, (uintptr_t)stack[i]);
	printf("\n");
}

static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session;
	(void)rcpt;
	(void)user;
	print_stack("rcpt");
	has_decided = true;
	return MAILIN_REPLY_OK;
}

static void
on_trace(struct mailin_session *session, enum mailin_direction direction,
    struct mailin_span line, void *user)
{
	(void)session;
	(void)line;
	(void)user;
	if (has_decided && direction == MAILIN_TRACE_OUT)
		print_stack("reply");
}

static void
feed(struct mailin_session *session, const char *line)
{
	struct mailin_span out;

	(void)mailin_session_feed(session, line, strlen(line));
	out = mailin_session_output(session);
	(void)mailin_session_sent(session, out.len);
}

int
main(void)
{
	static const struct mailin_handler handler = {
		.size = sizeof handler,
		.rcpt = on_rcpt,
		.trace = on_trace,
	};
	struct mailin_config *config = mailin_config_new("server.example");
	struct mailin_session *session = mailin_session_new(config, &handler,
	    NULL);

	if (session == NULL)
		return 1;
	(void)mailin_session_sent(session, mailin_session_output(session).len);
	feed(session, "EHLO client.example\r\n");
	feed(session, "MAIL FROM:<a@client.example>\r\n");
	feed(session, "RCPT TO:<b@server.example>\r\n");
	has_decided = false;
	mailin_session_free(session);
	mailin_config_free(config);
	return 0;
}
