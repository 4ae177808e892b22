/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "session_plan.h"

/* The values that a plan may give to a limit.  In the plan, 0 keeps the
 * default, a number n from 1 to 5 takes values[n - 1], and greater numbers keep
 * the default. */
struct limit_choice {
	enum mailin_limit limit;
	uint64_t values[5];
};

/* Each octet of head->limits chooses the values of two successive limits of
 * this table: its lower four bits that of the first, its upper four bits that
 * of the second. */
static const struct limit_choice choices[] = {
	{ MAILIN_LIMIT_MESSAGE_SIZE, { 1, 2, 10, 100, 4096 } },
	{ MAILIN_LIMIT_DISCARDED, { 1, 10, 100, 1000, 10000 } },
	{ MAILIN_LIMIT_RECIPIENTS, { 1, 2, 3, 4, 5 } },
	{ MAILIN_LIMIT_ENVELOPE_SIZE, { 2048, 2100, 3000, 4096, 8192 } },
	{ MAILIN_LIMIT_ERRORS, { 1, 2, 3, 100, 1000 } },
	{ MAILIN_LIMIT_JUNK, { 1, 2, 3, 1000, 10000 } },
	{ MAILIN_LIMIT_REFUSED_RECIPIENTS, { 1, 2, 3, 4, 5 } },
	{ MAILIN_LIMIT_AUTH_FAILURES, { 1, 2, 10, 100, 1000 } },
	{ MAILIN_LIMIT_TRANSACTIONS, { 1, 2, 3, 4, 5 } },
	{ MAILIN_LIMIT_OUTPUT, { 4096, 4200, 8192, 9000, 65536 } },
	{ MAILIN_LIMIT_COMMAND_LINE, { 512, 513, 600, 1000, 65536 } },
	{ MAILIN_LIMIT_AUTH_LINE, { 512, 513, 600, 1000, 65536 } },
};

static void
set_limits(struct mailin_config *config, const struct plan_head *head)
{
	size_t i;

	for (i = 0; i < sizeof choices / sizeof choices[0]; i++) {
		unsigned value = (unsigned)head->limits[i / 2] >> (i % 2 * 4) &
		    0x07u;

		/* If the handler refuses data, it refuses a whole span, and the
		 * length of a span depends on how the input is cut.  So the
		 * number of discarded octets would differ between the runs of
		 * one input. */
		if (choices[i].limit == MAILIN_LIMIT_DISCARDED &&
		    head->refuse != 0)
			continue;
		if (value > 0 && value <= 5)
			(void)mailin_config_set_limit(config, choices[i].limit,
			    choices[i].values[value - 1]);
	}
}

bool
plan_same_config(const struct plan_head *a, const struct plan_head *b)
{
	return memcmp(a, b, offsetof(struct plan_head, start)) == 0 &&
	    (a->refuse == 0) == (b->refuse == 0);
}

struct mailin_config *
plan_config(const struct plan_head *head,
    const struct mailin_allocator *allocator)
{
	struct mailin_config *config = mailin_config_new_with("mx.example.org",
	    allocator);
	int i;

	if (config == NULL)
		return NULL;
	for (i = 0; i < (int)sizeof head->policies; i++)
		(void)mailin_config_set_policy(config, (enum mailin_policy)i,
		    head->policies[i]);
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++)
		if ((head->extensions[i / 8] >> i % 8 & 1) != 0)
			(void)mailin_config_set_extension(config,
			    (enum mailin_extension)i,
			    !mailin_config_extension(config,
				(enum mailin_extension)i));
	for (i = 0; i < MAILIN_MECHANISM_COUNT; i++)
		(void)mailin_config_set_mechanism(config,
		    (enum mailin_mechanism)i, (head->mechanisms >> i & 1) != 0);
	if ((head->mechanisms & 0x80) != 0)
		(void)mailin_config_add_mechanism(config, "X-FUZZ");
	set_limits(config, head);
	return config;
}

enum verdict_way
plan_way(uint8_t verdict)
{
	return (verdict & 0x80) == 0 ? VERDICT_AT_ONCE :
	    (verdict & 0x40) == 0    ? VERDICT_LATER :
				       VERDICT_INSIDE;
}

/* Reply codes that the handler formats, valid and invalid, with enhanced
 * codes. */
struct custom {
	int code;
	char enhanced[8];
};

/* clang-format off */
static const struct custom customs[] = {
	{ 250, "2.1.5" }, { 250, "2.0.0" }, { 354, "" }, { 334, "" },
	{ 235, "2.7.0" }, { 220, "2.0.0" }, { 421, "4.7.0" },
	{ 452, "4.2.2" }, { 550, "5.7.1" }, { 521, "5.7.1" },
	{ 550, "4.7.1" }, { 250, "5.0.0" }, { 451, "4.0" }, { 600, "" },
	{ 99, "" }, { 554, "5.7.1234" },
};
/* clang-format on */

#define NUMBER(verdict) ((verdict)&0x3fu)

bool
plan_has_text(uint8_t verdict)
{
	return NUMBER(verdict) >= 40;
}

enum mailin_reply
plan_reply(uint8_t verdict, struct mailin_session *session,
    struct mailin_span text)
{
	unsigned number = NUMBER(verdict);
	const struct custom *custom = &customs[number % 16];
	enum mailin_reply reply;

	if (number < 24)
		return MAILIN_REPLY_OK;
	if (plan_has_text(verdict))
		return mailin_session_reply(session, custom->code,
		    custom->enhanced, "%.*s", (int)text.len, text.ptr);
	reply = (enum mailin_reply)(MAILIN_REPLY_CUSTOM + 1 +
	    (number - 24) * 7 % (MAILIN_REPLY_COUNT - MAILIN_REPLY_CUSTOM - 1));
	return mailin_reply_code(reply) != 0 ? reply : MAILIN_REPLY_OK;
}

uint8_t
plan_refusal(uint8_t verdict)
{
	static const uint8_t refusals[] = {
		48 + 6, 48 + 7, 48 + 8, 48 + 12 /* the custom replies 6, 7, 8
						   and 12 of 16 */
	};

	return (uint8_t)((verdict & 0xc0) | refusals[verdict % 4]);
}
