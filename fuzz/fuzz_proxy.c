/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Fuzz target: the PROXY protocol on any octets.  The input is what a proxy
 * sent. */
#include "check.h"
#include "proxy/line.h"
#include "support/proxy_text.h"

struct answer {
	enum mailin_proxy_result result;
	size_t used;
	char shown[1 << 15];
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

/* Copy the first len octets into a heap block of exactly that size, and parse
 * them there. */
static void
parse(const uint8_t *data, size_t len, struct answer *answer)
{
	char *copy = calloc(1, len);
	struct mailin_proxy proxy;

	CHECK(copy != NULL || len == 0);
	if (len > 0)
		memcpy(copy, data, len);
	memset(&proxy, 0xff, sizeof proxy);
	answer->result = mailin_proxy_parse(&proxy, copy, len, &answer->used);
	if (answer->result == MAILIN_PROXY_OK) {
		CHECK(answer->used > 0 && answer->used <= len);
		check_facts(&proxy, (struct mailin_span){ copy, answer->used });
	} else {
		check_nothing(&proxy, answer->used);
	}
	CHECK(answer->result != MAILIN_PROXY_INCOMPLETE || len == 0 ||
	    len < (*copy == 'P' ? (size_t)MAILIN_PROXY_V1_MOST :
				  (size_t)MAILIN_PROXY_V2_MOST));
	proxy_show(&proxy, answer->shown, sizeof answer->shown);
	free(copy);
}

/* Check one prefix.  Prefixes up to some length must be incomplete; all longer
 * ones must give the same result as the whole input. */
static void
check_prefix(const uint8_t *data, size_t len, const struct answer *whole)
{
	static struct answer part;

	parse(data, len, &part);
	if (part.result == MAILIN_PROXY_INCOMPLETE) {
		CHECK(whole->result != MAILIN_PROXY_OK || len < whole->used);
		return;
	}
	CHECK(part.result == whole->result && part.used == whole->used);
	CHECK(strcmp(part.shown, whole->shown) == 0);
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct answer whole;
	size_t len, step = size / 256 + 1;

	if (size > 1 << 13)
		return 0;
	parse(data, size, &whole);
	check_pieces((const char *)data, size, step);
	check_pieces((const char *)data, size, 7);
	for (len = 0; len < size; len += step)
		check_prefix(data, len, &whole);
	if (whole.result == MAILIN_PROXY_OK) {
		check_prefix(data, whole.used - 1, &whole);
		check_prefix(data, whole.used, &whole);
	}
	return 0;
}
