/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_ROWS_H
#define MAILIN_TESTS_ROWS_H

#include "support/suite.h"

/*
 * Tables of command lines (without CR LF) and addresses.  For each row the
 * tests check its result.  They also check that nothing after its end is read,
 * that each of its prefixes is incomplete, and that no octet before the first
 * wrong octet is refused.
 */

struct accepted {
	struct mailin_span text;
	const char *fields; /* as fields.h shows them */
};

struct refused_address {
	struct mailin_span text;
	const char *caret; /* "^" below the first wrong octet */
};

struct refused_command {
	struct mailin_span text;
	const char *caret;
	enum mailin_reply reply;
};

typedef enum mailin_error rows_parser(struct mailin_path *, enum mailin_syntax,
    struct mailin_span, size_t *);

void rows_accept_addresses(rows_parser *parse, enum mailin_syntax syntax,
    const struct accepted *rows, size_t count);
void rows_refuse_addresses(rows_parser *parse, enum mailin_syntax syntax,
    const struct refused_address *rows, size_t count);

void rows_accept_commands(enum mailin_syntax syntax,
    const struct accepted *rows, size_t count);
void rows_refuse_commands(enum mailin_syntax syntax,
    const struct refused_command *rows, size_t count);

#endif
