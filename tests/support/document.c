/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "support/document.h"
#include "support/suite.h"

char *
document_read(const char *name)
{
	static char text[128 << 10];
	char path[1024];
	FILE *file;
	size_t len;

	snprintf(path, sizeof path, "%s/%s", suite_source(), name);
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "cannot open %s", path);
	len = fread(text, 1, sizeof text - 1, file);
	fclose(file);
	ck_assert_uint_lt(len, sizeof text - 1);
	text[len] = '\0';
	return text;
}

const char *
document_next_enumerator(const char *at, const char *prefix, char name[64])
{
	while ((at = strstr(at, "\n\t")) != NULL) {
		at += 2;
		if (strncmp(at, prefix, strlen(prefix)) != 0)
			continue;
		at += strlen(prefix);
		if (sscanf(at, "%63[A-Z0-9_]", name) == 1)
			return at + strlen(name);
	}
	return NULL;
}
