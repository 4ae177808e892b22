/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "literal.h"
#include "scan.h"

/* The longest of each piece, in octets: RFC 5321 4.5.3.1.1 to 4.5.3.1.3, and
 * what RELAXED takes, since VERP and SRS senders go beyond. */
struct limits {
	size_t local;
	size_t domain;
	size_t path;    /* brackets included */
};

static const struct limits strict_limits = { 64, 255, 256 };
static const struct limits relaxed_limits = { 255, 255, 512 };

void
mailin_scan_refuse(struct mailin_scan *scan, const unsigned char *p)
{
	if (scan->refused != NULL && scan->refused <= p)
		return;
	scan->refused = p;
	scan->refusal = scan->command->error;
}

/* None twice: which would count?  RFC 4865 3: HOLDFOR or HOLDUNTIL. */
void
mailin_scan_given(struct mailin_scan *scan, enum mailin_parameter parameter)
{
	const uint32_t hold = MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_HOLDFOR) |
	    MAILIN_PARAMETER_BIT(MAILIN_PARAMETER_HOLDUNTIL);
	uint32_t bit = MAILIN_PARAMETER_BIT(parameter);
	uint32_t excluded = (bit & hold) != 0 ? hold : bit;

	if ((*scan->parameters & excluded) != 0)
		mailin_scan_refuse(scan, scan->parameter);
	*scan->parameters |= bit;
}

static bool
is_helo(enum mailin_verb verb)
{
	return verb == MAILIN_VERB_HELO || verb == MAILIN_VERB_EHLO ||
	    verb == MAILIN_VERB_LHLO;
}

/* RELAXED takes any HELO argument, and reports what it is not. */
static bool
is_lenient(const struct mailin_scan *scan)
{
	return is_helo(scan->command->verb) &&
	    scan->syntax == MAILIN_SYNTAX_RELAXED;
}

static enum mailin_domain_kind
literal_kind(struct mailin_scan *scan, const unsigned char *p, size_t *at)
{
	scan_close(&scan->value, p);
	return mailin_literal_parse(scan->value, at);
}

static void
refuse_in_value(struct mailin_scan *scan, size_t at)
{
	mailin_scan_refuse(scan, (const unsigned char *)scan->value.ptr + at);
}

void
mailin_scan_literal(struct mailin_scan *scan, const unsigned char *p)
{
	size_t at;
	enum mailin_domain_kind kind = literal_kind(scan, p, &at);

	scan->in_literal = false;
	if (kind == MAILIN_DOMAIN_NONE) {
		if (is_lenient(scan))
			kind = MAILIN_DOMAIN_OTHER;
		else
			refuse_in_value(scan, at);
	}
	if (is_helo(scan->command->verb))
		scan->command->helo.domain_kind = kind;
	else
		scan->path->domain_kind = kind;
}

/* The line broke off inside a literal, which may have gone wrong before. */
static void
check_open_literal(struct mailin_scan *scan)
{
	size_t at;

	literal_kind(scan, scan->p, &at);
	if (at < scan->value.len && !is_lenient(scan))
		refuse_in_value(scan, at);
}

static int
digits(const char *text, size_t count)
{
	int number = 0;

	while (count-- > 0)
		number = number * 10 + (*text++ - '0');
	return number;
}

static int
days_in_month(int year, int month)
{
	static const unsigned char days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* Days from 1970-01-01; year 0 to 9999 of the Gregorian calendar. */
static int64_t
days_from_epoch(int year, int month, int day)
{
	int before = year - 1;
	int64_t days = INT64_C(365) * year + (year == 0 ? 0 :
	    before / 4 - before / 100 + before / 400 + 1);
	int m;

	for (m = 1; m < month; m++)
		days += days_in_month(year, m);
	return days + day - 1 - 719528;
}

/* The grammar has matched 2006-01-02; here the day is held against its month
 * (RFC 3339 5.7). */
void
mailin_scan_full_date(struct mailin_scan *scan)
{
	const char *text = scan->value.ptr;
	int day = digits(text + 8, 2);
	int days = days_in_month(digits(text, 4), digits(text + 5, 2));

	if (day > days)
		refuse_in_value(scan, day / 10 > days / 10 ? 8 : 9);
}

/* The seconds of 15:04. */
static int
hour_and_minute(const char *text)
{
	return digits(text, 2) * 3600 + digits(text + 3, 2) * 60;
}

/*
 * The same of 2006-01-02T15:04:05.5+01:00, RFC 3339 5.6.  A fraction of a
 * second is dropped.
 */
int64_t
mailin_scan_date_time(struct mailin_scan *scan, const unsigned char *p)
{
	const char *text = scan->value.ptr, *offset = (const char *)p - 6;
	int64_t time = days_from_epoch(digits(text, 4), digits(text + 5, 2),
	    digits(text + 8, 2)) * 86400 +
	    hour_and_minute(text + 11) + digits(text + 17, 2);

	if (*offset == '+')
		time -= hour_and_minute(offset + 1);
	else if (*offset == '-')
		time += hour_and_minute(offset + 1);
	return time;
}

/*
 * Refuse the first octet of a piece that is beyond its limit; a piece that is
 * not closed yet reaches to p.
 */
static void
limit(struct mailin_scan *scan, struct mailin_span piece, size_t most,
    const unsigned char *p)
{
	if (piece.ptr != NULL && piece.len == 0)
		scan_close(&piece, p);
	if (piece.len > most)
		mailin_scan_refuse(scan,
		    (const unsigned char *)piece.ptr + most);
}

/*
 * The same for a piece in brackets or quotes: the last octet within the limit
 * must be the one that closes it.
 */
static void
limit_within(struct mailin_scan *scan, struct mailin_span piece, bool closed,
    size_t most, const unsigned char *p)
{
	if (piece.len == 0)
		scan_close(&piece, p);
	piece.len -= closed;
	limit(scan, piece, most - 1, p);
}

void
mailin_scan_limit_path(struct mailin_scan *scan, const unsigned char *p)
{
	const struct limits *limits = scan->syntax == MAILIN_SYNTAX_STRICT
	    ? &strict_limits : &relaxed_limits;
	const struct mailin_path *path = scan->path;

	if (*path->text.ptr == '<')
		limit_within(scan, path->text,
		    path->kind != MAILIN_PATH_NULL, limits->path, p);
	else
		limit(scan, path->text, limits->path - 2, p);
	if (path->quoted)
		limit_within(scan, path->local, path->local.len != 0,
		    limits->local, p);
	else
		limit(scan, path->local, limits->local, p);
	limit(scan, path->domain, limits->domain, p);
}

static bool
run(struct mailin_scan *scan, enum mailin_scan_entry entry)
{
	bool matched = scan->syntax == MAILIN_SYNTAX_STRICT
	    ? mailin_scan_strict(scan, entry)
	    : mailin_scan_relaxed(scan, entry);

	if (scan->in_literal)
		check_open_literal(scan);
	if (scan->in_path)
		mailin_scan_limit_path(scan, scan->p);
	if (is_helo(scan->command->verb) &&
	    scan->syntax == MAILIN_SYNTAX_STRICT)
		limit(scan, *scan->domain, strict_limits.domain, scan->p);
	return matched;
}

bool
mailin_scan_run(struct mailin_scan *scan, enum mailin_scan_entry entry,
    enum mailin_syntax syntax, struct mailin_command *command,
    struct mailin_span text)
{
	bool matched;

	memset(command, 0, sizeof *command);
	command->error = MAILIN_REPLY_UNKNOWN_VERB;
	*scan = (struct mailin_scan){
		.p = (const unsigned char *)text.ptr,
		.pe = (const unsigned char *)text.ptr + text.len,
		.syntax = syntax,
		.command = command,
		.path = &command->mail.path,
		.domain = &command->mail.path.domain,
	};
	matched = run(scan, entry);
	if (scan->refused == NULL || (!matched && scan->p <= scan->refused))
		return matched;
	scan->p = scan->refused;
	command->error = scan->refusal;
	return false;
}
