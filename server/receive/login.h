/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LOGIN_H
#define MAILIN_SERVER_LOGIN_H

#include <mailin/handler.h>

/* Callbacks of the handler that decide who may log in; user is a struct
 * receiver. */
enum mailin_reply login_auth(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user);
enum mailin_reply login_sasl(struct mailin_session *session,
    const struct mailin_sasl *step, void *user);

#endif
