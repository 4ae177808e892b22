/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * A filter before another server, the back end.  It passes each command and
 * all octets of messages on to the back end at once, and passes the replies
 * back.  It never stores a message.  It refuses an unwanted message in the
 * middle of its header, before the back end has seen the end of the message.
 * README.md in this folder says how to build and try it.
 */
#define _POSIX_C_SOURCE 200809L

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/socket.h>

#include "back_end.h"
#include "serve.h"

struct filter {
	struct back_end back_end;
	struct mailin_span word; /* refuse a message with this word in its
				    subject */

	/* The current message. */
	bool open; /* the back end waits for the rest of a message */
	bool in_body, at_line_start;
	char field[1000]; /* the current header field, unfolded */
	size_t field_len;
};

/* clang-format off */
static const char help[] =
"usage: filter --back-end HOST:PORT [--lmtp] [--word WORD] [--listen PORT]\n"
"\n"
"Listens on 127.0.0.1 and passes mail on to a back end as it arrives, but\n"
"refuses a message whose header has \"X-Test: spam\", or WORD in its subject.\n"
"\n"
"  --back-end HOST:PORT  the server to pass mail on to\n"
"  --lmtp                speak LMTP, not SMTP, on both sides\n"
"  --word WORD           refuse a message with WORD in its subject\n"
"  --listen PORT         the port (default 2528); 0 is any free port\n"
"  --help                print this help and exit\n";
/* clang-format on */

/* ---- Replies of the back end ---- */

static enum mailin_reply
gone(struct filter *f, struct mailin_session *session)
{
	back_end_hang_up(&f->back_end);
	return mailin_session_reply(session, 451, "4.4.1",
	    "The back end does not answer");
}

/* Returns the code for the client.  By 421 and 521 the back end ends its
 * connection, but the client may stay. */
static int
code_for_client(int code)
{
	return code == 421 ? 451 : code == 521 ? 554 : code;
}

/* Returns the back end's reply for the client: its code and its text. */
static enum mailin_reply
pass_on(struct filter *f, struct mailin_session *session)
{
	struct mailin_client_reply reply;

	if (!back_end_hear(&f->back_end))
		return gone(f, session);
	reply = f->back_end.reply;
	return mailin_session_reply_text(session, code_for_client(reply.code),
	    reply.enhanced, reply.text);
}

/* Returns the reply to a command that could not be passed on. */
static enum mailin_reply
not_passed(struct filter *f, struct mailin_session *session,
    enum mailin_error error)
{
	switch (error) {
	case MAILIN_ERROR_UNOFFERED: /* neither the back end nor the filter
					offers the parameter */
		return MAILIN_REPLY_BAD_PARAMETER;
	case MAILIN_ERROR_SYNTAX:
	case MAILIN_ERROR_RANGE:
		return MAILIN_REPLY_BAD_ARGUMENT;
	default: /* the back end has said 421 */
		return gone(f, session);
	}
}

/* ---- The envelope ---- */

/* The extensions that the filter offers if the back end has them. */
static const enum mailin_extension passed_on[] = { MAILIN_EXTENSION_SIZE,
	MAILIN_EXTENSION_8BITMIME, MAILIN_EXTENSION_SMTPUTF8,
	MAILIN_EXTENSION_DSN, MAILIN_EXTENSION_XFORWARD };

#define PASSED_ON (sizeof passed_on / sizeof passed_on[0])

/* Accept XFORWARD from the client.  Only programs on this machine can connect,
 * and they could send XFORWARD to the back end themselves. */
static enum mailin_reply
told(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_attributes *attributes, void *user)
{
	(void)session, (void)verb, (void)attributes, (void)user;
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
mail(struct mailin_session *session, const struct mailin_mail *mail, void *user)
{
	struct filter *f = user;
	struct mailin_mail passed = *mail;
	enum mailin_error error;

	if (!back_end_call(&f->back_end) ||
	    !back_end_tell(&f->back_end, session))
		return gone(f, session);
	/* The back end may believe what this host says about the sender, but
	 * the filter does not know whether it is true (RFC 4954 5). */
	passed.parameters &= ~MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_AUTH);
	error = mailin_client_mail(f->back_end.client, &passed);
	return error == MAILIN_OK ? pass_on(f, session) :
				    not_passed(f, session, error);
}

static enum mailin_reply
rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt, void *user)
{
	struct filter *f = user;
	enum mailin_error error;

	if (f->back_end.client == NULL)
		return gone(f, session);
	error = mailin_client_rcpt(f->back_end.client, rcpt);
	return error == MAILIN_OK ? pass_on(f, session) :
				    not_passed(f, session, error);
}

/* ---- The message ---- */

static enum mailin_reply
data_start(struct mailin_session *session, void *user)
{
	struct filter *f = user;
	enum mailin_reply reply;

	if (f->back_end.client == NULL ||
	    mailin_client_data(f->back_end.client) != MAILIN_OK)
		return gone(f, session);
	reply = pass_on(f, session);
	f->open = f->back_end.reply.code == 354;
	f->in_body = false;
	f->at_line_start = true;
	f->field_len = 0;
	return f->open ? MAILIN_REPLY_OK : reply;
}

/* Returns true if the field that was just read is unwanted. */
static bool
is_spam(const struct filter *f)
{
	static const char test[] = "X-Test: spam", subject[] = "Subject:";
	struct mailin_span field = { f->field, f->field_len };

	if (mailin_span_iequal(field, test))
		return true;
	field.len = sizeof subject - 1;
	if (f->word.len == 0 || f->field_len < field.len ||
	    !mailin_span_iequal(field, subject))
		return false;
	for (size_t i = field.len; i + f->word.len <= f->field_len; ++i)
		if (mailin_span_iequal_span(f->word,
			(struct mailin_span){ f->field + i, f->word.len }))
			return true;
	return false;
}

/* Read more of the header.  Returns true if the message is unwanted.  The
 * bare-newline policy has made all newlines CR LF. */
static bool
scan(struct filter *f, struct mailin_span octets)
{
	for (size_t i = 0; i < octets.len && !f->in_body; ++i) {
		char c = octets.ptr[i];

		/* A line that begins with a blank continues the field. */
		if (f->at_line_start && c != ' ' && c != '\t') {
			if (is_spam(f))
				return true;
			f->field_len = 0;
			f->in_body = c == '\r';
		}
		f->at_line_start = c == '\n';
		if (c != '\r' && c != '\n' && f->field_len < sizeof f->field)
			f->field[f->field_len++] = c;
	}
	return false;
}

static bool
is_ascii(struct mailin_span octets)
{
	for (size_t i = 0; i < octets.len; ++i)
		if ((unsigned char)octets.ptr[i] > 127)
			return false;
	return true;
}

static enum mailin_reply
data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	struct filter *f = user;
	struct mailin_span out;

	if (scan(f, octets))
		return MAILIN_REPLY_REFUSED;
	if (f->back_end.client == NULL)
		return gone(f, session);
	/* RFC 6152 3: without 8BITMIME a server gets ASCII only. */
	if (!back_end_offers(&f->back_end, MAILIN_EXTENSION_8BITMIME) &&
	    !is_ascii(octets))
		return mailin_session_reply(session, 554, "5.6.3",
		    "The back end takes only ASCII");
	while (octets.len > 0) {
		enum mailin_error error = mailin_client_body(f->back_end.client,
		    &octets, &out);

		if (error == MAILIN_ERROR_SYNTAX)
			return MAILIN_REPLY_BARE_NEWLINE;
		if (error != MAILIN_OK || !back_end_send(&f->back_end, out))
			return gone(f, session);
	}
	return MAILIN_REPLY_OK;
}

/* In LMTP this callback is called for each recipient, and the back end sends a
 * reply for each recipient. */
static enum mailin_reply
data_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	struct filter *f = user;

	(void)rcpt;
	if (!f->in_body && is_spam(f))
		return MAILIN_REPLY_REFUSED;
	if (f->back_end.client == NULL)
		return gone(f, session);
	if (f->open) {
		enum mailin_error error = mailin_client_body_end(
		    f->back_end.client);

		if (error == MAILIN_ERROR_SYNTAX)
			return MAILIN_REPLY_BARE_NEWLINE;
		if (error != MAILIN_OK)
			return gone(f, session);
		f->open = false;
	}
	return pass_on(f, session);
}

/* The transaction has ended.  A message that has begun can be taken back only
 * by ending the connection to the back end. */
static void
reset(struct mailin_session *session, enum mailin_reset_reason reason,
    void *user)
{
	struct filter *f = user;

	(void)session, (void)reason;
	if (f->back_end.client == NULL)
		return;
	if (f->open || mailin_client_rset(f->back_end.client) != MAILIN_OK ||
	    !back_end_hear(&f->back_end))
		back_end_hang_up(&f->back_end);
	f->open = false;
}

static void
close_session(struct mailin_session *session, enum mailin_close_reason reason,
    void *user)
{
	struct filter *f = user;

	(void)session, (void)reason;
	back_end_hang_up(&f->back_end);
}

static const struct mailin_handler handler = {
	.size = sizeof handler,
	.mail = mail,
	.rcpt = rcpt,
	.data_start = data_start,
	.data = data,
	.data_end = data_end,
	.reset = reset,
	.xclient = told,
	.close = close_session,
};

/* ---- The program ---- */

static void
fail(const char *what)
{
	fprintf(stderr, "filter: %s\n", what);
	exit(1);
}

static void
set_back_end(struct filter *f, char *text)
{
	char *colon = strrchr(text, ':');

	if (colon == NULL || colon == text || colon[1] == '\0')
		fail("--back-end wants HOST:PORT");
	*colon = '\0';
	f->back_end.host = text;
	f->back_end.port = colon + 1;
}

static unsigned
read_options(struct filter *f, int argc, char **argv)
{
	static const struct option options[] = {
		{ "back-end", required_argument, NULL, 'b' },
		{ "help", no_argument, NULL, 'h' },
		{ "listen", required_argument, NULL, 'l' },
		{ "lmtp", no_argument, NULL, 'm' },
		{ "word", required_argument, NULL, 'w' }, { 0 }
	};
	unsigned port = 2528;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			exit(0);
		} else if (option == 'b') {
			set_back_end(f, optarg);
		} else if (option == 'l') {
			port = serve_port(optarg);
		} else if (option == 'm') {
			f->back_end.protocol = MAILIN_PROTOCOL_LMTP;
		} else if (option == 'w') {
			f->word = mailin_span_of(optarg);
		} else {
			exit(2);
		}
	}
	if (optind < argc || f->back_end.host == NULL)
		fail("--back-end HOST:PORT is needed (see --help)");
	return port;
}

static void
serve(struct filter *f, const struct mailin_config *config, int fd)
{
	struct mailin_session *session = fd < 0 ?
	    NULL :
	    mailin_session_new(config, &handler, f);

	if (session == NULL)
		fail("cannot serve a client");
	/* Offer to the client what the back end offers. */
	back_end_call(&f->back_end);
	for (size_t i = 0; i < PASSED_ON; ++i)
		mailin_session_set_extension(session, passed_on[i],
		    back_end_offers(&f->back_end, passed_on[i]));
	serve_client(fd, session);
	mailin_session_free(session);
}

int
main(int argc, char **argv)
{
	struct filter f = { 0 };
	unsigned port = read_options(&f, argc, argv);
	struct mailin_config *config = mailin_config_new("localhost");
	int listener;

	if (config == NULL ||
	    mailin_config_set_policy(config, MAILIN_POLICY_BARE_NEWLINE,
		MAILIN_BARE_NEWLINE_REJECT) != MAILIN_OK ||
	    mailin_config_set_policy(config, MAILIN_POLICY_PROTOCOL,
		(int)f.back_end.protocol) != MAILIN_OK)
		fail("out of memory");
	listener = serve_listen(port);
	for (;;)
		serve(&f, config, accept(listener, NULL, NULL));
}
