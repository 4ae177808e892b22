/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "octet/ip_address.h"
#include "proxy/line.h"

/* ---- Version 1 (2.1) ----------------------------------------------------- */

static void
write_address(char *out, enum mailin_proxy_family family,
    struct mailin_span text)
{
	unsigned char octets[16];

	if (family == MAILIN_PROXY_FAMILY_INET) {
		/* The grammar allows no leading zeros, so an address has only
		 * one form. */
		memcpy(out, text.ptr, text.len);
	} else {
		(void)mailin_inet6_read(text, octets);
		mailin_inet6_write(out, octets);
	}
}

static enum mailin_proxy_result
parse_line(struct mailin_proxy *proxy, const char *octets, size_t len,
    size_t *used)
{
	struct mailin_proxy_line line = { 0 };
	enum mailin_proxy_result result = mailin_proxy_line_parse(&line, octets,
	    len, used);

	if (result != MAILIN_PROXY_OK)
		return result;
	proxy->local = line.family == MAILIN_PROXY_FAMILY_UNSPEC;
	if (proxy->local)
		return MAILIN_PROXY_OK;
	proxy->family = line.family;
	proxy->transport = MAILIN_PROXY_TRANSPORT_STREAM;
	write_address(proxy->source, line.family, line.source);
	write_address(proxy->destination, line.family, line.destination);
	proxy->source_port = line.source_port;
	proxy->destination_port = line.destination_port;
	return MAILIN_PROXY_OK;
}

/* ---- Version 2 (2.2): its first 16 octets -------------------------------- */

static const char signature[] = "\r\n\r\n\0\r\nQUIT\n";

#define SIGNATURE_LEN (sizeof signature - 1)

enum {
	COMMAND_AT = 12,
	FAMILY_AT = 13,
	LENGTH_AT = 14,
	HEAD_LEN = 16
};

/* The high four bits are the version, the low ones the command. */
enum {
	COMMAND_LOCAL = 0x20,
	COMMAND_PROXY = 0x21
};

/* The code of a family and a transport: the high four bits are the family, the
 * low ones the transport.  proxy-protocol.txt names no other pairs. */
static const struct {
	unsigned char code;
	unsigned char len; /* octets of the addresses and ports */
} families[] = {
	{ 0x00, 0 },   /* UNSPEC */
	{ 0x11, 12 },  /* TCP over IPv4 */
	{ 0x12, 12 },  /* UDP over IPv4 */
	{ 0x21, 36 },  /* TCP over IPv6 */
	{ 0x22, 36 },  /* UDP over IPv6 */
	{ 0x31, 216 }, /* UNIX stream */
	{ 0x32, 216 }, /* UNIX datagram */
};

#define NO_FAMILY UINT16_MAX

#define UNIX_PATH_LEN 108

struct head {
	bool local;
	size_t addresses; /* octets of the addresses, or NO_FAMILY */
	size_t len;       /* octets after the head */
};

static size_t
addresses_len(unsigned char code)
{
	size_t i;

	for (i = 0; i < sizeof families / sizeof families[0]; i++)
		if (families[i].code == code)
			return families[i].len;
	return NO_FAMILY;
}

static enum mailin_proxy_result
read_head(struct head *head, const char *octets, size_t len)
{
	size_t known = len < SIGNATURE_LEN ? len : SIGNATURE_LEN;
	unsigned char command;

	if (memcmp(octets, signature, known) != 0)
		return MAILIN_PROXY_MALFORMED;
	if (len <= COMMAND_AT)
		return MAILIN_PROXY_INCOMPLETE;
	command = (unsigned char)octets[COMMAND_AT];
	if (command != COMMAND_LOCAL && command != COMMAND_PROXY)
		return MAILIN_PROXY_MALFORMED;
	head->local = command == COMMAND_LOCAL;
	if (len <= FAMILY_AT)
		return MAILIN_PROXY_INCOMPLETE;
	head->addresses = addresses_len((unsigned char)octets[FAMILY_AT]);
	if (head->addresses == NO_FAMILY && !head->local)
		return MAILIN_PROXY_MALFORMED;
	head->len = mailin_proxy_number(octets + LENGTH_AT, 2, len - LENGTH_AT);
	if (head->len > MAILIN_PROXY_V2_MOST - HEAD_LEN)
		return MAILIN_PROXY_MALFORMED;
	return len < HEAD_LEN ? MAILIN_PROXY_INCOMPLETE : MAILIN_PROXY_OK;
}

static enum mailin_proxy_result
read_block(const struct head *head, const char *octets, size_t len,
    struct mailin_proxy_progress *progress, struct mailin_span *values)
{
	size_t end = HEAD_LEN + head->len, start = HEAD_LEN + head->addresses;

	if (head->addresses > head->len)
		return MAILIN_PROXY_MALFORMED;
	if (len < start)
		return MAILIN_PROXY_INCOMPLETE;
	return mailin_proxy_values_read(
	    (struct mailin_proxy_part){ octets + start, end - start,
		(len < end ? len : end) - start },
	    progress, values);
}

/* ---- Version 2: the facts ------------------------------------------------ */

static struct mailin_span
path_of(const char *octets)
{
	const char *end = memchr(octets, '\0', UNIX_PATH_LEN);

	return (struct mailin_span){ octets,
		end != NULL ? (size_t)(end - octets) : UNIX_PATH_LEN };
}

/* proxy-protocol.txt 2.2: the source and destination address, then their ports.
 * UNIX has two paths and no ports. */
static void
set_addresses(struct mailin_proxy *proxy, const char *octets)
{
	const unsigned char *p = (const unsigned char *)octets;

	if (proxy->family == MAILIN_PROXY_FAMILY_UNIX) {
		proxy->source_path = path_of(octets);
		proxy->destination_path = path_of(octets + UNIX_PATH_LEN);
		return;
	}
	if (proxy->family == MAILIN_PROXY_FAMILY_INET) {
		mailin_inet_write(proxy->source, p);
		mailin_inet_write(proxy->destination, p + 4);
		octets += 8;
	} else {
		mailin_inet6_write(proxy->source, p);
		mailin_inet6_write(proxy->destination, p + 16);
		octets += 32;
	}
	proxy->source_port = mailin_proxy_number(octets, 2, 2);
	proxy->destination_port = mailin_proxy_number(octets + 2, 2, 2);
}

/* The bits of the octet "client" (proxy-protocol.txt 2.2.6). */
enum {
	CLIENT_SSL = 1,
	CLIENT_CERT_CONN = 2,
	CLIENT_CERT_SESS = 4
};

static void
set_tls(struct mailin_proxy *proxy, const struct mailin_span *values)
{
	const char *ssl = values[PROXY_SSL].ptr;

	if (ssl == NULL || (*ssl & CLIENT_SSL) == 0)
		return;
	proxy->tls = true;
	proxy->tls_certificate = (*ssl &
				     (CLIENT_CERT_CONN | CLIENT_CERT_SESS)) !=
	    0;
	proxy->tls_verify = mailin_proxy_number(ssl + 1, 4, 4);
	proxy->tls_verified = proxy->tls_certificate && proxy->tls_verify == 0;
	proxy->tls_version = values[PROXY_SSL_VERSION];
	proxy->tls_cipher = values[PROXY_SSL_CIPHER];
	proxy->tls_name = values[PROXY_SSL_CN];
	proxy->tls_sig_alg = values[PROXY_SSL_SIG_ALG];
	proxy->tls_key_alg = values[PROXY_SSL_KEY_ALG];
}

static void
set_facts(struct mailin_proxy *proxy, const char *octets,
    const struct mailin_span *values)
{
	unsigned char code = (unsigned char)octets[FAMILY_AT];

	proxy->family = (enum mailin_proxy_family)(code >> 4);
	proxy->transport = (enum mailin_proxy_transport)(code & 15);
	proxy->local = proxy->family == MAILIN_PROXY_FAMILY_UNSPEC;
	if (!proxy->local)
		set_addresses(proxy, octets + HEAD_LEN);
	proxy->alpn = values[PROXY_ALPN];
	proxy->authority = values[PROXY_AUTHORITY];
	proxy->unique_id = values[PROXY_UNIQUE_ID];
	proxy->netns = values[PROXY_NETNS];
	set_tls(proxy, values);
}

/*
 * For LOCAL "the receiver must accept this connection as valid and must [...]
 * discard the protocol block including the family which is ignored".  So errors
 * in the block are ignored.  But if the block can be read, and has a checksum,
 * the checksum must be right.
 */
static enum mailin_proxy_result
parse_block(struct mailin_proxy *proxy, const char *octets, size_t len,
    size_t *used)
{
	struct mailin_span values[PROXY_VALUES] = { { NULL, 0 } };
	struct mailin_proxy_progress progress = { 0 };
	struct head head;
	enum mailin_proxy_result result = read_head(&head, octets, len);

	if (result != MAILIN_PROXY_OK)
		return result;
	result = read_block(&head, octets, len, &progress, values);
	if (head.local && len < HEAD_LEN + head.len)
		return MAILIN_PROXY_INCOMPLETE;
	if (result != MAILIN_PROXY_OK && !head.local)
		return result;
	*used = HEAD_LEN + head.len;
	if (result == MAILIN_PROXY_OK && values[PROXY_CRC32C].ptr != NULL &&
	    !mailin_proxy_checksum_holds((struct mailin_span){ octets, *used },
		values[PROXY_CRC32C]))
		return MAILIN_PROXY_MALFORMED;
	if (head.local)
		proxy->local = true;
	else
		set_facts(proxy, octets, values);
	return MAILIN_PROXY_OK;
}

/* Check the octets that have come since the last call.  Returns OK if all
 * octets of the block have come. */
static enum mailin_proxy_result
check_block(const char *octets, size_t len,
    struct mailin_proxy_progress *progress)
{
	struct mailin_span values[PROXY_VALUES];
	struct head head;
	enum mailin_proxy_result result = read_head(&head, octets, len);

	if (result != MAILIN_PROXY_OK)
		return result;
	if (head.local)
		return len < HEAD_LEN + head.len ? MAILIN_PROXY_INCOMPLETE :
						   MAILIN_PROXY_OK;
	return read_block(&head, octets, len, progress, values);
}

/* ---- Both versions ------------------------------------------------------- */

bool
mailin_proxy_is_own(const char *octets)
{
	return *octets == signature[0] &&
	    (unsigned char)octets[COMMAND_AT] == COMMAND_LOCAL;
}

enum mailin_proxy_result
mailin_proxy_parse(struct mailin_proxy *proxy, const char *octets, size_t len,
    size_t *used)
{
	enum mailin_proxy_result result;

	if (proxy == NULL || used == NULL)
		return MAILIN_PROXY_MALFORMED;
	memset(proxy, 0, sizeof *proxy);
	*used = 0;
	if (len == 0)
		return MAILIN_PROXY_INCOMPLETE;
	if (octets == NULL)
		return MAILIN_PROXY_MALFORMED;
	result = *octets == 'P' ? parse_line(proxy, octets, len, used) :
				  parse_block(proxy, octets, len, used);
	if (result != MAILIN_PROXY_OK)
		*used = 0;
	return result;
}

enum mailin_proxy_result
mailin_proxy_go_on(struct mailin_proxy *proxy, const char *octets, size_t len,
    size_t *used, struct mailin_proxy_progress *progress)
{
	enum mailin_proxy_result result = *octets == 'P' ?
	    MAILIN_PROXY_OK :
	    check_block(octets, len, progress);

	return result == MAILIN_PROXY_OK ?
	    mailin_proxy_parse(proxy, octets, len, used) :
	    result;
}
