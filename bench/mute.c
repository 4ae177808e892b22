/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "log/log.h"
#include "receive/account.h"

/*
 * Functions that log nothing.  The linker takes them in place of those of
 * mailin-server.  The rest of the server is the same, so the difference is the
 * cost of the log.
 */

void
account_client(struct record *record, unsigned long number,
    const struct mailin_session *session)
{
	(void)record;
	(void)number;
	(void)session;
}

void
account_envelope(struct record *record, const struct mailin_session *session)
{
	(void)record;
	(void)session;
}

void
account_tls(struct record *record, const struct mailin_session *session)
{
	(void)record;
	(void)session;
}

void
account_replied(struct account *account, const struct mailin_session *session,
    const struct mailin_outcome *outcome)
{
	(void)account;
	(void)session;
	(void)outcome;
}

void
account_close(const struct account *account,
    const struct mailin_session *session, enum mailin_close_reason reason,
    uint64_t octets_in, uint64_t octets_out)
{
	(void)account;
	(void)session;
	(void)reason;
	(void)octets_in;
	(void)octets_out;
}

void
record_begin(struct record *record, enum log_level level, const char *event)
{
	(void)level;
	(void)event;
	record_begin_fields(record);
}

void
record_begin_fields(struct record *record)
{
	record->cut = record->is_empty = false;
	record->len = 0;
}

void
record_text_field(struct record *record, const char *name, const char *value)
{
	(void)record;
	(void)name;
	(void)value;
}

void
record_number(struct record *record, const char *name, uint64_t value)
{
	(void)record;
	(void)name;
	(void)value;
}

void
record_fields(struct record *record, const char *fields, bool cut)
{
	(void)record;
	(void)fields;
	(void)cut;
}

void
log_record(struct record *record)
{
	(void)record;
}
