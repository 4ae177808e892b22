/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Plays session transcripts: all of tests/transcripts, or the files and folders
 * in its arguments.  It plays each transcript as a whole, line by line and
 * octet by octet, and with verdicts that are given at once or later.  Then it
 * plays it in some of the ways of vary.c, or with --all in all of them.
 */
#include <config.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "transcript/transcript.h"

/* Play every n-th way of each kind in vary.c; 1: all. */
static size_t every = 80;

struct counts {
	unsigned played, failed;
};

/* Each verdict of the head must have been used.  Otherwise the name of its
 * callback or its argument is wrong. */
static bool
has_used_verdicts(const struct transcript *transcript)
{
	bool good = true;
	size_t i;

	for (i = 0; i < transcript->choice_count; i++) {
		const struct choice *choice = &transcript->choices[i];

		if (choice->is_used)
			continue;
		printf("# %s: the verdict \"%s%s%s\" was never used\n",
		    transcript->path, choice->callback,
		    choice->argument != NULL ? " " : "",
		    choice->argument != NULL ? choice->argument : "");
		good = false;
	}
	return good;
}

static bool
play_every_way(struct transcript *transcript)
{
	struct mode mode = { .split = SPLIT_WHOLE };
	int split;

	for (split = SPLIT_WHOLE; split <= SPLIT_OCTETS; split++) {
		mode.split = (enum split)split;
		mode.later = false;
		if (transcript->at_once && !play_transcript(transcript, &mode))
			return false;
		mode.later = true;
		if (transcript->later && !play_transcript(transcript, &mode))
			return false;
	}
	return has_used_verdicts(transcript) &&
	    vary_transcript(transcript, every);
}

static void
play_file(struct counts *counts, const char *path)
{
	struct transcript transcript;
	bool good = transcript_read(&transcript, path) &&
	    play_every_way(&transcript);

	transcript_free(&transcript);
	counts->played++;
	counts->failed += !good;
	printf("%s %u - %s\n", good ? "ok" : "not ok", counts->played, path);
	fflush(stdout);
}

static bool
ends_in(const char *name, const char *end)
{
	size_t len = strlen(name);

	return len >= strlen(end) && strcmp(name + len - strlen(end), end) == 0;
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Play a file, or all files in a folder. */
static void
play_path(struct counts *counts, const char *path)
{
	struct dirent **entries;
	int i, count = scandir(path, &entries, is_visible, alphasort);

	if (count < 0) {
		play_file(counts, path);
		return;
	}
	for (i = 0; i < count; i++) {
		char *inner = malloc(
		    strlen(path) + 1 + strlen(entries[i]->d_name) + 1);

		if (inner == NULL)
			abort();
		sprintf(inner, "%s/%s", path, entries[i]->d_name);
		if (ends_in(inner, ".txt") ||
		    strchr(entries[i]->d_name, '.') == NULL)
			if (!ends_in(inner, "/README"))
				play_path(counts, inner);
		free(inner);
		free(entries[i]);
	}
	free(entries);
}

/* Returns the folder of the source, as suite_source() does. */
static const char *
source_folder(void)
{
	const char *folder = getenv("srcdir");

	if (folder != NULL)
		return folder;
	return access("configure.ac", R_OK) == 0 ? "." : "..";
}

int
main(int argc, char **argv)
{
	struct counts counts = { 0, 0 };
	char path[4096];
	int i;

	snprintf(path, sizeof path, "%s/tests/transcripts", source_folder());
	if (argc > 1 && strcmp(argv[1], "--all") == 0) {
		every = 1;
		argc--;
		argv++;
	}
	if (argc < 2)
		play_path(&counts, path);
	for (i = 1; i < argc; i++)
		play_path(&counts, argv[i]);
	vary_print(every == 1, counts.failed > 0 || counts.played == 0);
	printf("%u%%: Checks: %u, Failures: %u, Errors: 0\n",
	    counts.played == 0 ?
		0 :
		100 * (counts.played - counts.failed) / counts.played,
	    counts.played, counts.failed);
	return counts.failed == 0 && counts.played > 0 ? EXIT_SUCCESS :
							 EXIT_FAILURE;
}
