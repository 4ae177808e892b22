/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/codec.h>

#include "client/queue.h"
#include "octet/ascii.h"
#include "octet/ip_address.h"
#include "octet/span.h"

/* XFORWARD and XCLIENT, as Postfix's XFORWARD_README and XCLIENT_README
 * describe them. */

#define UNAVAILABLE "[UNAVAILABLE]"

/* The maximum length of a value in xtext, in octets.  A line with a value of
 * this length still has room for the verb, the attribute's name and "IPV6:". */
#define VALUE_MOST 480

static bool
is_printable(struct mailin_span text)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (!ascii_is_print(text.ptr[i]))
			return false;
	return true;
}

/* XCLIENT_README: "IPv6 addresses must be prefixed with IPV6:". */
static bool
needs_prefix(enum mailin_attribute attribute, struct mailin_span value)
{
	unsigned char octets[16];

	return (attribute == MAILIN_ATTRIBUTE_ADDR ||
		   attribute == MAILIN_ATTRIBUTE_DESTADDR) &&
	    mailin_inet6_read(value, octets);
}

/* This many octets of a command are kept free for the attributes that follow.
 * They are enough for each attribute as [UNAVAILABLE], and for the verb of
 * another line. */
#define REST 256

/* A command that is being written.  XFORWARD may have several lines.  XCLIENT
 * has only one line, because the server starts the session again after it. */
struct attributes {
	struct mailin_client *client;
	enum mailin_client_step step;
	struct client_line line;
	size_t before; /* octets of the lines before this one */
};

static bool
is_in_line(const struct attributes *to, size_t len)
{
	return to->line.len + len + 2 <= COMMAND_MOST;
}

/* Returns true if there is room for len more octets, in this line or the next
 * one, and for the attributes that follow.  In XCLIENT the attributes that
 * follow need "rest" octets. */
static bool
has_room(const struct attributes *to, size_t len, size_t rest)
{
	if (to->step == MAILIN_CLIENT_XCLIENT)
		return is_in_line(to, len + rest);
	return to->before + to->line.len + len + REST <= COMMAND_LINE_ROOM;
}

static void
begin_next_line(struct attributes *to)
{
	to->before += to->line.len + 2;
	mailin_client_queue(to->client, to->step, &to->line);
	mailin_client_begin_line(to->client, to->step, &to->line);
}

/* Put " NAME=value".  The attributes that follow need at least "rest"
 * octets. */
static void
put_attribute(struct attributes *to, enum mailin_attribute attribute,
    struct mailin_span value, size_t rest)
{
	const char *name = mailin_attribute_name(attribute);
	const char *prefix = needs_prefix(attribute, value) ? "IPV6:" : "";
	char octets[3 * VALUE_MOST];
	struct mailin_span encoded = { octets, 0 };
	size_t len = strlen(name) + strlen(prefix) + 2;

	if (value.len <= VALUE_MOST && is_printable(value))
		(void)mailin_xtext_encode(value, octets, &encoded.len);
	if (encoded.len == 0 || encoded.len > VALUE_MOST ||
	    !has_room(to, len + encoded.len, rest)) {
		encoded = mailin_span_of(UNAVAILABLE);
		len -= strlen(prefix);
		prefix = "";
	}
	if (!is_in_line(to, len + encoded.len))
		begin_next_line(to);
	mailin_client_put_text(&to->line, " ");
	mailin_client_put_text(&to->line, name);
	mailin_client_put_text(&to->line, "=");
	mailin_client_put_text(&to->line, prefix);
	mailin_client_put(&to->line, encoded);
}

/* Returns how many octets the attributes have if each value is
 * [UNAVAILABLE]. */
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

static bool
is_sound(const struct mailin_span *values)
{
	unsigned i;

	for (i = 0; values != NULL && i < MAILIN_ATTRIBUTE_COUNT; i++)
		if (!is_span_sound(values[i]))
			return false;
	return values != NULL;
}

static enum mailin_error
queue_attributes(struct mailin_client *client, enum mailin_client_step step,
    unsigned attributes, const struct mailin_span *values)
{
	struct attributes to = { .client = client, .step = step };
	enum mailin_error error;
	unsigned i;

	if (!is_sound(values))
		return MAILIN_ERROR_ARGUMENT;
	error = mailin_client_begin(client, step, &to.line);
	if (error != MAILIN_OK)
		return error;
	if (attributes == 0)
		return MAILIN_ERROR_UNOFFERED;
	/* Each attribute may need a line of its own, which gets a reply of its
	 * own. */
	if (client->count + MAILIN_ATTRIBUTE_COUNT > MAILIN_CLIENT_AWAITED)
		return MAILIN_ERROR_WAIT;
	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		if ((attributes & CLIENT_BIT(i)) != 0) {
			attributes &= ~CLIENT_BIT(i);
			put_attribute(&to, (enum mailin_attribute)i, values[i],
			    least_octets(attributes));
		}
	mailin_client_queue(client, step, &to.line);
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
