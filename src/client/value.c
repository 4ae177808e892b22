/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>

#include <mailin/name.h>

#include "client/queue.h"
#include "octet/ascii.h"
#include "octet/date.h"

/* Put xtext.  RFC 3461 4 allows only capitals as hexadecimal digits. */
static void
put_xtext(struct client_line *line, struct mailin_span text)
{
	size_t i;

	for (i = 0; i < text.len; i++) {
		bool is_digit = (i >= 1 && text.ptr[i - 1] == '+') ||
		    (i >= 2 && text.ptr[i - 2] == '+');
		char c = is_digit ? ascii_upper(text.ptr[i]) : text.ptr[i];

		mailin_client_put(line, (struct mailin_span){ &c, 1 });
	}
}

static void
put_signed(struct client_line *line, int64_t number)
{
	if (number < 0)
		mailin_client_put_text(line, "-");
	mailin_client_put_number(line,
	    number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

/* Put an RFC 3339 date-time.  Put nothing if the year has not four digits. */
static void
put_date(struct client_line *line, int64_t seconds)
{
	int64_t second = (seconds % 86400 + 86400) % 86400;
	struct mailin_date date;
	char text[64];

	if (seconds < DATE_FIRST_SECOND || seconds > DATE_LAST_SECOND)
		return;
	date = mailin_date_of((seconds - second) / 86400);
	(void)snprintf(text, sizeof text, "%04lld-%02d-%02dT%02d:%02d:%02dZ",
	    date.year, date.month, date.day, (int)(second / 3600),
	    (int)(second / 60 % 60), (int)(second % 60));
	mailin_client_put_text(line, text);
}

static void
put_notify(struct client_line *line, unsigned notify)
{
	bool is_first = true;
	unsigned bit;

	for (bit = 1; bit != 0; bit <<= 1) {
		if ((notify & bit) == 0)
			continue;
		if (!is_first)
			mailin_client_put_text(line, ",");
		mailin_client_put_text(line, mailin_notify_name(bit));
		is_first = false;
	}
}

static void
put_by(struct client_line *line, const struct mailin_mail *mail)
{
	put_signed(line, mail->by_time);
	mailin_client_put_text(line, ";");
	mailin_client_put_text(line, mailin_by_mode_name(mail->by_mode));
	if (mail->by_trace)
		mailin_client_put_text(line, "T");
}

static void
put_mtrk(struct client_line *line, const struct mailin_mail *mail)
{
	mailin_client_put(line, mail->mtrk);
	if (mail->mtrk_timeout == 0)
		return;
	mailin_client_put_text(line, ":");
	mailin_client_put_number(line, mail->mtrk_timeout);
}

void
mailin_client_put_mail_value(struct client_line *line,
    const struct mailin_mail *mail, enum mailin_parameter parameter)
{
	switch (parameter) {
	case MAILIN_PARAMETER_SIZE:
		mailin_client_put_number(line, mail->size);
		break;
	case MAILIN_PARAMETER_BODY:
		mailin_client_put_text(line, mailin_body_type_name(mail->body));
		break;
	case MAILIN_PARAMETER_RET:
		mailin_client_put_text(line, mailin_ret_name(mail->ret));
		break;
	case MAILIN_PARAMETER_ENVID:
		put_xtext(line, mail->envid);
		break;
	case MAILIN_PARAMETER_AUTH:
		put_xtext(line, mail->auth);
		break;
	case MAILIN_PARAMETER_BY:
		put_by(line, mail);
		break;
	case MAILIN_PARAMETER_HOLDFOR:
		mailin_client_put_number(line, mail->hold_for);
		break;
	case MAILIN_PARAMETER_HOLDUNTIL:
		put_date(line, mail->hold_until);
		break;
	case MAILIN_PARAMETER_MT_PRIORITY:
		put_signed(line, mail->mt_priority);
		break;
	case MAILIN_PARAMETER_MTRK:
		put_mtrk(line, mail);
		break;
	default:
		mailin_client_put(line, mail->solicit);
		break;
	}
}

static void
put_orcpt(struct client_line *line, const struct mailin_rcpt *rcpt)
{
	mailin_client_put(line, rcpt->orcpt_type);
	mailin_client_put_text(line, ";");
	if (mailin_span_iequal(rcpt->orcpt_type, "utf-8"))
		mailin_client_put(line, rcpt->orcpt);
	else
		put_xtext(line, rcpt->orcpt);
}

void
mailin_client_put_rcpt_value(struct client_line *line,
    const struct mailin_rcpt *rcpt, enum mailin_parameter parameter)
{
	switch (parameter) {
	case MAILIN_PARAMETER_NOTIFY:
		put_notify(line, rcpt->notify);
		break;
	case MAILIN_PARAMETER_ORCPT:
		put_orcpt(line, rcpt);
		break;
	default:
		put_date(line, rcpt->rrvs);
		if (rcpt->rrvs_action == MAILIN_RRVS_UNSET)
			break;
		mailin_client_put_text(line, ";");
		mailin_client_put_text(line,
		    mailin_rrvs_action_name(rcpt->rrvs_action));
		break;
	}
}
