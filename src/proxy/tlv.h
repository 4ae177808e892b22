/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_PROXY_TLV_H
#define MAILIN_SRC_PROXY_TLV_H

#include <mailin/proxy.h>

/*
 * What stands behind the addresses of version 2 of the PROXY protocol: values
 * with a type and a length (HAProxy, proxy-protocol.txt, 2.2).
 */

enum proxy_value {
	PROXY_ALPN,
	PROXY_AUTHORITY,
	PROXY_CRC32C,
	PROXY_UNIQUE_ID,
	PROXY_SSL, /* PROXY_SSL_HEAD octets, then the PROXY_SSL_ ones */
	PROXY_NETNS,
	PROXY_SSL_VERSION,
	PROXY_SSL_CN,
	PROXY_SSL_CIPHER,
	PROXY_SSL_SIG_ALG,
	PROXY_SSL_KEY_ALG,
	PROXY_OTHER, /* NOOP, and what is not known: skipped */
	PROXY_VALUES
};

/* One octet, client, and a number of four, verify. */
#define PROXY_SSL_HEAD 5

/* A part of the header, of which some may not have come yet. */
struct mailin_proxy_part {
	const char *ptr;
	size_t len;
	size_t here; /* of these len octets */
};

/*
 * A number in network order; octets that have not come yet count as zero, so
 * that it is never more than the whole number will be.
 */
uint32_t mailin_proxy_number(const char *octets, size_t size, size_t here);

/*
 * Read all values of the part.  Each octet is looked at as soon as it is
 * there, so that what is wrong early in a long header is not waited for.
 * values has room for PROXY_VALUES, all zero before.
 */
enum mailin_proxy_result mailin_proxy_values_read(struct mailin_proxy_part part,
    struct mailin_span *values);

/* 2.2.3: true if crc32c, a value within the header, is right for it. */
bool mailin_proxy_checksum_holds(struct mailin_span header,
    struct mailin_span crc32c);

#endif
