/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_TLS_CONTEXT_H
#define MAILIN_SERVER_TLS_CONTEXT_H

#include <openssl/ssl.h>

#include "io/tls.h"

/* For tls.c and tls_context.c only. */
struct tls_context {
	SSL_CTX *ssl;
};

#endif
