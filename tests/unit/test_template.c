/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests how the directory of a recipient is named.  No octet of an address can
 * lead to another directory. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/template.h"
#include "support/suite.h"

START_TEST(names_the_fault_of_a_template)
{
	static const char *const good[] = { "/srv/mail/%d/%u", "%u", "mail/%d",
		"/%u@%d", "/100%%/%u", "/srv/x%u/%d.d", "%d/%u/Maildir" };
	static const char *const bad[] = { "%", "/srv/%", "/srv/%x/%u", "/%U",
		"/100%%", "/%u%d", "/%u-%d", "/%u.%d", "/%u%%%d", "/%u\351%d" };
	size_t i;

	for (i = 0; i < ROWS(good); i++)
		ck_assert_msg(template_fault(good[i]) == NULL, "%s", good[i]);
	for (i = 0; i < ROWS(bad); i++)
		ck_assert_msg(template_fault(bad[i]) != NULL, "%s", bad[i]);
}
END_TEST

START_TEST(knows_the_root)
{
	static const struct {
		const char *path, *root;
	} rows[] = {
		{ "/srv/mail/%d/%u", "/srv/mail" },
		{ "/srv/mail/x%d", "/srv/mail" },
		{ "/%u", "/" },
		{ "%u", "." },
		{ "mail/%u", "mail" },
		{ "/a%%/%u", "/" },
	};
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		char *root = template_root(rows[i].path);

		ck_assert_str_eq(root, rows[i].root);
		free(root);
	}
}
END_TEST

static char *
fill(const char *path, const char *local, const char *domain)
{
	return template_fill(path, mailin_span_of(local),
	    mailin_span_of(domain));
}

START_TEST(writes_each_octet_so_that_names_stay_in_their_place)
{
	static const struct {
		const char *local, *name;
	} rows[] = {
		{ "joe", "joe" },
		{ "Joe=x_y+z-1.2", "Joe=x_y+z-1.2" },
		{ ".", "%2E" },
		{ "..", "%2E." },
		{ ".hidden", "%2Ehidden" },
		{ "-rf", "%2Drf" },
		{ "../../x", "%2E.%2F..%2Fx" },
		{ "a/b", "a%2Fb" },
		{ "/", "%2F" },
		{ "a%2Fb", "a%252Fb" },
		{ "john smith", "john%20smith" },
		{ "a@b", "a%40b" },
		{ "j\303\274rgen", "j\303\274rgen" },
		{ "~*?\\'\"$`", "%7E%2A%3F%5C%27%22%24%60" },
		{ "\001\177", "%01%7F" },
	};
	char path[64];
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		char *filled = fill("/srv/%d/%u/m", rows[i].local, "a.example");

		snprintf(path, sizeof path, "a.example/%s/m", rows[i].name);
		ck_assert_str_eq(filled, path);
		free(filled);
	}
}
END_TEST

/* Two different octets never make the same name.  No name contains "/", is
 * empty, or begins with a dot. */
START_TEST(different_octets_have_different_names)
{
	char *names[256] = { NULL };
	int i, j;

	for (i = 1; i < 256; i++) {
		const char local[] = { (char)i, '\0' };

		names[i] = fill("%u", local, "d");
		ck_assert(strchr(names[i], '/') == NULL);
		ck_assert(names[i][0] != '.' && names[i][0] != '\0');
		for (j = 1; j < i; j++)
			ck_assert_str_ne(names[i], names[j]);
	}
	for (i = 1; i < 256; i++)
		free(names[i]);
}
END_TEST

START_TEST(refuses_a_name_that_is_empty_or_too_long)
{
	char local[257];
	char *filled;

	ck_assert_ptr_null(fill("/%d/%u", "", "a.example"));
	ck_assert_ptr_null(fill("/%d/%u", "joe", ""));
	memset(local, 'x', 255);
	local[255] = '\0';
	filled = fill("/%d/%u", local, "a.example");
	ck_assert_ptr_nonnull(filled);
	free(filled);
	ck_assert_ptr_null(fill("/%d/%u@", local, "a.example"));
	local[255] = 'x';
	local[256] = '\0';
	ck_assert_ptr_null(fill("/%d/%u", local, "a.example"));
	memset(local, '/', 86);
	local[86] = '\0';
	ck_assert_ptr_null(fill("/%d/%u", local, "a.example"));
}
END_TEST

int
main(void)
{
	const TTest *tests[] = { names_the_fault_of_a_template, knows_the_root,
		writes_each_octet_so_that_names_stay_in_their_place,
		different_octets_have_different_names,
		refuses_a_name_that_is_empty_or_too_long };

	return suite_run("template", tests, ROWS(tests));
}
