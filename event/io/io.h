/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_IO_H
#define MAILIN_EVENT_IO_H

/* The result of an attempt to read or write on a socket that does not block. */
enum io {
	IO_DONE,
	IO_WAIT_READ,  /* try again when the socket can be read */
	IO_WAIT_WRITE, /* try again when it can be written to */
	IO_GONE        /* failed for good: drop the connection */
};

#endif
