/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SHORT_CUTS_H
#define MAILIN_SRC_SHORT_CUTS_H

/* The only switch for the short cuts that run before the state machines
 * (fast/fast.h).  With SCAN_PLAIN, or without the next #include, the machines
 * read every octet, and fast_nothing() replaces the short cuts. */
#ifndef SCAN_PLAIN
#include "command/fast/fast.h"
#endif

#ifndef MAILIN_SRC_FAST_H
#define SCAN_SHORT_CUTS  false
#define mailin_fast_line mailin_scan_command

static inline const unsigned char *
fast_nothing(const unsigned char *p)
{
	return p;
}

#define fast_run_of(class, p)        fast_nothing(p)
#define fast_run_of_base64(p)        fast_nothing(p)
#define mailin_fast_run_of_atoms(p)  fast_nothing(p)
#define mailin_fast_run_of_domain(p) fast_nothing(p)
#define mailin_fast_parameters(command, p, end) \
	((void)(command), (void)(end), fast_nothing(p))
#endif

#endif
