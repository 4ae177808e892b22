/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests that a password file is read as a whole or not at all:
 * server/access/passwd.c and scram_users.c.  This file replaces the log. */
#include <config.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/passwd.h"
#include "access/scram_users.h"
#include "log/log.h"
#include "support/suite.h"

#define SECRET "{SCRAM-SECRET}:!0123456789abcdef0123456789abcdef"
#define SCRAM  SCRAM_SCHEME "4096,c2FsdA==,a2V5,a2V5"
#define MD5    "$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1"

static char path[] = "/tmp/test_passwd.XXXXXX";
static char logged[256];

/* The line for which there is no memory; 0: none. */
static unsigned missing;

#undef getline
ssize_t
scarce_getline(char **line, size_t *room, FILE *in)
{
	if (missing == 0 || --missing > 0)
		return getline(line, room, in);
	errno = ENOMEM;
	return -1;
}

void
log_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(logged, sizeof logged, format, arguments);
	va_end(arguments);
}

static void
write_file(const char *text)
{
	FILE *out;

	strcpy(path + strlen(path) - 6, "XXXXXX");
	out = fdopen(mkstemp(path), "w");
	ck_assert_ptr_nonnull(out);
	ck_assert_int_ge(fputs(text, out), 0);
	ck_assert_int_eq(fclose(out), 0);
}

/* Read the file.  Returns true if it is accepted. */
static bool
load(void)
{
	struct passwd_file *file;

	logged[0] = '\0';
	file = passwd_load(path, false);
	passwd_free(file);
	return file != NULL;
}

START_TEST(a_file_without_memory_for_a_line_is_refused)
{
	unsigned n;

	write_file("ann:" MD5 "\nbob:!\n# comment\njoe:" MD5);
	for (n = 1; n <= 4; n++) {
		missing = n;
		ck_assert_msg(!load(), "line %u", n);
		ck_assert_msg(strstr(logged, strerror(ENOMEM)) != NULL, "%s",
		    logged);
	}
	missing = 0;
	ck_assert_msg(load(), "%s", logged);
	unlink(path);
}
END_TEST

#ifdef HAVE_CRYPT_CHECKSALT
/* crypt(3) refuses a backslash in a salt, but the form allows it. */
START_TEST(a_hash_that_crypt_cannot_use_is_refused)
{
	write_file("ann:!\nbob:$1$ab\\cd$0123456789012345678901\n");
	ck_assert(!load());
	ck_assert_msg(strstr(logged, ":2: crypt(3) cannot use this hash") !=
		NULL,
	    "%s", logged);
	unlink(path);
	write_file("ann:!\nbob:$1$abcd$0123456789012345678901\n");
	ck_assert_msg(load(), "%s", logged);
	unlink(path);
}
END_TEST
#endif

/* If the rest of the file is unknown, SCRAM must not be thought to be for all
 * users. */
START_TEST(users_without_memory_for_a_line_are_unknown)
{
	unsigned n;

	write_file("ann:" SCRAM "\nbob:" MD5 "\n");
	for (n = 1; n <= 3; n++) {
		missing = n;
		ck_assert_int_eq(scram_users(path), SCRAM_USERS_UNKNOWN);
	}
	missing = 0;
	ck_assert_int_eq(scram_users(path), SCRAM_USERS_SOME);
	unlink(path);
}
END_TEST

START_TEST(the_secret_of_scram_is_no_user)
{
	static const char *const without[] = { "", "# " SECRET "\n",
		SECRET "\n" };
	size_t i;

	for (i = 0; i < ROWS(without); i++) {
		write_file(without[i]);
		ck_assert_msg(!load(), "%s", without[i]);
		ck_assert_msg(strstr(logged, "no user in it") != NULL, "%s",
		    logged);
		unlink(path);
	}
	write_file(SECRET "\nann:!\n");
	ck_assert_msg(load(), "%s", logged);
	unlink(path);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_file_without_memory_for_a_line_is_refused,
#ifdef HAVE_CRYPT_CHECKSALT
		a_hash_that_crypt_cannot_use_is_refused,
#endif
		users_without_memory_for_a_line_are_unknown,
		the_secret_of_scram_is_no_user,
	};

	return suite_run("passwd", tests, ROWS(tests));
}
