/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "log/log.h"
#include "relay/tls.h"

bool
tls_exists(void)
{
	return false;
}

struct trust *
trust_new(const char *file)
{
	(void)file;
	log_error("this server was built without libevent_openssl");
	return NULL;
}

void
trust_free(struct trust *trust)
{
	(void)trust;
}

struct bufferevent *
tls_start(struct event_base *base, evutil_socket_t fd,
    const struct trust *trust, const char *host)
{
	(void)base;
	(void)fd;
	(void)trust;
	(void)host;
	return NULL;
}

bool
tls_exporter(struct bufferevent *io, char octets[TLS_EXPORTER_SIZE])
{
	(void)io;
	(void)octets;
	return false;
}

const char *
tls_fault(struct bufferevent *io)
{
	(void)io;
	return NULL;
}

void
tls_write_last(struct bufferevent *io, const char *octets, size_t len)
{
	(void)io;
	(void)octets;
	(void)len;
}
