/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "client/queue.h"
#include "command/parameter.h"
#include "octet/span.h"

/*
 * MAIL and RCPT.  Each value is written from its typed member; then the
 * tokenizer reads the line.  The line is queued only if the tokenizer finds
 * this path and these parameters.  So a value with an octet that would end the
 * value or the line cannot add a parameter or a command.
 */

#define BIT MAILIN_PARAMETER_BIT

/* ---- A line ---- */

struct envelope_line {
	struct client_line line;
	enum mailin_verb verb;
	size_t local_len, path_len;
	uint32_t parameters; /* a bit for each parameter to write */
	size_t most;         /* the maximum length of the line with CR LF */
};

/* Put the path without its source route (RFC 5321 appendix C).  <Postmaster>
 * has a local part only. */
static void
put_path(struct envelope_line *to, const struct mailin_path *path)
{
	size_t before = to->line.len;

	mailin_client_put_text(&to->line, "<");
	mailin_client_put(&to->line, path->local);
	if (path->kind == MAILIN_PATH_MAILBOX) {
		mailin_client_put_text(&to->line, "@");
		mailin_client_put(&to->line, path->domain);
	}
	mailin_client_put_text(&to->line, ">");
	to->local_len = path->local.len;
	to->path_len = to->line.len - before;
}

static bool
is_offered(const struct mailin_client *client, enum mailin_parameter parameter)
{
	return parameter == MAILIN_PARAMETER_AUTH ?
	    client->offer.auth :
	    client_offers(client,
		(enum mailin_extension)mailin_parameter_rows[parameter]
		    .extension);
}

/* Choose the parameters to write: those that the server offers.  Returns
 * UNOFFERED if the server does not offer a parameter on which the sender
 * relies. */
static enum mailin_error
choose(const struct mailin_client *client, struct envelope_line *to,
    uint32_t given, uint32_t relied)
{
	unsigned i;

	to->most = COMMAND_MOST;
	for (i = PARAMETER_FIRST; i < MAILIN_PARAMETER_COUNT; i++) {
		const struct mailin_parameter_row *row =
		    &mailin_parameter_rows[i];

		if ((given & BIT(i)) == 0)
			continue;
		if (row->verb != to->verb)
			return MAILIN_ERROR_SYNTAX;
		if (is_offered(client, (enum mailin_parameter)i)) {
			to->parameters |= BIT(i);
			to->most += row->longer;
		} else if (row->not_offered == PARAMETER_BINDING ||
		    (relied & BIT(i)) != 0) {
			return MAILIN_ERROR_UNOFFERED;
		}
	}
	return MAILIN_OK;
}

/* Returns true if the path is the path that was written.  It must have no
 * source route: the local part "@a:b" would make one. */
static bool
is_path_as_meant(const struct envelope_line *to, const struct mailin_path *path)
{
	return path->text.len == to->path_len &&
	    path->local.len == to->local_len;
}

/* Returns true if the tokenizer has read the path and the parameters that were
 * given.  The verb needs no check: the line begins with it. */
static bool
is_as_meant(const struct mailin_client *client, const struct envelope_line *to,
    struct mailin_command *command)
{
	size_t len = to->line.len + 2;

	memcpy(to->line.octets + to->line.len, "\r\n", 2);
	return mailin_command_parse_as(command, client->syntax, to->line.octets,
		   len) == len &&
	    command->error == MAILIN_REPLY_OK &&
	    (to->verb == MAILIN_VERB_MAIL ?
		    command->mail.parameters == to->parameters &&
			is_path_as_meant(to, &command->mail.path) :
		    command->rcpt.parameters == to->parameters &&
			is_path_as_meant(to, &command->rcpt.path));
}

static enum mailin_error
check(const struct mailin_client *client, const struct envelope_line *to,
    struct mailin_command *command)
{
	if (to->line.is_over || to->line.len + 2 > to->most)
		return MAILIN_ERROR_RANGE;
	return is_as_meant(client, to, command) ? MAILIN_OK :
						  MAILIN_ERROR_SYNTAX;
}

/* Put the parameters that choose() has chosen.  For MAIL rcpt is NULL, for RCPT
 * mail is NULL. */
static void
put_parameters(struct envelope_line *to, const struct mailin_mail *mail,
    const struct mailin_rcpt *rcpt)
{
	unsigned i;

	for (i = PARAMETER_FIRST; i < MAILIN_PARAMETER_COUNT; i++) {
		enum mailin_parameter parameter = (enum mailin_parameter)i;

		if ((to->parameters & BIT(i)) == 0)
			continue;
		mailin_client_put_text(&to->line, " ");
		mailin_client_put_text(&to->line,
		    mailin_parameter_name(parameter));
		if (!mailin_parameter_rows[i].has_value)
			continue;
		mailin_client_put_text(&to->line, "=");
		if (mail != NULL)
			mailin_client_put_mail_value(&to->line, mail,
			    parameter);
		else
			mailin_client_put_rcpt_value(&to->line, rcpt,
			    parameter);
	}
}

/* ---- MAIL ---- */

static bool
is_mail_sound(const struct mailin_mail *mail)
{
	return mail != NULL && is_span_sound(mail->path.local) &&
	    is_span_sound(mail->path.domain) && is_span_sound(mail->envid) &&
	    is_span_sound(mail->auth) && is_span_sound(mail->mtrk) &&
	    is_span_sound(mail->solicit);
}

static enum mailin_error
write_mail(const struct mailin_client *client, struct envelope_line *to,
    const struct mailin_mail *mail)
{
	struct mailin_command command;
	bool has_body = (mail->parameters & BIT(MAILIN_PARAMETER_BODY)) != 0;
	uint32_t relied = mail->body != MAILIN_BODY_7BIT ?
	    BIT(MAILIN_PARAMETER_BODY) :
	    0;
	enum mailin_error error;

	if (has_body && mail->body == MAILIN_BODY_BINARYMIME)
		return MAILIN_ERROR_UNOFFERED;
	error = choose(client, to, mail->parameters, relied);
	if (error != MAILIN_OK)
		return error;
	mailin_client_put_text(&to->line, "MAIL FROM:");
	put_path(to, &mail->path);
	put_parameters(to, mail, NULL);
	return check(client, to, &command);
}

static void
begin_transaction(struct mailin_client *client, uint32_t parameters)
{
	client->smtputf8 = (parameters & BIT(MAILIN_PARAMETER_SMTPUTF8)) != 0;
	/* Clear the bits that the last transaction has set. */
	memset(client->accepted, 0, (client->rcpt_count + 7) / 8);
	client->rcpt_count = client->replied_count = 0;
	client->accepted_count = client->verdict = 0;
}

enum mailin_error
mailin_client_mail(struct mailin_client *client, const struct mailin_mail *mail)
{
	struct envelope_line to = { .verb = MAILIN_VERB_MAIL };
	enum mailin_error error;

	if (!is_mail_sound(mail))
		return MAILIN_ERROR_ARGUMENT;
	error = mailin_client_begin(client, MAILIN_CLIENT_MAIL, &to.line);
	if (error == MAILIN_OK)
		error = write_mail(client, &to, mail);
	if (error != MAILIN_OK)
		return error;
	begin_transaction(client, to.parameters);
	mailin_client_queue(client, MAILIN_CLIENT_MAIL, &to.line);
	return MAILIN_OK;
}

/* ---- RCPT ---- */

static bool
is_rcpt_sound(const struct mailin_rcpt *rcpt)
{
	return rcpt != NULL && is_span_sound(rcpt->path.local) &&
	    is_span_sound(rcpt->path.domain) &&
	    is_span_sound(rcpt->orcpt_type) && is_span_sound(rcpt->orcpt);
}

static enum mailin_error
write_rcpt(const struct mailin_client *client, struct envelope_line *to,
    const struct mailin_rcpt *rcpt)
{
	struct mailin_command command;
	uint32_t relied = rcpt->rrvs_action != MAILIN_RRVS_CONTINUE ?
	    BIT(MAILIN_PARAMETER_RRVS) :
	    0;
	enum mailin_error error;

	if (client->rcpt_count == client->rcpt_most)
		return MAILIN_ERROR_RANGE;
	error = choose(client, to, rcpt->parameters, relied);
	if (error != MAILIN_OK)
		return error;
	mailin_client_put_text(&to->line, "RCPT TO:");
	put_path(to, &rcpt->path);
	put_parameters(to, NULL, rcpt);
	error = check(client, to, &command);
	/* RFC 6531 3.4: only after MAIL with SMTPUTF8 may RCPT have UTF-8. */
	if (error == MAILIN_OK && !client->smtputf8 &&
	    (command.rcpt.path.utf8 || command.rcpt.orcpt_utf8))
		error = MAILIN_ERROR_UNOFFERED;
	return error;
}

enum mailin_error
mailin_client_rcpt(struct mailin_client *client, const struct mailin_rcpt *rcpt)
{
	struct envelope_line to = { .verb = MAILIN_VERB_RCPT };
	enum mailin_error error;

	if (!is_rcpt_sound(rcpt))
		return MAILIN_ERROR_ARGUMENT;
	error = mailin_client_begin(client, MAILIN_CLIENT_RCPT, &to.line);
	if (error == MAILIN_OK)
		error = write_rcpt(client, &to, rcpt);
	if (error != MAILIN_OK)
		return error;
	client->rcpt_count++;
	mailin_client_queue(client, MAILIN_CLIENT_RCPT, &to.line);
	return MAILIN_OK;
}
