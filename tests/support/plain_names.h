/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* libplain.la is a copy of the tokenizer, compiled with SCAN_PLAIN.  This
 * header renames its functions, so that one program can link both.  It is
 * included before all other headers. */
#define mailin_command_parse      plain_command_parse
#define mailin_command_parse_as   plain_command_parse_as
#define mailin_local_part_quote   plain_local_part_quote
#define mailin_local_part_unquote plain_local_part_unquote
#define mailin_mailbox_parse      plain_mailbox_parse
#define mailin_path_local_equal   plain_path_local_equal
#define mailin_path_parse         plain_path_parse
#define mailin_scan_character     plain_scan_character
#define mailin_scan_chunk_size    plain_scan_chunk_size
#define mailin_scan_command       plain_scan_command
#define mailin_scan_date_time     plain_scan_date_time
#define mailin_scan_digits        plain_scan_digits
#define mailin_scan_end           plain_scan_end
#define mailin_scan_full_date     plain_scan_full_date
#define mailin_scan_is_postmaster plain_scan_is_postmaster
#define mailin_scan_keyword       plain_scan_keyword
#define mailin_scan_length        plain_scan_length
#define mailin_scan_limit_path    plain_scan_limit_path
#define mailin_scan_line          plain_scan_line
#define mailin_scan_literal       plain_scan_literal
#define mailin_scan_refuse        plain_scan_refuse
#define mailin_scan_relaxed       plain_scan_relaxed
#define mailin_scan_smtputf8_need plain_scan_smtputf8_need
#define mailin_scan_strict        plain_scan_strict
#define mailin_scan_verb          plain_scan_verb
