/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_HTTP_ADDRESS_H
#define MAILIN_SERVER_HTTP_ADDRESS_H

#include <sys/socket.h>

/* Parse an IP address with a port, such as 127.0.0.1:9125 or [::1]:9125, or a
 * port alone, which means that port of 127.0.0.1.  Returns the length of
 * *address, or 0 if the text is anything else. */
int http_address_parse(const char *text, struct sockaddr_storage *address);

#endif
