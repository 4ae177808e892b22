/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests which hashes of passwords are accepted. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "access/hash_form.h"
#include "support/suite.h"

#define S22 "0123456789./ABCDwxyz01"
#define S28 S22 "abcdef"
#define S43 S22 "abcdefghijklmnopqrstu"
#define S53 S43 "0123456789"
#define S86 S43 S43

static const char *const good[] = {
	"!",
	"*",
	"!$6$anything",
	"$y$j9T$$" S43,
	"$y$j9T$z1$" S43,
	"$y$/75$zzD$" S43,
	"$y$.75$zzzz$" S43,
	"$y$jFT5$zzzz.1$" S43,
	"$gy$j9T$abC$" S43,
	"$7$CU..../....abc$" S43,
	"$2a$04$" S53,
	"$2b$31$" S53,
	"$2x$10$" S53,
	"$2y$12$" S53,
	"$6$abcdefgh$" S86,
	"$6$rounds=5000$a b=c$" S86,
	"$6$rounds=1000$abc$" S86,
	"$5$rounds=999999999$abcdefghijklmnop$" S43,
	"$5$s$" S43,
	"$sha1$40000$abcd$" S28,
	"$md5$abcdefgh$" S22,
	"$md5$abcdefgh$$" S22,
	"$md5,rounds=904$abcdefgh$$" S22,
	"$1$abcdefgh$" S22,
	"$1$a$" S22,
};

static const char *const bad[] = {
	"",
	"$",
	"x",
	"abJnggxhB/yWI",
	"$3$$8846f7eaee8fb117ad06bdd830b7586c",
	"$y$$abcd$" S43,
	"$y$j9$abcd$" S43,
	"$y$k9T$abcd$" S43,
	"$y$j9T$z$" S43,
	"$y$j9T$z2$" S43,
	"$y$j9T$zzE$" S43,
	"$y$j9T$abcd.$" S43,
	"$gy$j9T$abc$" S43,
	"$y$j9T$abcd$" S43 "0",
	"$y$j9T$abcd$" S22,
	"$y$j9T$a:c$" S43,
	"$7$abc$" S43,
	"$2a$03$" S53,
	"$2a$32$" S53,
	"$2a$4$" S53,
	"$2a$04$" S43,
	"$2c$04$" S53,
	"$2a$004$" S53,
	"$6$$" S86,
	"$6$abcdefghijklmnopq$" S86,
	"$6$rounds=0$abc$" S86,
	"$6$rounds=999$abc$" S86,
	"$5$rounds=1000000000$abc$" S43,
	"$6$rounds=$abc$" S86,
	"$6$rounds=5x$abc$" S86,
	"$6$ab:c$" S86,
	"$6$abc$" S86 ":",
	"$6$abc$" S86 " ",
	"$6$abc$" S43,
	"$5$abc$" S86,
	"$sha1$0$abcd$" S28,
	"$sha1$40000$$" S28,
	"$md5$abcdefg$" S22,
	"$md5$abcdefgh$$$" S22,
	"$md5,rounds=0$abcdefgh$" S22,
	"$md5rounds=9$abcdefgh$" S22,
	"$1$abcdefghi$" S22,
	"$1$$" S22,
	"$1$abc$" S22 "\r",
	" $1$abc$" S22,
	"$1$abc$\xc3\xa9"
	"0123456789./ABCDwxyz",
};

START_TEST(knows_the_forms)
{
	size_t i;

	for (i = 0; i < ROWS(good); i++)
		ck_assert_msg(hash_form_is_known(good[i]), "%s", good[i]);
	for (i = 0; i < ROWS(bad); i++)
		ck_assert_msg(!hash_form_is_known(bad[i]), "%s", bad[i]);
}
END_TEST

/* A hash that is cut short, or that has text after it, is not accepted. */
START_TEST(knows_whole_hashes_only)
{
	char text[256];
	size_t i, len;

	for (i = 0; i < ROWS(good); i++) {
		if (*good[i] != '$')
			continue;
		for (len = strlen(good[i]) - 1; len > 0; len--) {
			memcpy(text, good[i], len);
			text[len] = '\0';
			ck_assert_msg(!hash_form_is_known(text), "%s", text);
		}
		snprintf(text, sizeof text, "%s$", good[i]);
		ck_assert_msg(!hash_form_is_known(text), "%s", text);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = { knows_the_forms, knows_whole_hashes_only };

	return suite_run("hash", tests, ROWS(tests));
}
