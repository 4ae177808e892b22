/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * Reads one command line after the other, with each engine that can read it.
 * "cyclic" means in the order of the file, again and again, so that the
 * processor learns the branches.  "shuffled" means in an order that does not
 * repeat soon, like lines of many clients.
 */
#include <stdio.h>
#include <string.h>

#include <mailin/command.h>

#include "table.h"
#include "workload.h"
#include "yardstick.h"

#define SHUFFLED 8192
#define ROUNDS   20

struct lines {
	size_t count;
	struct mailin_span line[64];
};

/* The type of mailin_command_parse_as. */
typedef size_t engine_fn(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);

struct engine {
	const char *name;
	engine_fn *parse;
	enum mailin_syntax syntax;
};

struct reading {
	const struct engine *engine;
	struct mailin_span *order;
	size_t count;
};

/* Measures only the loop and the call.  The time of every other engine includes
 * their time. */
static size_t
read_nothing(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	(void)syntax, (void)bytes;
	command->error = MAILIN_REPLY_OK;
	return len;
}

/* clang-format off */
static const struct engine engines[] = {
	{ "none",      read_nothing,            MAILIN_SYNTAX_STRICT  },
	{ "strict",    mailin_command_parse_as, MAILIN_SYNTAX_STRICT  },
	{ "relaxed",   mailin_command_parse_as, MAILIN_SYNTAX_RELAXED },
	{ "yardstick", yardstick_parse,         MAILIN_SYNTAX_STRICT  },
};
/* clang-format on */

static const char *const corpora[] = { "6", "17", "30", "33", "senders" };

static void
read_corpus(struct lines *lines, const char *folder, const char *name)
{
	char path[512], *text = workload_memory(8192), *end;
	size_t len;
	FILE *file;

	snprintf(path, sizeof path, "%s/commands-%s.txt", folder, name);
	file = fopen(path, "rb");
	if (file == NULL)
		workload_fail("cannot be read", path);
	len = fread(text, 1, 8192, file);
	fclose(file);
	memset(lines, 0, sizeof *lines);
	while (lines->count < 64 && (end = memchr(text, '\n', len)) != NULL) {
		struct mailin_span *line = &lines->line[lines->count++];

		line->ptr = text;
		line->len = (size_t)(end + 1 - text);
		text += line->len;
		len -= line->len;
	}
	if (lines->count == 0)
		workload_fail("contains no lines", path);
}

static bool
accepts(const struct engine *engine, struct mailin_span line,
    struct mailin_command *command)
{
	memset(command, 0, sizeof *command);
	return engine->parse(command, engine->syntax, line.ptr, line.len) ==
	    line.len &&
	    command->error == MAILIN_REPLY_OK;
}

/* The yardstick and the library must fill in the same command, octet for
 * octet; otherwise their times cannot be compared. */
static void
check_yardstick(struct mailin_span line, const struct mailin_command *got)
{
	static const struct engine library = { "strict",
		mailin_command_parse_as, MAILIN_SYNTAX_STRICT };
	struct mailin_command wanted;

	if (!accepts(&library, line, &wanted) ||
	    memcmp(&wanted, got, sizeof wanted) != 0)
		workload_fail(line.ptr, "the yardstick gives another result");
}

/* Returns the lines of the corpus that the engine accepts. */
static struct lines
accepted(const struct engine *engine, const struct lines *corpus)
{
	struct mailin_command command;
	struct lines lines = { .count = 0 };
	size_t i;

	for (i = 0; i < corpus->count; i++) {
		if (!accepts(engine, corpus->line[i], &command))
			continue;
		if (engine->parse == yardstick_parse)
			check_yardstick(corpus->line[i], &command);
		lines.line[lines.count++] = corpus->line[i];
	}
	return lines;
}

static void
run_lines(const struct workload *workload)
{
	const struct reading *reading = workload->with;
	const struct engine *engine = reading->engine;
	struct mailin_command command;
	size_t i, sum = 0;

	for (i = 0; i < reading->count; i++)
		sum += engine->parse(&command, engine->syntax,
			   reading->order[i].ptr, reading->order[i].len) +
		    (size_t)command.error;
	workload_sink = sum;
}

static struct workload *
add_reading(const struct engine *engine, const struct lines *lines,
    const char *corpus, bool shuffled)
{
	size_t i, count = shuffled ? SHUFFLED : lines->count * ROUNDS;
	unsigned long long random = 1;
	struct reading *reading = workload_memory(sizeof *reading);
	struct workload *row = workload_add("line", "line/%s/%s/%s",
	    engine->name, corpus, shuffled ? "shuffled" : "cyclic");

	reading->engine = engine;
	reading->order = workload_memory(count * sizeof *reading->order);
	reading->count = count;
	for (i = 0; i < count; i++) {
		size_t at = (shuffled ? workload_random(&random) : i) %
		    lines->count;

		reading->order[i] = lines->line[at];
		row->octets += (double)lines->line[at].len;
	}
	row->items = (double)count;
	row->run = run_lines;
	row->with = reading;
	return row;
}

void
lines_add(const char *folder)
{
	size_t i, j;

	for (i = 0; i < sizeof corpora / sizeof corpora[0]; i++) {
		struct lines corpus;

		read_corpus(&corpus, folder, corpora[i]);
		for (j = 0; j < sizeof engines / sizeof engines[0]; j++) {
			struct lines lines = accepted(&engines[j], &corpus);

			add_reading(&engines[j], &lines, corpora[i], false)
			    ->counted = true;
			add_reading(&engines[j], &lines, corpora[i], true);
		}
	}
}
