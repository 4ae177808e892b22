/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <mailin/name.h>

#include "config/data.h"
#include "octet/span.h"
#include "reply/encode.h"
#include "config/greeting.h"

/* The maximum length of a text that the program has set for the first line of
 * the reply to EHLO.  The other lines need the rest of REPLY_ROOM. */
#define TEXT_MOST 400

static void
offer_number(struct mailin_lines *lines, const char *name, uint64_t number)
{
	char text[48];

	if (number == 0)
		return;
	(void)snprintf(text, sizeof text, "%s%llu", name,
	    (unsigned long long)number);
	mailin_lines_put(lines, text);
}

static void
offer_mechanisms(struct mailin_lines *lines, const struct mailin_config *config,
    uint32_t rest)
{
	unsigned i;

	mailin_lines_put(lines, "AUTH");
	for (i = 0; rest != 0; i++, rest >>= 1)
		if ((rest & 1) != 0) {
			mailin_lines_put(lines, " ");
			mailin_lines_put(lines,
			    mailin_config_mechanism_name(config, i));
		}
}

/* Is this keyword in "rest", the EHLO lines that the program has added? */
static bool
is_given(struct mailin_span rest, const char *keyword)
{
	struct mailin_span line, word;

	while (rest.len > 0) {
		(void)mailin_span_cut(&rest, '\n', &line);
		(void)mailin_span_cut(&line, ' ', &word);
		if (mailin_span_iequal(word, keyword))
			return true;
	}
	return false;
}

static void
offer_parameters(struct mailin_lines *lines, const struct mailin_config *config,
    enum mailin_extension extension)
{
	const uint64_t *limits = config->limits;

	switch (extension) {
	case MAILIN_EXTENSION_SIZE:
		offer_number(lines, " ", limits[MAILIN_LIMIT_MESSAGE_SIZE]);
		break;
	case MAILIN_EXTENSION_LIMITS: /* RFC 9422 4 */
		offer_number(lines,
		    " RCPTMAX=", limits[MAILIN_LIMIT_RECIPIENTS]);
		offer_number(lines,
		    " MAILMAX=", limits[MAILIN_LIMIT_TRANSACTIONS]);
		offer_number(lines,
		    " RCPTDOMAINMAX=", limits[MAILIN_LIMIT_RCPT_DOMAINS]);
		break;
	case MAILIN_EXTENSION_XCLIENT:
		mailin_lines_put(lines,
		    " NAME ADDR PORT PROTO HELO LOGIN"
		    " DESTADDR DESTPORT");
		break;
	case MAILIN_EXTENSION_XFORWARD:
		mailin_lines_put(lines,
		    " NAME ADDR PORT PROTO HELO IDENT SOURCE");
		break;
	default:
		break;
	}
}

static void
offer_extensions(struct mailin_lines *lines, const struct mailin_config *config,
    const struct mailin_offer *offer)
{
	struct mailin_span own = offer->keywords;
	uint32_t rest = offer->extensions;
	int i;

	for (i = 0; rest != 0; i++, rest >>= 1) {
		enum mailin_extension extension = (enum mailin_extension)i;
		const char *keyword = mailin_extension_name(extension);

		if ((rest & 1) == 0 || is_given(own, keyword) ||
		    !mailin_lines_open(lines))
			continue;
		mailin_lines_put(lines, keyword);
		offer_parameters(lines, config, extension);
		mailin_lines_close(lines);
	}
	if (offer->mechanisms != 0 && !is_given(own, "AUTH") &&
	    mailin_lines_open(lines)) {
		offer_mechanisms(lines, config, offer->mechanisms);
		mailin_lines_close(lines);
	}
	if (own.len > 0)
		mailin_lines_add_each(lines,
		    (struct mailin_span){ own.ptr + 1, own.len - 1 });
}

/* Append the first line.  It has the name of the host (RFC 5321 4.3.1 and
 * 4.1.1.1), and in a greeting also the protocol. */
static void
offer_name(struct mailin_lines *lines, const struct mailin_config *config,
    bool opens)
{
	if (!mailin_lines_open(lines))
		return;
	mailin_lines_put(lines, config->hostname);
	if (opens)
		mailin_lines_put(lines,
		    config->policies[MAILIN_POLICY_PROTOCOL] ==
			    MAILIN_PROTOCOL_LMTP ?
			" LMTP" :
			" ESMTP");
	mailin_lines_close(lines);
}

size_t
mailin_greeting_encode(const struct mailin_config *config,
    const struct mailin_greeting *greeting, char octets[REPLY_ROOM])
{
	const struct mailin_offer *offer = greeting->offer;
	struct mailin_span text = greeting->text;
	struct mailin_lines lines;

	if (offer != NULL && text.len > TEXT_MOST)
		text.len = TEXT_MOST;
	mailin_lines_begin(&lines, greeting->code, "", octets);
	if (text.ptr == NULL)
		offer_name(&lines, config, greeting->opens);
	else
		mailin_lines_add_each(&lines, text);
	if (offer != NULL)
		offer_extensions(&lines, config, offer);
	return mailin_lines_end(&lines);
}
