/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_RARE_H
#define MAILIN_SRC_RARE_H

/*
 * A function that most steps pass by: it stays a function of its own, so that
 * who calls it need not save registers, or guard a buffer, on its behalf.
 */
#ifdef __GNUC__
#define RARE __attribute__((noinline, cold))
#else
#define RARE
#endif

#endif
