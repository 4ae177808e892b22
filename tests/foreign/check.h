/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_FOREIGN_CHECK_H
#define MAILIN_TESTS_FOREIGN_CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The part of Check that the suites of the body decoder need, for machines that
 * do not have Check.  Each test runs at once; the first failure ends the
 * program. */

typedef struct {
	const char *name;
	void (*run)(void);
} TTest;

typedef int Suite, TCase, SRunner;

#define START_TEST(name) \
	static void name##_run(void); \
	static const TTest name##_test = { #name, name##_run }; \
	static const TTest *const name = &name##_test; \
	static void name##_run(void)
#define END_TEST

#define ck_abort_msg(...) \
	(fprintf(stderr, __VA_ARGS__), fputc('\n', stderr), exit(1))
#define ck_assert_msg(right, ...) \
	((right) ? (void)0 : (void)ck_abort_msg(__VA_ARGS__))
#define ck_assert(right)        ck_assert_msg(right, "%s", #right)
#define ck_assert_uint_eq(a, b) ck_assert((a) == (b))
#define ck_assert_str_eq(a, b)  ck_assert(strcmp((a), (b)) == 0)

static inline void
tcase_add_test(TCase *tcase, const TTest *test)
{
	(void)tcase;
	puts(test->name);
	fflush(stdout);
	test->run();
}

#define CK_ENV                        0
#define suite_create(name)            ((void)(name), NULL)
#define tcase_create(name)            NULL
#define srunner_create(suite)         (suite)
#define tcase_set_timeout(tcase, s)   (void)(tcase)
#define suite_add_tcase(suite, tcase) ((void)(suite), (void)(tcase))
#define srunner_run_all(runner, how)  (void)(runner)
#define srunner_ntests_failed(runner) ((void)(runner), 0)
#define srunner_free(runner)          (void)(runner)

#endif
