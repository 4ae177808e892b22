/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SCAN_PARAMETER_H
#define MAILIN_SRC_SCAN_PARAMETER_H

#include <string.h>

#include "scan.h"

/* The actions on ESMTP parameters and attributes: values get their types. */

static inline void
scan_parameter_s(struct mailin_scan *scan, const unsigned char *p)
{
	if (scan->parameter_text->ptr == NULL)
		scan_open(scan->parameter_text, p);
	scan->parameter = p;
	scan->eight_bit = NULL;
	scan->number = 0;
	scan->digits = 0;
	scan->over = false;
	scan->negative = false;
}

/* Saturates: RFC 1870 5 allows 20 digits, which go beyond 64 bits. */
static inline void
scan_digit(struct mailin_scan *scan, const unsigned char *p, unsigned most)
{
	unsigned digit = *p - '0';

	if (++scan->digits > most)
		mailin_scan_refuse(scan, p);
	scan->over |= scan->number > (UINT64_MAX - digit) / 10;
	scan->number = scan->over ? UINT64_MAX : scan->number * 10 + digit;
}

/* A number of at most nine digits. */
static inline int32_t
scan_number(const struct mailin_scan *scan)
{
	int32_t number = (int32_t)scan->number;

	return scan->negative ? -number : number;
}

static inline void
scan_size(struct mailin_scan *scan)
{
	scan->command->mail.size = scan->number;
	scan->command->mail.size_over = scan->over;
}

static inline void
scan_body(struct mailin_scan *scan, enum mailin_body_type body)
{
	scan->command->mail.body = body;
}

static inline void
scan_ret(struct mailin_scan *scan, enum mailin_ret ret)
{
	scan->command->mail.ret = ret;
}

static inline void
scan_envid(struct mailin_scan *scan, const unsigned char *p)
{
	scan_close(&scan->value, p);
	scan->command->mail.envid = scan->value;
}

/* The first: a second is refused, but may not hide what is wrong in it. */
static inline void
scan_auth_mailbox_s(struct mailin_scan *scan, const unsigned char *p)
{
	if (scan->command->mail.auth.ptr == NULL)
		scan_open(&scan->command->mail.auth, p);
}

static inline void
scan_auth_mailbox_e(struct mailin_scan *scan, const unsigned char *p)
{
	if (scan->command->mail.auth.len == 0)
		scan_close(&scan->command->mail.auth, p);
}

static inline void
scan_by_time(struct mailin_scan *scan)
{
	scan->command->mail.by_time = scan_number(scan);
}

/* RFC 2852 4: "a negative or zero value is not allowed with R". */
static inline void
scan_by_return(struct mailin_scan *scan, const unsigned char *p)
{
	scan->command->mail.by_mode = MAILIN_BY_RETURN;
	if (scan->command->mail.by_time <= 0)
		mailin_scan_refuse(scan, p);
}

static inline void
scan_holdfor(struct mailin_scan *scan)
{
	scan->command->mail.hold_for = (uint32_t)scan->number;
}

static inline void
scan_mt_priority(struct mailin_scan *scan)
{
	scan->command->mail.mt_priority = scan_number(scan);
}

/* AUTH's initial response, or MTRK's certifier, behind which a number may
 * follow: is it that? */
static inline bool
scan_base64_ends(struct mailin_scan *scan, const unsigned char *p)
{
	bool is_mtrk = scan->command->verb == MAILIN_VERB_MAIL;

	scan_close(&scan->value, p);
	if (is_mtrk)
		scan->command->mail.mtrk = scan->value;
	else
		scan->command->auth.initial = scan->value;
	return is_mtrk;
}

static inline void
scan_mtrk_timeout(struct mailin_scan *scan)
{
	scan->command->mail.mtrk_timeout = (uint32_t)scan->number;
}

/* RFC 3865 2.2: the keywords are at most 1000 characters. */
static inline void
scan_solicit_octet(struct mailin_scan *scan, const unsigned char *p)
{
	if ((const char *)p - scan->value.ptr >= 1000)
		mailin_scan_refuse(scan, p);
}

static inline void
scan_solicit(struct mailin_scan *scan, const unsigned char *p)
{
	scan_close(&scan->value, p);
	scan->command->mail.solicit = scan->value;
}

static inline void
scan_notify(struct mailin_scan *scan, unsigned condition)
{
	scan->command->rcpt.notify |= condition;
}

static inline void
scan_orcpt_type(struct mailin_scan *scan, const unsigned char *p)
{
	scan_close(&scan->value, p);
	scan->command->rcpt.orcpt_type = scan->value;
}

static inline void
scan_orcpt(struct mailin_scan *scan, const unsigned char *p)
{
	scan_close(&scan->value, p);
	scan->command->rcpt.orcpt = scan->value;
	scan->command->rcpt.orcpt_utf8 = scan->eight_bit != NULL;
}

/* HOLDUNTIL or RRVS. */
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

static inline void
scan_rrvs_action(struct mailin_scan *scan, enum mailin_rrvs_action action)
{
	scan->command->rcpt.rrvs_action = action;
}

/* Which are for one of the two verbs only, their first octets tell: IDENT and
 * SOURCE are XFORWARD's; LOGIN, DESTADDR, DESTPORT XCLIENT's. */
static inline void
scan_attribute_s(struct mailin_scan *scan, const unsigned char *p)
{
	bool is_xclient = scan->command->verb == MAILIN_VERB_XCLIENT;

	scan->parameter = p;
	if (strchr(is_xclient ? "IiSs" : "LlDd", *p) != NULL)
		mailin_scan_refuse(scan, p);
}

/* No attribute twice, as with parameters. */
static inline void
scan_attribute(struct mailin_scan *scan, const unsigned char *p)
{
	struct mailin_span *value =
	    &scan->command->attributes.values[scan->attribute];

	scan_close(&scan->value, p);
	if (value->ptr != NULL)
		mailin_scan_refuse(scan, scan->parameter);
	*value = scan->value;
}

#endif
