/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/*
 * Parses each line of the corpora alone, so that callgrind can count the
 * instructions for each:
 *
 *	each CORPUS...        print SYNTAX OCTETS ERROR LINE for each call
 *
 * bench/each.sh lets callgrind write a profile whenever
 * mailin_command_parse_as() returns.  Everything runs twice, because the first
 * run also binds symbols.
 */
#include <stdio.h>
#include <string.h>

#include <mailin/command.h>

static void
parse(enum mailin_syntax syntax, const char *line, size_t len)
{
	struct mailin_command command;

	if (mailin_command_parse_as(&command, syntax, line, len) != len)
		command.error = MAILIN_REPLY_COUNT;
	printf("%s %zu %d %.*s\n",
	    syntax == MAILIN_SYNTAX_STRICT ? "strict" : "relaxed", len,
	    (int)command.error, (int)len - 2, line);
}

static int
parse_file(const char *path)
{
	char line[1024];
	FILE *file = fopen(path, "rb");

	if (file == NULL) {
		perror(path);
		return 1;
	}
	while (fgets(line, sizeof line, file) != NULL) {
		parse(MAILIN_SYNTAX_STRICT, line, strlen(line));
		parse(MAILIN_SYNTAX_RELAXED, line, strlen(line));
	}
	fclose(file);
	return 0;
}

int
main(int argc, char **argv)
{
	int i, failed = 0;

	for (i = 1; i < 2 * argc - 1; i++)
		failed |= parse_file(argv[(i - 1) % (argc - 1) + 1]);
	return failed;
}
