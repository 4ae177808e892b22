/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <mailin/name.h>

#include "support/proxy_text.h"

#define AT(field) offsetof(struct mailin_proxy, field)

static const struct {
	char name[16];
	size_t offset;
} spans[] = {
	{ "from", AT(source_path) },
	{ "to", AT(destination_path) },
	{ "alpn", AT(alpn) },
	{ "authority", AT(authority) },
	{ "id", AT(unique_id) },
	{ "netns", AT(netns) },
	{ "version", AT(tls_version) },
	{ "cipher", AT(tls_cipher) },
	{ "name", AT(tls_name) },
	{ "sig", AT(tls_sig_alg) },
	{ "key", AT(tls_key_alg) },
};

#define SPANS (sizeof spans / sizeof spans[0])

static const struct mailin_span *
span_at(const struct mailin_proxy *proxy, size_t i)
{
	return (
	    const struct mailin_span *)((const char *)proxy + spans[i].offset);
}

struct text {
	char *out;
	size_t len;
	size_t room;
};

static void
add(struct text *text, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text->out + text->len, text->room - text->len, format,
	    args);
	va_end(args);
	text->len += (size_t)len;
	if (text->len >= text->room)
		text->len = text->room - 1;
}

static void
add_octets(struct text *text, struct mailin_span span)
{
	size_t i;

	for (i = 0; i < span.len; i++) {
		unsigned char c = (unsigned char)span.ptr[i];

		add(text, c > 0x20 && c < 0x7f ? "%c" : "\\x%02x", c);
	}
}

char *
proxy_show(const struct mailin_proxy *proxy, char *out, size_t room)
{
	struct text text = { out, 0, room };
	size_t i;

	add(&text, "%s",
	    proxy->local ? "local" : mailin_proxy_family_name(proxy->family));
	if (proxy->transport != MAILIN_PROXY_TRANSPORT_UNSPEC)
		add(&text, " %s",
		    mailin_proxy_transport_name(proxy->transport));
	if (proxy->source[0] != '\0' || proxy->destination[0] != '\0')
		add(&text, " %s %u %s %u", proxy->source, proxy->source_port,
		    proxy->destination, proxy->destination_port);
	if (proxy->tls)
		add(&text, " tls");
	if (proxy->tls_certificate)
		add(&text, " certificate");
	if (proxy->tls_verified)
		add(&text, " verified");
	if (proxy->tls_verify != 0)
		add(&text, " verify=%" PRIu32, proxy->tls_verify);
	for (i = 0; i < SPANS; i++)
		if (span_at(proxy, i)->ptr != NULL) {
			add(&text, " %s=", spans[i].name);
			add_octets(&text, *span_at(proxy, i));
		}
	return out;
}

bool
proxy_equal(const struct mailin_proxy *a, const struct mailin_proxy *b)
{
	size_t i;

	for (i = 0; i < SPANS; i++) {
		const struct mailin_span *span = span_at(a, i);
		const struct mailin_span *other = span_at(b, i);

		if ((span->ptr == NULL) != (other->ptr == NULL) ||
		    span->len != other->len ||
		    (span->len > 0 &&
			memcmp(span->ptr, other->ptr, span->len) != 0))
			return false;
	}
	return a->local == b->local && a->family == b->family &&
	    a->transport == b->transport && strcmp(a->source, b->source) == 0 &&
	    strcmp(a->destination, b->destination) == 0 &&
	    a->source_port == b->source_port &&
	    a->destination_port == b->destination_port && a->tls == b->tls &&
	    a->tls_certificate == b->tls_certificate &&
	    a->tls_verified == b->tls_verified &&
	    a->tls_verify == b->tls_verify;
}

bool
proxy_inside(const struct mailin_proxy *proxy, struct mailin_span header)
{
	size_t i;

	for (i = 0; i < SPANS; i++) {
		const struct mailin_span *span = span_at(proxy, i);

		if (span->ptr == NULL ? span->len != 0 :
					span->ptr < header.ptr ||
			    span->ptr > header.ptr + header.len ||
			    span->len >
				(size_t)(header.ptr + header.len - span->ptr))
			return false;
	}
	return true;
}
