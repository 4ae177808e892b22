/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tries every verb in every state, in sessions: the result is what the table
 * says (src/config/rules.c), and nothing else changes (properties 15 to 26). */
#include <string.h>

#include "session/calls.h"
#include "support/rule_names.h"
#include "support/states.h"

static struct client client;

/* What the current session tests.  Messages of failure name it. */
static const struct stage *stage;
static const struct variant *variant;
static const struct command_line *line;

#define LINE_HOLDS(what) \
	do { \
		if (!(what)) \
			ck_abort_msg("%s, %s: \"%s\" is answered %d, then " \
				     "%s: not %s", \
			    variant->name, stage->name, \
			    suite_quote(mailin_span_of(line->text)), code, \
			    state_name(client.session->state), #what); \
	} while (0)

static int
send_line(const char *text)
{
	client_octets(&client, mailin_span_of(text));
	client_octets(&client, SPAN("\r\n"));
	return states_code(&client);
}

/* Call "check" for each line, in every variant and every stage that waits for a
 * command.  A short run leaves out some of the lines, different ones in each
 * stage. */
static void
each_line(const struct command_line *lines, size_t count, bool agree,
    void (*check)(void))
{
	const struct variant *last_variant = &variants[variants_count];
	const struct stage *last_stage = &stages[stages_count];
	size_t step = count > 1 ? suite_stride(9) : 1;
	int i;

	for (variant = variants; variant < last_variant; variant++)
		for (stage = stages; stage < last_stage; stage++)
			for (line = lines + (size_t)(stage - stages) % step;
			     line < lines + count; line += step) {
				states_enter(&client, stage, variant);
				for (i = 0; !agree && i < ON_DECISIONS; i++)
					client.answers[i] = MAILIN_REPLY_FAILED;
				if (states_at_command(stage, client.session))
					check();
				client_end(&client);
			}
}

/* The stages must include every state in which commands come. */
START_TEST(every_state_is_entered)
{
	bool entered[STATE_COUNT] = { false };
	size_t i;
	int state;

	for (i = 0; i < stages_count; i++) {
		states_enter(&client, &stages[i], &variants[0]);
		entered[client.session->state] = true;
		client_end(&client);
	}
	for (state = STATE_NEW; state < STATE_COUNT; state++)
		ck_assert_msg(entered[state], "%s",
		    state_name((enum mailin_state)state));
}
END_TEST

static bool
has_line(const struct command_line *lines, size_t count, int verb)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (lines[i].event == (enum mailin_event)verb)
			return true;
	return false;
}

/* The lines (tests/support/states.c) must include every verb. */
START_TEST(every_verb_has_a_good_and_a_bad_line)
{
	int verb;

	for (verb = 0; verb < MAILIN_VERB_COUNT; verb++) {
		const char *name = mailin_verb_name((enum mailin_verb)verb);

		ck_assert_msg(has_line(good_lines, good_lines_count, verb),
		    "%s has no line in good_lines", name);
		/* A bad BDAT ends the session. */
		ck_assert_msg(verb == MAILIN_VERB_BDAT ||
			has_line(bad_lines, bad_lines_count, verb),
		    "%s has no line in bad_lines", name);
	}
}
END_TEST

/* ---- The state after a line ---------------------------------------------- */

/* BDAT LAST is two events: the chunk, and the end of the message. */
static enum mailin_state
after(enum mailin_state before, bool yes)
{
	struct mailin_rule rule = mailin_rule(before, line->event);

	if (strstr(line->text, "LAST") != NULL && rule.yes != STATE_NONE)
		rule = mailin_rule((enum mailin_state)rule.yes, EVENT_END);
	return (enum mailin_state)(yes ? rule.yes : rule.no);
}

static void
check_next_state(void)
{
	enum mailin_state before = client.session->state;
	bool allowed = after(before, true) != STATE_NONE;
	int code = send_line(line->text);
	bool asked = *client_log(&client) != '\0';

	LINE_HOLDS(code >= 200);
	if (code < 400)
		LINE_HOLDS(
		    allowed && client.session->state == after(before, true));
	else if (asked ||
	    (allowed && before == STATE_CHUNKS_FAILED &&
		line->event == (enum mailin_event)MAILIN_VERB_BDAT))
		LINE_HOLDS(client.session->state == after(before, false));
	else
		LINE_HOLDS(client.session->state == before);
}

START_TEST(a_line_leads_where_the_table_says)
{
	each_line(good_lines, good_lines_count, true, check_next_state);
}
END_TEST

START_TEST(a_refused_line_leads_where_the_table_says)
{
	each_line(good_lines, good_lines_count, false, check_next_state);
}
END_TEST

/* ---- The reply ----------------------------------------------------------- */

static bool
needs(unsigned need)
{
	return (mailin_verbs[line->event].needs & need) != 0;
}

static bool
is_verb(enum mailin_verb verb)
{
	return line->event == (enum mailin_event)verb;
}

static bool
is_policy(enum mailin_policy policy, int value)
{
	return mailin_config_policy(client.config, policy) == value;
}

static bool
is_offered(void)
{
	if (line->event == (enum mailin_event)MAILIN_VERB_AUTH)
		return !is_policy(MAILIN_POLICY_AUTH, MAILIN_AUTH_OFF) &&
		    mailin_config_mechanism(client.config,
			MAILIN_MECHANISM_PLAIN);
	return variant->extensions_off == 0;
}

/* The client of a proxy may not use the commands of the proxy (threat V51). */
static bool
is_said_by_a_client_of_a_proxy(void)
{
	return (line->event == (enum mailin_event)MAILIN_VERB_XCLIENT ||
		   line->event == (enum mailin_event)MAILIN_VERB_XFORWARD) &&
	    (mailin_session_proxy(client.session) != NULL ||
		mailin_session_attribute(client.session, MAILIN_VERB_XCLIENT,
		    MAILIN_ATTRIBUTE_ADDR)
			.ptr != NULL);
}

/* Returns the error code that the RFCs require as the reply to a well-formed
 * line, or 0 if the session must carry out the line. */
static int
expected_error(enum mailin_state state)
{
	const struct mailin_session *session = client.session;
	bool lmtp = is_policy(MAILIN_POLICY_PROTOCOL, MAILIN_PROTOCOL_LMTP);
	bool allowed = mailin_rule(state, line->event).yes != STATE_NONE;

	if (state == STATE_REFUSED)
		return allowed ? 0 : 503;
	if (needs(lmtp ? NEEDS_SMTP : NEEDS_LMTP))
		return 500;
	if (is_offered() && is_said_by_a_client_of_a_proxy())
		return 550;
	if (needs(NEEDS_TLS) &&
	    is_policy(MAILIN_POLICY_TLS, MAILIN_TLS_REQUIRED))
		return 530;
	if (needs(NEEDS_IDENTITY) && session->identity == NULL &&
	    is_policy(MAILIN_POLICY_AUTH, MAILIN_AUTH_REQUIRED))
		return 530;
	if (line->event == EVENT_UNKNOWN)
		return 500;
	if (needs(NEEDS_OFFER) && !is_offered())
		return 502;
	if (!allowed)
		return !lmtp && state == STATE_MAIL &&
			session->transaction->rcpt_refused &&
			mailin_rule(STATE_RCPT, line->event).yes > STATE_RCPT &&
			mailin_rule(STATE_RCPT, line->event).yes <=
			    STATE_CHUNKS ?
		    554 :
		    503;
	if (needs(NEEDS_ESMTP) && session->helo_verb == MAILIN_VERB_HELO &&
	    !(is_policy(MAILIN_POLICY_SYNTAX, MAILIN_SYNTAX_RELAXED) &&
		(is_verb(MAILIN_VERB_AUTH) || is_verb(MAILIN_VERB_STARTTLS))))
		return 503;
	if (line->event != (enum mailin_event)MAILIN_VERB_AUTH)
		return 0;
	return session->identity != NULL                      ? 503 :
	    is_policy(MAILIN_POLICY_TLS, MAILIN_TLS_FOR_AUTH) ? 538 :
								0;
}

/* Returns true if the line begins a chunk of a message that has been refused
 * already. */
static bool
is_refused_chunk(enum mailin_state state)
{
	return state == STATE_CHUNKS_FAILED &&
	    (line->event == (enum mailin_event)MAILIN_VERB_BDAT ||
		line->event == (enum mailin_event)MAILIN_VERB_BURL);
}

static void
check_reply(void)
{
	enum mailin_state state = client.session->state;
	int error = expected_error(state), code;

	/* Skip lines whose result this test does not know: its handler does not
	 * support BURL, and the policy decides about SMTPUTF8. */
	if (line->event == (enum mailin_event)MAILIN_VERB_BURL && error == 0)
		return;
	if (variant->extensions_off != 0 && strstr(line->text, "SMTPUTF8"))
		return;
	code = send_line(line->text);
	if (is_refused_chunk(state) && error == 0)
		LINE_HOLDS(code == 554);
	else if (error != 0)
		LINE_HOLDS(code == error);
	else
		LINE_HOLDS(code < 400);
}

START_TEST(a_line_gets_the_reply_that_its_needs_and_the_order_ask_for)
{
	each_line(good_lines, good_lines_count, true, check_reply);
}
END_TEST

/* ---- What a line does not change ----------------------------------------- */

static bool
is_aside(void)
{
	switch ((int)line->event) {
	case MAILIN_VERB_NOOP:
	case MAILIN_VERB_VRFY:
	case MAILIN_VERB_EXPN:
	case MAILIN_VERB_HELP:
	case EVENT_UNKNOWN:
		return true;
	default:
		return false;
	}
}

static void
check_unchanged(void)
{
	struct snapshot before, after;
	int code;

	snapshot_take_all(&before, client.session);
	code = send_line(line->text);
	/* A refused RCPT changes one member: it makes the reply to DATA 554. */
	if (line->event == (enum mailin_event)MAILIN_VERB_RCPT)
		before.rcpt_refused = client.session->transaction->rcpt_refused;
	/* DATA begins a message, even if nothing follows. */
	if (line->event == (enum mailin_event)MAILIN_VERB_DATA)
		memcpy(&before.body, &client.session->transaction->body,
		    sizeof before.body);
	snapshot_take_all(&after, client.session);
	LINE_HOLDS(snapshot_equal(&before, &after));
}

static void
check_aside(void)
{
	if (is_aside())
		check_unchanged();
}

/* Side commands, such as VRFY, HELP and NOOP, change no state of a session
 * (property 17; RFC 5321 4.1.1.6 to 4.1.1.9). */
START_TEST(side_commands_change_nothing)
{
	each_line(good_lines, good_lines_count, true, check_aside);
	each_line(good_lines, good_lines_count, false, check_aside);
}
END_TEST

START_TEST(malformed_lines_change_nothing)
{
	each_line(bad_lines, bad_lines_count, true, check_unchanged);
}
END_TEST

static void
check_refused(void)
{
	if (line->event != (enum mailin_event)MAILIN_VERB_RSET &&
	    line->event != (enum mailin_event)MAILIN_VERB_QUIT &&
	    line->event != (enum mailin_event)MAILIN_VERB_AUTH &&
	    line->event != (enum mailin_event)MAILIN_VERB_XCLIENT &&
	    line->event != (enum mailin_event)MAILIN_VERB_XFORWARD &&
	    line->event != (enum mailin_event)MAILIN_VERB_BURL &&
	    line->event != (enum mailin_event)MAILIN_VERB_BDAT)
		check_unchanged();
}

/* A line that the handler refuses changes nothing, unless it begins a chunk
 * (property 19). */
START_TEST(refused_lines_change_nothing)
{
	each_line(good_lines, good_lines_count, false, check_refused);
}
END_TEST

/* ---- A chunk whose size cannot be read ----------------------------------- */

static void
check_bad_chunk(void)
{
	int code = send_line("BDAT x");

	LINE_HOLDS(code == 501);
	LINE_HOLDS(client.session->state == STATE_CLOSED);
	LINE_HOLDS(client_feed(&client, "QUIT\r\n", 6) == 0);
}

/* A chunk whose size cannot be read ends the session (property 11). */
START_TEST(a_bad_chunk_ends_the_session_in_every_state)
{
	each_line(good_lines, 1, true, check_bad_chunk);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		every_state_is_entered,
		every_verb_has_a_good_and_a_bad_line,
		a_line_leads_where_the_table_says,
		a_refused_line_leads_where_the_table_says,
		a_line_gets_the_reply_that_its_needs_and_the_order_ask_for,
		side_commands_change_nothing,
		malformed_lines_change_nothing,
		refused_lines_change_nothing,
		a_bad_chunk_ends_the_session_in_every_state,
	};

	return suite_run("states", tests, ROWS(tests));
}
