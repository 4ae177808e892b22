/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "log/log.h"
#include "receive/receiver.h"
#include "server.h"
#include "octet/wipe.h"

/* The seconds for which input is dropped after the last reply
 * (MAILIN_WANT_CLOSE). */
#define LINGER 2

struct client {
	struct receiver receiver; /* must be first: its address is also that of
				     the client */
	struct mailin_session *session;
	const struct mailin_trust *trust;
	bool proxied;      /* a PROXY header must come first */
	uint64_t progress; /* the session's progress at the time "since" */
	time_t since;
	char input[16384];
	size_t used, have;
	bool ended; /* the input has ended */
	enum mailin_close_reason reason;
	uint64_t octets_in, octets_out;
};

static time_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

/* Returns the time until which to wait for the client.  Whenever the session
 * makes progress, the client gets its full time again. */
static time_t
deadline(struct client *client)
{
	struct mailin_session *session = client->session;
	uint64_t progress = mailin_session_progress(session);

	if (progress != client->progress || client->since == 0) {
		client->progress = progress;
		client->since = now();
	}
	return client->since + mailin_session_timeout(session);
}

/* Wait until the file is ready, but not beyond the time "until".  Returns 1 if
 * the file is ready, 0 if the time is over, -1 with errno after an error. */
static int
wait_for(int fd, short events, time_t until)
{
	struct pollfd file = { .fd = fd, .events = events };
	int ready;

	do {
		time_t left = until - now();

		ready = poll(&file, 1, left > 0 ? (int)left * 1000 : 0);
	} while (ready < 0 && errno == EINTR);
	return ready;
}

static bool
try_again(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static bool
io_error(const char *what)
{
	log_error("standard %s: %s", what, strerror(errno));
	return false;
}

/* Returns false if the output cannot be sent. */
static bool
send_output(struct client *client)
{
	struct mailin_session *session = client->session;
	struct mailin_span out;

	while ((out = mailin_session_output(session)).len > 0) {
		/* After poll there is room for PIPE_BUF octets; to write more
		 * might block. */
		size_t len = out.len < PIPE_BUF ? out.len : PIPE_BUF;
		ssize_t n;

		if (wait_for(STDOUT_FILENO, POLLOUT, deadline(client)) == 0) {
			errno = ETIMEDOUT;
			return io_error("output");
		}
		n = write(STDOUT_FILENO, out.ptr, len);
		if (n < 0 && !try_again())
			return io_error("output");
		if (n <= 0)
			continue;
		client->octets_out += (uint64_t)n;
		(void)mailin_session_sent(session, (size_t)n);
	}
	return true;
}

static bool
read_input(struct client *client)
{
	struct mailin_session *session = client->session;
	ssize_t n;

	wipe(client->input, client->have); /* the input may be a password */
	if (wait_for(STDIN_FILENO, POLLIN, deadline(client)) == 0) {
		(void)mailin_session_timed_out(session);
		return true;
	}
	n = read(STDIN_FILENO, client->input, sizeof client->input);
	if (n < 0)
		return try_again() || io_error("input");
	client->used = 0;
	client->have = (size_t)n;
	client->octets_in += (uint64_t)n;
	if (n == 0) {
		client->ended = true;
		(void)mailin_session_eof(session);
	}
	return true;
}

/* Returns false after an error of input or output. */
static bool
converse(struct client *client)
{
	struct mailin_session *session = client->session;

	for (;;) {
		if (!send_output(client))
			return false;
		if (mailin_session_want(session) == MAILIN_WANT_CLOSE)
			return true;
		if (client->used < client->have)
			client->used += mailin_session_feed(session,
			    client->input + client->used,
			    client->have - client->used);
		else if (!read_input(client))
			return false;
	}
}

static void
linger(struct client *client)
{
	time_t until = now() + LINGER;

	if (shutdown(STDOUT_FILENO, SHUT_WR) != 0)
		close(STDOUT_FILENO);
	while (!client->ended && now() < until &&
	    wait_for(STDIN_FILENO, POLLIN, until) > 0)
		client->ended = read(STDIN_FILENO, client->input,
				    sizeof client->input) <= 0;
}

/* Write the text of an IP address to host.  An IPv4 address may be in its IPv6
 * form, which the session converts.  Returns the port. */
static unsigned
host_of(const struct sockaddr_storage *address, char host[INET6_ADDRSTRLEN])
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	host[0] = '\0';
	switch (address->ss_family) {
	case AF_INET:
		memcpy(&v4, address, sizeof v4);
		inet_ntop(AF_INET, &v4.sin_addr, host, INET6_ADDRSTRLEN);
		return ntohs(v4.sin_port);
	case AF_INET6:
		memcpy(&v6, address, sizeof v6);
		inet_ntop(AF_INET6, &v6.sin6_addr, host, INET6_ADDRSTRLEN);
		return ntohs(v6.sin6_port);
	default:
		return 0;
	}
}

/* If standard input is a socket, tell the session the addresses of both
 * ends. */
static void
tell_peer(struct client *client)
{
	struct sockaddr_storage remote, local;
	socklen_t remote_len = sizeof remote, local_len = sizeof local;
	char remote_host[INET6_ADDRSTRLEN], local_host[INET6_ADDRSTRLEN];
	struct mailin_peer peer = { .port = 0 };

	if (getpeername(STDIN_FILENO, (struct sockaddr *)&remote,
		&remote_len) != 0 ||
	    getsockname(STDIN_FILENO, (struct sockaddr *)&local, &local_len) !=
		0)
		return;
	peer.port = host_of(&remote, remote_host);
	peer.local_port = host_of(&local, local_host);
	if (remote_host[0] == '\0')
		return;
	peer.address = mailin_span_of(remote_host);
	peer.local_address = mailin_span_of(local_host);
	(void)mailin_session_set_peer(client->session, &peer);
	client->proxied = mailin_trust_peer(client->trust, client->session);
}

/* Only a trusted peer may send XCLIENT.  After it, the session belongs to the
 * client that XCLIENT names, so decide again whether to trust that client. */
static enum mailin_reply
on_xclient(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_attributes *attributes, void *user)
{
	const struct client *client = user;

	(void)attributes;
	if (verb == MAILIN_VERB_XCLIENT)
		(void)mailin_trust_peer(client->trust, session);
	return MAILIN_REPLY_OK;
}

/* A peer that sent no PROXY header gets no reply, so log this for the
 * operator. */
static void
on_close(struct mailin_session *session, enum mailin_close_reason reason,
    void *user)
{
	struct client *client = user;
	const struct mailin_peer *peer = mailin_session_peer(session);

	client->reason = reason;
	if ((reason == MAILIN_CLOSE_PROTOCOL ||
		reason == MAILIN_CLOSE_TIMEOUT) &&
	    client->proxied && mailin_session_proxy(session) == NULL &&
	    peer != NULL)
		log_no_proxy(peer->address);
}

static bool
serve(struct client *client, struct service *service)
{
	const struct policy *policy = service->options->policies[0];
	bool good;

	client->trust = &policy->trust;
	service->handler.xclient = on_xclient;
	service->handler.close = on_close;
	client->session = mailin_session_new(policy->config, &service->handler,
	    client);
	if (client->session == NULL) {
		log_error("no memory");
		return false;
	}
	receiver_begin(&client->receiver, service->files[0], client->session,
	    true);
	tell_peer(client);
	good = converse(client);
	if (good)
		linger(client);
	(void)mailin_session_abort(client->session, MAILIN_CLOSE_ABORT);
	receiver_log_close(&client->receiver, client->session, client->reason,
	    client->octets_in, client->octets_out);
	mailin_session_free(client->session);
	receiver_end(&client->receiver);
	wipe(client->input, sizeof client->input);
	return good;
}

int
stdio_run(struct service *service)
{
	struct client *client = calloc(1, sizeof *client);
	bool good = false;

	if (!service_confine(service) || !log_start()) {
		free(client);
		return EXIT_FAILURE;
	}
	if (client != NULL)
		good = serve(client, service);
	else
		log_error("no memory");
	free(client);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
