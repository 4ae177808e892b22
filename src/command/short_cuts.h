/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SHORT_CUTS_H
#define MAILIN_SRC_SHORT_CUTS_H

/*
 * The switch for all short cuts before the machines.  command/fast/fast.h lists
 * them.  With SCAN_PLAIN, or without the next #include, the machines read every
 * octet: the functions below stand in for the short cuts, and read nothing.
 */
#ifndef SCAN_PLAIN
#include "command/fast/fast.h"
#endif

#ifndef MAILIN_SRC_FAST_H
#include <mailin/command.h>

struct mailin_scan;

#define SCAN_SHORT_CUTS  false
#define mailin_fast_line mailin_scan_command

static inline const unsigned char *
mailin_fast_parameters(struct mailin_command *command, const unsigned char *p,
    const unsigned char *end)
{
	(void)command;
	(void)end;
	return p;
}

static inline const unsigned char *
fast_run_of(int class, const unsigned char *p)
{
	(void)class;
	return p;
}

static inline const unsigned char *
fast_run_of_base64(const unsigned char *p)
{
	return p;
}

static inline const unsigned char *
mailin_fast_run_of_atoms(const unsigned char *p)
{
	return p;
}

static inline const unsigned char *
mailin_fast_run_of_domain(const unsigned char *p)
{
	return p;
}
#endif

#endif
