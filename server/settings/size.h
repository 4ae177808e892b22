/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SIZE_H
#define MAILIN_SERVER_SIZE_H

#include <mailin/config.h>

/* Returns true if the setting is a number of octets. */
bool is_size(const struct mailin_setting *setting);

/* Read a number that may end in K, M or G, in upper or lower case; each unit is
 * 1024 times the one before.  Returns false, and changes nothing, if the text
 * is no such number or the number does not fit. */
bool size_parse(const char *text, uint64_t *size);

#endif
