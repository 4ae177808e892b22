/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "config/rules.h"

/*
 * Prints the order of commands from the table that the session runs by
 * (src/config/rules.c): for people, or as a picture in the language of
 * Graphviz.
 */

static const struct {
	uint8_t need;
	char name[24];
} needs[] = {
	{ NEEDS_SMTP, "SMTP only" },
	{ NEEDS_LMTP, "LMTP only" },
	{ NEEDS_OFFER, "offered" },
	{ NEEDS_TLS, "TLS if required" },
	{ NEEDS_IDENTITY, "AUTH if required" },
	{ NEEDS_ESMTP, "after EHLO" },
	{ NEEDS_LAST, "ends a group" },
	{ COUNTS_AS_JUNK, "junk" },
};

static void
print_needs(void)
{
	int event;
	size_t i;

	puts("What a command needs, in whatever state:\n");
	for (event = 0; event < EVENT_COUNT; event++) {
		uint8_t bits = mailin_rule_needs((enum mailin_event)event);
		const char *separator = "";

		printf("  %-18s", mailin_event_name((enum mailin_event)event));
		for (i = 0; i < sizeof needs / sizeof needs[0]; i++)
			if ((bits & needs[i].need) != 0) {
				printf("%s%s", separator, needs[i].name);
				separator = ", ";
			}
		putchar('\n');
	}
}

static void
print_state(enum mailin_state state)
{
	int event;

	printf("\n%s\n", mailin_state_name(state));
	for (event = 0; event < EVENT_COUNT; event++) {
		struct mailin_rule rule = mailin_rule(state,
		    (enum mailin_event)event);

		if (rule.yes == STATE_NONE)
			continue;
		printf("  %-18s%s", mailin_event_name((enum mailin_event)event),
		    mailin_state_name((enum mailin_state)rule.yes));
		if (rule.no != rule.yes)
			printf(", refused: %s",
			    mailin_state_name((enum mailin_state)rule.no));
		putchar('\n');
	}
}

static void
print_table(void)
{
	int state;

	print_needs();
	puts("\nWhere it leads; what is not listed is not allowed there:");
	for (state = STATE_NEW; state < STATE_COUNT; state++)
		print_state((enum mailin_state)state);
}

/* The events that lead from one state to another, joined to one arrow. */
static void
print_arrow(enum mailin_state from, enum mailin_state to)
{
	char label[256] = "";
	int event;

	for (event = 0; event < EVENT_COUNT; event++) {
		struct mailin_rule rule = mailin_rule(from,
		    (enum mailin_event)event);
		const char *name = mailin_event_name((enum mailin_event)event);
		size_t len = strlen(label);

		if (rule.yes != to && rule.no != to)
			continue;
		snprintf(label + len, sizeof label - len, "%s%s%s",
		    len > 0 ? "\\n" : "", name,
		    rule.yes != to ? " refused" : "");
	}
	if (label[0] != '\0')
		printf("\t\"%s\" -> \"%s\" [label=\"%s\"];\n",
		    mailin_state_name(from), mailin_state_name(to), label);
}

static void
print_dot(void)
{
	int from, to;

	puts("digraph session {\n"
	     "\tnode [shape=box, style=rounded, fontname=Helvetica];\n"
	     "\tedge [fontname=Helvetica, fontsize=10];\n"
	     "\tlabel=\"Commands that stay in their state are left out.\";");
	for (from = STATE_NEW; from < STATE_COUNT; from++)
		for (to = STATE_NEW; to < STATE_COUNT; to++)
			if (from != to)
				print_arrow((enum mailin_state)from,
				    (enum mailin_state)to);
	puts("}");
}

int
main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--table") == 0) {
		print_table();
	} else if (argc == 2 && strcmp(argv[1], "--dot") == 0) {
		print_dot();
	} else {
		fputs("usage: print_rules --table | --dot\n", stderr);
		return 2;
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
