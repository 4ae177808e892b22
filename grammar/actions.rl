/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * The actions of the STRICT and RELAXED state machines.  The head of each
 * definition file lists the actions that the file needs.  Most actions call a
 * function of src/command/scan.h, scan_path.h or scan_parameter.h.
 */

%%{
	machine actions;

	# The machine stays in the present state for some octets: go to the last
	# of these octets at once (src/command/short_cuts.h).
	action run_of_atoms     { p = mailin_fast_run_of_atoms(p); }
	action run_of_domain    { p = mailin_fast_run_of_domain(p); }
	action run_of_vchar     { p = fast_run_of(ASCII_VCHAR, p); }
	action run_of_xchar     { p = fast_run_of(ASCII_XCHAR, p); }
	action run_of_qtext     { p = fast_run_of(ASCII_QTEXT, p); }
	action run_of_dcontent  { p = fast_run_of(ASCII_DCONTENT, p); }
	action run_of_addr_type { p = fast_run_of(ASCII_ALNUM, p); }
	action run_of_base64    { p = fast_run_of_base64(p); }

	# Actions of character.rl and address.rl.
	action character { p = mailin_scan_character(scan, p); }
	action a_d_l_s   { scan_open(&scan_path(scan)->route, p); }
	action a_d_l_e   { scan_close(&scan_path(scan)->route, p); }
	action local_s   { scan_open_rest(&scan_path(scan)->local, p); }
	action local_e   { scan_close(&scan_path(scan)->local, p); }
	action quoted_s  { scan_quoted_s(scan, p); }
	action quoted_e  { scan_close(&scan_path(scan)->local, p + 1); }
	action domain_s  { scan_open(&scan_path(scan)->domain, p); }
	action domain_e  { scan_domain_e(scan, p); }
	action literal_s { scan_literal_s(scan, p); }
	action literal_e { mailin_scan_literal(scan, p); }

	# Actions of command.rl.
	action name_begins  { p += scan->command->helo.domain.len; }
	action name_s       { scan_name_s(scan, p); }
	action name_e       { scan_name_e(scan, p); }

	action path_follows {
		scan_path_follows(scan->command);
		fgoto path_follows;
	}
	action path_begins  { fhold; fgoto path_alone; }
	action inner_blank  { scan->special = true; }
	action path_s       { p = scan_path_s(scan, p); }
	action path_e       { scan_path_e(scan, p); }
	action path_ends {
		bool is_alone = scan_path_ends(scan, p);

		fhold;
		if (is_alone)
			fgoto line_ends;
		p = mailin_fast_parameters(scan->command, p + 1, scan->pe) - 1;
		fgoto parameter_follows;
	}
	action text_s       { scan_open(&scan->command->text.text, p); }
	action text_e       { scan_text_e(scan, p); }

	action chunk_size  { p = mailin_scan_chunk_size(scan, p); }
	action last        { scan->command->bdat.last = true; }

	action mechanism_s { scan_open(&scan->command->auth.mechanism, p); }
	action mechanism   { p = scan_mechanism(scan, p); }
	action mechanism_e { scan_close(&scan->command->auth.mechanism, p); }
	action initial_follows {
		scan->command->error = MAILIN_REPLY_BAD_BASE64;
		fgoto initial_response;
	}

	action uri_s         { scan_open(&scan->command->burl.uri, p); }
	action uri_e         { scan_close(&scan->command->burl.uri, p); }
	action burl_last     { scan->command->burl.last = true; }

	action attribute_s        { scan_attribute_s(scan, p); }
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

	# Actions of parameter.rl.
	action parameter_s  { scan_parameter_s(scan, p); }
	action keyword_ends {
		switch (mailin_scan_keyword(scan, p)) {
		case MAILIN_PARAMETER_SIZE:        fgoto size_value;
		case MAILIN_PARAMETER_BODY:        fgoto body_value;
		case MAILIN_PARAMETER_RET:         fgoto ret_value;
		case MAILIN_PARAMETER_ENVID:       fgoto envid_value;
		case MAILIN_PARAMETER_AUTH:        fgoto auth_value;
		case MAILIN_PARAMETER_BY:          fgoto by_value;
		case MAILIN_PARAMETER_HOLDFOR:     fgoto holdfor_value;
		case MAILIN_PARAMETER_HOLDUNTIL:   fgoto date_value;
		case MAILIN_PARAMETER_MT_PRIORITY: fgoto mt_priority_value;
		case MAILIN_PARAMETER_MTRK:        fgoto mtrk_certifier;
		case MAILIN_PARAMETER_SOLICIT:     fgoto solicit_value;
		case MAILIN_PARAMETER_NOTIFY:      fgoto notify_value;
		case MAILIN_PARAMETER_ORCPT:       fgoto orcpt_value;
		case MAILIN_PARAMETER_RRVS:        fgoto date_value;
		default:
			if (*p == '=')
				fgoto unknown_value;
			fhold;
			fgoto parameter_follows;
		}
	}
	action value_ends {
		scan_close(&scan->command->mail.parameter_text, p);
		fhold;
		fgoto parameter_follows;
	}
	action value_s      { scan->value = p; }
	action size_digits  { p = mailin_scan_digits(scan, p, 20); }
	action digits       { p = mailin_scan_digits(scan, p, 9); }
	action digit        { scan->number = *p - '0'; }
	action minus        { scan->negative = true; }

	action size            { scan_size(scan); }
	action body_7bit       { scan->command->mail.body = MAILIN_BODY_7BIT; }
	action body_8bitmime {
		scan->command->mail.body = MAILIN_BODY_8BITMIME;
	}
	action body_binarymime {
		scan->command->mail.body = MAILIN_BODY_BINARYMIME;
	}
	action ret_full        { scan->command->mail.ret = MAILIN_RET_FULL; }
	action ret_hdrs        { scan->command->mail.ret = MAILIN_RET_HDRS; }
	action envid { scan->command->mail.envid = scan_value(scan, p); }
	action auth_mailbox_s  { scan_auth_mailbox_s(scan, p); }
	action auth_mailbox_e  { scan_auth_mailbox_e(scan, p); }
	action by_time { scan->command->mail.by_time = scan_number(scan); }
	action by_return       { scan_by_return(scan, p); }
	action by_trace        { scan->command->mail.by_trace = true; }
	action holdfor {
		scan->command->mail.hold_for = (uint32_t)scan->number;
	}
	action full_date       { mailin_scan_full_date(scan); }
	action mt_priority {
		scan->command->mail.mt_priority = scan_number(scan);
	}
	action base64_ends {
		bool is_mtrk = scan_base64_ends(scan, p);

		fhold;
		if (is_mtrk)
			fgoto mtrk_follows;
		fgoto line_ends;
	}
	action mtrk_timeout {
		scan->command->mail.mtrk_timeout = (uint32_t)scan->number;
	}
	action solicit_octet   { scan_solicit_octet(scan, p); }
	action solicit { scan->command->mail.solicit = scan_value(scan, p); }
	action notify_never {
		scan->command->rcpt.notify |= MAILIN_NOTIFY_NEVER;
	}
	action notify_success {
		scan->command->rcpt.notify |= MAILIN_NOTIFY_SUCCESS;
	}
	action notify_failure {
		scan->command->rcpt.notify |= MAILIN_NOTIFY_FAILURE;
	}
	action notify_delay {
		scan->command->rcpt.notify |= MAILIN_NOTIFY_DELAY;
	}
	action orcpt_follows {
		if (scan_orcpt_type(scan, p))
			fgoto orcpt_utf8_follows;
		fgoto orcpt_follows;
	}
	action orcpt           { scan_orcpt(scan, p); }
	action date            { scan_date(scan, p + 1); }
	action rrvs_action_follows { scan_rrvs_action_follows(scan, p); }
	action rrvs_continue {
		scan->command->rcpt.rrvs_action = MAILIN_RRVS_CONTINUE;
	}
	action rrvs_reject {
		scan->command->rcpt.rrvs_action = MAILIN_RRVS_REJECT;
	}

	# Actions of strict.rl and relaxed.rl.
	action begin {
		fhold;
		switch (entry) {
		case SCAN_VERB:              fgoto verb;
		case SCAN_NAME_FOLLOWS:      fgoto name_follows;
		case SCAN_PATH_FOLLOWS:      fgoto path_follows;
		case SCAN_TEXT_FOLLOWS:      fgoto text_follows;
		case SCAN_QUERY_FOLLOWS:     fgoto query_follows;
		case SCAN_CHUNK_FOLLOWS:     fgoto chunk_follows;
		case SCAN_MECHANISM_FOLLOWS: fgoto mechanism_follows;
		case SCAN_QUIT_FOLLOWS:      fgoto quit_follows;
		case SCAN_LINE_ENDS:         fgoto line_ends;
		case SCAN_PARAMETERS_FOLLOW:
			scan->special = scan_path(scan)->utf8;
			fgoto parameter_follows;
		case SCAN_PATH:              fgoto path_alone;
		case SCAN_MAILBOX:           fgoto mailbox_alone;
		}
	}
	action path_mailbox    { scan_mailbox(scan); }
	action path_postmaster { scan_postmaster(scan, p); }
	action path_unqualified { scan_unqualified(scan); }
	action path_null       { scan_null(scan, p); }
	action name_other {
		scan->command->helo.domain_kind = MAILIN_DOMAIN_OTHER;
	}
	action accepted        { accepted = true; fbreak; }
}%%
