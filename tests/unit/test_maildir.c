/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests how a Maildir stores the line ends of a message. */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/maildir.h"
#include "support/suite.h"

static struct maildir_file file;

static void
write_to(struct maildir_file *to, struct mailin_span octets)
{
	ck_assert_int_eq(maildir_file_write(to, octets.ptr, octets.len), 0);
}

/* "in" is a text as it is received, and "out" is the same text as it is stored
 * with LF. */
static const struct {
	const char *in, *out;
} lines[] = {
	{ "", "" },
	{ "a", "a" },
	{ "\r\n", "\n" },
	{ "one\r\ntwo\r\n", "one\ntwo\n" },
	{ "\r\n\r\n\r\n", "\n\n\n" },
	{ "no end", "no end" },
	{ "\r", "\r" },
	{ "\n", "\n" },
	{ "a\rb", "a\rb" },
	{ "a\nb", "a\nb" },
	{ "\r\r\n", "\r\n" },
	{ "\r\r\r\n\n", "\r\r\n\n" },
	{ "\n\r", "\n\r" },
	{ "\n\r\n\r", "\n\n\r" },
	{ "a\r\n\rb\r\r\nc", "a\n\rb\r\nc" },
};

static void
split(const char *in, const char *out)
{
	size_t len = strlen(in), i, j;

	for (i = 0; i <= len; i++)
		for (j = i; j <= len; j++) {
			struct maildir maildir = { .tmp = -1 };

			maildir_file_init(&file, &maildir, "id", true);
			write_to(&file, (struct mailin_span){ in, i });
			write_to(&file, (struct mailin_span){ in + i, j - i });
			write_to(&file,
			    (struct mailin_span){ in + j, len - j });
			if (file.has_cr)
				file.buffer[file.used++] = '\r';
			file.buffer[file.used] = '\0';
			ck_assert_str_eq(file.buffer, out);
		}
}

START_TEST(stores_a_lf_for_each_cr_lf_at_every_split)
{
	size_t i;

	for (i = 0; i < ROWS(lines); i++)
		split(lines[i].in, lines[i].out);
}
END_TEST

/* Store the octets in a new Maildir, in two pieces, of which the first has
 * "first" octets.  Returns the stored octets, and sets *stored to their
 * number. */
static char *
store(const char *octets, size_t first, size_t len, bool lf, size_t *stored)
{
	static char content[4 * MAILDIR_BUFFER_SIZE];
	char path[] = "/tmp/test_maildir.XXXXXX";
	char command[64];
	struct maildir maildir;
	ssize_t got;
	int fd;

	ck_assert_ptr_nonnull(mkdtemp(path));
	ck_assert(maildir_open(&maildir, path, "host"));
	maildir_file_init(&file, &maildir, "id", lf);
	write_to(&file, (struct mailin_span){ octets, first });
	write_to(&file, (struct mailin_span){ octets + first, len - first });
	ck_assert_int_eq(maildir_file_commit(&file), 0);
	fd = openat(maildir.new, file.name, O_RDONLY);
	ck_assert_int_ge(fd, 0);
	got = read(fd, content, sizeof content);
	ck_assert_int_ge(got, 0);
	close(fd);
	maildir_close(&maildir);
	snprintf(command, sizeof command, "rm -r %s", path);
	ck_assert_int_eq(system(command), 0);
	*stored = (size_t)got;
	return content;
}

/* Returns a new text of len octets.  It repeats the line "x" CR LF, but its
 * last octet is a CR. */
static char *
make_text(size_t len)
{
	char *text = malloc(len);
	size_t i;

	ck_assert_ptr_nonnull(text);
	for (i = 0; i < len; i++)
		text[i] = "x\r\n"[i % 3];
	text[len - 1] = '\r';
	return text;
}

/* Offsets that give the sizes just below and above another size. */
static const int sizes[] = { -2, -1, 0, 1, 2 };

static void
keep(size_t len)
{
	size_t stored;
	char *text = make_text(len);
	const char *content = store(text, len / 2, len, false, &stored);

	ck_assert_uint_eq(stored, len);
	ck_assert_mem_eq(content, text, len);
	free(text);
}

START_TEST(keeps_cr_lf_if_told_so)
{
	size_t i;

	for (i = 0; i < ROWS(sizes); i++)
		keep((size_t)(MAILDIR_BUFFER_SIZE + sizes[i]));
}
END_TEST

static void
fill(size_t len)
{
	size_t first, stored, i, lines_before;
	char *text = make_text(len);

	for (first = MAILDIR_BUFFER_SIZE - 3; first < MAILDIR_BUFFER_SIZE + 3;
	     first++) {
		const char *content = store(text, first, len, true, &stored);

		lines_before = (len - 1) / 3;
		for (i = 0; i < 2 * lines_before; i++)
			ck_assert_int_eq(content[i], "x\n"[i % 2]);
		ck_assert_int_eq(content[stored - 1], '\r');
		ck_assert_uint_eq(stored,
		    2 * lines_before + (len - 3 * lines_before));
	}
	free(text);
}

/* Try texts that are so long that the stored text fills the buffer. */
START_TEST(stores_lf_beyond_the_buffer)
{
	size_t i;

	for (i = 0; i < ROWS(sizes); i++)
		fill((size_t)(MAILDIR_BUFFER_SIZE * 3 / 2 + sizes[i]));
}
END_TEST

int
main(void)
{
	const TTest *tests[] = { stores_a_lf_for_each_cr_lf_at_every_split,
		keeps_cr_lf_if_told_so, stores_lf_beyond_the_buffer };

	return suite_run("maildir", tests, ROWS(tests));
}
