/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <sys/socket.h>

#include "proxy_header.h"

/* What has come is looked at while the socket has it: an unfinished header has
 * all of it, a whole one what belongs to it. */
enum io
proxy_header_read(struct proxy_header *header, int fd,
    struct mailin_proxy *proxy)
{
	char *end = header->octets + header->len;
	ssize_t n = recv(fd, end, sizeof header->octets - header->len,
	    MSG_PEEK);
	enum mailin_proxy_result result;
	size_t used;

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK ||
	    errno == EINTR))
		return IO_WAIT_READ;
	if (n <= 0)
		return IO_GONE;
	result = mailin_proxy_parse(proxy, header->octets,
	    header->len + (size_t)n, &used);
	if (result == MAILIN_PROXY_MALFORMED)
		return IO_GONE;
	if (result == MAILIN_PROXY_OK)
		n = (ssize_t)(used - header->len);
	header->len += (size_t)n;
	if (recv(fd, end, (size_t)n, 0) != n)
		return IO_GONE;
	return result == MAILIN_PROXY_OK ? IO_DONE : IO_WAIT_READ;
}
