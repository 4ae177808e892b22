/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the channel binding of libmailin-event after a full TLS handshake, and
 * after a handshake that resumes a TLS session. */
#include <openssl/ssl.h>
#include <string.h>
#include <unistd.h>

#include "support/peer.h"
#include "support/suite.h"

/* A test server (host), and the channel binding of its last TLS session. */
struct bound {
	struct host host;
	char binding[64];
	size_t len;
	atomic_uint started;
};

static struct bound bound, other;
static SSL_CTX *client;

static void
on_event(const struct mailin_event *event, void *user)
{
	struct bound *here = user;
	struct mailin_span binding;

	if (event->kind == MAILIN_EVENT_TLS_STARTED) {
		binding = mailin_session_tls(event->session)->channel_binding;
		ck_assert_uint_le(binding.len, sizeof here->binding);
		memcpy(here->binding, binding.ptr, binding.len);
		here->len = binding.len;
		atomic_fetch_add(&here->started, 1);
	}
	host_event(event, &here->host);
}

static void
start(struct bound *here, struct mailin_tls_context *context)
{
	struct mailin_server_options options = { .size = sizeof options,
		.event = on_event,
		.user = here };

	host_init(&here->host, 1);
	atomic_store(&here->started, 0);
	mailin_server_free(here->host.server);
	here->host.server = mailin_server_new(&options, NULL);
	here->host.service.tls = context;
	here->host.service.implicit_tls = true;
	host_start(&here->host);
}

/* Connect, and read the reply 220.  Returns the TLS session, which the next
 * call may resume.  Frees the earlier TLS session "before", which may be
 * NULL. */
static SSL_SESSION *
visit(struct bound *here, SSL_SESSION *before, bool resumed)
{
	unsigned visits = atomic_load(&here->started);
	char greeting[512], binding[64];
	SSL_SESSION *session;
	SSL *ssl = SSL_new(client);
	int fd = peer_connect(here->host.listener);
	size_t len = 32;

	SSL_set_fd(ssl, fd);
	if (before != NULL)
		SSL_set_session(ssl, before);
	ck_assert_int_eq(SSL_connect(ssl), 1);
	ck_assert(SSL_read(ssl, greeting, sizeof greeting) > 0);
	ck_assert((SSL_session_reused(ssl) == 1) == resumed);
	host_await(&here->started, visits + 1);
	/* The expected channel binding is the exporter of RFC 9266 in TLS 1.3,
	 * and the first Finished message in TLS 1.2 (RFC 5929 3). */
	if (SSL_version(ssl) >= TLS1_3_VERSION)
		ck_assert(
		    SSL_export_keying_material(ssl, (unsigned char *)binding,
			len, "EXPORTER-Channel-Binding", 24, NULL, 0, 0) == 1);
	else
		len = resumed ?
		    SSL_get_peer_finished(ssl, binding, sizeof binding) :
		    SSL_get_finished(ssl, binding, sizeof binding);
	ck_assert_uint_eq(here->len, len);
	ck_assert_mem_eq(here->binding, binding, len);
	session = SSL_get1_session(ssl);
	SSL_SESSION_free(before);
	SSL_shutdown(ssl);
	SSL_free(ssl);
	close(fd);
	return session;
}

START_TEST(both_ends_have_the_same_channel_binding)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	struct mailin_tls_options options = { .size = sizeof options,
		.self_signed = "mx.example.org" };
	struct mailin_tls_context *context = mailin_tls_context_new(&options,
	    NULL);
	SSL_SESSION *session;
	size_t i;

	ck_assert_ptr_nonnull(context);
	start(&bound, context);
	start(&other, context);
	mailin_tls_context_free(context);
	for (i = 0; i < ROWS(versions); i++) {
		client = SSL_CTX_new(TLS_client_method());
		SSL_CTX_set_min_proto_version(client, versions[i]);
		SSL_CTX_set_max_proto_version(client, versions[i]);
		session = visit(&bound, NULL, false);
		session = visit(&bound, session, true);
		session = visit(&bound, session, true);
		/* A TLS session must not be resumed at another server, even at
		 * one with the same certificates (threat V56). */
		session = visit(&other, session, false);
		session = visit(&other, session, true);
		SSL_SESSION_free(session);
		SSL_CTX_free(client);
	}
	host_stop(&bound.host);
	host_stop(&other.host);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		both_ends_have_the_same_channel_binding,
	};

	return suite_run("binding", tests, ROWS(tests));
}
