/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "session/calls.h"
#include "support/rule_names.h"

/*
 * Prints in which order commands are allowed.  Reads the tables that the
 * session uses (src/config/rules.c, src/session/command.c).  The output is a
 * text, or a picture in the language of Graphviz.
 */

struct bit {
	unsigned bit;
	char name[24];
};

static const struct bit needs[] = {
	{ NEEDS_SMTP, "SMTP only" },
	{ NEEDS_LMTP, "LMTP only" },
	{ NEEDS_OFFER, "offered" },
	{ NEEDS_TLS, "TLS if required" },
	{ NEEDS_IDENTITY, "AUTH if required" },
	{ NEEDS_ESMTP, "after EHLO" },
	{ 0, "" },
};

static const struct bit traits[] = {
	{ TRAIT_LAST, "ends a group" },
	{ TRAIT_JUNK, "junk" },
	{ TRAIT_HELLO, "no enhanced code" },
	{ TRAIT_CHUNK, "octets follow" },
	{ 0, "" },
};

/* Print the names of the bits that are set.  Returns the separator to print
 * before the next name. */
static const char *
print_bits(unsigned bits, const struct bit *names, const char *separator)
{
	for (; names->bit != 0; names++)
		if ((bits & names->bit) != 0) {
			printf("%s%s", separator, names->name);
			separator = ", ";
		}
	return separator;
}

static void
print_verbs(void)
{
	int verb;

	puts("What a command needs, and what it is, in whatever state:\n");
	for (verb = 0; verb < MAILIN_VERB_COUNT; verb++) {
		const struct mailin_verb_row *row = &mailin_verbs[verb];

		printf("  %-18s", event_name((enum mailin_event)verb));
		(void)print_bits(row->traits, traits,
		    print_bits(row->needs, needs, ""));
		putchar('\n');
	}
}

static void
print_state(enum mailin_state state)
{
	int event;

	printf("\n%s\n", state_name(state));
	for (event = 0; event < EVENT_COUNT; event++) {
		struct mailin_rule rule = mailin_rule(state,
		    (enum mailin_event)event);

		if (rule.yes == STATE_NONE)
			continue;
		printf("  %-18s%s", event_name((enum mailin_event)event),
		    state_name((enum mailin_state)rule.yes));
		if (rule.no != rule.yes)
			printf(", refused: %s",
			    state_name((enum mailin_state)rule.no));
		putchar('\n');
	}
}

static void
print_table(void)
{
	int state;

	print_verbs();
	puts("\nWhere it leads; what is not listed is not allowed there:");
	for (state = STATE_NEW; state < STATE_COUNT; state++)
		print_state((enum mailin_state)state);
}

/* Print one arrow with all events that lead from one state to the other.
 * EVENT_CLOSE is left out, because it may end every state. */
static void
print_arrow(enum mailin_state from, enum mailin_state to)
{
	char label[256] = "";
	int event;

	for (event = 0; event < EVENT_CLOSE; event++) {
		struct mailin_rule rule = mailin_rule(from,
		    (enum mailin_event)event);
		const char *name = event_name((enum mailin_event)event);
		size_t len = strlen(label);

		if (rule.yes != to && rule.no != to)
			continue;
		snprintf(label + len, sizeof label - len, "%s%s%s",
		    len > 0 ? "\\n" : "", name,
		    rule.yes != to ? " refused" : "");
	}
	if (label[0] != '\0')
		printf("\t\"%s\" -> \"%s\" [label=\"%s\"];\n", state_name(from),
		    state_name(to), label);
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
