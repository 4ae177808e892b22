/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_PARSE_JSON_H
#define MAILIN_PARSE_JSON_H

#include <stdint.h>
#include <stdio.h>

#include <mailin/span.h>

/*
 * Write one JSON value (RFC 8259) on one line, member by member.  The name is
 * NULL for an element of an array, and for a value that is the whole text.  If
 * writing fails, out has the error (ferror).
 */
struct json {
	FILE *out;
	bool comma; /* write a comma before the next member */
};

void json_begin(struct json *json, FILE *out);
void json_object(struct json *json, const char *name);
void json_object_end(struct json *json);
void json_array(struct json *json, const char *name);
void json_array_end(struct json *json);

/*
 * Write a text.  If it is not valid UTF-8, each octet above 127 is written as
 * if it were a code point (\u00XX), and a second member, named <name>_hex, has
 * the exact octets.  A span that is absent is written as null.
 */
void json_text(struct json *json, const char *name, struct mailin_span text);
void json_string(struct json *json, const char *name, const char *text);
void json_bool(struct json *json, const char *name, bool value);
void json_integer(struct json *json, const char *name, int64_t value);
void json_unsigned(struct json *json, const char *name, uint64_t value);

#endif
