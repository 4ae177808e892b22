/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "serve.h"

struct connection {
	int fd;
	struct mailin_session *session;
	uint64_t progress; /* mailin_session_progress when deadline was set */
	int64_t deadline;
	bool is_late;
};

unsigned
serve_port(const char *text)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	if (strspn(text, "0123456789") == 0 || *end != '\0' || port > 65535) {
		fprintf(stderr, "%s: not a port (0 to 65535)\n", text);
		exit(2);
	}
	return (unsigned)port;
}

int
serve_listen(unsigned port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0 ||
	    bind(fd, (struct sockaddr *)&address, len) < 0 ||
	    listen(fd, 64) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) < 0) {
		fprintf(stderr, "cannot listen on 127.0.0.1:%u: %s\n", port,
		    strerror(errno));
		exit(1);
	}
	fprintf(stderr, "listening on 127.0.0.1:%u\n", ntohs(address.sin_port));
	return fd;
}

static int64_t
now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Wait until fd is ready for the events.  Returns false if the deadline passes
 * first. */
static bool
is_ready(int fd, short events, int64_t deadline)
{
	struct pollfd poll_fd = { .fd = fd, .events = events };
	int64_t left = deadline - now();

	return poll(&poll_fd, 1, left > 0 ? (int)left : 0) != 0;
}

/* Returns false if the client is too late.  Only progress moves the deadline: a
 * client that sends one octet a minute is cut off. */
static bool
is_in_time(struct connection *c, short events)
{
	uint64_t progress = mailin_session_progress(c->session);

	if (c->deadline == 0 || progress != c->progress) {
		c->progress = progress;
		c->deadline = now() +
		    (int64_t)mailin_session_timeout(c->session) * 1000;
	}
	return is_ready(c->fd, events, c->deadline);
}

/* Call this after a system call has failed.  If the same call can succeed
 * later, wait until then, and return true.  Return false if it cannot, or if
 * the time is over (is_late). */
static bool
is_due_again(struct connection *c, short events)
{
	if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
		return false;
	c->is_late = !is_in_time(c, events);
	return !c->is_late;
}

static void
send_output(struct connection *c, struct mailin_span out)
{
	ssize_t sent;

	do
		sent = send(c->fd, out.ptr, out.len, MSG_NOSIGNAL);
	while (sent < 0 && is_due_again(c, POLLOUT));
	if (sent > 0)
		mailin_session_sent(c->session, (size_t)sent);
	else
		mailin_session_abort(c->session, MAILIN_CLOSE_ABORT);
}

static size_t
receive(struct connection *c, char *octets, size_t room)
{
	ssize_t len;

	do
		len = recv(c->fd, octets, room, 0);
	while (len < 0 && is_due_again(c, POLLIN));
	if (len > 0)
		return (size_t)len;
	if (len == 0)
		mailin_session_eof(c->session);
	else if (c->is_late)
		mailin_session_timed_out(c->session);
	else
		mailin_session_abort(c->session, MAILIN_CLOSE_ABORT);
	return 0;
}

/* Read and drop input for a while.  If the connection were closed while input
 * is unread, the client could lose the last reply. */
static void
linger(int fd)
{
	char dropped[4096];
	int64_t deadline = now() + 2000;

	shutdown(fd, SHUT_WR);
	while (is_ready(fd, POLLIN, deadline) &&
	    recv(fd, dropped, sizeof dropped, 0) > 0 && now() < deadline)
		;
	close(fd);
}

static void
set_peer(struct mailin_session *session, int fd)
{
	struct sockaddr_in address = { 0 };
	socklen_t len = sizeof address;
	char text[INET_ADDRSTRLEN] = "";
	struct mailin_peer peer = { 0 };

	if (getpeername(fd, (struct sockaddr *)&address, &len) == 0)
		inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
	peer.address = mailin_span_of(text);
	peer.port = ntohs(address.sin_port);
	(void)mailin_session_set_peer(session, &peer);
}

/* Serve a client.  Keep this order: first send output; then offer the octets
 * that were read before; read more only when these are used up. */
void
serve_client(int fd, struct mailin_session *session)
{
	struct connection c = { .fd = fd, .session = session };
	char octets[4096];
	size_t have = 0, used = 0;

	set_peer(session, fd);
	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		mailin_session_abort(session, MAILIN_CLOSE_ABORT);
	for (;;) {
		struct mailin_span out = mailin_session_output(session);

		if (out.len > 0) {
			send_output(&c, out);
		} else if (mailin_session_want(session) == MAILIN_WANT_CLOSE) {
			break;
		} else if (used < have) {
			used += mailin_session_feed(session, octets + used,
			    have - used);
		} else {
			have = receive(&c, octets, sizeof octets);
			used = 0;
		}
	}
	linger(fd);
}
