/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/time.h>

#include "back_end.h"

static int
dial(const struct back_end *b)
{
	static const struct timeval patience = { .tv_sec = 300 };
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *all, *a;
	int fd = -1;

	if (getaddrinfo(b->host, b->port, &hints, &all) != 0)
		return -1;
	for (a = all; a != NULL && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		    sizeof patience);
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience,
		    sizeof patience);
		if (connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
			close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(all);
	return fd;
}

static bool
send_all(struct back_end *b, const char *octets, size_t len)
{
	while (len > 0) {
		ssize_t sent = send(b->fd, octets, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		octets += sent;
		len -= (size_t)sent;
	}
	return true;
}

/* Send the octets of the message, and then the commands. */
static bool
flush(struct back_end *b)
{
	struct mailin_span out;

	if (!send_all(b, b->out, b->out_len))
		return false;
	b->out_len = 0;
	while ((out = mailin_client_output(b->client)).len > 0) {
		if (!send_all(b, out.ptr, out.len))
			return false;
		mailin_client_sent(b->client, out.len);
	}
	return true;
}

void
back_end_hang_up(struct back_end *b)
{
	if (b->client == NULL)
		return;
	if (mailin_client_quit(b->client) == MAILIN_OK)
		flush(b);
	mailin_client_free(b->client);
	b->client = NULL;
	b->out_len = b->rest.len = 0;
	close(b->fd);
}

static bool
receive_reply(struct back_end *b)
{
	enum mailin_client_event event;
	ssize_t len;

	if (!flush(b))
		return false;
	while ((event = mailin_client_feed(b->client, &b->rest, &b->reply)) ==
	    MAILIN_CLIENT_MORE) {
		len = recv(b->fd, b->in, sizeof b->in, 0);
		if (len <= 0)
			return false;
		b->rest = (struct mailin_span){ b->in, (size_t)len };
	}
	return event == MAILIN_CLIENT_REPLY;
}

bool
back_end_hear(struct back_end *b)
{
	b->reply.code = 0;
	if (b->client == NULL)
		return false;
	if (receive_reply(b))
		return true;
	b->reply.code = 0;
	back_end_hang_up(b);
	return false;
}

bool
back_end_send(struct back_end *b, struct mailin_span octets)
{
	if (b->client == NULL)
		return false;
	if (octets.len > sizeof b->out - b->out_len && !flush(b))
		return false;
	if (octets.len > sizeof b->out)
		return send_all(b, octets.ptr, octets.len);
	if (octets.len > 0)
		memcpy(b->out + b->out_len, octets.ptr, octets.len);
	b->out_len += octets.len;
	return true;
}

static bool
is_connected(struct back_end *b)
{
	struct mailin_client_options options = {
		.size = sizeof options,
		.name = "localhost",
		.protocol = b->protocol,
	};

	b->fd = dial(b);
	if (b->fd < 0)
		return false;
	b->client = mailin_client_new(&options);
	if (b->client == NULL)
		close(b->fd);
	return b->client != NULL;
}

bool
back_end_call(struct back_end *b)
{
	if (b->client != NULL)
		return true;
	if (!is_connected(b))
		return false;
	if (back_end_hear(b) && b->reply.code == 220 &&
	    mailin_client_hello(b->client) == MAILIN_OK && back_end_hear(b) &&
	    b->reply.code == 250)
		return true;
	back_end_hang_up(b);
	return false;
}

bool
back_end_offers(const struct back_end *b, enum mailin_extension extension)
{
	return b->client != NULL && mailin_client_offers(b->client, extension);
}

/* ---- XFORWARD ---- */

static bool
collect_told(const struct mailin_session *session, struct mailin_span *values)
{
	bool any = false;
	int a;

	for (a = 0; a < MAILIN_ATTRIBUTE_COUNT; ++a) {
		values[a] = mailin_session_attribute(session,
		    MAILIN_VERB_XFORWARD, (enum mailin_attribute)a);
		any |= values[a].ptr != NULL;
	}
	return any;
}

/* Collect the facts about the filter's own client. */
static void
collect_facts(const struct mailin_session *session, struct mailin_span *values,
    char port[6])
{
	const struct mailin_peer *peer = mailin_session_peer(session);
	struct mailin_helo helo = { 0 };
	enum mailin_verb verb = mailin_session_helo(session, &helo);

	if (peer != NULL) {
		snprintf(port, 6, "%u", peer->port % 65536);
		values[MAILIN_ATTRIBUTE_ADDR] = peer->address;
		values[MAILIN_ATTRIBUTE_PORT] = mailin_span_of(port);
	}
	values[MAILIN_ATTRIBUTE_PROTO] = mailin_span_of(
	    verb == MAILIN_VERB_HELO ? "SMTP" : "ESMTP");
	values[MAILIN_ATTRIBUTE_HELO] = helo.domain;
}

bool
back_end_tell(struct back_end *b, const struct mailin_session *session)
{
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT];
	char port[6];

	if (!back_end_offers(b, MAILIN_EXTENSION_XFORWARD))
		return true;
	if (!collect_told(session, values))
		collect_facts(session, values, port);
	if (mailin_client_xforward(b->client, values) != MAILIN_OK)
		return true;
	do {
		if (!back_end_hear(b) || b->reply.code == 421)
			return false;
	} while (mailin_client_awaited(b->client) > 0);
	return true;
}
