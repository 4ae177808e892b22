/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "yardstick.h"
#include "yardstick_scan.h"

/* Reads an IPv6 address (RFC 5321 4.1.3), but only one of hexadecimal
 * groups. */
static octets *
ipv6(octets *p)
{
	unsigned groups = 0, digits;
	bool gap = false;

	if (p[0] == ':' && p[1] == ':') {
		gap = true;
		p += 2;
	}
	while (is_hex(*p)) {
		for (digits = 0; is_hex(*p); p++)
			digits++;
		if (digits > 4 || ++groups > 8)
			return NULL;
		if (*p != ':')
			break;
		p++;
		if (*p == ':') {
			if (gap)
				return NULL;
			gap = true;
			p++;
		} else if (!is_hex(*p)) {
			return NULL;
		}
	}
	return (gap ? groups <= 6 : groups == 8) ? p : NULL;
}

static octets *
ipv4(octets *p)
{
	unsigned i;
	uint64_t octet;

	for (i = 0; i < 4; i++) {
		if (i > 0 && *p++ != '.')
			return NULL;
		p = number(p, &octet);
		if (p == NULL || octet > 255)
			return NULL;
	}
	return p;
}

static octets *
literal(octets *p, enum mailin_domain_kind *kind)
{
	octets *tagged = match(p + 1, "IPV6:");

	*kind = tagged != NULL ? MAILIN_DOMAIN_IPV6 : MAILIN_DOMAIN_IPV4;
	p = tagged != NULL ? ipv6(tagged) : ipv4(p + 1);
	return p != NULL && *p == ']' ? p + 1 : NULL;
}

static octets *
domain(octets *p, struct mailin_span *text, enum mailin_domain_kind *kind)
{
	octets *from = p;

	if (*p == '[') {
		p = literal(p, kind);
		if (p == NULL)
			return NULL;
	} else {
		*kind = MAILIN_DOMAIN_NAME;
		for (;; p++) {
			if ((classes[*p] & LETDIG) == 0)
				return NULL;
			p = skip(p, LDH);
			if (p[-1] == '-')
				return NULL;
			if (*p != '.')
				break;
		}
	}
	*text = span(from, p);
	return text->len <= 255 ? p : NULL;
}

static octets *
local_part(octets *p, struct mailin_path *path)
{
	octets *from = p;

	if (*p == '"') {
		path->quoted = true;
		p++;
		while (*(p = skip(p, QTEXT)) == '\\') {
			if ((classes[p[1]] & PRINT) == 0)
				return NULL;
			p += 2;
		}
		if (*p++ != '"')
			return NULL;
	} else {
		for (;; p++) {
			if ((classes[*p] & ATEXT) == 0)
				return NULL;
			p = skip(p, ATEXT);
			if (*p != '.')
				break;
		}
	}
	path->local = span(from, p);
	return path->local.len <= 64 ? p : NULL;
}

static octets *
path(octets *p, struct mailin_path *path)
{
	octets *from = p;

	if (*p++ != '<')
		return NULL;
	if (*p != '>') {
		p = local_part(p, path);
		if (p == NULL)
			return NULL;
		if (*p == '@') {
			path->kind = MAILIN_PATH_MAILBOX;
			p = domain(p + 1, &path->domain, &path->domain_kind);
			if (p == NULL)
				return NULL;
		} else if (path->local.len == 10 &&
		    match(from + 1, "POSTMASTER") != NULL) {
			path->kind = MAILIN_PATH_POSTMASTER;
		} else {
			return NULL;
		}
	}
	if (*p++ != '>')
		return NULL;
	path->text = span(from, p);
	return path->text.len <= 256 ? p : NULL;
}

/* Reads one of two words.  *is_second tells which one it was. */
static octets *
either(octets *p, const char *first, const char *second, bool *is_second)
{
	octets *end = match(p, first);

	*is_second = end == NULL;
	return end != NULL ? end : match(p, second);
}

static octets *
mail_parameter(octets *p, struct mailin_mail *mail, uint32_t *bit)
{
	octets *v;
	bool second;

	if ((v = match(p, "SIZE=")) != NULL) {
		*bit = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_SIZE);
		return number(v, &mail->size);
	}
	if ((v = match(p, "BODY=")) != NULL) {
		*bit = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_BODY);
		p = either(v, "7BIT", "8BITMIME", &second);
		mail->body = second ? MAILIN_BODY_8BITMIME : MAILIN_BODY_7BIT;
		return p;
	}
	if ((v = match(p, "RET=")) != NULL) {
		*bit = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_RET);
		p = either(v, "FULL", "HDRS", &second);
		mail->ret = second ? MAILIN_RET_HDRS : MAILIN_RET_FULL;
		return p;
	}
	if ((v = match(p, "ENVID=")) != NULL) {
		*bit = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_ENVID);
		p = xtext(v);
		if (p != NULL)
			mail->envid = span(v, p);
		return p;
	}
	if ((v = match(p, "AUTH=")) != NULL) {
		*bit = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_AUTH);
		p = match(v, "<>");
		mail->auth = span(v, v + 2);
		return p;
	}
	return NULL;
}

static octets *
notify(octets *p, unsigned *set)
{
	octets *end = match(p, "NEVER");

	if (end != NULL) {
		*set = MAILIN_NOTIFY_NEVER;
		return end;
	}
	for (;; p = end + 1) {
		if ((end = match(p, "SUCCESS")) != NULL)
			*set |= MAILIN_NOTIFY_SUCCESS;
		else if ((end = match(p, "FAILURE")) != NULL)
			*set |= MAILIN_NOTIFY_FAILURE;
		else if ((end = match(p, "DELAY")) != NULL)
			*set |= MAILIN_NOTIFY_DELAY;
		else
			return NULL;
		if (*end != ',')
			return end;
	}
}

static octets *
rcpt_parameter(octets *p, struct mailin_rcpt *rcpt, uint32_t *bit)
{
	octets *v;

	if ((v = match(p, "NOTIFY=")) != NULL) {
		*bit = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_NOTIFY);
		return notify(v, &rcpt->notify);
	}
	if ((v = match(p, "ORCPT=")) != NULL) {
		*bit = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_ORCPT);
		p = skip(v, ATEXT);
		if (p == v || *p != ';')
			return NULL;
		rcpt->orcpt_type = span(v, p);
		v = p + 1;
		p = xtext(v);
		if (p != NULL)
			rcpt->orcpt = span(v, p);
		return p;
	}
	return NULL;
}

static octets *
mail(octets *p, struct mailin_mail *mail)
{
	octets *from, *word;
	uint32_t bit = 0;

	p = match(p, " FROM:");
	if (p == NULL || (p = path(p, &mail->path)) == NULL || *p != ' ')
		return p;
	for (from = word = p + 1; word[-1] == ' '; word = p + 1) {
		p = mail_parameter(word, mail, &bit);
		if (p == NULL || (mail->parameters & bit) != 0)
			return NULL;
		mail->parameters |= bit;
	}
	mail->parameter_text = span(from, p);
	return p;
}

static octets *
rcpt(octets *p, struct mailin_rcpt *rcpt)
{
	octets *from, *word;
	uint32_t bit = 0;

	p = match(p, " TO:");
	if (p == NULL || (p = path(p, &rcpt->path)) == NULL || *p != ' ')
		return p;
	for (from = word = p + 1; word[-1] == ' '; word = p + 1) {
		p = rcpt_parameter(word, rcpt, &bit);
		if (p == NULL || (rcpt->parameters & bit) != 0)
			return NULL;
		rcpt->parameters |= bit;
	}
	rcpt->parameter_text = span(from, p);
	return p;
}

static octets *
text(octets *p, struct mailin_text *argument)
{
	octets *from = p + 1;

	if (*p != ' ')
		return p;
	p = skip(from, PRINT);
	argument->text = span(from, p);
	return p;
}

static octets *
bdat(octets *p, struct mailin_chunk *chunk)
{
	octets *end;

	if (*p != ' ' || (p = number(p + 1, &chunk->size)) == NULL)
		return NULL;
	end = match(p, " LAST");
	chunk->last = end != NULL;
	return end != NULL ? end : p;
}

static octets *
auth(octets *p, struct mailin_auth *auth)
{
	octets *from = p + 1;

	if (*p != ' ')
		return NULL;
	p = skip(from, LDH);
	auth->mechanism = span(from, p);
	if (*p != ' ')
		return p > from && p - from <= 20 ? p : NULL;
	from = p + 1;
	p = skip(from, BASE64);
	while (*p == '=' && (p - from) % 4 > 1)
		p++;
	auth->initial = span(from, p);
	return p > from && (p - from) % 4 == 0 ? p : NULL;
}

static octets *
helo(octets *p, struct mailin_helo *helo)
{
	return *p == ' ' ? domain(p + 1, &helo->domain, &helo->domain_kind) :
			   NULL;
}

/* Reads the octets after the first four letters of the line, and sets the
 * verb. */
static octets *
arguments(octets *line, struct mailin_command *command)
{
	octets *p = line + 4;

#define CASE(a, b, c, d, name) \
	case WORD(a, b, c, d): \
		command->verb = MAILIN_VERB_##name
	switch (word_at(line)) {
		CASE('E', 'H', 'L', 'O', EHLO);
		return helo(p, &command->helo);
		CASE('H', 'E', 'L', 'O', HELO);
		return helo(p, &command->helo);
		CASE('M', 'A', 'I', 'L', MAIL);
		return mail(p, &command->mail);
		CASE('R', 'C', 'P', 'T', RCPT);
		return rcpt(p, &command->rcpt);
		CASE('B', 'D', 'A', 'T', BDAT);
		return bdat(p, &command->bdat);
		CASE('A', 'U', 'T', 'H', AUTH);
		return auth(p, &command->auth);
		CASE('N', 'O', 'O', 'P', NOOP);
		return text(p, &command->text);
		CASE('H', 'E', 'L', 'P', HELP);
		return text(p, &command->text);
		CASE('V', 'R', 'F', 'Y', VRFY);
		return *p == ' ' ? text(p, &command->text) : NULL;
		CASE('S', 'T', 'A', 'R', STARTTLS);
		return match(p, "TTLS");
		CASE('D', 'A', 'T', 'A', DATA);
		return p;
		CASE('R', 'S', 'E', 'T', RSET);
		return p;
		CASE('Q', 'U', 'I', 'T', QUIT);
		return p;
	default:
		return NULL;
	}
#undef CASE
}

/* Do not clear the reserved members; the library does not, either. */
#define USED    offsetof(struct mailin_command, mail.reserved)
#define QUARTER (USED / 4)
#define CLEAR(command, quarter) \
	memset((char *)(command) + (quarter)*QUARTER, 0, QUARTER)
_Static_assert(QUARTER * 4 == USED, "a remainder");

size_t
yardstick_parse(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	octets *line = (octets *)bytes, *p;

	(void)syntax;
	/* Clear in pieces: gcc turns one large memset into "rep stos", which is
	 * slower. */
	CLEAR(command, 0);
	CLEAR(command, 1);
	CLEAR(command, 2);
	CLEAR(command, 3);
	if (len < 6 || line[len - 1] != '\n')
		return 0;
	p = arguments(line, command);
	if (p == NULL || p[0] != '\r' || p[1] != '\n')
		return 0;
	return (size_t)(p + 2 - line);
}
