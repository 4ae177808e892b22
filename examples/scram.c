/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * A SASL mechanism that libmailin does not know: SCRAM-SHA-256 (RFC 7677) by
 * GNU SASL.  libmailin exchanges the messages with the client; libgsasl
 * computes them.
 *
 * README.md in this folder says how to build and try it.
 */
#define _POSIX_C_SOURCE 200809L

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsasl.h>
#include <sys/socket.h>

#include "serve.h"
#include "show.h"

#define MECHANISM  "SCRAM-SHA-256"
#define MOST_USERS 32

struct user {
	char *name;
	char *password;
};

struct receiver {
	struct user users[MOST_USERS];
	size_t user_count;
	char decoy[33]; /* the password of names that do not exist */
	Gsasl *gsasl;
	Gsasl_session
	    *exchange; /* state of the current AUTH, or of the last one */
	/* The client has proved that it knows the password; only its empty
	 * response is missing. */
	bool proved;
};

/* clang-format off */
static const char help[] =
"usage: scram --user NAME:PASSWORD [--user ...] [--listen PORT]\n"
"\n"
"Receives mail on 127.0.0.1 from users who prove by AUTH " MECHANISM "\n"
"that they know their password, and prints it on standard output.\n"
"\n"
"  --user NAME:PASSWORD  a user; may be given 32 times\n"
"  --listen PORT         the port (default 2527); 0 is any free port\n"
"  --help                print this help and exit\n";
/* clang-format on */

/* ---- The exchange ---- */

static const char *
password_of(const struct receiver *receiver, const char *name)
{
	for (size_t i = 0; i < receiver->user_count; ++i)
		if (strcmp(receiver->users[i].name, name) == 0)
			return receiver->users[i].password;
	/* A name that does not exist gets a password, too, and its AUTH
	 * fails after the same time.  So a client cannot find out which
	 * users exist. */
	return receiver->decoy;
}

/* libgsasl calls this function when a step needs a fact. */
static int
answer_gsasl(Gsasl *gsasl, Gsasl_session *exchange, Gsasl_property property)
{
	const struct receiver *receiver = gsasl_callback_hook_get(gsasl);
	const char *name = gsasl_property_fast(exchange, GSASL_AUTHID);

	if (property != GSASL_PASSWORD || name == NULL)
		return GSASL_NO_CALLBACK;
	return gsasl_property_set(exchange, GSASL_PASSWORD,
	    password_of(receiver, name));
}

static void
end_exchange(struct receiver *receiver)
{
	if (receiver->exchange != NULL)
		gsasl_finish(receiver->exchange);
	receiver->exchange = NULL;
	receiver->proved = false;
}

/* The client has replied to the last challenge, which proved that the server
 * knows the password, too.  A user may not act as another user (authzid). */
static enum mailin_reply
agree(struct receiver *receiver, struct mailin_session *session,
    struct mailin_span response)
{
	const char *name = gsasl_property_fast(receiver->exchange,
	    GSASL_AUTHID);
	const char *act_as = gsasl_property_fast(receiver->exchange,
	    GSASL_AUTHZID);

	if (response.len > 0 || (act_as != NULL && strcmp(act_as, name) != 0) ||
	    mailin_session_set_identity(session, name) != MAILIN_OK)
		return MAILIN_REPLY_BAD_CREDENTIALS;
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
sasl(struct mailin_session *session, const struct mailin_sasl *step, void *user)
{
	struct receiver *receiver = user;
	enum mailin_reply reply;
	char *challenge = NULL;
	size_t len = 0;
	int result;

	if (step->first) {
		end_exchange(receiver);
		if (gsasl_server_start(receiver->gsasl, MECHANISM,
			&receiver->exchange) != GSASL_OK)
			return MAILIN_REPLY_AUTH_LATER;
	}
	if (receiver->proved)
		return agree(receiver, session, step->response);
	/* After an empty response libgsasl would send empty challenges for
	 * ever. */
	if (!step->first && step->response.len == 0)
		return MAILIN_REPLY_BAD_CREDENTIALS;

	result = gsasl_step(receiver->exchange, step->response.ptr,
	    step->response.len, &challenge, &len);
	if (result == GSASL_MALLOC_ERROR)
		return MAILIN_REPLY_AUTH_LATER;
	if (result != GSASL_OK && result != GSASL_NEEDS_MORE)
		return MAILIN_REPLY_BAD_CREDENTIALS;
	/* A positive reply cannot carry data (RFC 4954 4).  So the
	 * server-final message is sent as a challenge, and the client's
	 * response to it is empty. */
	receiver->proved = result == GSASL_OK;
	reply = mailin_session_challenge(session,
	    challenge != NULL ? challenge : "", len);
	gsasl_free(challenge);
	return reply;
}

static void
close_session(struct mailin_session *session, enum mailin_close_reason reason,
    void *user)
{
	(void)session, (void)reason;
	end_exchange(user);
}

static const struct mailin_handler handler = {
	.size = sizeof handler,
	.sasl = sasl,
	/* Accept any recipient: the policy already requires AUTH. */
	.rcpt = show_rcpt,
	.data_start = show_data_start,
	.data = show_data,
	.data_end = show_data_end,
	.reset = show_reset,
	.close = close_session,
};

/* ---- The program ---- */

static void
fail(const char *what)
{
	fprintf(stderr, "scram: %s\n", what);
	exit(1);
}

static void
add_user(struct receiver *receiver, char *text)
{
	char *colon = strchr(text, ':');

	if (colon == NULL || colon == text || colon[1] == '\0')
		fail("--user wants NAME:PASSWORD");
	if (receiver->user_count == MOST_USERS)
		fail("too many users");
	*colon = '\0';
	receiver->users[receiver->user_count++] = (struct user){ .name = text,
		.password = colon + 1 };
}

static unsigned
read_options(struct receiver *receiver, int argc, char **argv)
{
	static const struct option options[] = { { "help", no_argument, NULL,
						     'h' },
		{ "listen", required_argument, NULL, 'l' },
		{ "user", required_argument, NULL, 'u' }, { 0 } };
	unsigned port = 2527;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			exit(0);
		} else if (option == 'l') {
			port = serve_port(optarg);
		} else if (option == 'u') {
			add_user(receiver, optarg);
		} else {
			exit(2);
		}
	}
	if (optind < argc || receiver->user_count == 0) {
		fputs("scram: at least one --user, and no other arguments "
		      "(see --help)\n",
		    stderr);
		exit(2);
	}
	return port;
}

static void
start_gsasl(struct receiver *receiver)
{
	char random[16];

	if (gsasl_init(&receiver->gsasl) != GSASL_OK ||
	    !gsasl_server_support_p(receiver->gsasl, MECHANISM) ||
	    gsasl_nonce(random, sizeof random) != GSASL_OK)
		fail("this libgsasl cannot serve " MECHANISM);
	for (size_t i = 0; i < sizeof random; ++i)
		snprintf(receiver->decoy + 2 * i, 3, "%02x",
		    (unsigned char)random[i]);
	gsasl_callback_hook_set(receiver->gsasl, receiver);
	gsasl_callback_set(receiver->gsasl, answer_gsasl);
}

static struct mailin_config *
make_config(void)
{
	struct mailin_config *config = mailin_config_new("localhost");

	/* Mail and AUTH travel in clear, because this is the loopback.  On a
	 * network others could read the mail, although SCRAM does not reveal
	 * the password. */
	if (config == NULL ||
	    mailin_config_add_mechanism(config, MECHANISM) != MAILIN_OK ||
	    mailin_config_set_policy(config, MAILIN_POLICY_TLS,
		MAILIN_TLS_OPTIONAL) != MAILIN_OK ||
	    mailin_config_set_policy(config, MAILIN_POLICY_AUTH,
		MAILIN_AUTH_REQUIRED) != MAILIN_OK)
		fail("out of memory");
	return config;
}

int
main(int argc, char **argv)
{
	struct receiver receiver = { 0 };
	unsigned port = read_options(&receiver, argc, argv);
	struct mailin_config *config = make_config();
	int listener;

	start_gsasl(&receiver);
	listener = serve_listen(port);
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		struct mailin_session *session = fd < 0 ?
		    NULL :
		    mailin_session_new(config, &handler, &receiver);

		if (session == NULL)
			fail("cannot serve a client");
		serve_client(fd, session);
		mailin_session_free(session);
	}
}
