/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <mailin/codec.h>
#include <mailin/name.h>

#include "support/fields.h"

enum kind {
	KIND_SPAN,
	KIND_OUTER, /* not shown, because it contains other spans */
	KIND_GIVEN, /* a parameter without a value */
	KIND_BOOL,
	KIND_INT,    /* an integer or an enum */
	KIND_PATH,   /* a kind of path; not shown if it is MAILBOX */
	KIND_DOMAIN, /* a kind of domain; not shown if it is NAME */
	KIND_INT64,
	KIND_UINT64
};

enum member {
	OF_HELO = 1,
	OF_MAIL = 2,
	OF_RCPT = 4,
	OF_TEXT = 8,
	OF_BDAT = 16,
	OF_AUTH = 32,
	OF_BURL = 64,
	OF_ATTRIBUTES = 128,
	OF_UNKNOWN = 256,
	OF_PATH = OF_MAIL | OF_RCPT
};

#define ALWAYS MAILIN_PARAMETER_COUNT

struct field {
	char name[16];
	unsigned of;
	enum kind kind;
	size_t offset;
	enum mailin_parameter parameter;
};

/* clang-format off */
#define AT(field)       offsetof(struct mailin_command, field)
#define PARAMETER(name) MAILIN_PARAMETER_##name
#define ATTRIBUTE(name) { #name, OF_ATTRIBUTES, KIND_SPAN, \
	AT(attributes.values[MAILIN_ATTRIBUTE_##name]), ALWAYS }

static const struct field fields[] = {
	{ "domain", OF_HELO, KIND_SPAN, AT(helo.domain), ALWAYS },
	{ "is", OF_HELO, KIND_DOMAIN, AT(helo.domain_kind), ALWAYS },

	{ "", OF_PATH, KIND_OUTER, AT(mail.path.text), ALWAYS },
	{ "kind", OF_PATH, KIND_PATH, AT(mail.path.kind), ALWAYS },
	{ "local", OF_PATH, KIND_SPAN, AT(mail.path.local), ALWAYS },
	{ "domain", OF_PATH, KIND_SPAN, AT(mail.path.domain), ALWAYS },
	{ "is", OF_PATH, KIND_DOMAIN, AT(mail.path.domain_kind), ALWAYS },
	{ "quoted", OF_PATH, KIND_BOOL, AT(mail.path.quoted), ALWAYS },
	{ "utf8", OF_PATH, KIND_BOOL, AT(mail.path.utf8), ALWAYS },
	{ "route", OF_PATH, KIND_SPAN, AT(mail.path.route), ALWAYS },

	{ "", OF_MAIL, KIND_OUTER, AT(mail.parameter_text), ALWAYS },
	{ "SIZE", OF_MAIL, KIND_UINT64, AT(mail.size), PARAMETER(SIZE) },
	{ "size_over", OF_MAIL, KIND_BOOL, AT(mail.size_over),
	    PARAMETER(SIZE) },
	{ "BODY", OF_MAIL, KIND_INT, AT(mail.body), PARAMETER(BODY) },
	{ "SMTPUTF8", OF_MAIL, KIND_GIVEN, 0, PARAMETER(SMTPUTF8) },
	{ "RET", OF_MAIL, KIND_INT, AT(mail.ret), PARAMETER(RET) },
	{ "ENVID", OF_MAIL, KIND_SPAN, AT(mail.envid), PARAMETER(ENVID) },
	{ "AUTH", OF_MAIL, KIND_SPAN, AT(mail.auth), PARAMETER(AUTH) },
	{ "BY", OF_MAIL, KIND_INT, AT(mail.by_time), PARAMETER(BY) },
	{ "by_mode", OF_MAIL, KIND_INT, AT(mail.by_mode), PARAMETER(BY) },
	{ "by_trace", OF_MAIL, KIND_BOOL, AT(mail.by_trace), PARAMETER(BY) },
	{ "HOLDFOR", OF_MAIL, KIND_INT, AT(mail.hold_for),
	    PARAMETER(HOLDFOR) },
	{ "HOLDUNTIL", OF_MAIL, KIND_INT64, AT(mail.hold_until),
	    PARAMETER(HOLDUNTIL) },
	{ "MT-PRIORITY", OF_MAIL, KIND_INT, AT(mail.mt_priority),
	    PARAMETER(MT_PRIORITY) },
	{ "MTRK", OF_MAIL, KIND_SPAN, AT(mail.mtrk), PARAMETER(MTRK) },
	{ "mtrk_timeout", OF_MAIL, KIND_INT, AT(mail.mtrk_timeout),
	    PARAMETER(MTRK) },
	{ "REQUIRETLS", OF_MAIL, KIND_GIVEN, 0, PARAMETER(REQUIRETLS) },
	{ "SOLICIT", OF_MAIL, KIND_SPAN, AT(mail.solicit),
	    PARAMETER(SOLICIT) },

	{ "", OF_RCPT, KIND_OUTER, AT(rcpt.parameter_text), ALWAYS },
	{ "NOTIFY", OF_RCPT, KIND_INT, AT(rcpt.notify), PARAMETER(NOTIFY) },
	{ "orcpt_type", OF_RCPT, KIND_SPAN, AT(rcpt.orcpt_type),
	    PARAMETER(ORCPT) },
	{ "ORCPT", OF_RCPT, KIND_SPAN, AT(rcpt.orcpt), PARAMETER(ORCPT) },
	{ "orcpt_utf8", OF_RCPT, KIND_BOOL, AT(rcpt.orcpt_utf8),
	    PARAMETER(ORCPT) },
	{ "RRVS", OF_RCPT, KIND_INT64, AT(rcpt.rrvs), PARAMETER(RRVS) },
	{ "rrvs_action", OF_RCPT, KIND_INT, AT(rcpt.rrvs_action),
	    PARAMETER(RRVS) },
	{ "unknown", OF_PATH, KIND_GIVEN, 0, PARAMETER(UNKNOWN) },

	{ "text", OF_TEXT, KIND_SPAN, AT(text.text), ALWAYS },
	{ "smtputf8", OF_TEXT, KIND_BOOL, AT(text.smtputf8), ALWAYS },
	{ "utf8", OF_TEXT, KIND_BOOL, AT(text.utf8), ALWAYS },
	{ "size", OF_BDAT, KIND_UINT64, AT(bdat.size), ALWAYS },
	{ "last", OF_BDAT, KIND_BOOL, AT(bdat.last), ALWAYS },
	{ "mechanism", OF_AUTH, KIND_SPAN, AT(auth.mechanism), ALWAYS },
	{ "initial", OF_AUTH, KIND_SPAN, AT(auth.initial), ALWAYS },
	{ "uri", OF_BURL, KIND_SPAN, AT(burl.uri), ALWAYS },
	{ "last", OF_BURL, KIND_BOOL, AT(burl.last), ALWAYS },
	ATTRIBUTE(NAME), ATTRIBUTE(ADDR), ATTRIBUTE(PORT), ATTRIBUTE(PROTO),
	ATTRIBUTE(HELO), ATTRIBUTE(LOGIN), ATTRIBUTE(DESTADDR),
	ATTRIBUTE(DESTPORT), ATTRIBUTE(IDENT), ATTRIBUTE(SOURCE),
	{ "word", OF_UNKNOWN, KIND_SPAN, AT(unknown.verb), ALWAYS },
	{ "text", OF_UNKNOWN, KIND_SPAN, AT(unknown.text), ALWAYS },
};
/* clang-format on */

#define FIELD_COUNT (sizeof fields / sizeof fields[0])

static unsigned
member_of(enum mailin_verb verb)
{
	switch (verb) {
	case MAILIN_VERB_HELO:
	case MAILIN_VERB_EHLO:
	case MAILIN_VERB_LHLO:
		return OF_HELO;
	case MAILIN_VERB_MAIL:
		return OF_MAIL;
	case MAILIN_VERB_RCPT:
		return OF_RCPT;
	case MAILIN_VERB_BDAT:
		return OF_BDAT;
	case MAILIN_VERB_AUTH:
		return OF_AUTH;
	case MAILIN_VERB_BURL:
		return OF_BURL;
	case MAILIN_VERB_XCLIENT:
	case MAILIN_VERB_XFORWARD:
		return OF_ATTRIBUTES;
	case MAILIN_VERB_NOOP:
	case MAILIN_VERB_HELP:
	case MAILIN_VERB_VRFY:
	case MAILIN_VERB_EXPN:
	case MAILIN_VERB_ETRN:
		return OF_TEXT;
	case MAILIN_VERB_UNKNOWN:
		return OF_UNKNOWN;
	default:
		return 0;
	}
}

/* MAIL and RCPT have the same first members. */
static uint32_t
parameters_of(const struct mailin_command *command)
{
	return command->verb == MAILIN_VERB_RCPT ? command->rcpt.parameters :
						   command->mail.parameters;
}

static const void *
value_of(const struct mailin_command *command, const struct field *field)
{
	return (const char *)command + field->offset;
}

static struct mailin_span
span_of(const struct mailin_command *command, const struct field *field)
{
	struct mailin_span span = { NULL, 0 };

	if (field->kind <= KIND_OUTER)
		memcpy(&span, value_of(command, field), sizeof span);
	return span;
}

static size_t
width(enum kind kind)
{
	switch (kind) {
	case KIND_GIVEN:
		return 0;
	case KIND_BOOL:
		return sizeof(bool);
	case KIND_INT:
	case KIND_PATH:
	case KIND_DOMAIN:
		return sizeof(int);
	case KIND_INT64:
	case KIND_UINT64:
		return sizeof(int64_t);
	default:
		return sizeof(struct mailin_span);
	}
}

static bool
is_zero(const struct mailin_command *command, const struct field *field)
{
	static const char zero[sizeof(struct mailin_span)];

	return memcmp(value_of(command, field), zero, width(field->kind)) == 0;
}

static bool
is_given(const struct mailin_command *command, const struct field *field)
{
	return field->parameter != ALWAYS &&
	    (parameters_of(command) & MAILIN_PARAMETER_BIT(field->parameter)) !=
	    0;
}

static int
int_of(const struct mailin_command *command, const struct field *field)
{
	int value;

	memcpy(&value, value_of(command, field), sizeof value);
	return value;
}

static bool
is_shown(const struct mailin_command *command, const struct field *field)
{
	switch (field->kind) {
	case KIND_OUTER:
		return false;
	case KIND_PATH:
		return int_of(command, field) != MAILIN_PATH_MAILBOX;
	case KIND_DOMAIN:
		return int_of(command, field) > MAILIN_DOMAIN_NAME;
	case KIND_SPAN:
		return span_of(command, field).ptr != NULL;
	case KIND_BOOL:
		return !is_zero(command, field);
	default:
		return is_given(command, field) ||
		    (field->kind != KIND_GIVEN && !is_zero(command, field));
	}
}

static int
show_value(const struct mailin_command *command, const struct field *field,
    char *out, size_t room)
{
	struct mailin_span span = span_of(command, field);
	int64_t number;

	switch (field->kind) {
	case KIND_SPAN:
		return snprintf(out, room, "%.*s", (int)span.len, span.ptr);
	case KIND_INT64:
	case KIND_UINT64:
		memcpy(&number, value_of(command, field), sizeof number);
		return field->kind == KIND_INT64 ?
		    snprintf(out, room, "%" PRId64, number) :
		    snprintf(out, room, "%" PRIu64, (uint64_t)number);
	case KIND_INT:
		return snprintf(out, room, "%d", int_of(command, field));
	case KIND_PATH:
		return snprintf(out, room, "%s",
		    mailin_path_kind_name(
			(enum mailin_path_kind)int_of(command, field)));
	case KIND_DOMAIN:
		return snprintf(out, room, "%s",
		    mailin_domain_kind_name(
			(enum mailin_domain_kind)int_of(command, field)));
	default:
		return snprintf(out, room, "yes");
	}
}

/* Show the fields of one member of the union, each after a blank. */
static void
show_fields(const struct mailin_command *command, unsigned member, char *out,
    size_t room)
{
	size_t i, len = 0;

	out[0] = '\0';
	for (i = 0; i < FIELD_COUNT; i++) {
		if ((fields[i].of & member) == 0 ||
		    !is_shown(command, &fields[i]))
			continue;
		len += (size_t)snprintf(out + len, room - len,
		    " %s=", fields[i].name);
		if (len < room)
			len += (size_t)show_value(command, &fields[i],
			    out + len, room - len);
		if (len >= room)
			return;
	}
}

char *
fields_show(const struct mailin_command *command, char *out, size_t room)
{
	size_t len = (size_t)snprintf(out, room, "%s",
	    mailin_verb_name(command->verb));

	show_fields(command, member_of(command->verb), out + len, room - len);
	return out;
}

char *
fields_show_path(const struct mailin_path *path, char *out, size_t room)
{
	struct mailin_command command = { .verb = MAILIN_VERB_MAIL };

	command.mail.path = *path;
	show_fields(&command, OF_MAIL, out, room);
	memmove(out, out + 1, strlen(out));
	return out;
}

static bool
is_ascii(struct mailin_span span)
{
	while (span.len-- > 0)
		if ((unsigned char)span.ptr[span.len] > 127)
			return false;
	return true;
}

/* Returns true if the span has a control character.  The character "also" does
 * not count. */
static bool
has_control(struct mailin_span span, char also)
{
	for (; span.len > 0; span.ptr++, span.len--)
		if (((unsigned char)*span.ptr < 0x20 || *span.ptr == 0x7f) &&
		    *span.ptr != also)
			return true;
	return false;
}

/* Returns true if the command says that this field may contain UTF-8. */
static bool
may_be_utf8(const struct mailin_command *command, const struct field *field)
{
	switch (member_of(command->verb)) {
	case OF_TEXT:
		return command->text.utf8;
	case OF_MAIL:
	case OF_RCPT:
		return field->parameter == MAILIN_PARAMETER_ORCPT ?
		    command->rcpt.orcpt_utf8 :
		    command->mail.path.utf8;
	default:
		return false;
	}
}

static const char *
span_fault(const struct mailin_command *command, const struct field *field,
    struct mailin_span line)
{
	struct mailin_span span = span_of(command, field);

	if (span.ptr == NULL)
		return span.len == 0 ? NULL : "a length without a pointer";
	if (span.ptr < line.ptr || span.ptr > line.ptr + line.len ||
	    span.len > (size_t)(line.ptr + line.len - span.ptr))
		return "a span outside the line";
	/* RELAXED allows tabs between parameters. */
	if (has_control(span,
		field->offset == AT(mail.parameter_text) ? '\t' : ' '))
		return "a control character in a field";
	if (member_of(command->verb) == OF_HELO &&
	    command->helo.domain_kind == MAILIN_DOMAIN_OTHER)
		return NULL;
	if (!mailin_utf8_valid(span))
		return "a field that is not UTF-8";
	if (field->kind == KIND_SPAN && !is_ascii(span) &&
	    !may_be_utf8(command, field))
		return "an 8-bit field that is not flagged";
	return NULL;
}

const char *
fields_fault(const struct mailin_command *command, struct mailin_span line)
{
	unsigned member = member_of(command->verb);
	const char *fault;
	size_t i;

	for (i = 0; i < FIELD_COUNT; i++) {
		if ((fields[i].of & member) == 0)
			continue;
		if (fields[i].parameter != ALWAYS &&
		    !is_given(command, &fields[i]) &&
		    !is_zero(command, &fields[i]))
			return "a value whose parameter was not given";
		if (fields[i].kind > KIND_OUTER)
			continue;
		fault = span_fault(command, &fields[i], line);
		if (fault != NULL)
			return fault;
	}
	return NULL;
}
