/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Each file of a test of SCRAM includes this header first.  The test then
 * decides which call has no memory. */
#include <config.h>

#include <gsasl.h>

int scarce_set(Gsasl_session *session, Gsasl_property property,
    const char *text);
int scarce_set_raw(Gsasl_session *session, Gsasl_property property,
    const char *text, size_t len);
int scarce_secrets(Gsasl_hash hash, const char *password, unsigned iterations,
    const char *salt, size_t salt_len, char *salted, char *client, char *server,
    char *stored);

#define gsasl_property_set                scarce_set
#define gsasl_property_set_raw            scarce_set_raw
#define gsasl_scram_secrets_from_password scarce_secrets
