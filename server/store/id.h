/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_ID_H
#define MAILIN_SERVER_ID_H

#include <stdbool.h>

#define ID_SIZE 96

/*
 * Write a new id for a message, which has only octets of [A-Za-z0-9._].  The id
 * is made of the time, the process, a count and a random number.  So it is
 * unique among all hosts that share a Maildir, even if a clock is set back or a
 * process number is used again.
 *
 * Returns false, with errno, if there is no random number.
 */
bool id_make(char id[ID_SIZE]);

#endif
