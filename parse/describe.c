/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <mailin/name.h>

#include "describe.h"

void
describe_path(struct json *json, const struct mailin_path *path)
{
	json_object(json, "path");
	json_string(json, "kind", mailin_path_kind_name(path->kind));
	json_text(json, "local", path->local);
	json_text(json, "domain", path->domain);
	json_bool(json, "quoted", path->quoted);
	json_bool(json, "literal",
	    path->domain_kind == MAILIN_DOMAIN_IPV4 ||
		path->domain_kind == MAILIN_DOMAIN_IPV6 ||
		path->domain_kind == MAILIN_DOMAIN_GENERAL);
	json_bool(json, "utf8", path->utf8);
	json_text(json, "source_route", path->route);
	json_object_end(json);
}

static bool
given(uint32_t parameters, enum mailin_parameter parameter)
{
	return (parameters & MAILIN_PARAMETER_BIT(parameter)) != 0;
}

static bool
is_typed(uint32_t parameters, struct mailin_span keyword)
{
	enum mailin_parameter p;

	for (p = MAILIN_PARAMETER_UNKNOWN + 1; p < MAILIN_PARAMETER_COUNT; p++)
		if (given(parameters, p) &&
		    mailin_span_iequal(keyword, mailin_parameter_name(p)))
			return true;
	return false;
}

/* Write the parameters that caused error 555.  A program that knows them may go
 * on. */
static void
put_unknown(struct json *json, uint32_t parameters, struct mailin_span text)
{
	struct mailin_span keyword, value;

	if (!given(parameters, MAILIN_PARAMETER_UNKNOWN))
		return;
	json_array(json, "unknown");
	while (mailin_parameter_next(&text, &keyword, &value)) {
		if (is_typed(parameters, keyword))
			continue;
		json_object(json, NULL);
		json_text(json, "keyword", keyword);
		json_text(json, "value", value);
		json_object_end(json);
	}
	json_array_end(json);
}

static void
put_by(struct json *json, const char *name, const struct mailin_mail *mail)
{
	json_object(json, name);
	json_integer(json, "time", mail->by_time);
	json_string(json, "mode", mailin_by_mode_name(mail->by_mode));
	json_bool(json, "trace", mail->by_trace);
	json_object_end(json);
}

static void
put_mtrk(struct json *json, const char *name, const struct mailin_mail *mail)
{
	json_object(json, name);
	json_text(json, "certifier", mail->mtrk);
	json_unsigned(json, "timeout", mail->mtrk_timeout);
	json_object_end(json);
}

static void
put_mail_parameter(struct json *json, enum mailin_parameter parameter,
    const struct mailin_mail *mail)
{
	const char *name = mailin_parameter_name(parameter);

	switch (parameter) {
	case MAILIN_PARAMETER_SIZE:
		json_unsigned(json, name, mail->size);
		break;
	case MAILIN_PARAMETER_BODY:
		json_string(json, name, mailin_body_type_name(mail->body));
		break;
	case MAILIN_PARAMETER_RET:
		json_string(json, name, mailin_ret_name(mail->ret));
		break;
	case MAILIN_PARAMETER_ENVID:
		json_text(json, name, mail->envid);
		break;
	case MAILIN_PARAMETER_AUTH:
		json_text(json, name, mail->auth);
		break;
	case MAILIN_PARAMETER_BY:
		put_by(json, name, mail);
		break;
	case MAILIN_PARAMETER_HOLDFOR:
		json_unsigned(json, name, mail->hold_for);
		break;
	case MAILIN_PARAMETER_HOLDUNTIL:
		json_integer(json, name, mail->hold_until);
		break;
	case MAILIN_PARAMETER_MT_PRIORITY:
		json_integer(json, name, mail->mt_priority);
		break;
	case MAILIN_PARAMETER_MTRK:
		put_mtrk(json, name, mail);
		break;
	case MAILIN_PARAMETER_SOLICIT:
		json_text(json, name, mail->solicit);
		break;
	default: /* SMTPUTF8, REQUIRETLS */
		json_bool(json, name, true);
		break;
	}
}

static void
put_mail(struct json *json, const struct mailin_mail *mail)
{
	enum mailin_parameter p;

	describe_path(json, &mail->path);
	for (p = MAILIN_PARAMETER_UNKNOWN + 1; p < MAILIN_PARAMETER_COUNT; p++)
		if (given(mail->parameters, p))
			put_mail_parameter(json, p, mail);
	put_unknown(json, mail->parameters, mail->parameter_text);
}

static void
put_notify(struct json *json, unsigned notify)
{
	unsigned bit;

	json_array(json, "NOTIFY");
	for (bit = MAILIN_NOTIFY_NEVER; bit <= MAILIN_NOTIFY_DELAY; bit *= 2)
		if ((notify & bit) != 0)
			json_string(json, NULL, mailin_notify_name(bit));
	json_array_end(json);
}

static void
put_rcpt(struct json *json, const struct mailin_rcpt *rcpt)
{
	describe_path(json, &rcpt->path);
	if (given(rcpt->parameters, MAILIN_PARAMETER_NOTIFY))
		put_notify(json, rcpt->notify);
	if (given(rcpt->parameters, MAILIN_PARAMETER_ORCPT)) {
		json_object(json, "ORCPT");
		json_text(json, "type", rcpt->orcpt_type);
		json_text(json, "address", rcpt->orcpt);
		json_object_end(json);
	}
	if (given(rcpt->parameters, MAILIN_PARAMETER_RRVS)) {
		json_integer(json, "RRVS", rcpt->rrvs);
		if (rcpt->rrvs_action != MAILIN_RRVS_UNSET)
			json_string(json, "RRVS_ACTION",
			    mailin_rrvs_action_name(rcpt->rrvs_action));
	}
	put_unknown(json, rcpt->parameters, rcpt->parameter_text);
}

static void
put_attributes(struct json *json, const struct mailin_attributes *attributes)
{
	enum mailin_attribute a;

	for (a = 0; a < MAILIN_ATTRIBUTE_COUNT; a++)
		if (attributes->values[a].ptr != NULL)
			json_text(json, mailin_attribute_name(a),
			    attributes->values[a]);
}

static void
put_fields(struct json *json, const struct mailin_command *command)
{
	switch (command->verb) {
	case MAILIN_VERB_HELO:
	case MAILIN_VERB_EHLO:
	case MAILIN_VERB_LHLO:
		json_text(json, "domain", command->helo.domain);
		break;
	case MAILIN_VERB_MAIL:
		put_mail(json, &command->mail);
		break;
	case MAILIN_VERB_RCPT:
		put_rcpt(json, &command->rcpt);
		break;
	case MAILIN_VERB_BDAT:
		json_unsigned(json, "size", command->bdat.size);
		json_bool(json, "last", command->bdat.last);
		break;
	case MAILIN_VERB_AUTH:
		json_text(json, "mechanism", command->auth.mechanism);
		json_text(json, "initial", command->auth.initial);
		break;
	case MAILIN_VERB_BURL:
		json_text(json, "uri", command->burl.uri);
		json_bool(json, "last", command->burl.last);
		break;
	case MAILIN_VERB_XCLIENT:
	case MAILIN_VERB_XFORWARD:
		put_attributes(json, &command->attributes);
		break;
	case MAILIN_VERB_VRFY:
	case MAILIN_VERB_EXPN:
		json_text(json, "text", command->text.text);
		json_bool(json, "SMTPUTF8", command->text.smtputf8);
		break;
	case MAILIN_VERB_NOOP:
	case MAILIN_VERB_HELP:
	case MAILIN_VERB_ETRN:
		json_text(json, "text", command->text.text);
		break;
	case MAILIN_VERB_UNKNOWN:
		json_text(json, "word", command->unknown.verb);
		json_text(json, "text", command->unknown.text);
		break;
	default: /* DATA RSET QUIT STARTTLS */
		break;
	}
}

void
describe_command(struct json *json, const struct mailin_command *command)
{
	json_string(json, "verb", mailin_verb_name(command->verb));
	json_integer(json, "error", mailin_reply_code(command->error));
	if (command->error != MAILIN_REPLY_OK) {
		json_string(json, "enhanced",
		    mailin_reply_enhanced(command->error));
		json_unsigned(json, "error_at", command->error_at);
	}
	if (command->error == MAILIN_REPLY_OK ||
	    command->error == MAILIN_REPLY_BAD_PARAMETER ||
	    command->verb == MAILIN_VERB_UNKNOWN)
		put_fields(json, command);
}
