/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "log/log.h"
#include "settings/config_file.h"

bool
config_file_read(struct config_file *file, const char *path)
{
	*file = (struct config_file){ .count = 0 };
	log_error("--config %s: this build has no files of settings: it was "
		  "built without inih",
	    path);
	return false;
}

void
config_file_free(struct config_file *file)
{
	(void)file;
}
