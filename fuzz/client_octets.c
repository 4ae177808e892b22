/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "client_octets.h"

/* ---- Replies ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Cut one line, with its CR LF, off the front of *rest. */
static struct mailin_span
cut_line(struct mailin_span *rest, size_t most)
{
	const char *lf = memchr(rest->ptr, '\n', rest->len);
	struct mailin_span line = { rest->ptr, 0 };

	CHECK(lf != NULL);
	line.len = (size_t)(lf + 1 - rest->ptr);
	CHECK(line.len >= 5 && line.len <= most);
	CHECK(memchr(line.ptr, '\r', line.len) == lf - 1);
	rest->ptr += line.len;
	rest->len -= line.len;
	return line;
}

/* Returns the length of a sub-code without leading zeros (RFC 2034 4), or 0. */
static size_t
sub_code(struct mailin_span text, size_t at)
{
	size_t len = 0;

	while (at + len < text.len && is_digit(text.ptr[at + len]))
		len++;
	return len > 3 || (len > 1 && text.ptr[at] == '0') ? 0 : len;
}

/* Returns the length of the enhanced code of this class that the text begins
 * with, or 0. */
static size_t
enhanced_len(struct mailin_span text, char class)
{
	size_t subject, detail, len;

	if (text.len < 5 || text.ptr[0] != class || class == '3' ||
	    text.ptr[1] != '.')
		return 0;
	subject = sub_code(text, 2);
	len = 2 + subject;
	if (subject == 0 || len >= text.len || text.ptr[len] != '.')
		return 0;
	detail = sub_code(text, len + 1);
	len += 1 + detail;
	if (detail == 0 || (len < text.len && text.ptr[len] != ' '))
		return 0;
	return len;
}

/* Remove the enhanced code from the text: any code in the first line, and in
 * the other lines only the code of the first line. */
static void
take_enhanced(struct octets_reply *reply, struct mailin_span *text, char class,
    bool is_first)
{
	size_t len = enhanced_len(*text, class);

	if (is_first) {
		CHECK(len < sizeof reply->enhanced);
		memcpy(reply->enhanced, text->ptr, len);
		reply->enhanced[len] = '\0';
	} else if (len == 0 || strlen(reply->enhanced) != len ||
	    memcmp(reply->enhanced, text->ptr, len) != 0) {
		return;
	}
	if (len > 0 && len < text->len)
		len++; /* the blank after it */
	text->ptr += len;
	text->len -= len;
}

static void
add_text(struct octets_reply *reply, struct mailin_span text, bool is_first,
    bool relaxed)
{
	size_t i;

	if (reply->text_len + !is_first + text.len > MAILIN_CLIENT_TEXT)
		return;
	if (!is_first)
		reply->text[reply->text_len++] = '\n';
	for (i = 0; i < text.len; i++) {
		char octet = text.ptr[i];

		CHECK((unsigned char)octet >= 0x20 || octet == '\t');
		CHECK(octet != 0x7f);
		if (octet == '\t')
			octet = ' ';
		if (relaxed && (unsigned char)octet > 0x7f)
			octet = '?';
		reply->text[reply->text_len++] = octet;
	}
}

void
octets_read_reply(struct octets_reply *reply, struct mailin_span octets,
    size_t most, bool relaxed, bool has_enhanced)
{
	const char *code = octets.ptr;
	bool goes_on = true;
	int lines = 0;

	reply->enhanced[0] = '\0';
	reply->text_len = 0;
	while (goes_on) {
		struct mailin_span line = cut_line(&octets, most);
		struct mailin_span text = { line.ptr + 4, line.len - 6 };

		CHECK(memcmp(line.ptr, code, 3) == 0);
		if (line.len == 5)
			text = (struct mailin_span){ line.ptr + 3, 0 };
		else
			CHECK(line.ptr[3] == ' ' || line.ptr[3] == '-');
		goes_on = line.ptr[3] == '-';
		if (has_enhanced)
			take_enhanced(reply, &text, *code, lines == 0);
		add_text(reply, text, lines == 0, relaxed);
		CHECK(++lines <= MAILIN_CLIENT_LINES);
	}
	CHECK(octets.len == 0);
	CHECK(code[0] >= '2' && code[0] <= '5');
	CHECK(code[1] >= '0' && code[1] <= '5' && is_digit(code[2]));
	reply->code = (code[0] - '0') * 100 + (code[1] - '0') * 10 + code[2] -
	    '0';
}

/* ---- Keywords in the reply to EHLO ---- */

bool
octets_offer(struct mailin_span hello, const char *keyword)
{
	size_t len = strlen(keyword);
	bool is_first = true;

	while (hello.len > 0) {
		struct mailin_span line = cut_line(&hello, SIZE_MAX);
		struct mailin_span word = { line.ptr + 4, len };

		if (!is_first && line.len >= len + 6 &&
		    mailin_span_iequal(word, keyword) &&
		    (word.ptr[len] == ' ' || word.ptr[len] == '\t' ||
			word.ptr[len] == '\r'))
			return true;
		is_first = false;
	}
	return false;
}

/* ---- Domains ---- */

bool
octets_are_domain(struct mailin_span sent, struct mailin_span given,
    bool relaxed)
{
	if (relaxed && given.len > 1 && given.ptr[given.len - 1] == '.')
		given.len--;
	return mailin_span_iequal_span(sent, given);
}

/* ---- Messages ---- */

bool
octets_are_bare(struct mailin_span message)
{
	size_t i;

	for (i = 0; i < message.len; i++) {
		bool after_cr = i > 0 && message.ptr[i - 1] == '\r';

		if ((message.ptr[i] == '\n') != after_cr)
			return true;
	}
	return message.len > 0 && message.ptr[message.len - 1] == '\r';
}

size_t
octets_stuff(struct mailin_span message, char *out)
{
	bool is_start = true;
	size_t i, len = 0;

	for (i = 0; i < message.len; i++) {
		if (is_start && message.ptr[i] == '.')
			out[len++] = '.';
		out[len++] = message.ptr[i];
		is_start = message.ptr[i] == '\n';
	}
	if (!is_start) {
		out[len++] = '\r';
		out[len++] = '\n';
	}
	memcpy(out + len, ".\r\n", 3);
	return len + 3;
}
