/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Fuzz target: the PROXY protocol on any octets.  The input is what a proxy
 * sent. */
#include "check.h"
#include "proxy/line.h"
#include "support/proxy_text.h"

#define MOST ((size_t)1 << 13)

struct answer {
	enum mailin_proxy_result result;
	size_t used;
	struct mailin_proxy proxy;
	char *copy; /* the octets that were parsed; the spans point into it */
};

static void
check_nothing(const struct mailin_proxy *proxy, size_t used)
{
	static const struct mailin_proxy nothing;

	CHECK(memcmp(proxy, &nothing, sizeof nothing) == 0);
	CHECK(used == 0);
}

/* An address that the library writes is read back as the same address. */
static void
check_addresses(const struct mailin_proxy *proxy)
{
	struct mailin_proxy again;
	char line[MAILIN_PROXY_V1_MOST + 1];
	size_t used;
	int len;

	if (proxy->family != MAILIN_PROXY_FAMILY_INET &&
	    proxy->family != MAILIN_PROXY_FAMILY_INET6) {
		CHECK(proxy->source[0] == '\0' && proxy->source_port == 0);
		CHECK(proxy->destination[0] == '\0' &&
		    proxy->destination_port == 0);
		return;
	}
	len = snprintf(line, sizeof line, "PROXY TCP%c %s %s %u %u\r\n",
	    proxy->family == MAILIN_PROXY_FAMILY_INET ? '4' : '6',
	    proxy->source, proxy->destination, proxy->source_port,
	    proxy->destination_port);
	CHECK(mailin_proxy_parse(&again, line, (size_t)len, &used) ==
	    MAILIN_PROXY_OK);
	CHECK(used == (size_t)len && again.family == proxy->family);
	CHECK(strcmp(again.source, proxy->source) == 0);
	CHECK(strcmp(again.destination, proxy->destination) == 0);
	CHECK(again.source_port == proxy->source_port);
	CHECK(again.destination_port == proxy->destination_port);
}

static void
check_facts(const struct mailin_proxy *proxy, struct mailin_span header)
{
	CHECK(proxy_inside(proxy, header));
	CHECK(!proxy->local ||
	    (proxy->family == MAILIN_PROXY_FAMILY_UNSPEC &&
		proxy->transport == MAILIN_PROXY_TRANSPORT_UNSPEC));
	CHECK(proxy->local || proxy->family != MAILIN_PROXY_FAMILY_UNSPEC);
	CHECK(!proxy->tls_certificate || proxy->tls);
	CHECK(!proxy->tls_verified || proxy->tls_certificate);
	CHECK(!proxy->tls_verified || proxy->tls_verify == 0);
	CHECK(proxy->unique_id.len <= 128);
	check_addresses(proxy);
}

/* Parse a copy of the first len octets.  The caller drops the copy. */
static void
parse(const uint8_t *data, size_t len, struct answer *answer)
{
	char *copy = check_copy(data, len);

	answer->copy = copy;
	memset(&answer->proxy, 0xff, sizeof answer->proxy);
	answer->result = mailin_proxy_parse(&answer->proxy, copy, len,
	    &answer->used);
	if (answer->result == MAILIN_PROXY_OK) {
		CHECK(answer->used > 0 && answer->used <= len);
		check_facts(&answer->proxy,
		    (struct mailin_span){ copy, answer->used });
	} else {
		check_nothing(&answer->proxy, answer->used);
	}
	CHECK(answer->result != MAILIN_PROXY_INCOMPLETE || len == 0 ||
	    len < (*copy == 'P' ? (size_t)MAILIN_PROXY_V1_MOST :
				  (size_t)MAILIN_PROXY_V2_MOST));
}

/* Check one prefix.  Prefixes up to some length must be incomplete; all longer
 * ones must give the same result as the whole input. */
static void
check_prefix(const uint8_t *data, size_t len, const struct answer *whole)
{
	struct answer part;

	parse(data, len, &part);
	if (part.result == MAILIN_PROXY_INCOMPLETE) {
		CHECK(whole->result != MAILIN_PROXY_OK || len < whole->used);
	} else {
		CHECK(part.result == whole->result && part.used == whole->used);
		CHECK(proxy_equal(&part.proxy, &whole->proxy));
	}
	check_drop(part.copy, len);
}

/* Feed the header in pieces of "step" octets.  After each piece, the result
 * must be the same as if all octets so far were parsed in one piece. */
static void
check_pieces(const char *octets, size_t size, size_t step)
{
	struct mailin_proxy_progress progress = { 0 };
	struct mailin_proxy proxy, first;
	enum mailin_proxy_result result = MAILIN_PROXY_INCOMPLETE;
	size_t len = 0, used, first_used;

	while (len < size && result == MAILIN_PROXY_INCOMPLETE) {
		len += size - len < step ? size - len : step;
		result = mailin_proxy_go_on(&proxy, octets, len, &used,
		    &progress);
		CHECK(result ==
		    mailin_proxy_parse(&first, octets, len, &first_used));
	}
	CHECK(result != MAILIN_PROXY_OK || used == first_used);
}

/* Check a prefix of each length, or at most 256 of them, and pieces of two
 * lengths. */
static void
check_all_cuts(const uint8_t *data, size_t size, const struct answer *whole)
{
	size_t len, step = size / 256 + 1;

	check_pieces((const char *)data, size, step);
	check_pieces((const char *)data, size, 7);
	for (len = 0; len < size; len += step)
		check_prefix(data, len, whole);
}

/* Check two prefixes, and pieces of one length.  Pieces are short only if the
 * input is short, because all octets are parsed again with each piece. */
static void
check_some_cuts(const uint8_t *data, size_t size, const struct answer *whole)
{
	size_t choice = check_choose(data, size, 1 << 16);
	size_t step = choice % 8 == 0 && size <= 128 ?
	    1 :
	    size / 16 + 1 + choice / 8 % 32;

	check_prefix(data, choice % (size + 1), whole);
	check_prefix(data, choice / 8 % (size < 32 ? size + 1 : 32), whole);
	check_pieces((const char *)data, size, step);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct answer whole;

	if (size > MOST)
		return 0;
	parse(data, size, &whole);
	if (check_all())
		check_all_cuts(data, size, &whole);
	else
		check_some_cuts(data, size, &whole);
	if (whole.result == MAILIN_PROXY_OK) {
		check_prefix(data, whole.used - 1, &whole);
		check_prefix(data, whole.used, &whole);
	}
	check_drop(whole.copy, size);
	return 0;
}
