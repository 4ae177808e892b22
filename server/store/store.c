/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <string.h>

#include "log/log.h"
#include "store/store.h"

static struct store *
open_discard(const struct store_options *options)
{
	static struct store discard = { &discard_store };

	(void)options;
	return &discard;
}

static void
close_discard(struct store *store)
{
	(void)store;
}

/* The store of --discard. */
const struct store_kind discard_store = {
	.open = open_discard,
	.close = close_discard,
};

enum mailin_reply
store_reply(int error)
{
	switch (error) {
	case 0:
		return MAILIN_REPLY_OK;
	case ENOSPC:
	case EDQUOT:
		return MAILIN_REPLY_OUT_OF_SPACE;
	case ENOMEM:
		return MAILIN_REPLY_OUT_OF_MEMORY;
	default:
		return MAILIN_REPLY_INTERNAL_ERROR;
	}
}

enum mailin_reply
store_report(int error)
{
	if (error != 0)
		log_error("cannot store a message: %s", strerror(error));
	return store_reply(error);
}
