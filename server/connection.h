/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_CONNECTION_H
#define MAILIN_SERVER_CONNECTION_H

/*
 * A client: its socket on one side, its session on the other.  A connection
 * makes itself known to its loop, and frees itself at its end.
 */
struct loop;

/* Serve the client behind fd, or tell it that there are too many. */
void connection_open(struct loop *loop, int fd);

/* Let each session of the loop end at its next safe point. */
void connection_shutdown_all(struct loop *loop);

/* End each at once. */
void connection_drop_all(struct loop *loop);

#endif
