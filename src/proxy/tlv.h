/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_PROXY_TLV_H
#define MAILIN_SRC_PROXY_TLV_H

#include <mailin/proxy.h>

/* The values after the addresses in version 2 of the PROXY protocol.  Each has
 * a type and a length (HAProxy, proxy-protocol.txt, 2.2). */

enum proxy_value {
	PROXY_ALPN,
	PROXY_AUTHORITY,
	PROXY_CRC32C,
	PROXY_UNIQUE_ID,
	PROXY_SSL, /* PROXY_SSL_HEAD octets, then PROXY_SSL_ values */
	PROXY_NETNS,
	PROXY_SSL_VERSION,
	PROXY_SSL_CN,
	PROXY_SSL_CIPHER,
	PROXY_SSL_SIG_ALG,
	PROXY_SSL_KEY_ALG,
	PROXY_OTHER, /* NOOP and unknown types, which are skipped */
	PROXY_VALUES
};

/* The length of "client" (an octet) and "verify" (a number of four octets). */
#define PROXY_SSL_HEAD 5

/* A part of the header, of which perhaps only the first octets have come. */
struct mailin_proxy_part {
	const char *ptr;
	size_t len;
	size_t here; /* how many of the len octets have come */
};

/* How much of the values was read.  When more octets come, the session does not
 * read these values again. */
struct mailin_proxy_progress {
	uint16_t at;      /* octets of the part that were read */
	uint16_t ssl_end; /* where the last value of SSL ends */
	uint16_t given;   /* a bit for each value that was read */
};

/*
 * Returns a number in network order.  Octets that have not come yet count as
 * zero, so the result is never more than the whole number will be.
 */
uint32_t mailin_proxy_number(const char *octets, size_t size, size_t here);

/* Read the values of the part that earlier calls have not read.  Each octet is
 * checked as soon as it comes, so that an error is found before the rest of a
 * long header comes.  At first progress and the PROXY_VALUES members of values
 * are all zero. */
enum mailin_proxy_result mailin_proxy_values_read(struct mailin_proxy_part part,
    struct mailin_proxy_progress *progress, struct mailin_span *values);

/* Returns true if crc32c, one of the header's values, is the right checksum of
 * the header (proxy-protocol.txt, 2.2.3). */
bool mailin_proxy_checksum_holds(struct mailin_span header,
    struct mailin_span crc32c);

#endif
