/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_TLS_CONTEXT_H
#define MAILIN_EVENT_TLS_CONTEXT_H

#include <openssl/ssl.h>
#include <stdatomic.h>

#include "io/tls.h"

/* For tls.c and tls_context.c only. */
struct mailin_tls_context {
	atomic_uint holders;
	SSL_CTX *ssl;
};

#endif
