/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/log.h"
#include "settings/array.h"
#include "settings/config_file.h"
#include "settings/option_table.h"

/* The longest name of a section. */
#define NAME_MAX_LEN 32

/* The octets of the mark of UTF-8 (BOM). */
#define MARK_SIZE 3

/*
 * inih splits a line into name and value.  It reports no error if a line or the
 * name of a section is too long for its buffer, or if text follows a section.
 * It also appends an indented line to the line before.  So inih gets its lines
 * from read_line, which reports these errors and removes white space at the
 * beginning.
 */
struct reader {
	struct config_file *file;
	FILE *in;
	const char *path;
	unsigned line; /* the number of the current line */
	bool failed;   /* the reason is on stderr */
};

/* Write to stderr what is wrong with the current line.  Returns false. */
static bool MAILIN_FORMAT(2, 3)
    line_wrong(struct reader *reader, const char *format, ...)
{
	char fault[512];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(fault, sizeof fault, format, arguments);
	va_end(arguments);
	log_error("%s:%u: %s", reader->path, reader->line, fault);
	reader->failed = true;
	return false;
}

/* Returns true for an octet that inih takes for white space. */
static bool
is_space(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Returns "FILE:LINE: ", or NULL if there is no memory. */
static char *
where_is(struct reader *reader)
{
	char *where = NULL;

	if (asprintf(&where, "%s:%u: ", reader->path, reader->line) >= 0)
		return where;
	log_error("no memory");
	reader->failed = true;
	return NULL;
}

/* ---- Sections ---- */

/* Returns the name in "listener NAME", or NULL if the section is no such
 * section. */
static const char *
listener_name(const char *section)
{
	static const char kind[] = "listener";
	const char *name = section + strlen(kind);
	size_t len;

	if (strncmp(section, kind, strlen(kind)) != 0 || !is_space(*name))
		return NULL;
	while (is_space(*name))
		name++;
	len = strspn(name,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	    "-_.");
	return len > 0 && len <= NAME_MAX_LEN && name[len] == '\0' ? name :
								     NULL;
}

static bool
is_known(const struct config_file *file, const char *name)
{
	size_t i;

	for (i = 0; i < file->count; i++)
		if (strcmp(file->sections[i].name, name) == 0)
			return true;
	return false;
}

static bool
add_section(struct reader *reader, const char *name)
{
	struct config_file *file = reader->file;
	struct section *sections = array_grow(file->sections, file->count,
	    sizeof *sections);
	struct section *section;

	if (sections == NULL) {
		reader->failed = true;
		return false;
	}
	file->sections = sections;
	section = &sections[file->count++];
	*section = (struct section){ .where = where_is(reader),
		.name = strdup(name) };
	if (section->name == NULL)
		return line_wrong(reader, "no memory");
	return section->where != NULL;
}

/* Begin the section that a line "[...]" names. */
static bool
begin_section(struct reader *reader, char *line)
{
	char *end = strchr(line, ']'), *rest;
	const char *name;

	if (end == NULL)
		return line_wrong(reader, "no ] after [");
	for (rest = end + 1; is_space(*rest); rest++)
		;
	if (*rest != '\0' && (*rest != ';' || rest == end + 1))
		return line_wrong(reader, "text after the ] of a section");
	*end = '\0';
	name = listener_name(line + 1);
	if (name == NULL)
		return line_wrong(reader,
		    "a section is [listener NAME], where NAME has at most %d "
		    "letters, digits, '-', '_' and '.', not [%s]",
		    NAME_MAX_LEN, line + 1);
	if (is_known(reader->file, name))
		return line_wrong(reader,
		    "there is a section [listener %s] above", name);
	if (!add_section(reader, name))
		return false;
	*end = ']';
	return true;
}

/* ---- Lines ---- */

static bool
is_comment(const char *line, int len)
{
	return len > 0 && (line[0] == '#' || line[0] == ';');
}

/* Read a line without the white space at its beginning.  A comment of any
 * length becomes an empty line.  Returns the length, or -1 if there is no line
 * or the line is wrong. */
static int
read_text(struct reader *reader, char *line, int room)
{
	bool has_nul = false, fits = true;
	int len = 0, c;

	while ((c = getc(reader->in)) != EOF && c != '\n') {
		has_nul |= c == '\0';
		if (is_comment(line, len) || (len == 0 && is_space(c)))
			continue;
		fits &= len < room;
		if (fits)
			line[len++] = (char)c;
	}
	if (ferror(reader->in) != 0)
		(void)line_wrong(reader, "%s", strerror(errno));
	else if (has_nul)
		(void)line_wrong(reader, "a NUL octet in the line");
	else if (!fits)
		(void)line_wrong(reader, "a line of more than %d octets", room);
	else if (c != EOF || len > 0)
		return is_comment(line, len) ? 0 : len;
	return -1;
}

/* Returns true if the octets begin with the mark of UTF-8 (BOM), which some
 * editors write at the beginning of a file. */
static bool
has_mark(const char *octets, size_t len)
{
	static const char mark[MARK_SIZE] = { '\xef', '\xbb', '\xbf' };

	return len >= MARK_SIZE && memcmp(octets, mark, MARK_SIZE) == 0;
}

static void
skip_mark(FILE *in)
{
	char octets[MARK_SIZE];
	size_t len = fread(octets, 1, sizeof octets, in);

	if (!has_mark(octets, len))
		rewind(in);
}

/* inih calls this in place of fgets.  room includes LF and NUL. */
static char *
read_line(char *line, int room, void *stream)
{
	struct reader *reader = stream;
	int len;

	if (reader->failed)
		return NULL;
	reader->line++;
	len = read_text(reader, line, room - 2);
	/* inih would skip a mark at the beginning of the first line, and could
	 * then find a section that begin_section() has not seen. */
	if (len > 0 && reader->line == 1 && has_mark(line, (size_t)len)) {
		(void)line_wrong(reader,
		    "a mark of UTF-8 (BOM) after the beginning of the file");
		return NULL;
	}
	if (len < 0)
		return NULL;
	strcpy(line + len, "\n");
	return line[0] == '[' && !begin_section(reader, line) ? NULL : line;
}

/* ---- Options ---- */

/* Returns what is wrong with an option of the file, or NULL.  givens has the
 * options before this one in the same section. */
static const char *
fault_of(const struct config_file *file, const struct givens *givens,
    const struct given *given)
{
	const struct option *option = option_find(given->name);
	struct mailin_setting setting;
	size_t index;

	if (option == NULL && !setting_find(given->name, &index, &setting))
		return "is no option";
	if (given->value == NULL)
		return "needs a value";
	if (option != NULL && option->not_in_file)
		return "is an option of the command line only";
	if (option != NULL && option->process != NULL && file->count > 0)
		return "concerns the whole server: it belongs before the first "
		       "section";
	if ((option == NULL || !option->many) &&
	    givens_find(givens, given->name) != NULL)
		return "is given a second time";
	return NULL;
}

/* inih calls this for each "name = value".  Returns 1, or 0 after an error. */
static int
take_line(void *user, const char *section, const char *name, const char *value)
{
	struct reader *reader = user;
	struct config_file *file = reader->file;
	struct givens *givens = file->count > 0 ?
	    &file->sections[file->count - 1].givens :
	    &file->top;
	struct given given = { .name = name, .value = value };
	char *where;
	const char *fault;

	(void)section;
	if (reader->failed)
		return 0;
	where = where_is(reader);
	if (where == NULL)
		return 0;
	given.where = where;
	fault = fault_of(file, givens, &given);
	if (fault != NULL)
		log_error("%s'%s' %s", where, name, fault);
	if (fault != NULL || !givens_add(givens, &given))
		reader->failed = true;
	free(where);
	return !reader->failed;
}

static bool
read_lines(struct reader *reader)
{
	int result = ini_parse_stream(read_line, reader, take_line, reader);

	if (reader->failed)
		return false;
	if (result > 0)
		log_error("%s:%d: neither name = value nor a section",
		    reader->path, result);
	else if (result < 0)
		log_error("no memory");
	return result == 0;
}

/* Open a regular file.  If the file were a pipe, a server that reads its
 * settings again might wait for ever. */
static FILE *
open_regular(const char *path)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	FILE *in = NULL;

	if (fd >= 0 && fstat(fd, &status) == 0 && !S_ISREG(status.st_mode))
		log_error("%s: not a regular file", path);
	else if (fd < 0 || (in = fdopen(fd, "r")) == NULL)
		log_error("%s: %s", path, strerror(errno));
	if (fd >= 0 && in == NULL)
		close(fd);
	return in;
}

bool
config_file_read(struct config_file *file, const char *path)
{
	struct reader reader = { .file = file, .path = path };
	bool good;

	*file = (struct config_file){ .count = 0 };
	reader.in = open_regular(path);
	if (reader.in == NULL)
		return false;
	skip_mark(reader.in);
	good = read_lines(&reader);
	fclose(reader.in);
	return good;
}

void
config_file_free(struct config_file *file)
{
	while (file->count > 0) {
		struct section *section = &file->sections[--file->count];

		free(section->where);
		free(section->name);
		givens_free(&section->givens);
	}
	free(file->sections);
	givens_free(&file->top);
}
