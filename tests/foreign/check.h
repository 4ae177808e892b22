/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_FOREIGN_CHECK_H
#define MAILIN_TESTS_FOREIGN_CHECK_H

/* The part of Check that the unit tests use, for machines and compilers for
 * which there is no Check.  Like Check, it runs each test in a process of its
 * own, unless CK_FORK is "no"; then the first failure ends the program. */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
	const char *name;
	void (*run)(void);
} TTest;

typedef struct {
	unsigned seconds;
	unsigned count;
	const TTest *tests[256];
} TCase;

typedef struct {
	TCase *tcase;
	int failed;
} Suite, SRunner;

enum print_output {
	CK_ENV
};

#define START_TEST(name) \
	static void name##_run(void); \
	static const TTest name##_test = { #name, name##_run }; \
	static const TTest *const name = &name##_test; \
	static void name##_run(void)
#define END_TEST

static inline _Noreturn void __attribute__((format(printf, 3, 4)))
check_fail(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	printf("%s:%d: ", file, line);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	exit(EXIT_FAILURE);
}

#define ck_abort_msg(...) check_fail(__FILE__, __LINE__, __VA_ARGS__)
#define ck_assert_msg(right, ...) \
	((right) ? (void)0 : check_fail(__FILE__, __LINE__, __VA_ARGS__))
#define ck_assert(right) ck_assert_msg(right, "%s", #right)

#define CHECK_COMPARE(type, format, a, compare, b) \
	do { \
		const type check_a = (a), check_b = (b); \
		ck_assert_msg(check_a compare check_b, \
		    "%s: %" format ", %" format, #a " " #compare " " #b, \
		    check_a, check_b); \
	} while (0)
#define CHECK_INT(a, compare, b) CHECK_COMPARE(intmax_t, PRIdMAX, a, compare, b)
#define CHECK_UINT(a, compare, b) \
	CHECK_COMPARE(uintmax_t, PRIuMAX, a, compare, b)
#define CHECK_STRING(a, compare, b) \
	do { \
		const char *const check_a = (a), *const check_b = (b); \
		ck_assert_msg(check_a != NULL && check_b != NULL && \
			strcmp(check_a, check_b) compare 0, \
		    "%s: \"%s\", \"%s\"", #a " " #compare " " #b, \
		    check_a != NULL ? check_a : "(NULL)", \
		    check_b != NULL ? check_b : "(NULL)"); \
	} while (0)

#define ck_assert_int_eq(a, b)       CHECK_INT(a, ==, b)
#define ck_assert_int_ne(a, b)       CHECK_INT(a, !=, b)
#define ck_assert_int_lt(a, b)       CHECK_INT(a, <, b)
#define ck_assert_int_ge(a, b)       CHECK_INT(a, >=, b)
#define ck_assert_uint_eq(a, b)      CHECK_UINT(a, ==, b)
#define ck_assert_uint_lt(a, b)      CHECK_UINT(a, <, b)
#define ck_assert_uint_le(a, b)      CHECK_UINT(a, <=, b)
#define ck_assert_uint_gt(a, b)      CHECK_UINT(a, >, b)
#define ck_assert_uint_ge(a, b)      CHECK_UINT(a, >=, b)
#define ck_assert_str_eq(a, b)       CHECK_STRING(a, ==, b)
#define ck_assert_str_ne(a, b)       CHECK_STRING(a, !=, b)
#define ck_assert_ptr_eq(a, b)       ck_assert((a) == (b))
#define ck_assert_ptr_ne(a, b)       ck_assert((a) != (b))
#define ck_assert_ptr_null(a)        ck_assert((a) == NULL)
#define ck_assert_ptr_nonnull(a)     ck_assert((a) != NULL)
#define ck_assert_mem_eq(a, b, size) ck_assert(memcmp(a, b, size) == 0)
#define ck_assert_mem_ne(a, b, size) ck_assert(memcmp(a, b, size) != 0)

static inline void *
check_allocate(size_t size)
{
	void *memory = calloc(1, size);

	if (memory == NULL)
		ck_abort_msg("no memory");
	return memory;
}

static inline TCase *
tcase_create(const char *name)
{
	(void)name;
	return check_allocate(sizeof(TCase));
}

static inline void
tcase_add_test(TCase *tcase, const TTest *test)
{
	if (tcase->count == sizeof tcase->tests / sizeof tcase->tests[0])
		ck_abort_msg("too many tests");
	tcase->tests[tcase->count++] = test;
}

static inline void
tcase_set_timeout(TCase *tcase, unsigned seconds)
{
	tcase->seconds = seconds;
}

static inline Suite *
suite_create(const char *name)
{
	(void)name;
	return check_allocate(sizeof(Suite));
}

static inline void
suite_add_tcase(Suite *suite, TCase *tcase)
{
	suite->tcase = tcase;
}

static inline SRunner *
srunner_create(Suite *suite)
{
	return suite;
}

/* Run one test.  Returns false if it fails, crashes or takes too long. */
static inline int
check_passes(const TTest *test, unsigned seconds)
{
	const char *how = getenv("CK_FORK");
	int status = 0;
	pid_t child;

	if (how != NULL && strcmp(how, "no") == 0) {
		test->run();
		return 1;
	}
	fflush(stdout);
	child = fork();
	if (child == 0) {
		alarm(seconds);
		test->run();
		exit(EXIT_SUCCESS);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static inline void
srunner_run_all(SRunner *runner, enum print_output output)
{
	int count = (int)runner->tcase->count;
	int i;

	(void)output;
	for (i = 0; i < count; i++) {
		const TTest *test = runner->tcase->tests[i];

		if (check_passes(test, runner->tcase->seconds))
			continue;
		runner->failed++;
		printf("FAIL: %s\n", test->name);
	}
	printf("%d%%: Checks: %d, Failures: %d, Errors: 0\n",
	    count == 0 ? 0 : 100 * (count - runner->failed) / count, count,
	    runner->failed);
}

static inline int
srunner_ntests_failed(const SRunner *runner)
{
	return runner->failed;
}

static inline void
srunner_free(SRunner *runner)
{
	free(runner->tcase);
	free(runner);
}

#endif
