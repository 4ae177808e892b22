/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_WIPE_H
#define MAILIN_SERVER_WIPE_H

#include <stddef.h>

/* Overwrite a secret.  No compiler leaves this out. */
void wipe(void *octets, size_t len);

#endif
