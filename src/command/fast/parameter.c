/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Reads the parameters that large senders use most, without the state machine:
 * SIZE, BODY, SMTPUTF8, RET, ENVID, AUTH=<>, NOTIFY, and ORCPT of the type
 * rfc822.
 *
 * Only values that STRICT and RELAXED both accept are read here.  Each read_
 * function returns the octet after its parameter.  It returns NULL, and stores
 * nothing, if the machine must read the parameter.  To compare a name, eight
 * octets are loaded as one 64-bit number; the caller guarantees that eight
 * octets can be read.
 */
#include "command/fast/fast.h"
#include "command/scan_parameter.h"
#include "octet/word.h"

/* A pattern of eight octets.  Letters match in any case, and 0 matches every
 * octet. */
struct pattern {
	uint64_t octets;
	uint64_t caseless;
};

#define CASE(octet) \
	((octet) >= 'A' && (octet) <= 'Z' ? 0xdf : (octet) == 0 ? 0 : 0xff)
#define PATTERN(a, b, c, d, e, f, g, h) \
	((struct pattern){ WORD(a, b, c, d, e, f, g, h), \
	    WORD(CASE(a), CASE(b), CASE(c), CASE(d), CASE(e), CASE(f), \
		CASE(g), CASE(h)) })

static inline bool
matches(uint64_t octets, struct pattern pattern)
{
	return (octets & pattern.caseless) == pattern.octets;
}

/* Accept the parameter that ends before p.  Returns p.  Returns NULL if the
 * octet at p cannot follow a parameter, or if the same parameter was given
 * before, because nobody could know which of the two values counts. */
static inline const unsigned char *
accept(struct mailin_mail *mail, enum mailin_parameter parameter,
    const unsigned char *p)
{
	uint32_t bit = MAILIN_PARAMETER_BIT(parameter);

	if ((*p != ' ' && *p != '\r') || (mail->parameters & bit) != 0)
		return NULL;
	mail->parameters |= bit;
	return p;
}

/* Read the value of SIZE (RFC 1870 5). */
static inline const unsigned char *
read_size(struct mailin_mail *mail, const unsigned char *p)
{
	const unsigned char *end;
	uint64_t number;

	end = scan_read_digits(p, &number);
	if (end == p || end - p > SCAN_FIT ||
	    accept(mail, MAILIN_PARAMETER_SIZE, end) == NULL)
		return NULL;
	mail->size = number;
	return end;
}

/* Read the value of BODY (RFC 6152 2).  The line may end soon after 7BIT, so
 * load the eight octets that end with 7BIT. */
static inline const unsigned char *
read_body(struct mailin_mail *mail, const unsigned char *p,
    const unsigned char *end)
{
	enum mailin_body_type body;

	if (end - p > 8 &&
	    matches(word_load(p),
		PATTERN('8', 'B', 'I', 'T', 'M', 'I', 'M', 'E'))) {
		body = MAILIN_BODY_8BITMIME;
		p += 8;
	} else if (end - p > 4 &&
	    matches(word_load(p - 4),
		PATTERN(0, 0, 0, 0, '7', 'B', 'I', 'T'))) {
		body = MAILIN_BODY_7BIT;
		p += 4;
	} else {
		return NULL;
	}
	if (accept(mail, MAILIN_PARAMETER_BODY, p) == NULL)
		return NULL;
	mail->body = body;
	return p;
}

/* Read the value of RET (RFC 3461 4.3). */
static inline const unsigned char *
read_ret(struct mailin_mail *mail, const unsigned char *p, enum mailin_ret ret)
{
	if (accept(mail, MAILIN_PARAMETER_RET, p) == NULL)
		return NULL;
	mail->ret = ret;
	return p;
}

/* Returns true if an encoded printable character is at p (RFC 3461 4;
 * printable_hexchar of grammar/xtext.rl). */
static inline bool
is_hexchar(const unsigned char *p)
{
	return p[0] == '+' && p[1] >= '2' && p[1] <= '7' &&
	    ((p[2] >= '0' && p[2] <= '9') || (p[2] >= 'A' && p[2] <= 'E') ||
		(p[2] == 'F' && p[1] != '7'));
}

/* Returns the octet after the xtext at p. */
static const unsigned char *
past_xtext(const unsigned char *p)
{
	for (;;) {
		while (ascii_is(*p, ASCII_XCHAR))
			p++;
		if (!is_hexchar(p))
			return p;
		p += 3;
	}
}

/* Read the value of ENVID (RFC 3461 4.4). */
static inline const unsigned char *
read_envid(struct mailin_mail *mail, const unsigned char *from)
{
	const unsigned char *p = past_xtext(from);

	if (p == from || accept(mail, MAILIN_PARAMETER_ENVID, p) == NULL)
		return NULL;
	mail->envid = scan_span(from, p);
	return p;
}

/* Read AUTH=<>, whose value is at p (RFC 4954 5). */
static inline const unsigned char *
read_no_auth(struct mailin_mail *mail, const unsigned char *p)
{
	if (accept(mail, MAILIN_PARAMETER_AUTH, p + 2) == NULL)
		return NULL;
	mail->auth = scan_span(p, p + 2);
	return p + 2;
}

static inline const unsigned char *
read_mail(struct mailin_mail *mail, const unsigned char *p,
    const unsigned char *end)
{
	uint64_t octets = word_load(p);

	if (matches(octets, PATTERN('S', 'I', 'Z', 'E', '=', 0, 0, 0)))
		return read_size(mail, p + 5);
	if (matches(octets, PATTERN('B', 'O', 'D', 'Y', '=', 0, 0, 0)))
		return read_body(mail, p + 5, end);
	if (matches(octets, PATTERN('S', 'M', 'T', 'P', 'U', 'T', 'F', '8')))
		return accept(mail, MAILIN_PARAMETER_SMTPUTF8, p + 8);
	if (matches(octets, PATTERN('R', 'E', 'T', '=', 'F', 'U', 'L', 'L')))
		return read_ret(mail, p + 8, MAILIN_RET_FULL);
	if (matches(octets, PATTERN('R', 'E', 'T', '=', 'H', 'D', 'R', 'S')))
		return read_ret(mail, p + 8, MAILIN_RET_HDRS);
	if (matches(octets, PATTERN('E', 'N', 'V', 'I', 'D', '=', 0, 0)))
		return read_envid(mail, p + 6);
	if (matches(octets, PATTERN('A', 'U', 'T', 'H', '=', '<', '>', 0)))
		return read_no_auth(mail, p + 5);
	return NULL;
}

/* RFC 3461 4.1: read SUCCESS, FAILURE or DELAY at p.  The eight octets that
 * are loaded begin one octet before p. */
static inline const unsigned char *
read_condition(const unsigned char *p, const unsigned char *end,
    unsigned *conditions)
{
	uint64_t octets;

	if (end - p < 7)
		return NULL;
	octets = word_load(p - 1);
	if (matches(octets, PATTERN(0, 'S', 'U', 'C', 'C', 'E', 'S', 'S'))) {
		*conditions |= MAILIN_NOTIFY_SUCCESS;
		return p + 7;
	}
	if (matches(octets, PATTERN(0, 'F', 'A', 'I', 'L', 'U', 'R', 'E'))) {
		*conditions |= MAILIN_NOTIFY_FAILURE;
		return p + 7;
	}
	if (matches(octets, PATTERN(0, 'D', 'E', 'L', 'A', 'Y', 0, 0))) {
		*conditions |= MAILIN_NOTIFY_DELAY;
		return p + 5;
	}
	return NULL;
}

static inline const unsigned char *
read_notify(struct mailin_command *command, const unsigned char *p,
    const unsigned char *end)
{
	unsigned conditions = 0;

	if (matches(word_load(p - 1),
		PATTERN(0, 'N', 'E', 'V', 'E', 'R', 0, 0))) {
		conditions = MAILIN_NOTIFY_NEVER;
		p += 5;
	} else {
		p = read_condition(p, end, &conditions);
		while (p != NULL && *p == ',')
			p = read_condition(p + 1, end, &conditions);
	}
	if (p == NULL ||
	    accept(&command->mail, MAILIN_PARAMETER_NOTIFY, p) == NULL)
		return NULL;
	command->rcpt.notify = conditions;
	return p;
}

/* Read the value of ORCPT.  "rfc822;" is at p, and the address follows (RFC
 * 3461 4.2). */
static inline const unsigned char *
read_orcpt(struct mailin_command *command, const unsigned char *p)
{
	const unsigned char *from = p + 7, *stop;

	stop = past_xtext(from);
	if (stop == from ||
	    accept(&command->mail, MAILIN_PARAMETER_ORCPT, stop) == NULL)
		return NULL;
	command->rcpt.orcpt_type = scan_span(p, p + 6);
	command->rcpt.orcpt = scan_span(from, stop);
	return stop;
}

/* Read a parameter of RCPT.  The shortest parameter that is read here has 14
 * octets with its CR LF. */
static inline const unsigned char *
read_rcpt(struct mailin_command *command, const unsigned char *p,
    const unsigned char *end)
{
	uint64_t octets;

	if (end - p < 14)
		return NULL;
	octets = word_load(p);
	if (matches(octets, PATTERN('N', 'O', 'T', 'I', 'F', 'Y', '=', 0)))
		return read_notify(command, p + 7, end);
	if (matches(octets, PATTERN('O', 'R', 'C', 'P', 'T', '=', 0, 0)) &&
	    matches(word_load(p + 5),
		PATTERN('=', 'R', 'F', 'C', '8', '2', '2', ';')))
		return read_orcpt(command, p + 6);
	return NULL;
}

const unsigned char *
mailin_fast_parameters(struct mailin_command *command, const unsigned char *p,
    const unsigned char *end)
{
	struct mailin_mail *mail = &command->mail;
	const unsigned char *from = p, *next;

	for (; *p == ' ' && end - p > 8; p = next) {
		next = command->verb == MAILIN_VERB_MAIL ?
		    read_mail(mail, p + 1, end) :
		    read_rcpt(command, p + 1, end);
		if (next == NULL)
			break;
	}
	if (p > from)
		mail->parameter_text = scan_span(from + 1, p);
	return p;
}
