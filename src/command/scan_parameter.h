/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SCAN_PARAMETER_H
#define MAILIN_SRC_SCAN_PARAMETER_H

#include <stddef.h>
#include <string.h>

#include "command/scan.h"

/* The actions on ESMTP parameters and attributes, which store their values. The
 * members that MAIL and RCPT share have the same offsets in both structs. */
_Static_assert(offsetof(struct mailin_mail, parameters) ==
	    offsetof(struct mailin_rcpt, parameters) &&
	offsetof(struct mailin_mail, parameter_text) ==
	    offsetof(struct mailin_rcpt, parameter_text),
    "not in the same place");

/* Read the keyword that ends before p.  Returns the parameter whose value
 * follows, or UNKNOWN if the parameter is unknown or has no value. */
enum mailin_parameter mailin_scan_keyword(struct mailin_scan *scan,
    const unsigned char *p);

/* Read a number of at most "most" digits from p.  Returns its last digit. */
const unsigned char *mailin_scan_digits(struct mailin_scan *scan,
    const unsigned char *p, int most);
const unsigned char *mailin_scan_chunk_size(struct mailin_scan *scan,
    const unsigned char *p);

void mailin_scan_full_date(struct mailin_scan *scan);
int64_t mailin_scan_date_time(struct mailin_scan *scan, const unsigned char *p);

/* A number of this many digits fits in 64 bits. */
#define SCAN_FIT 19

/* Read the digits at p.  Returns the octet after them. */
static inline const unsigned char *
scan_read_digits(const unsigned char *p, uint64_t *out)
{
	uint64_t number = 0, digit;

	for (; (digit = (uint64_t)*p - '0') <= 9; p++)
		number = number * 10 + digit;
	*out = number;
	return p;
}

static inline void
scan_parameter_s(struct mailin_scan *scan, const unsigned char *p)
{
	if (scan->command->mail.parameter_text.ptr == NULL)
		scan_open(&scan->command->mail.parameter_text, p);
	scan->parameter = p;
	scan->eight_bit = NULL;
	scan->negative = false;
}

/* Returns the number that was read.  If it has more than nine digits, the
 * parameter is refused, and the result means nothing. */
static inline int32_t
scan_number(const struct mailin_scan *scan)
{
	uint32_t number = (uint32_t)scan->number;

	return (int32_t)(scan->negative ? -number : number);
}

static inline void
scan_size(struct mailin_scan *scan)
{
	scan->command->mail.size = scan->number;
	scan->command->mail.size_over = scan->over;
}

/* Store the beginning of the value of AUTH=.  If AUTH= is given twice, keep the
 * first value, because the second value is refused, and must not hide an error
 * in the first. */
static inline void
scan_auth_mailbox_s(struct mailin_scan *scan, const unsigned char *p)
{
	scan->special = true;
	if (scan->command->mail.auth.ptr == NULL)
		scan_open(&scan->command->mail.auth, p);
}

static inline void
scan_auth_mailbox_e(struct mailin_scan *scan, const unsigned char *p)
{
	if (scan->command->mail.auth.len == 0)
		scan_close(&scan->command->mail.auth, p);
}

/* RFC 2852 4: "a negative or zero value is not allowed with R". */
static inline void
scan_by_return(struct mailin_scan *scan, const unsigned char *p)
{
	scan->command->mail.by_mode = MAILIN_BY_RETURN;
	if (scan->command->mail.by_time <= 0)
		mailin_scan_refuse(scan, p);
}

/* Store the initial response of AUTH, or the certifier of MTRK.  Returns true
 * for MTRK, because a number may follow. */
static inline bool
scan_base64_ends(struct mailin_scan *scan, const unsigned char *p)
{
	bool is_mtrk = scan->command->verb == MAILIN_VERB_MAIL;

	if (is_mtrk)
		scan->command->mail.mtrk = scan_value(scan, p);
	else
		scan->command->auth.initial = scan_value(scan, p);
	return is_mtrk;
}

/* RFC 3865 2.2: all keywords together have at most 1000 characters. */
static inline void
scan_solicit_octet(struct mailin_scan *scan, const unsigned char *p)
{
	if (p - scan->value >= 1000)
		mailin_scan_refuse(scan, p);
}

/* RFC 6533 3: returns true if the type of ORCPT is "utf-8", because the address
 * then has another form. */
static inline bool
scan_orcpt_type(struct mailin_scan *scan, const unsigned char *p)
{
	struct mailin_span type = scan_value(scan, p);

	scan->command->rcpt.orcpt_type = type;
	return type.len == 5 && mailin_span_iequal(type, "utf-8");
}

static inline void
scan_orcpt(struct mailin_scan *scan, const unsigned char *p)
{
	scan->command->rcpt.orcpt = scan_value(scan, p);
	scan->command->rcpt.orcpt_utf8 = scan->eight_bit != NULL;
}

/* Store the date of HOLDUNTIL (MAIL) or RRVS (RCPT), which ends at p. */
static inline void
scan_date(struct mailin_scan *scan, const unsigned char *p)
{
	int64_t date = mailin_scan_date_time(scan, p);

	if (scan->command->verb == MAILIN_VERB_MAIL)
		scan->command->mail.hold_until = date;
	else
		scan->command->rcpt.rrvs = date;
}

static inline void
scan_rrvs_action_follows(struct mailin_scan *scan, const unsigned char *p)
{
	if (scan->command->verb == MAILIN_VERB_MAIL)
		mailin_scan_refuse(scan, p);
}

/* Refuse an attribute of XCLIENT in XFORWARD, and the reverse.  Its first
 * letter is enough to see which verb it belongs to.  IDENT and SOURCE belong to
 * XFORWARD; LOGIN, DESTADDR and DESTPORT belong to XCLIENT. */
static inline void
scan_attribute_s(struct mailin_scan *scan, const unsigned char *p)
{
	bool is_xclient = scan->command->verb == MAILIN_VERB_XCLIENT;

	scan->parameter = p;
	if (strchr(is_xclient ? "IiSs" : "LlDd", *p) != NULL)
		mailin_scan_refuse(scan, p);
}

/* Like a parameter, an attribute must not be given twice. */
static inline void
scan_attribute(struct mailin_scan *scan, const unsigned char *p)
{
	struct mailin_span *value =
	    &scan->command->attributes.values[scan->attribute];

	if (value->ptr != NULL)
		mailin_scan_refuse(scan, scan->parameter);
	*value = scan_value(scan, p);
}

#endif
