/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/transport.h"

static enum io
failed(enum io wait)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ?
	    wait :
	    IO_GONE;
}

bool
mailin_transport_start_tls(struct transport *transport,
    const struct mailin_tls_context *context, uint64_t scope)
{
	transport->peeks = false;
	transport->tls = mailin_tls_new(context, transport->fd, scope);
	return transport->tls != NULL;
}

enum io
mailin_transport_recv(struct transport *transport, char *room, size_t size,
    size_t *len)
{
	ssize_t n;

	if (transport->tls != NULL)
		return mailin_tls_recv(transport->tls, room, size, len);
	n = recv(transport->fd, room, size, transport->peeks ? MSG_PEEK : 0);
	if (n < 0)
		return failed(IO_WAIT_READ);
	*len = (size_t)n;
	return IO_DONE;
}

bool
mailin_transport_take(const struct transport *transport, size_t len)
{
	char room[4096];

	while (len > 0) {
		ssize_t n = recv(transport->fd, room,
		    len < sizeof room ? len : sizeof room, 0);

		if (n <= 0)
			return false;
		len -= (size_t)n;
	}
	return true;
}

enum io
mailin_transport_send(struct transport *transport, const char *octets,
    size_t len, size_t *sent)
{
	ssize_t n;

	if (transport->tls != NULL)
		return mailin_tls_send(transport->tls, octets, len, sent);
	n = send(transport->fd, octets, len, MSG_NOSIGNAL);
	if (n < 0)
		return failed(IO_WAIT_WRITE);
	*sent = (size_t)n;
	return IO_DONE;
}

enum io
mailin_transport_leave_tls(struct transport *transport)
{
	mailin_tls_free(transport->tls);
	transport->tls = NULL;
	transport->peeks = false;
	return shutdown(transport->fd, SHUT_WR) == 0 ? IO_DONE : IO_GONE;
}

enum io
mailin_transport_finish(struct transport *transport)
{
	enum io io = transport->tls != NULL ?
	    mailin_tls_finish(transport->tls) :
	    IO_DONE;

	return io == IO_DONE ? mailin_transport_leave_tls(transport) : io;
}

void
mailin_transport_close(struct transport *transport)
{
	mailin_tls_free(transport->tls);
	close(transport->fd);
}
