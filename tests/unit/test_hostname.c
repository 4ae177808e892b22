/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the name of a server, and how its config allocates memory:
 * src/config/config.c. */
#include <string.h>

#include "support/heap.h"
#include "support/suite.h"

#define L63  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define D255 L63 "." L63 "." L63 "." L63

/* RFC 5321 4.1.2, 4.1.3: the name is a Domain or an address literal, of at most
 * 255 octets (4.5.3.1.2). */
/* clang-format off */
static const char *const accepted[] = {
	"mx.example.org", "localhost", "a", "1", "xn--bcher-kva.example",
	"a-b.c", "3com.com", "[192.0.2.1]", "[IPv6:2001:db8::1]", "[IPv6:::1]",
	L63 ".org", D255,
};
/* clang-format on */

/* These names are refused.  Each would break the greeting, the reply to EHLO or
 * the Received field, in which the name appears. */
/* clang-format off */
static const char *const refused[] = {
	"", " ", "mx ", " mx", "mx\t", "mx.example.org ", "mx example",
	"mx.", ".mx", "a..b", "-a", "a-", "a_b", "a.-b", "mx\r\n",
	"mx\r\n220 x", "mx\n", "mx\r", "mx\x01", "mx\x7f", "m\xc3\xa9.example",
	"[192.0.2.256]", "[192.0.2.1", "192.0.2.1]", "[]", "[IPv6:1::2::3]",
	"<mx>", "mx;", "mx(x)", "user@mx", "mx\\", "mx\"", D255 "x",
	D255 ".x",
};
/* clang-format on */

START_TEST(a_server_is_named_by_a_domain_or_a_literal)
{
	struct mailin_config *config;
	size_t i;

	for (i = 0; i < ROWS(accepted); i++) {
		config = mailin_config_new(accepted[i]);
		ck_assert_msg(config != NULL &&
			strcmp(accepted[i], mailin_config_hostname(config)) ==
			    0,
		    "%s", accepted[i]);
		mailin_config_free(config);
	}
	for (i = 0; i < ROWS(refused); i++) {
		config = mailin_config_new(refused[i]);
		ck_assert_msg(config == NULL, "\"%s\"",
		    suite_quote(mailin_span_of(refused[i])));
		mailin_config_free(config);
	}
	ck_assert_ptr_null(mailin_config_new(NULL));
}
END_TEST

START_TEST(the_name_is_copied)
{
	char name[] = "mx.example.org";
	struct mailin_config *config = mailin_config_new(name);

	memset(name, 'x', sizeof name - 1);
	ck_assert_str_eq(mailin_config_hostname(config), "mx.example.org");
	mailin_config_free(config);
}
END_TEST

START_TEST(the_allocator_is_copied_and_gets_all_back)
{
	struct heap heap;
	struct mailin_allocator allocator;
	struct mailin_config *config;

	heap_init(&heap);
	allocator = heap.allocator;
	config = mailin_config_new_with("mx.example.org", &allocator);
	memset(&allocator, 0, sizeof allocator);
	ck_assert_ptr_nonnull(config);
	ck_assert_uint_gt(heap.octets, 0);
	ck_assert_int_eq(mailin_config_set(config, "mechanisms", "PLAIN"),
	    MAILIN_OK);
	mailin_config_free(config);
	ck_assert_uint_eq(heap.octets, 0);
}
END_TEST

/* If memory fails, no config is created, and nothing leaks (threat V50). */
START_TEST(without_memory_there_is_no_config)
{
	struct heap heap;

	heap_init(&heap);
	heap_fail(&heap, 1, true);
	ck_assert_ptr_null(
	    mailin_config_new_with("mx.example.org", &heap.allocator));
	ck_assert_uint_eq(heap.octets, 0);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_server_is_named_by_a_domain_or_a_literal,
		the_name_is_copied,
		the_allocator_is_copied_and_gets_all_back,
		without_memory_there_is_no_config,
	};

	return suite_run("hostname", tests, ROWS(tests));
}
