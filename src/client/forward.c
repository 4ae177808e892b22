/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/codec.h>

#include "client/queue.h"
#include "octet/ascii.h"
#include "octet/ip_address.h"
#include "octet/span.h"

/* XFORWARD and XCLIENT: Postfix's XFORWARD_README and XCLIENT_README. */

#define UNAVAILABLE "[UNAVAILABLE]"

static bool
is_printable(struct mailin_span text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (!ascii_is_print(text.ptr[i]))
			return false;
	return true;
}

/* "IPv6 addresses must be prefixed with IPV6:". */
static bool
needs_prefix(enum mailin_attribute attribute, struct mailin_span value)
{
	unsigned char octets[16];

	return (attribute == MAILIN_ATTRIBUTE_ADDR ||
		   attribute == MAILIN_ATTRIBUTE_DESTADDR) &&
	    mailin_inet6_read(value, octets);
}

/* Put " NAME=value".  All other attributes that must follow need "rest"
 * octets. */
static void
put_attribute(struct client_line *line, enum mailin_attribute attribute,
    struct mailin_span value, size_t rest)
{
	char octets[3 * COMMAND_MOST];
	struct mailin_span encoded = { octets, 0 };

	mailin_client_put_text(line, " ");
	mailin_client_put_text(line, mailin_attribute_name(attribute));
	mailin_client_put_text(line, "=");
	if (needs_prefix(attribute, value))
		mailin_client_put_text(line, "IPV6:");
	if (value.len <= COMMAND_MOST && is_printable(value))
		(void)mailin_xtext_encode(value, octets, &encoded.len);
	if (encoded.len == 0 ||
	    line->len + encoded.len + rest + 2 > COMMAND_MOST)
		encoded = mailin_span_of(UNAVAILABLE);
	mailin_client_put(line, encoded);
}

/* Returns the octets of the attributes, if all values are unavailable. */
static size_t
least_octets(unsigned attributes)
{
	size_t len = 0;
	unsigned i;

	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		if ((attributes & CLIENT_BIT(i)) != 0)
			len += strlen(mailin_attribute_name(
				   (enum mailin_attribute)i)) +
			    sizeof " =" UNAVAILABLE - 1;
	return len;
}

static enum mailin_error
queue_attributes(struct mailin_client *client, enum mailin_client_step step,
    unsigned attributes, const struct mailin_span *values)
{
	struct client_line line;
	enum mailin_error error;
	unsigned i;

	if (values == NULL)
		return MAILIN_ERROR_ARGUMENT;
	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		if (!is_span_sound(values[i]))
			return MAILIN_ERROR_ARGUMENT;
	error = mailin_client_begin(client, step, &line);
	if (error != MAILIN_OK)
		return error;
	if (attributes == 0)
		return MAILIN_ERROR_UNOFFERED;
	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		if ((attributes & CLIENT_BIT(i)) != 0) {
			attributes &= ~CLIENT_BIT(i);
			put_attribute(&line, (enum mailin_attribute)i,
			    values[i], least_octets(attributes));
		}
	mailin_client_queue(client, step, &line);
	return MAILIN_OK;
}

enum mailin_error
mailin_client_xforward(struct mailin_client *client,
    const struct mailin_span *values)
{
	return queue_attributes(client, MAILIN_CLIENT_XFORWARD,
	    client->offer.xforward, values);
}

enum mailin_error
mailin_client_xclient(struct mailin_client *client,
    const struct mailin_span *values)
{
	return queue_attributes(client, MAILIN_CLIENT_XCLIENT,
	    client->offer.xclient, values);
}
