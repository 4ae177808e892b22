/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The parameters that most often stand behind MAIL, read without a machine:
 * SIZE, BODY, and AUTH where it says nothing.  Where another one stands, or
 * there is something wrong with one of these, the machine goes on.
 */
#include "command/scan_parameter.h"
#include "octet/word.h"

/* A parameter ends at p with its value.  None twice: which would count? */
static inline bool
takes(struct mailin_mail *mail, enum mailin_parameter parameter,
    const unsigned char *p)
{
	uint32_t bit = MAILIN_PARAMETER_BIT(parameter);

	if ((*p != ' ' && *p != '\r') || (mail->parameters & bit) != 0)
		return false;
	mail->parameters |= bit;
	return true;
}

/* RFC 1870 5 */
static inline const unsigned char *
read_size(struct mailin_mail *mail, const unsigned char *p)
{
	const unsigned char *end;
	uint64_t number;

	end = scan_read_digits(p, &number);
	if (end == p || end - p > SCAN_FIT ||
	    !takes(mail, MAILIN_PARAMETER_SIZE, end))
		return NULL;
	mail->size = number;
	return end;
}

/* RFC 6152 2.  The shorter word may be the last of the line: it is taken out of
 * the octets through its end. */
static inline const unsigned char *
read_body(struct mailin_mail *mail, const unsigned char *p, size_t len)
{
	enum mailin_body_type body = MAILIN_BODY_7BIT;

	if (len < 6)
		return NULL;
	if ((word_load(p - 4) >> 32 & WORD(0xff, 0xdf, 0xdf, 0xdf, 0, 0, 0,
	    0)) == WORD('7', 'B', 'I', 'T', 0, 0, 0, 0)) {
		p += 4;
	} else if (len > 8 && (word_load(p) & WORD(0xff, 0xdf, 0xdf, 0xdf,
	    0xdf, 0xdf, 0xdf, 0xdf)) ==
	    WORD('8', 'B', 'I', 'T', 'M', 'I', 'M', 'E')) {
		body = MAILIN_BODY_8BITMIME;
		p += 8;
	} else {
		return NULL;
	}
	if (!takes(mail, MAILIN_PARAMETER_BODY, p))
		return NULL;
	mail->body = body;
	return p;
}

/* RFC 4954 5: "<>". */
static inline const unsigned char *
read_no_auth(struct mailin_mail *mail, const unsigned char *p)
{
	if (!takes(mail, MAILIN_PARAMETER_AUTH, p + 2))
		return NULL;
	mail->auth = (struct mailin_span){ (const char *)p, 2 };
	return p + 2;
}

/* One of these, behind a blank: answers what is behind its value, or NULL. */
static inline const unsigned char *
read_parameter(struct mailin_mail *mail, const unsigned char *p, size_t len)
{
	uint64_t octets, keyword;

	if (len < 8)
		return NULL;
	octets = word_load(p) &
	    WORD(0xdf, 0xdf, 0xdf, 0xdf, 0xff, 0xff, 0xff, 0);
	keyword = octets & WORD(0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0);
	if (keyword == WORD('S', 'I', 'Z', 'E', '=', 0, 0, 0))
		return read_size(mail, p + 5);
	if (keyword == WORD('B', 'O', 'D', 'Y', '=', 0, 0, 0))
		return read_body(mail, p + 5, len - 5);
	if (octets == WORD('A', 'U', 'T', 'H', '=', '<', '>', 0))
		return read_no_auth(mail, p + 5);
	return NULL;
}

size_t
mailin_scan_parameters(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len, size_t at)
{
	const unsigned char *begin = (const unsigned char *)bytes;
	const unsigned char *p = begin + at, *from = p + 1, *next;
	const unsigned char *end = begin + len;
	struct mailin_mail *mail = &command->mail;

	while (*p == ' ' && (next = read_parameter(mail, p + 1,
	    (size_t)(end - p) - 1)) != NULL)
		p = next;
	if (p > from) {
		scan_open(&mail->parameter_text, from);
		scan_close(&mail->parameter_text, p);
		if (scan_ends_at(p))
			return (size_t)(p - begin) + 2;
	}
	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	return mailin_scan_line(command, syntax, bytes, len,
	    SCAN_PARAMETERS_FOLLOW, (size_t)(p - begin));
}
