/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Each file of a test of the metrics' HTTP server includes this header first.
 * The test then decides which call of libevent has no memory. */
#include <config.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>

struct bufferevent *scarce_bufferevent(struct event_base *base,
    evutil_socket_t fd, int options);
struct evbuffer_cb_entry *scarce_callback(struct evbuffer *buffer,
    evbuffer_cb_func function, void *argument);

#define bufferevent_socket_new scarce_bufferevent
#define evbuffer_add_cb        scarce_callback
