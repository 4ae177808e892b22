/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The rows of the verbs, src/session/command.c. */
#include "session/calls.h"
#include "support/suite.h"

struct need {
	enum mailin_verb verb;
	unsigned needs, traits;
	int extension; /* -1: none */
};

#define TLS_AND_AUTH (NEEDS_TLS | NEEDS_IDENTITY)
#define GREETS       (TRAIT_LAST | TRAIT_JUNK | TRAIT_HELLO)
#define BOTH         (TRAIT_LAST | TRAIT_JUNK)

/*
 * Written down again from the RFCs: LAST from 2920 3.1; from 3207 4 and 4954 6,
 * the verbs that are free if TLS or AUTH is required; HELLO from 2034 3; and
 * the verbs that count as junk.
 */
/* clang-format off */
static const struct need needs[] = {
	{ MAILIN_VERB_HELO, NEEDS_SMTP, GREETS, -1 },
	{ MAILIN_VERB_EHLO, NEEDS_SMTP, GREETS, -1 },
	{ MAILIN_VERB_LHLO, NEEDS_LMTP, GREETS, -1 },
	{ MAILIN_VERB_MAIL, TLS_AND_AUTH, 0, -1 },
	{ MAILIN_VERB_RCPT, TLS_AND_AUTH, 0, -1 },
	{ MAILIN_VERB_DATA, TLS_AND_AUTH, 0, -1 },
	{ MAILIN_VERB_BDAT, TLS_AND_AUTH | NEEDS_OFFER, TRAIT_CHUNK,
	    MAILIN_EXTENSION_CHUNKING },
	{ MAILIN_VERB_RSET, 0, TRAIT_JUNK, -1 },
	{ MAILIN_VERB_NOOP, 0, BOTH, -1 },
	{ MAILIN_VERB_VRFY, TLS_AND_AUTH, BOTH, -1 },
	{ MAILIN_VERB_EXPN, TLS_AND_AUTH | NEEDS_OFFER, BOTH,
	    MAILIN_EXTENSION_EXPN },
	{ MAILIN_VERB_HELP, TLS_AND_AUTH, TRAIT_JUNK, -1 },
	{ MAILIN_VERB_QUIT, 0, 0, -1 },
	{ MAILIN_VERB_STARTTLS, NEEDS_OFFER | NEEDS_ESMTP, TRAIT_LAST,
	    MAILIN_EXTENSION_STARTTLS },
	{ MAILIN_VERB_AUTH, NEEDS_OFFER | NEEDS_TLS | NEEDS_ESMTP, 0, -1 },
	{ MAILIN_VERB_ETRN, TLS_AND_AUTH | NEEDS_OFFER | NEEDS_ESMTP,
	    TRAIT_JUNK, MAILIN_EXTENSION_ETRN },
	{ MAILIN_VERB_BURL, TLS_AND_AUTH | NEEDS_OFFER, 0,
	    MAILIN_EXTENSION_BURL },
	{ MAILIN_VERB_XCLIENT, NEEDS_OFFER, BOTH, MAILIN_EXTENSION_XCLIENT },
	{ MAILIN_VERB_XFORWARD, TLS_AND_AUTH | NEEDS_OFFER, TRAIT_JUNK,
	    MAILIN_EXTENSION_XFORWARD },
	{ MAILIN_VERB_UNKNOWN, TLS_AND_AUTH, TRAIT_JUNK, -1 },
};
/* clang-format on */

START_TEST(each_verb_needs_what_its_rfc_says)
{
	size_t i;

	ck_assert_uint_eq(ROWS(needs), MAILIN_VERB_COUNT);
	for (i = 0; i < ROWS(needs); i++) {
		enum mailin_verb verb = needs[i].verb;
		const struct mailin_verb_row *row = &mailin_verbs[verb];

		ck_assert_msg(row->needs == needs[i].needs &&
			row->traits == needs[i].traits &&
			row->offer ==
			    (needs[i].extension < 0 ?
				    0 :
				    MAILIN_BIT(needs[i].extension)),
		    "%s", mailin_verb_name(verb));
	}
}
END_TEST

START_TEST(no_cell_is_forgotten)
{
	ck_assert(mailin_session_tables_are_whole());
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		each_verb_needs_what_its_rfc_says,
		no_cell_is_forgotten,
	};

	return suite_run("verbs", tests, ROWS(tests));
}
