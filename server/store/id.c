/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "store/id.h"

bool
id_make(char id[ID_SIZE])
{
	static atomic_ulong count;
	struct timespec now;
	uint64_t random = 0;

	if (getentropy(&random, sizeof random) != 0)
		return false;
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(id, ID_SIZE, "%lld.M%06ldP%ld_%luR%016llx",
	    (long long)now.tv_sec, now.tv_nsec / 1000, (long)getpid(),
	    atomic_fetch_add(&count, 1), (unsigned long long)random);
	return true;
}
