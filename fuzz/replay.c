/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* main() for a fuzz target that is built without a fuzzing engine.  Runs it on
 * the named files, and on all files in the named folders. */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
fail(const char *name)
{
	fprintf(stderr, "%s: %s\n", name, strerror(errno));
	exit(1);
}

static unsigned
replay_file(const char *name, size_t size)
{
	FILE *file = fopen(name, "rb");
	uint8_t *data = malloc(size > 0 ? size : 1);

	if (file == NULL || data == NULL || fread(data, 1, size, file) != size)
		fail(name);
	fclose(file);
	/* If the target aborts, the last name printed is the failing input. */
	fprintf(stderr, "%s\n", name);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 1;
}

static unsigned
replay(const char *name)
{
	struct stat status;
	struct dirent *entry;
	char inner[4096];
	unsigned count = 0;
	DIR *directory;

	if (stat(name, &status) != 0)
		fail(name);
	if (!S_ISDIR(status.st_mode))
		return replay_file(name, (size_t)status.st_size);
	directory = opendir(name);
	if (directory == NULL)
		fail(name);
	while ((entry = readdir(directory)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(inner, sizeof inner, "%s/%s", name, entry->d_name);
		count += replay(inner);
	}
	closedir(directory);
	return count;
}

int
main(int argc, char **argv)
{
	unsigned count = 0;
	int i;

	for (i = 1; i < argc; i++)
		count += replay(argv[i]);
	printf("%u inputs\n", count);
	return count > 0 ? 0 : 1;
}
