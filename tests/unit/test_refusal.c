/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the replies to a MAIL or RCPT that cannot be relayed to the next host.
 * The reply is temporary only if it can help to try again. */
#include <config.h>

#include <string.h>

#include "relay/refusal.h"
#include "support/suite.h"

static const char octets[600];

/* Returns a path whose local part and domain have these lengths. */
static struct mailin_path
path_of(enum mailin_path_kind kind, size_t local, size_t domain)
{
	return (struct mailin_path){ .kind = kind,
		.local = { octets, local },
		.domain = { octets, domain } };
}

START_TEST(only_what_may_change_is_temporary)
{
	static const struct {
		enum mailin_error error;
		enum mailin_verb verb;
		size_t local, domain;
		int code;
		const char *enhanced;
	} rows[] = {
		/* A command line may have 512 octets.  "MAIL FROM:<>" and CR
		 * LF have 14 of them, and "@" is one more. */
		{ MAILIN_ERROR_RANGE, MAILIN_VERB_MAIL, 250, 248, 501,
		    "5.1.7" },
		{ MAILIN_ERROR_RANGE, MAILIN_VERB_MAIL, 250, 247, 501,
		    "5.5.4" },
		{ MAILIN_ERROR_SYNTAX, MAILIN_VERB_MAIL, 255, 255, 501,
		    "5.1.7" },
		{ MAILIN_ERROR_SYNTAX, MAILIN_VERB_MAIL, 1, 1, 501, "5.5.4" },
		{ MAILIN_ERROR_RANGE, MAILIN_VERB_RCPT, 250, 250, 501,
		    "5.1.3" },
		{ MAILIN_ERROR_RANGE, MAILIN_VERB_RCPT, 250, 249, 452,
		    "4.5.3" },
		{ MAILIN_ERROR_SYNTAX, MAILIN_VERB_RCPT, 250, 250, 501,
		    "5.1.3" },
		{ MAILIN_ERROR_SYNTAX, MAILIN_VERB_RCPT, 250, 249, 501,
		    "5.5.4" },
		{ MAILIN_ERROR_UNOFFERED, MAILIN_VERB_MAIL, 255, 255, 451,
		    "4.3.3" },
		{ MAILIN_ERROR_UNOFFERED, MAILIN_VERB_RCPT, 1, 1, 451,
		    "4.3.3" },
		{ MAILIN_ERROR_STATE, MAILIN_VERB_MAIL, 0, 0, 451, "4.3.0" },
		{ MAILIN_ERROR_WAIT, MAILIN_VERB_RCPT, 1, 1, 451, "4.3.0" },
	};
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		struct mailin_path path = path_of(MAILIN_PATH_MAILBOX,
		    rows[i].local, rows[i].domain);
		struct refusal refusal = refusal_of(rows[i].error, rows[i].verb,
		    &path);

		ck_assert_msg(refusal.code == rows[i].code, "row %zu: %d", i,
		    refusal.code);
		ck_assert_str_eq(refusal.enhanced, rows[i].enhanced);
		ck_assert_uint_gt(strlen(refusal.text), 0);
	}
}
END_TEST

/* <Postmaster> and <> have no domain, whatever the struct holds. */
START_TEST(a_path_without_domain_is_short)
{
	struct mailin_path path = path_of(MAILIN_PATH_POSTMASTER, 10, 510);

	ck_assert_str_eq(
	    refusal_of(MAILIN_ERROR_RANGE, MAILIN_VERB_RCPT, &path).enhanced,
	    "4.5.3");
	path = path_of(MAILIN_PATH_NULL, 0, 510);
	ck_assert_str_eq(
	    refusal_of(MAILIN_ERROR_RANGE, MAILIN_VERB_MAIL, &path).enhanced,
	    "5.5.4");
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		only_what_may_change_is_temporary,
		a_path_without_domain_is_short,
	};

	return suite_run("refusal", tests, ROWS(tests));
}
