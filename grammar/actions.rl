/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * What the machines of strict.rl and relaxed.rl do on their way: the actions
 * that the definition files ask for.  The work is in src/scan.h, the longer
 * part of it in src/scan.c.
 */

%%{
	machine actions;

	# utf8.rl, address.rl
	action eight_bit { scan_eight_bit(scan, p); }
	action a_d_l_s   { scan_open(&scan->path->route, p); }
	action a_d_l_e   { scan_close(&scan->path->route, p); }
	action local_s   { scan_open(&scan->path->local, p); }
	action local_e   { scan_close(&scan->path->local, p); }
	action quoted_s  { scan_quoted_s(scan, p); }
	action quoted_e  { scan_close(&scan->path->local, p + 1); }
	action domain_s  { scan_open(scan->domain, p); }
	action domain_e  { scan_close(scan->domain, p); }
	action literal_s { scan_literal_s(scan, p); }
	action literal_e { scan_literal_e(scan, p); }

	# command.rl
	action verb_helo     { scan_verb(scan, MAILIN_VERB_HELO); }
	action verb_ehlo     { scan_verb(scan, MAILIN_VERB_EHLO); }
	action verb_lhlo     { scan_verb(scan, MAILIN_VERB_LHLO); }
	action verb_mail     { scan_verb(scan, MAILIN_VERB_MAIL); }
	action verb_rcpt     { scan_verb(scan, MAILIN_VERB_RCPT); }
	action verb_data     { scan_verb(scan, MAILIN_VERB_DATA); }
	action verb_bdat     { scan_verb(scan, MAILIN_VERB_BDAT); }
	action verb_rset     { scan_verb(scan, MAILIN_VERB_RSET); }
	action verb_noop     { scan_verb(scan, MAILIN_VERB_NOOP); }
	action verb_vrfy     { scan_verb(scan, MAILIN_VERB_VRFY); }
	action verb_expn     { scan_verb(scan, MAILIN_VERB_EXPN); }
	action verb_help     { scan_verb(scan, MAILIN_VERB_HELP); }
	action verb_quit     { scan_verb(scan, MAILIN_VERB_QUIT); }
	action verb_starttls { scan_verb(scan, MAILIN_VERB_STARTTLS); }
	action verb_auth     { scan_verb(scan, MAILIN_VERB_AUTH); }
	action verb_etrn     { scan_verb(scan, MAILIN_VERB_ETRN); }
	action verb_burl     { scan_verb(scan, MAILIN_VERB_BURL); }
	action verb_xclient  { scan_verb(scan, MAILIN_VERB_XCLIENT); }
	action verb_xforward { scan_verb(scan, MAILIN_VERB_XFORWARD); }

	action path_follows { scan_path_follows(scan); }
	action path_s       { scan_path_s(scan, p); }
	action path_e       { scan_path_e(scan, p); }
	action text_s       { scan_open(&scan->command->text.text, p); }
	action text_e       { scan_text_e(scan, p); }

	action chunk_digit { scan_chunk_digit(scan, p); }
	action last        { scan->command->bdat.last = true; }

	action mechanism_s { scan_open(&scan->command->auth.mechanism, p); }
	action mechanism_e { scan_close(&scan->command->auth.mechanism, p); }
	action initial_follows {
		scan->command->error = MAILIN_REPLY_BAD_BASE64;
	}
	action initial_s   { scan_open(&scan->command->auth.initial, p); }
	action initial_e   { scan_close(&scan->command->auth.initial, p); }

	action uri_s         { scan_open(&scan->command->burl.uri, p); }
	action uri_e         { scan_close(&scan->command->burl.uri, p); }
	action burl_last     { scan->command->burl.last = true; }

	action attribute_name     { scan->attribute = MAILIN_ATTRIBUTE_NAME; }
	action attribute_addr     { scan->attribute = MAILIN_ATTRIBUTE_ADDR; }
	action attribute_port     { scan->attribute = MAILIN_ATTRIBUTE_PORT; }
	action attribute_proto    { scan->attribute = MAILIN_ATTRIBUTE_PROTO; }
	action attribute_helo     { scan->attribute = MAILIN_ATTRIBUTE_HELO; }
	action attribute_login    { scan->attribute = MAILIN_ATTRIBUTE_LOGIN; }
	action attribute_destaddr {
		scan->attribute = MAILIN_ATTRIBUTE_DESTADDR;
	}
	action attribute_destport {
		scan->attribute = MAILIN_ATTRIBUTE_DESTPORT;
	}
	action attribute_ident    { scan->attribute = MAILIN_ATTRIBUTE_IDENT; }
	action attribute_source   { scan->attribute = MAILIN_ATTRIBUTE_SOURCE; }
	action attribute_e        { scan_attribute(scan, p); }

	# parameter.rl
	action parameters_s { scan_open(scan->parameter_text, p); }
	action parameters_e { scan_close(scan->parameter_text, p); }
	action parameter_s  { scan_parameter_s(scan, p); }
	action value_s      { scan_open(&scan->value, p); }
	action digit        { scan_digit(scan, *p); }
	action minus        { scan->negative = true; }

	action size            { scan_size(scan); }
	action body_7bit       { scan_body(scan, MAILIN_BODY_7BIT); }
	action body_8bitmime   { scan_body(scan, MAILIN_BODY_8BITMIME); }
	action body_binarymime { scan_body(scan, MAILIN_BODY_BINARYMIME); }
	action smtputf8        { scan_given(scan, MAILIN_PARAMETER_SMTPUTF8); }
	action ret_full        { scan_ret(scan, MAILIN_RET_FULL); }
	action ret_hdrs        { scan_ret(scan, MAILIN_RET_HDRS); }
	action envid           { scan_envid(scan, p); }
	action auth_mailbox_s  { scan_auth_mailbox_s(scan, p); }
	action auth_mailbox_e  { scan_auth_mailbox_e(scan, p); }
	action by_time         { scan_by_time(scan); }
	action by_return       { scan_by_return(scan, p); }
	action by_trace        { scan->command->mail.by_trace = true; }
	action by              { scan_given(scan, MAILIN_PARAMETER_BY); }
	action holdfor         { scan_holdfor(scan); }
	action full_date       { mailin_scan_full_date(scan); }
	action holduntil       { scan_holduntil(scan, p); }
	action mt_priority     { scan_mt_priority(scan); }
	action mtrk_certifier  { scan_mtrk_certifier(scan, p); }
	action mtrk_timeout    { scan_mtrk_timeout(scan); }
	action mtrk            { scan_given(scan, MAILIN_PARAMETER_MTRK); }
	action requiretls {
		scan_given(scan, MAILIN_PARAMETER_REQUIRETLS);
	}
	action solicit_octet   { scan_solicit_octet(scan, p); }
	action solicit         { scan_solicit(scan, p); }
	action notify_never    { scan_notify(scan, MAILIN_NOTIFY_NEVER); }
	action notify_success  { scan_notify(scan, MAILIN_NOTIFY_SUCCESS); }
	action notify_failure  { scan_notify(scan, MAILIN_NOTIFY_FAILURE); }
	action notify_delay    { scan_notify(scan, MAILIN_NOTIFY_DELAY); }
	action notify          { scan_given(scan, MAILIN_PARAMETER_NOTIFY); }
	action orcpt_type      { scan_orcpt_type(scan, p); }
	action orcpt           { scan_orcpt(scan, p); }
	action rrvs            { scan_rrvs(scan, p); }
	action rrvs_continue   { scan_rrvs_action(scan, MAILIN_RRVS_CONTINUE); }
	action rrvs_reject     { scan_rrvs_action(scan, MAILIN_RRVS_REJECT); }
	action unknown_parameter { scan_unknown_parameter(scan); }

	# strict.rl, relaxed.rl
	action path_mailbox    { scan_mailbox(scan); }
	action path_postmaster { scan->path->kind = MAILIN_PATH_POSTMASTER; }
	action name_other      { scan_name_other(scan); }
	action accepted        { fbreak; }
}%%
