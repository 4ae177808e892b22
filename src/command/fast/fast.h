/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_FAST_H
#define MAILIN_SRC_FAST_H

#include <mailin/command.h>

#include "octet/ascii.h"

/*
 * The short cuts that run before the state machines.
 *
 * The machines of grammar/ can read every command line without help.  This
 * folder reads the usual lines, and the usual parts of other lines, with fewer
 * instructions.  It accepts nothing that the machines refuse, and leaves
 * everything that it cannot read to them.
 *
 * There are five kinds of short cuts:
 *
 * verbs: compare four octets as one number, and start the machine after the
 *	verb (enum mailin_scan_entry).
 * looks: find the end of a name or path with vectors, without a loop.  If that
 *	fails, the machine goes on after the octets that were read
 *	(scan_open_rest() in scan.h).
 * parameters: read the values that large senders use, up to the first parameter
 *	that only the machine can read.
 * runs: while the machine stays in one state, a loop reads the octets.
 * checks: skip the checks after the machine, unless an octet of the line needs
 *	them.
 *
 * This table shows what each kind saves.  For an example of a line, the column
 * "all" has the number of instructions with all short cuts, and the column
 * "without" has the number if only the short cuts of this kind are switched
 * off.  callgrind has counted them (gcc 12, x86-64, -O2).
 *
 *	kind        files             example of a line            all  without
 *	verbs       line.c            QUIT                          42      203
 *	                              BDAT 86 LAST                  72      279
 *	looks       marks.h look.h    EHLO mail.example.org        145      235
 *	            helo.c path.c     MAIL FROM:<user@example.org> 206      361
 *	                              RCPT TO: and 64 octets       401      661
 *	parameters  parameter.c       SIZE=1000 BODY=8BITMIME      395      985
 *	                              NOTIFY= and ORCPT=           470     1352
 *	runs        fast.h run.c      AUTH PLAIN and 40 octets     362      733
 *	checks      SCAN_SHORT_CUTS   AUTH PLAIN and 40 octets     362      438
 *
 * To switch all of them off, compile with -DSCAN_PLAIN.  To remove them,
 * delete this folder, the line of command/short_cuts.h that includes this
 * file, and the lines of Makefile.am that name the folder.  Also delete what
 * checks only this folder: bench/each.sh, tests/unit/test_marks.c, and in
 * proof/ what names the folder (bits.c, bits.py, runs.py, planted.py,
 * assurance.py).  Then delete the lines that name any of these files; "git
 * grep" finds them.
 *
 * tests/unit/test_short_cuts.c compares the tokenizer with and without short
 * cuts, on millions of lines.  tests/tree/short_cuts.sh removes the short cuts,
 * and runs the tests without them.  bench/each.sh finds lines that a short cut
 * makes slower.
 */

#define SCAN_SHORT_CUTS true

/* Like mailin_scan_command(), for a line that has 6 octets or more and ends
 * with LF.  Returns its length, or 0 if it does not end with CR LF. */
size_t mailin_fast_line(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);

/* Parse the rest of a line whose verb has been read. */
size_t mailin_fast_helo(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);
size_t mailin_fast_mail(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);
size_t mailin_fast_rcpt(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);

/* Read parameters from p on, each after one blank, as far as possible.  Returns
 * the octet after the last parameter that was read, or p. */
const unsigned char *mailin_fast_parameters(struct mailin_command *command,
    const unsigned char *p, const unsigned char *end);

/* A run is a series of octets after p that do not change the state of the state
 * machine.  The machine has read the octet at p.  Each function skips a run,
 * and returns its last octet, or p if the run is empty.  No function skips
 * LF. */

static inline const unsigned char *
fast_run_of(int class, const unsigned char *p)
{
	while (ascii_is(p[1], class))
		p++;
	return p;
}

/* Skips groups of four characters of base64 without padding (RFC 4648 4). */
static inline const unsigned char *
fast_run_of_base64(const unsigned char *p)
{
	while (ascii_is(p[1], ASCII_BASE64) && ascii_is(p[2], ASCII_BASE64) &&
	    ascii_is(p[3], ASCII_BASE64) && ascii_is(p[4], ASCII_BASE64))
		p += 4;
	return p;
}

/* Skip octets that continue a Dot-string, or a Domain (RFC 5321 4.1.2). */
const unsigned char *mailin_fast_run_of_atoms(const unsigned char *p);
const unsigned char *mailin_fast_run_of_domain(const unsigned char *p);

#endif
