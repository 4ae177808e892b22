/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The result does not depend on how the stream is cut (property 2). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/handler_log.h"

static struct client client, other;

struct script {
	const char *name;
	const char *settings[4]; /* "name=value" */
	struct mailin_span lines;
};

#define EHLO "EHLO c.example.org\r\n"
#define RCPT EHLO "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n"

/* clang-format off */
static const struct script scripts[] = {
	{ "commands", { "extensions=PIPELINING,EXPN,DSN" },
	    TEXT("JUNK\r\n" EHLO "NOOP x\r\nVRFY a\r\nEXPN a\r\nHELP\r\n"
	    "MAIL FROM:<a@b> SIZE=1\r\nRCPT TO:<c@d> NOTIFY=NEVER\r\nRSET\r\n"
	    "NO\rOP\r\nNO\0OP\r\n\r\nHELO c\r\nQUIT\r\nQUIT\r\n") },
	{ "a message", { NULL },
	    TEXT(RCPT "DATA\r\nS: x\r\n\r\n..\r\n.x\r\nx\xff\0\r\n"
	    ".\r\nQUIT\r\n") },
	{ "bare newlines, normalized", { NULL },
	    TEXT(RCPT "DATA\r\na\nb\rc\r\r\n.\nd\n.\r\n\r\n.\r\nQUIT\r\n") },
	{ "bare newlines, refused", { "bare-newline=reject" },
	    TEXT(RCPT "DATA\r\nab\r\nc\nd\r\n.\r\nRSET\r\nQUIT\r\n") },
	{ "bare newlines, kept", { "bare-newline=preserve" },
	    TEXT(RCPT "DATA\r\na\nb\rc\r\r\n.\n\r.\r\n.\r\nQUIT\r\n") },
	{ "a message too big", { "message-size=10" },
	    TEXT(RCPT "DATA\r\n0123456\n9\xff\0\r\nabc\r\n.\r\nQUIT\r\n") },
	{ "chunks", { NULL },
	    TEXT(RCPT "BDAT 4\r\na\r\n.BDAT 0\r\nNOOP\r\nBDAT 5 LAST\r\n"
	    "\r\n.\n\rQUIT\r\n") },
	{ "chunks too big", { "message-size=5" },
	    TEXT(RCPT "BDAT 4\r\nabcdBDAT 3\r\ne\xff\0BDAT 2 LAST\r\n"
	    "..QUIT\r\n") },
	{ "a stray chunk", { NULL },
	    TEXT(EHLO "BDAT 8\r\nQUIT\r\n\r\nNOOP\r\nQUIT\r\n") },
	{ "a bad chunk", { NULL }, TEXT(RCPT "BDAT 0x1\r\nQUIT\r\n") },
	{ "AUTH", { "mechanisms=PLAIN,LOGIN", "tls=optional" },
	    TEXT(EHLO "AUTH PLAIN\r\n*\r\nAUTH LOGIN\r\ndXNlcg==\r\n"
	    "c2VjcmV0\r\nAUTH PLAIN\r\nMAIL FROM:<a@b>\r\nQUIT\r\n") },
	{ "long lines", { "command-line=512", "auth-line=512" },
	    TEXT(EHLO "NOOP xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxQUIT\r\n"
	    "QUIT\r\n") },
	{ "a bare LF", { NULL }, TEXT(EHLO "MAIL FROM:<a@b>\nQUIT\r\n") },
	{ "HTTP", { NULL }, TEXT(EHLO "POST / HTTP/1.1\r\nHost: x\r\n") },
	{ "TLS in clear", { NULL }, TEXT(EHLO "\x16\x03\x01\x02\r\n") },
	{ "LMTP", { "protocol=lmtp" },
	    TEXT("HELO c\r\nLHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\n"
	    "RCPT TO:<a@b>\r\nDATA\r\n.\r\nQUIT\r\n") },
};
/* clang-format on */

/* The facts at the end of a message are part of the result. */
static void
log_facts(struct client *c, enum on on)
{
	struct mailin_facts facts = mailin_session_facts(c->session);
	char text[64];
	int len = snprintf(text, sizeof text, " (%u%s%s%s%s)",
	    (unsigned)facts.octets, facts.eight_bit ? " 8bit" : "",
	    facts.nul ? " NUL" : "", facts.bare_cr ? " CR" : "",
	    facts.bare_lf ? " LF" : "");

	if (on == ON_DATA_END || on == ON_RESET)
		pile_add(&c->log, text, (size_t)len);
}

static void
begin(struct client *c, const struct script *script)
{
	char name[32];
	size_t i;

	client_init(c);
	for (i = 0; i < 4 && script->settings[i] != NULL; i++) {
		const char *value = strchr(script->settings[i], '=') + 1;

		snprintf(name, sizeof name, "%.*s",
		    (int)(value - script->settings[i]) - 1,
		    script->settings[i]);
		client_set(c, name, value);
	}
	handler_log_trace(&c->handler);
	c->hook = log_facts;
	client_begin(c);
	client_drain(c);
}

/* Returns the length of the first line in "octets", with its LF. */
static size_t
line_length(struct mailin_span octets)
{
	const char *lf = memchr(octets.ptr, '\n', octets.len);

	return lf != NULL ? (size_t)(lf - octets.ptr) + 1 : octets.len;
}

/* Feed the octets in two pieces, cut at the offset "cut", without reading the
 * replies.  Returns how many octets the session has taken. */
static size_t
feed_cut(struct client *c, const char *octets, size_t len, size_t cut)
{
	size_t used = 0;

	if (cut > 0 && cut < len)
		used = client_feed(c, octets, cut);
	if (used < cut && cut < len)
		return used;
	return used + client_feed(c, octets + used, len - used);
}

/* Play the script, and read the replies after each line.  If in_line is true,
 * cut each line in two after "cut" octets.  Otherwise cut the whole stream
 * once, after "cut" octets.  SIZE_MAX cuts after every octet. */
static void
play(struct client *c, const struct script *script, size_t cut, bool in_line)
{
	struct mailin_span left = script->lines;
	size_t i, taken = 0, at = 0;

	begin(c, script);
	for (; left.len > 0; left.ptr += taken, left.len -= taken) {
		size_t len = line_length(left);

		if (cut == SIZE_MAX)
			for (i = taken = 0; i < len; i++)
				taken += client_feed(c, left.ptr + i, 1);
		else
			taken = feed_cut(c, left.ptr, len,
			    in_line      ? cut :
				cut > at ? cut - at :
					   0);
		at += taken;
		client_drain(c);
		if (taken == 0)
			break;
	}
}

struct outcome {
	struct pile log, out;
	enum mailin_want want;
	uint64_t progress;
};

static void
take_outcome(struct client *c, struct outcome *outcome)
{
	outcome->want = mailin_session_want(c->session);
	outcome->progress = mailin_session_progress(c->session);
	mailin_session_free(c->session);
	c->session = NULL;
	outcome->log = c->log;
	outcome->out = c->out;
	memset(&c->log, 0, sizeof c->log);
	memset(&c->out, 0, sizeof c->out);
	client_end(c);
}

static bool
are_equal(const struct pile *a, const struct pile *b)
{
	return a->len == b->len && memcmp(a->octets, b->octets, a->len) == 0;
}

static void
compare(struct client *c, const struct script *script,
    const struct outcome *whole, const char *how, size_t cut)
{
	struct outcome got;

	take_outcome(c, &got);
	if (!are_equal(&got.log, &whole->log) ||
	    !are_equal(&got.out, &whole->out) || got.want != whole->want ||
	    got.progress != whole->progress)
		ck_abort_msg("%s, %s %d:\n%s\nwhole:\n%s", script->name, how,
		    (int)cut, got.log.octets, whole->log.octets);
	free(got.log.octets);
	free(got.out.octets);
}

static void
free_outcome(struct outcome *outcome)
{
	free(outcome->log.octets);
	free(outcome->out.octets);
}

START_TEST(the_events_do_not_depend_on_the_cut)
{
	struct outcome whole;
	size_t i, cut;

	for (i = 0; i < ROWS(scripts); i++) {
		play(&client, &scripts[i], 0, false);
		take_outcome(&client, &whole);
		play(&client, &scripts[i], SIZE_MAX, false);
		compare(&client, &scripts[i], &whole, "octet by octet", 1);
		for (cut = 1; cut < 30; cut++) {
			play(&client, &scripts[i], cut, true);
			compare(&client, &scripts[i], &whole,
			    "each line cut at", cut);
		}
		for (cut = 1; cut < scripts[i].lines.len; cut++) {
			play(&client, &scripts[i], cut, false);
			compare(&client, &scripts[i], &whole, "cut at", cut);
		}
		free_outcome(&whole);
	}
}
END_TEST

/* Feed two sessions in turn, one octet each: neither affects the other
 * (property 49). */
START_TEST(sessions_do_not_know_of_each_other)
{
	struct outcome first, second;
	size_t i, j, at, most;

	for (i = 0; i < ROWS(scripts); i++) {
		const struct script *a = &scripts[i];
		const struct script *b = &scripts[(i + 5) % ROWS(scripts)];

		play(&client, a, SIZE_MAX, false);
		take_outcome(&client, &first);
		play(&client, b, SIZE_MAX, false);
		take_outcome(&client, &second);
		begin(&client, a);
		begin(&other, b);
		most = a->lines.len > b->lines.len ? a->lines.len :
						     b->lines.len;
		for (at = 0; at < most; at++)
			for (j = 0; j < 2; j++) {
				struct client *c = j == 0 ? &client : &other;
				struct mailin_span in = j == 0 ? a->lines :
								 b->lines;

				if (at >= in.len)
					continue;
				(void)client_feed(c, in.ptr + at, 1);
				if (in.ptr[at] == '\n')
					client_drain(c);
			}
		client_drain(&client);
		client_drain(&other);
		compare(&client, a, &first, "interleaved with", i);
		compare(&other, b, &second, "interleaved with", i);
		free_outcome(&first);
		free_outcome(&second);
	}
}
END_TEST

/* ---- Pipelined commands (property 28, RFC 2920) ---- */

/* Groups of lines that may be sent together.  The replies are read after each
 * group. */
static const struct mailin_span groups[] = {
	TEXT(EHLO),
	TEXT("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<>\r\nDATA\r\n"),
	TEXT("x\r\n.\r\nMAIL FROM:<a@b>\r\nRSET\r\nNOOP\r\n"),
	TEXT("MAIL FROM:<a@b>\r\nRCPT TO:<>\r\nDATA\r\n"),
	TEXT("RSET\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 3\r\nabc"
	     "BDAT 3 LAST\r\nabcJUNK\r\nVRFY a\r\n"),
	TEXT("AUTH PLAIN AHUAcA==\r\nMAIL FROM:<a@b>\r\nEHLO c\r\n"),
	TEXT("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRSET\r\nQUIT\r\n"),
};

START_TEST(a_group_gets_the_replies_of_its_commands_alone)
{
	static const struct script script = { "groups",
		{ "mechanisms=PLAIN", "tls=optional" }, TEXT("") };
	struct outcome together;
	size_t i;
	int turn;

	for (turn = 0; turn < 2; turn++) {
		begin(&client, &script);
		for (i = 0; i < ROWS(groups); i++)
			if (turn == 0)
				client_octets(&client, groups[i]);
			else
				client_lines(&client, groups[i].ptr);
		if (turn == 0)
			take_outcome(&client, &together);
	}
	ck_assert_ptr_nonnull(strstr(together.log.octets, "close QUIT"));
	/* The number of outputs differs here, and each output that is sent
	 * counts as progress.  So do not compare the progress. */
	together.progress = mailin_session_progress(client.session);
	compare(&client, &script, &together, "line by line", 0);
	free_outcome(&together);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		the_events_do_not_depend_on_the_cut,
		sessions_do_not_know_of_each_other,
		a_group_gets_the_replies_of_its_commands_alone,
	};

	return suite_run("split", tests, ROWS(tests));
}
