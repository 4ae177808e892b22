/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * For tests/tree/growth.sh: this program is compiled with the headers of
 * today, and runs with a library whose structs have more members.  It gives
 * the library each struct that a program allocates.  The octets after each
 * struct must not change.  It plays a session, and prints the size of each
 * struct.
 */
#include <stdio.h>
#include <string.h>

#include <mailin.h>

#define GUARD 0x5a

static int status;

static void
check(bool good, const char *what)
{
	if (!good) {
		printf("FAIL: %s\n", what);
		status = 1;
	}
}

/* A struct, and octets after it. */
#define GUARDED(type, name) \
	struct { \
		struct type value; \
		unsigned char guard[256]; \
	} name; \
	memset(&(name), GUARD, sizeof(name))

static void
check_guard(const unsigned char *guard, size_t size, const char *what)
{
	size_t i;

	for (i = 0; i < size; i++)
		check(guard[i] == GUARD, what);
}

#define INTACT(name) check_guard((name).guard, sizeof(name).guard, #name)

static const char line[] = "MAIL FROM:<a@b.example> SIZE=5 ENVID=x\r\n";

static void
try_parsers(void)
{
	static const char header[] = "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n";
	struct mailin_span out, in = mailin_span_of("a\r\n");
	size_t used;

	GUARDED(mailin_command, command);
	GUARDED(mailin_path, path);
	GUARDED(mailin_proxy, proxy);
	GUARDED(mailin_setting, setting);
	GUARDED(mailin_stuff, stuff);

	check(mailin_command_parse(&command.value, line, strlen(line)) ==
		    strlen(line) &&
		command.value.mail.size == 5,
	    "a command is read");
	INTACT(command);
	check(mailin_path_parse(&path.value, MAILIN_SYNTAX_STRICT,
		  mailin_span_of("<a@b.example>"), NULL) == MAILIN_OK &&
		mailin_span_equal(path.value.domain, "b.example"),
	    "a path is read");
	INTACT(path);
	check(mailin_proxy_parse(&proxy.value, header, strlen(header), &used) ==
		    MAILIN_PROXY_OK &&
		proxy.value.source_port == 1,
	    "a PROXY header is read");
	INTACT(proxy);
	check(mailin_setting_at(0, &setting.value) &&
		strcmp(setting.value.name, "command-line") == 0,
	    "a setting is told");
	INTACT(setting);
	stuff.value = (struct mailin_stuff)MAILIN_STUFF_INIT;
	while (in.len > 0)
		check(mailin_stuff_feed(&stuff.value, &in, &out) == MAILIN_OK,
		    "octets are stuffed");
	INTACT(stuff);
}

static void
try_client(void)
{
	struct mailin_client_options options = {
		.size = sizeof options,
		.name = "a.example",
	};
	struct mailin_client *client = mailin_client_new(&options);
	struct mailin_span in = mailin_span_of("220 OK\r\n");

	GUARDED(mailin_client_reply, reply);

	check(mailin_client_feed(client, &in, &reply.value) ==
		    MAILIN_CLIENT_REPLY &&
		reply.value.code == 220,
	    "a reply is read");
	INTACT(reply);
	mailin_client_free(client);
}

static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)user;
	return mailin_path_local_equal(&rcpt->path, "c") ?
	    MAILIN_REPLY_OK :
	    MAILIN_REPLY_NO_MAILBOX;
}

static enum mailin_reply
on_data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	size_t *len = user;

	GUARDED(mailin_mail, mail);
	GUARDED(mailin_rcpt, rcpt);
	GUARDED(mailin_helo, helo);

	check(mailin_session_mail(session, &mail.value) && mail.value.size == 5,
	    "the sender is told");
	INTACT(mail);
	check(mailin_session_rcpt(session, 0, &rcpt.value) &&
		mailin_span_equal(rcpt.value.path.local, "c"),
	    "the recipient is told");
	INTACT(rcpt);
	check(mailin_session_helo(session, &helo.value) == MAILIN_VERB_EHLO &&
		mailin_span_equal(helo.value.domain, "client.example"),
	    "the name is told");
	INTACT(helo);
	*len += octets.len;
	return MAILIN_REPLY_OK;
}

static void
say(struct mailin_session *session, const char *octets, const char *reply)
{
	struct mailin_span out;

	if (octets != NULL)
		check(mailin_session_feed(session, octets, strlen(octets)) ==
			strlen(octets),
		    octets);
	out = mailin_session_output(session);
	check(out.len > 3 && memcmp(out.ptr, reply, 3) == 0, reply);
	mailin_session_sent(session, out.len);
}

static void
try_session(void)
{
	static const struct mailin_handler handler = { .size = sizeof handler,
		.rcpt = on_rcpt,
		.data = on_data };
	size_t len = 0;
	struct mailin_config *config = mailin_config_new("mx.example.org");
	struct mailin_session *session = mailin_session_new(config, &handler,
	    &len);

	GUARDED(mailin_peer, peer);
	GUARDED(mailin_tls, tls);
	GUARDED(mailin_facts, facts);

	peer.value = (struct mailin_peer){ .port = 25 };
	check(mailin_session_set_peer(session, &peer.value) == MAILIN_OK &&
		mailin_session_peer(session)->port == 25,
	    "the peer is taken");
	INTACT(peer);
	tls.value = (struct mailin_tls){ .sni = mailin_span_of("mx") };
	check(mailin_session_tls_started(session, &tls.value) == MAILIN_OK &&
		mailin_span_equal(mailin_session_tls(session)->sni, "mx"),
	    "TLS is taken");
	INTACT(tls);
	say(session, NULL, "220");
	say(session, "EHLO client.example\r\n", "250");
	say(session, line, "250");
	say(session, "RCPT TO:<c@d.example>\r\n", "250");
	say(session, "RCPT TO:<e@d.example>\r\n", "550");
	say(session, "DATA\r\n", "354");
	say(session, "Hello.\r\n.\r\n", "250");
	facts.value = mailin_session_facts(session);
	INTACT(facts);
	say(session, "QUIT\r\n", "221");
	check(len == 8, "the message");
	mailin_session_free(session);
	mailin_config_free(config);
}

#define SIZE(type) printf(#type " %zu\n", sizeof(struct type))

int
main(void)
{
	try_parsers();
	try_session();
	try_client();
	SIZE(mailin_client_reply);
	SIZE(mailin_command);
	SIZE(mailin_facts);
	SIZE(mailin_helo);
	SIZE(mailin_mail);
	SIZE(mailin_path);
	SIZE(mailin_peer);
	SIZE(mailin_proxy);
	SIZE(mailin_rcpt);
	SIZE(mailin_setting);
	SIZE(mailin_stuff);
	SIZE(mailin_tls);
	return status;
}
