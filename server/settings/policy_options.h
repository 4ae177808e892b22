/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_POLICY_OPTIONS_H
#define MAILIN_SERVER_POLICY_OPTIONS_H

#include "settings/policy.h"

/* Functions that take the options on how a listener serves its clients
 * (option_table.h). */

bool take_listen(struct policy *policy, const struct given *given);
bool take_listen_tls(struct policy *policy, const struct given *given);
bool take_hostname(struct policy *policy, const struct given *given);
bool take_proxy_from(struct policy *policy, const struct given *given);
bool take_xclient_from(struct policy *policy, const struct given *given);
bool take_tls_certificate(struct policy *policy, const struct given *given);
bool take_tls_key(struct policy *policy, const struct given *given);
bool take_tls_self_signed(struct policy *policy, const struct given *given);
bool take_tls_client_ca(struct policy *policy, const struct given *given);
bool take_passwd(struct policy *policy, const struct given *given);
bool take_recipients(struct policy *policy, const struct given *given);
bool take_ignore_case(struct policy *policy, const struct given *given);

#endif
