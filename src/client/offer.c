/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/name.h>

#include "client/data.h"
#include "octet/number.h"
#include "octet/span.h"

/* ---- The parameters of a keyword ---- */

/* The limits that a server can name in its reply to EHLO.  The limit of SIZE is
 * the whole parameter.  Each other limit comes after a name (RFC 9422 4). */
static const struct {
	uint8_t extension;
	uint8_t limit;
	char name[15];
} limits[CLIENT_LIMITS] = {
	{ MAILIN_EXTENSION_SIZE, MAILIN_LIMIT_MESSAGE_SIZE, "" },
	{ MAILIN_EXTENSION_LIMITS, MAILIN_LIMIT_RECIPIENTS, "RCPTMAX=" },
	{ MAILIN_EXTENSION_LIMITS, MAILIN_LIMIT_TRANSACTIONS, "MAILMAX=" },
	{ MAILIN_EXTENSION_LIMITS, MAILIN_LIMIT_RCPT_DOMAINS,
	    "RCPTDOMAINMAX=" },
};

static void
read_limit(struct mailin_client_offer *offer, unsigned extension,
    struct mailin_span word)
{
	size_t i;

	for (i = 0; i < CLIENT_LIMITS; i++) {
		struct mailin_span value = word;

		if (limits[i].extension == extension &&
		    mailin_span_cut_prefix(&value, limits[i].name) &&
		    !number_read(value, &offer->limits[i]))
			offer->limits[i] = 0; /* it is no number */
	}
}

/* The attributes that a verb has (XCLIENT_README, XFORWARD_README). */
#define BIT(attribute) CLIENT_BIT(MAILIN_ATTRIBUTE_##attribute)
#define OF_CLIENT      (BIT(NAME) | BIT(ADDR) | BIT(PORT))
#define OF_BOTH        (OF_CLIENT | BIT(PROTO) | BIT(HELO))
#define OF_XCLIENT     (OF_BOTH | BIT(LOGIN) | BIT(DESTADDR) | BIT(DESTPORT))
#define OF_XFORWARD    (OF_BOTH | BIT(IDENT) | BIT(SOURCE))

static void
read_attribute(uint16_t *attributes, unsigned allowed, struct mailin_span word)
{
	unsigned i;

	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		if ((allowed & CLIENT_BIT(i)) != 0 &&
		    mailin_span_iequal(word,
			mailin_attribute_name((enum mailin_attribute)i)))
			*attributes |= (uint16_t)CLIENT_BIT(i);
}

static void
read_mechanism(struct mailin_client_offer *offer, struct mailin_span word)
{
	if (word.len == 0 || word.len > MECHANISM_MOST ||
	    word.len + 1 > sizeof offer->sasl - offer->sasl_len)
		return;
	memcpy(offer->sasl + offer->sasl_len, word.ptr, word.len);
	offer->sasl_len += word.len;
	offer->sasl[offer->sasl_len++] = ' ';
}

static void
read_word(struct mailin_client_offer *offer, unsigned extension,
    struct mailin_span word)
{
	switch (extension) {
	case MAILIN_EXTENSION_XCLIENT:
		read_attribute(&offer->xclient, OF_XCLIENT, word);
		break;
	case MAILIN_EXTENSION_XFORWARD:
		read_attribute(&offer->xforward, OF_XFORWARD, word);
		break;
	case MAILIN_EXTENSION_COUNT: /* AUTH */
		read_mechanism(offer, word);
		break;
	default:
		read_limit(offer, extension, word);
		break;
	}
}

/* ---- A line ---- */

/* Returns the extension of a keyword, MAILIN_EXTENSION_COUNT for AUTH, and a
 * greater number for a keyword that is not known. */
static unsigned
find_keyword(struct mailin_span keyword)
{
	unsigned i;

	if (mailin_span_iequal(keyword, "AUTH"))
		return MAILIN_EXTENSION_COUNT;
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++)
		if (mailin_span_iequal(keyword,
			mailin_extension_name((enum mailin_extension)i)))
			return i;
	return MAILIN_EXTENSION_COUNT + 1;
}

void
mailin_client_offer_read(struct mailin_client_offer *offer,
    struct mailin_span line)
{
	struct mailin_span word;
	unsigned extension;

	(void)mailin_span_cut(&line, ' ', &word);
	extension = find_keyword(word);
	if (extension > MAILIN_EXTENSION_COUNT)
		return;
	if (extension == MAILIN_EXTENSION_COUNT)
		offer->auth = true;
	else
		offer->extensions |= CLIENT_BIT(extension);
	while (line.len > 0) {
		(void)mailin_span_cut(&line, ' ', &word);
		read_word(offer, extension, word);
	}
}

/* ---- Queries ---- */

bool
mailin_client_offers(const struct mailin_client *client,
    enum mailin_extension extension)
{
	return (unsigned)extension < MAILIN_EXTENSION_COUNT &&
	    client_offers(client, extension);
}

bool
mailin_client_offers_mechanism(const struct mailin_client *client,
    enum mailin_mechanism mechanism)
{
	return (unsigned)mechanism < MAILIN_MECHANISM_COUNT &&
	    mailin_client_offers_sasl(client, mailin_mechanism_name(mechanism));
}

bool
mailin_client_offers_sasl(const struct mailin_client *client, const char *name)
{
	struct mailin_span word,
	    rest = { client->offer.sasl, client->offer.sasl_len };

	while (rest.len > 0) {
		(void)mailin_span_cut(&rest, ' ', &word);
		if (mailin_span_iequal(word, name))
			return true;
	}
	return false;
}

bool
mailin_client_offers_attribute(const struct mailin_client *client,
    enum mailin_verb verb, enum mailin_attribute attribute)
{
	unsigned attributes = verb == MAILIN_VERB_XCLIENT ?
	    client->offer.xclient :
	    client->offer.xforward;

	return (unsigned)attribute < MAILIN_ATTRIBUTE_COUNT &&
	    (attributes & CLIENT_BIT(attribute)) != 0;
}

uint64_t
mailin_client_limit(const struct mailin_client *client, enum mailin_limit limit)
{
	size_t i;

	for (i = 0; i < CLIENT_LIMITS; i++)
		if (limits[i].limit == (unsigned)limit)
			return client->offer.limits[i];
	return 0;
}
