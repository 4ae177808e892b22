/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_PROXY_HEADER_H
#define MAILIN_SERVER_PROXY_HEADER_H

#include <mailin/proxy.h>

#include "io.h"

/* A PROXY header in front of TLS: a session, which reads the others, gets to
 * see nothing but what is inside.  At first all zero. */
struct proxy_header {
	size_t len;
	char   octets[MAILIN_PROXY_V2_MOST];
};

/* Read it from a socket that does not block, and no octet behind it: that is
 * TLS's.  IO_GONE: there is none, or no more input.  What proxy tells lives as
 * long as header. */
enum io proxy_header_read(struct proxy_header *header, int fd,
    struct mailin_proxy *proxy);

#endif
