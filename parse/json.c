/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include <mailin/codec.h>

#include "json.h"

static void
member(struct json *json, const char *name)
{
	if (json->comma)
		fputc(',', json->out);
	json->comma = true;
	if (name != NULL)
		fprintf(json->out, "\"%s\":", name);
}

void
json_begin(struct json *json, FILE *out)
{
	*json = (struct json){ .out = out };
}

static void
open_with(struct json *json, const char *name, char bracket)
{
	member(json, name);
	fputc(bracket, json->out);
	json->comma = false;
}

static void
close_with(struct json *json, char bracket)
{
	fputc(bracket, json->out);
	json->comma = true;
}

void
json_object(struct json *json, const char *name)
{
	open_with(json, name, '{');
}

void
json_object_end(struct json *json)
{
	close_with(json, '}');
}

void
json_array(struct json *json, const char *name)
{
	open_with(json, name, '[');
}

void
json_array_end(struct json *json)
{
	close_with(json, ']');
}

static void
put_octet(FILE *out, unsigned char octet, bool utf8)
{
	if (octet < 0x20 || octet == 0x7f || (octet > 0x7f && !utf8))
		fprintf(out, "\\u%04x", octet);
	else if (octet == '"' || octet == '\\')
		fprintf(out, "\\%c", octet);
	else
		fputc(octet, out);
}

static void
put_hex(struct json *json, const char *name, struct mailin_span text)
{
	size_t i;

	fprintf(json->out, ",\"%s_hex\":\"", name);
	for (i = 0; i < text.len; i++)
		fprintf(json->out, "%02x", (unsigned char)text.ptr[i]);
	fputc('"', json->out);
}

void
json_text(struct json *json, const char *name, struct mailin_span text)
{
	bool utf8 = mailin_utf8_valid(text);
	size_t i;

	member(json, name);
	if (text.ptr == NULL) {
		fputs("null", json->out);
		return;
	}
	fputc('"', json->out);
	for (i = 0; i < text.len; i++)
		put_octet(json->out, (unsigned char)text.ptr[i], utf8);
	fputc('"', json->out);
	if (!utf8)
		put_hex(json, name, text);
}

void
json_string(struct json *json, const char *name, const char *text)
{
	json_text(json, name, mailin_span_of(text));
}

void
json_bool(struct json *json, const char *name, bool value)
{
	member(json, name);
	fputs(value ? "true" : "false", json->out);
}

void
json_integer(struct json *json, const char *name, int64_t value)
{
	member(json, name);
	fprintf(json->out, "%" PRId64, value);
}

void
json_unsigned(struct json *json, const char *name, uint64_t value)
{
	member(json, name);
	fprintf(json->out, "%" PRIu64, value);
}
