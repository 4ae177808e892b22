/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_FAST_H
#define MAILIN_SRC_FAST_H

#include <mailin/command.h>

#include "octet/ascii.h"

/*
 * The short cuts before the machines.
 *
 * The machines of grammar/ read every command line, alone and correctly.  This
 * folder reads the usual lines, and the usual pieces of other lines, with fewer
 * instructions.  It knows nothing that the machines do not know: what it does
 * not read to the end, it leaves to them.
 *
 *	kind        files             a line                      with  without
 *	verbs       line.c            QUIT                          42      203
 *	                              BDAT 86 LAST                  72      279
 *	looks       marks.h look.h    EHLO mail.example.org        128      234
 *	            look.c words.h    MAIL FROM:<user@example.org> 207      360
 *	            helo.c path.c     RCPT TO: and 64 octets       401      661
 *	parameters  parameter.c       SIZE=1000 BODY=8BITMIME      395      985
 *	                              NOTIFY= and ORCPT=           470     1352
 *	runs        fast.h run.c      AUTH PLAIN and 40 octets     362      733
 *	checks      SCAN_SHORT_CUTS   AUTH PLAIN and 40 octets     362      438
 *
 * The figures are instructions, counted by callgrind (gcc 12, x86-64, -O2),
 * with all short cuts and without that kind.  The keyword of a parameter has no
 * short cut: one made no difference in the corpora of bench/.
 *
 * verbs: four octets are compared as one number, and the machine begins after
 * the verb (enum mailin_scan_entry).  looks: vectors find the end of a name or
 * path without a loop; if a look ends early, the machine goes on from there
 * (scan_open_rest() in scan.h).  parameters: the values that large senders use,
 * up to the first parameter that the machine has to read.
 * runs: while the machine stays in one state, a loop reads the octets.  checks:
 * after the machine, a line in which nothing is special is not checked again.
 *
 * To switch all of them off, compile with -DSCAN_PLAIN.  To remove them, delete
 * this folder, the line of command/short_cuts.h that includes this file, and
 * the lines of Makefile.am that name the folder.
 *
 * tests/unit/test_short_cuts.c compares the two forms of the tokenizer on
 * millions of lines.  tests/tree/short_cuts.sh removes the short cuts, and runs
 * the tests without them.  bench/each.sh finds lines that a short cut makes
 * slower.
 */

#define SCAN_SHORT_CUTS true

/*
 * Parse a line that ends with LF and has 6 octets or more.  Returns its length,
 * or 0 if it does not end with CR LF.  As mailin_scan_command().
 */
size_t mailin_fast_line(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);

/* The lines of one verb, which has been read. */
size_t mailin_fast_helo(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);
size_t mailin_fast_mail(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);
size_t mailin_fast_rcpt(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);

/* Read parameters from p on, each after one blank.  Returns the octet after the
 * last of them, or p. */
const unsigned char *mailin_fast_parameters(struct mailin_command *command,
    const unsigned char *p, const unsigned char *end);

/*
 * Runs.  The machine has read the octet at p, and is in a state that some
 * octets lead back to.  Each function returns the last octet of the run of such
 * octets after p, or p.  LF is in no run.
 */

static inline const unsigned char *
fast_run_of(int class, const unsigned char *p)
{
	while (ascii_is(p[1], class))
		p++;
	return p;
}

/* RFC 4648 4: groups of four octets without padding. */
static inline const unsigned char *
fast_run_of_base64(const unsigned char *p)
{
	while (ascii_is(p[1], ASCII_BASE64) && ascii_is(p[2], ASCII_BASE64) &&
	    ascii_is(p[3], ASCII_BASE64) && ascii_is(p[4], ASCII_BASE64))
		p += 4;
	return p;
}

/* RFC 5321 4.1.2: octets that continue a Dot-string or a Domain. */
const unsigned char *mailin_fast_run_of_atoms(const unsigned char *p);
const unsigned char *mailin_fast_run_of_domain(const unsigned char *p);

#endif
