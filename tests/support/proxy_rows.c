/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "support/proxy_rows.h"
#include "support/proxy_text.h"

#define ROOM 8192

static enum mailin_proxy_result
parse(struct mailin_proxy *proxy, struct mailin_span octets, size_t *used)
{
	memset(proxy, 0xff, sizeof *proxy);
	*used = SIZE_MAX;
	return mailin_proxy_parse(proxy, octets.ptr, octets.len, used);
}

/* Check that these octets, at the edge of mapped memory, are the valid but
 * incomplete beginning of a header. */
static void
check_incomplete(struct mailin_span octets)
{
	static const struct mailin_proxy nothing;
	struct mailin_proxy proxy;
	size_t used;

	if (parse(&proxy, suite_edge(octets), &used) !=
		MAILIN_PROXY_INCOMPLETE ||
	    used != 0 || memcmp(&proxy, &nothing, sizeof proxy) != 0)
		ck_abort_msg("%s", suite_quote(octets));
}

void
proxy_accept(struct mailin_span header, const char *shown)
{
	static char buffer[ROOM], text[ROOM];
	struct mailin_span edge = suite_edge(header), more;
	struct mailin_proxy proxy;
	size_t used;

	ck_assert_msg(parse(&proxy, edge, &used) == MAILIN_PROXY_OK &&
		used == header.len,
	    "%s", suite_quote(header));
	ck_assert_str_eq(proxy_show(&proxy, text, sizeof text), shown);
	ck_assert(proxy_inside(&proxy, edge));

	/* Octets after the header come from the client, and must not change
	 * the result. */
	memcpy(buffer, header.ptr, header.len);
	memcpy(buffer + header.len, "\r\n\0P", 4);
	more = (struct mailin_span){ buffer, header.len + 4 };
	ck_assert_uint_eq(parse(&proxy, more, &used), MAILIN_PROXY_OK);
	ck_assert_uint_eq(used, header.len);
	ck_assert_str_eq(proxy_show(&proxy, text, sizeof text), shown);

	while (header.len-- > 0)
		check_incomplete(header);
}

/* Only the first "right" octets are valid: the header is refused at the next
 * octet. */
void
proxy_refuse(struct mailin_span header, size_t right)
{
	static const struct mailin_proxy nothing;
	struct mailin_proxy proxy;
	struct mailin_span part = header;
	size_t used;

	ck_assert_msg(right < header.len, "%s", suite_quote(header));
	for (part.len = right + 1; part.len <= header.len; part.len++) {
		ck_assert_msg(parse(&proxy, suite_edge(part), &used) ==
			    MAILIN_PROXY_MALFORMED &&
			used == 0,
		    "%s", suite_quote(part));
		ck_assert_mem_eq(&proxy, &nothing, sizeof proxy);
	}
	for (part.len = 0; part.len <= right; part.len++)
		check_incomplete(part);
}
