/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "proxy/tlv.h"

#define TLV_HEAD 3 /* a type, and a length of two octets */
#define SSL      0x20
#define ANY      UINT16_MAX

static const struct {
	unsigned char type;
	unsigned char within; /* the type of the value that contains it, or 0 */
	uint16_t least;       /* the minimum length of the value */
	uint16_t most;
} types[PROXY_VALUES] = {
	[PROXY_ALPN] = { 0x01, 0, 0, ANY },
	[PROXY_AUTHORITY] = { 0x02, 0, 0, ANY },
	[PROXY_CRC32C] = { 0x03, 0, 4, 4 },
	[PROXY_UNIQUE_ID] = { 0x05, 0, 0, 128 },
	[PROXY_SSL] = { SSL, 0, PROXY_SSL_HEAD, ANY },
	[PROXY_NETNS] = { 0x30, 0, 0, ANY },
	[PROXY_SSL_VERSION] = { 0x21, SSL, 0, ANY },
	[PROXY_SSL_CN] = { 0x22, SSL, 0, ANY },
	[PROXY_SSL_CIPHER] = { 0x23, SSL, 0, ANY },
	[PROXY_SSL_SIG_ALG] = { 0x24, SSL, 0, ANY },
	[PROXY_SSL_KEY_ALG] = { 0x25, SSL, 0, ANY },
	[PROXY_OTHER] = { 0, 0, 0, ANY },
};

uint32_t
mailin_proxy_number(const char *octets, size_t size, size_t here)
{
	uint32_t number = 0;
	size_t i;

	for (i = 0; i < size; i++)
		number = number << 8 |
		    (i < here ? (unsigned char)octets[i] : 0);
	return number;
}

static enum proxy_value
find_value(unsigned char type, unsigned char within)
{
	int value = 0;

	while (value < PROXY_OTHER &&
	    (types[value].type != type || types[value].within != within))
		value++;
	return (enum proxy_value)value;
}

/* Read the type and the length at the start of "part", as far as their octets
 * have come. */
static enum mailin_proxy_result
read_type(struct mailin_proxy_part part, unsigned char within, unsigned given,
    enum proxy_value *value, struct mailin_span *out)
{
	size_t len;

	if (part.here == 0)
		return MAILIN_PROXY_INCOMPLETE;
	if (part.len < TLV_HEAD)
		return MAILIN_PROXY_MALFORMED;
	*value = find_value((unsigned char)*part.ptr, within);
	/* No value may be given twice, because nobody could know which one
	 * counts. */
	if (*value != PROXY_OTHER && (given & 1u << *value) != 0)
		return MAILIN_PROXY_MALFORMED;
	len = mailin_proxy_number(part.ptr + 1, 2, part.here - 1);
	if (len > types[*value].most || len > part.len - TLV_HEAD)
		return MAILIN_PROXY_MALFORMED;
	if (part.here < TLV_HEAD)
		return MAILIN_PROXY_INCOMPLETE;
	*out = (struct mailin_span){ part.ptr + TLV_HEAD, len };
	return len < types[*value].least ? MAILIN_PROXY_MALFORMED :
					   MAILIN_PROXY_OK;
}

/* Returns the octets of part between two offsets. */
static struct mailin_proxy_part
slice(struct mailin_proxy_part part, size_t from, size_t to)
{
	size_t end = part.here < to ? part.here : to;
	size_t start = from < end ? from : end;

	return (struct mailin_proxy_part){ part.ptr + start, to - from,
		end - start };
}

/* Read the value at progress->at.  The value of type SSL begins with
 * PROXY_SSL_HEAD octets.  After them come values inside it, which contain no
 * further values. */
static enum mailin_proxy_result
read_value(struct mailin_proxy_part part,
    struct mailin_proxy_progress *progress, struct mailin_span *values)
{
	bool in_ssl = progress->at < progress->ssl_end;
	struct mailin_proxy_part rest = slice(part, progress->at,
	    in_ssl ? progress->ssl_end : part.len);
	enum proxy_value value;
	struct mailin_span span;
	enum mailin_proxy_result result = read_type(rest, in_ssl ? SSL : 0,
	    progress->given, &value, &span);
	size_t used;

	if (result != MAILIN_PROXY_OK)
		return result;
	used = TLV_HEAD + (value == PROXY_SSL ? PROXY_SSL_HEAD : span.len);
	if (rest.here < used)
		return MAILIN_PROXY_INCOMPLETE;
	if (value == PROXY_SSL)
		progress->ssl_end = (uint16_t)(progress->at + TLV_HEAD +
		    span.len);
	progress->at = (uint16_t)(progress->at + used);
	progress->given |= (uint16_t)(1u << value);
	values[value] = span;
	return MAILIN_PROXY_OK;
}

enum mailin_proxy_result
mailin_proxy_values_read(struct mailin_proxy_part part,
    struct mailin_proxy_progress *progress, struct mailin_span *values)
{
	enum mailin_proxy_result result = MAILIN_PROXY_OK;

	while (result == MAILIN_PROXY_OK && progress->at < part.len)
		result = read_value(part, progress, values);
	return result;
}

/* CRC32c (RFC 4960 B).  The octets of the checksum itself count as zero. */
bool
mailin_proxy_checksum_holds(struct mailin_span header,
    struct mailin_span crc32c)
{
	size_t i, from = (size_t)(crc32c.ptr - header.ptr);
	size_t to = from + crc32c.len;
	uint32_t crc = UINT32_MAX;
	int bit;

	for (i = 0; i < header.len; i++) {
		if (i < from || i >= to)
			crc ^= (unsigned char)header.ptr[i];
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82f63b78 : 0);
	}
	return ~crc == mailin_proxy_number(crc32c.ptr, 4, 4);
}
