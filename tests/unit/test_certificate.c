/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the certificates of libmailin-event, and the octets that come before
 * TLS. */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/peer.h"
#include "support/suite.h"

static struct host host;

START_TEST(a_certificate_that_cannot_be_used_is_a_fault)
{
	static const struct {
		const char *certificate;
		int error;
	} rows[] = {
		{ NULL, EINVAL },
		{ "/nowhere/cert.pem", ENOENT },
		{ "/proc/self/status", EINVAL },
		{ "/", EINVAL },
	};
	struct mailin_tls_options options = { .size = sizeof options };
	struct mailin_fault fault;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		options.certificate = rows[i].certificate;
		ck_assert(mailin_tls_context_new(&options, &fault) == NULL);
		ck_assert_msg(fault.error == rows[i].error ||
			fault.error == ENOTSUP,
		    "%s: %d, %s", rows[i].certificate, fault.error, fault.text);
		ck_assert(mailin_tls_context_new(&options, NULL) == NULL);
	}
	mailin_tls_context_free(NULL);
}
END_TEST

/* Returns NULL if the library was built without OpenSSL. */
static struct mailin_tls_context *
self_signed(void)
{
	struct mailin_tls_options options = { .size = sizeof options,
		.self_signed = "mx.example.org" };
	struct mailin_fault fault;
	struct mailin_tls_context *context = mailin_tls_context_new(&options,
	    &fault);

	ck_assert_msg(context != NULL || fault.error == ENOTSUP, "%s",
	    fault.text);
	return context;
}

START_TEST(a_self_signed_certificate_is_the_only_one)
{
	struct mailin_tls_options options = { .size = sizeof options,
		.self_signed = "mx.example.org",
		.certificate = "/nowhere/cert.pem" };
	struct mailin_tls_context *context = self_signed();
	struct mailin_fault fault;
	int64_t left;

	if (context == NULL)
		return;
	ck_assert(mailin_tls_context_new(&options, &fault) == NULL);
	ck_assert_int_eq(fault.error, EINVAL);
	left = mailin_tls_context_expires(context, 0) - (int64_t)time(NULL);
	ck_assert(left > 364 * 86400 && left <= 365 * 86400);
	ck_assert(mailin_tls_context_expires(context, 1) == INT64_MAX);
	ck_assert(mailin_tls_context_client_ca_expires(context) == INT64_MAX);
	mailin_tls_context_free(context);
}
END_TEST

/* Octets that the session does not consume before TLS begins stay in the
 * socket, and are read again.  They must not be counted as octets of SMTP. */
START_TEST(octets_that_are_left_for_tls_are_not_counted)
{
	static const char header[] = "PROXY UNKNOWN\r\n";
	static const char hello[] = "this is no hello of TLS\r\n";
	static struct mailin_network network;
	static const struct mailin_trust trust = { .size = sizeof trust,
		.proxy_from = &network,
		.proxy_from_count = 1 };
	struct mailin_tls_context *context = self_signed();
	int fd;

	if (context == NULL)
		return;
	ck_assert(mailin_network_parse(&network, "127.0.0.1"));
	host_init(&host, 1);
	host.service.tls = context;
	host.service.implicit_tls = true;
	host.service.trust = &trust;
	host_start(&host);
	mailin_tls_context_free(context);
	fd = peer_connect(host.listener);
	peer_talk(fd, header, "");
	peer_talk(fd, hello, "");
	host_await(&host.events[MAILIN_EVENT_TLS_FAILED], 1);
	close(fd);
	host_await(&host.events[MAILIN_EVENT_CLOSED], 1);
	ck_assert_uint_eq(host.octets_in, strlen(header));
	fd = peer_connect(host.listener);
	peer_talk(fd, "PROXY UNKNOWN\r\nthis is no hello of TLS\r\n", "");
	host_await(&host.events[MAILIN_EVENT_TLS_FAILED], 2);
	close(fd);
	host_await(&host.events[MAILIN_EVENT_CLOSED], 2);
	ck_assert_uint_eq(host.octets_in, strlen(header));
	host_stop(&host);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_certificate_that_cannot_be_used_is_a_fault,
		a_self_signed_certificate_is_the_only_one,
		octets_that_are_left_for_tls_are_not_counted,
	};

	return suite_run("certificate", tests, ROWS(tests));
}
