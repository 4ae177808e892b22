/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * STARTTLS (RFC 3207), by OpenSSL.  The library says when to do the handshake,
 * and forgets what the client said before it (4.2); this program does the
 * handshake.  The loop is in serve.c: serve_client has the order that keeps
 * octets in clear from being taken for octets from inside TLS.
 *
 * A server for mail from everywhere must not require TLS (RFC 3207 4).  One for
 * its own users should, best from the first octet on and on a port of its own
 * (RFC 8314 3.3): then the handshake, and mailin_session_tls_started, come
 * before all else.
 *
 * README.md in this folder says how to build and try it.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "serve.h"
#include "show.h"

static struct {
	const char *certificate, *key;
	unsigned port;
} options = { .port = 2530 };

/* clang-format off */
static const char help[] =
"usage: starttls --certificate FILE --key FILE [--listen PORT]\n"
"\n"
"Receives mail on 127.0.0.1 from clients that use STARTTLS, and prints it on\n"
"standard output.\n"
"\n"
"  --certificate FILE  the certificate and its chain of issuers, in PEM\n"
"  --key FILE          the private key of the certificate, in PEM\n"
"  --listen PORT       the port (default 2530); 0 is any free port\n"
"  --help              print this help and exit\n";
/* clang-format on */

static void
fail(const char *what, const char *which, const char *why)
{
	fprintf(stderr, "starttls: %s %s: %s\n", what, which, why);
	exit(1);
}

/* The oldest error of OpenSSL is the cause; later ones come from the
 * callers. */
static const char *
reason(void)
{
	unsigned long error = ERR_peek_error();
	const char *text = ERR_SYSTEM_ERROR(error) ?
	    strerror(ERR_GET_REASON(error)) :
	    ERR_reason_error_string(error);

	return text != NULL ? text : "the connection is gone";
}

/* ---- TLS, as serve.c calls it ---- */

/* Returns the result of a call of OpenSSL that returned result.  SSL_get_error
 * looks at the errors of this thread, too.  So ERR_clear_error comes before
 * each call below: otherwise the error of another client would end this one. */
static ssize_t
answer_of(SSL *ssl, int result)
{
	switch (SSL_get_error(ssl, result)) {
	case SSL_ERROR_NONE:
		return result;
	case SSL_ERROR_WANT_READ: /* a write may have to read first */
		return SERVE_WAIT_READ;
	case SSL_ERROR_WANT_WRITE:
		return SERVE_WAIT_WRITE;
	case SSL_ERROR_ZERO_RETURN: /* the client's close_notify */
		return SERVE_END;
	default: /* or an end without it, which may be forged */
		SSL_set_quiet_shutdown(ssl, 1); /* nothing can be sent */
		return SERVE_GONE;
	}
}

/* Tell the session the facts of the handshake; it copies all of them. */
static bool
tell(struct mailin_session *session, SSL *ssl)
{
	static const char label[] = "EXPORTER-Channel-Binding";
	unsigned char binding[32];
	const unsigned char *protocol;
	unsigned len;
	struct mailin_tls facts = {
		.version = mailin_span_of(SSL_get_version(ssl)),
		.cipher = mailin_span_of(SSL_get_cipher_name(ssl)),
		.sni = mailin_span_of(
		    SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)),
	};

	SSL_get0_alpn_selected(ssl, &protocol, &len);
	facts.alpn = (struct mailin_span){ (const char *)protocol, len };
	/* tls-exporter (RFC 9266), for mechanisms of AUTH.  With TLS 1.2 this
	 * program gives none: the binding of TLS 1.2 is not always unique (RFC
	 * 7627). */
	if (SSL_version(ssl) >= TLS1_3_VERSION &&
	    SSL_export_keying_material(ssl, binding, sizeof binding, label,
		sizeof label - 1, NULL, 0, 0) == 1)
		facts.channel_binding = (struct mailin_span){
			(const char *)binding, sizeof binding
		};
	return mailin_session_tls_started(session, &facts) == MAILIN_OK;
}

/* If the handshake fails, serve.c ends the session.  No reply says so, since
 * the client expects none in clear; OpenSSL has sent an alert if it could. */
static ssize_t
shake(struct mailin_session *session, void *ssl)
{
	ssize_t answer;

	ERR_clear_error();
	answer = answer_of(ssl, SSL_accept(ssl));
	if (answer == SERVE_GONE || answer == SERVE_END)
		fprintf(stderr, "starttls: no handshake: %s\n", reason());
	if (answer > 0 && !tell(session, ssl))
		return SERVE_GONE; /* no memory */
	return answer;
}

/* A record may hold more than fits room.  OpenSSL keeps the rest (SSL_pending),
 * which poll(2) does not show.  So serve.c reads until it is told to wait. */
static ssize_t
receive(char *octets, size_t room, void *ssl)
{
	ERR_clear_error();
	return answer_of(ssl, SSL_read(ssl, octets, (int)room));
}

/* After a wait OpenSSL demands the same octets at the same place.  The session
 * keeps them there until mailin_session_sent. */
static ssize_t
send_octets(const char *octets, size_t len, void *ssl)
{
	ERR_clear_error();
	return answer_of(ssl, SSL_write(ssl, octets, (int)len));
}

/* Send close_notify, without which the client cannot tell an end from a cut.
 * SSL_shutdown returns 0 if the client's close_notify has not come; do not wait
 * for it. */
static ssize_t
finish(void *ssl)
{
	int result;

	ERR_clear_error();
	result = SSL_shutdown(ssl);
	return result >= 0 ? 1 : answer_of(ssl, result);
}

/* A client that asks for another protocol was led here so that its octets for a
 * web server are taken for mail.  It gets an alert (RFC 7301 3.2).  Most mail
 * clients ask for no protocol. */
static int
choose_protocol(SSL *ssl, const unsigned char **chosen, unsigned char *len,
    const unsigned char *asked, unsigned asked_len, void *user)
{
	static const unsigned char ours[] = "\4smtp";

	(void)ssl, (void)user;
	return SSL_select_next_proto((unsigned char **)chosen, len, ours,
		   sizeof ours - 1, asked,
		   asked_len) == OPENSSL_NPN_NEGOTIATED ?
	    SSL_TLSEXT_ERR_OK :
	    SSL_TLSEXT_ERR_ALERT_FATAL;
}

static SSL_CTX *
make_context(void)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());

	/* TLS 1.2 or newer: RFC 8314 4.1, RFC 8997. */
	if (context == NULL ||
	    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1)
		fail("cannot start", "OpenSSL", reason());
	if (SSL_CTX_use_certificate_chain_file(context, options.certificate) !=
	    1)
		fail("--certificate", options.certificate, reason());
	if (SSL_CTX_use_PrivateKey_file(context, options.key,
		SSL_FILETYPE_PEM) != 1)
		fail("--key", options.key, reason());
	if (SSL_CTX_check_private_key(context) != 1)
		fail("--key", options.key, "it is not the certificate's");
	SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
	return context;
}

/* ---- The program ---- */

static const struct mailin_handler handler = {
	.size = sizeof handler,
	.rcpt = show_rcpt,
	.data_start = show_data_start,
	.data = show_data,
	.data_end = show_data_end,
	.reset = show_reset,
};

static struct mailin_config *
make_config(void)
{
	struct mailin_config *config = mailin_config_new("localhost");

	if (config == NULL ||
	    mailin_config_set_extension(config, MAILIN_EXTENSION_STARTTLS,
		true) != MAILIN_OK ||
	    mailin_config_set_policy(config, MAILIN_POLICY_TLS,
		MAILIN_TLS_REQUIRED) != MAILIN_OK)
		fail("cannot start", "a session", "out of memory");
	return config;
}

static void
read_options(int argc, char **argv)
{
	static const struct option known[] = {
		{ "certificate", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ "key", required_argument, NULL, 'k' },
		{ "listen", required_argument, NULL, 'l' }, { 0 }
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			exit(0);
		} else if (option == 'c') {
			options.certificate = optarg;
		} else if (option == 'k') {
			options.key = optarg;
		} else if (option == 'l') {
			options.port = serve_port(optarg);
		} else {
			exit(2);
		}
	}
	if (optind < argc || options.certificate == NULL ||
	    options.key == NULL) {
		fputs("starttls: --certificate and --key are needed, and no "
		      "other arguments (see --help)\n",
		    stderr);
		exit(2);
	}
}

static void
serve(int fd, SSL *ssl, const struct mailin_config *config)
{
	struct serve_tls tls = { shake, receive, send_octets, finish, ssl };
	struct mailin_session *session = mailin_session_new(config, &handler,
	    NULL);

	if (fd < 0 || session == NULL || ssl == NULL ||
	    SSL_set_fd(ssl, fd) != 1)
		fail("cannot serve", "a client", strerror(errno));
	serve_client(fd, session, &tls);
	mailin_session_free(session);
	SSL_free(ssl);
}

int
main(int argc, char **argv)
{
	SSL_CTX *context;
	struct mailin_config *config = make_config();
	int listener;

	read_options(argc, argv);
	context = make_context();
	listener = serve_listen(options.port);
	signal(SIGPIPE, SIG_IGN); /* OpenSSL does not use MSG_NOSIGNAL */
	for (;;)
		serve(accept(listener, NULL, NULL), SSL_new(context), config);
}
