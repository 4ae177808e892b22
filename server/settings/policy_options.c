/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "settings/array.h"
#include "settings/policy_options.h"
#include "settings/take.h"

bool
take_listen(struct policy *policy, const struct given *given)
{
	return take_endpoint(policy, given, false);
}

bool
take_listen_tls(struct policy *policy, const struct given *given)
{
	return take_endpoint(policy, given, true);
}

bool
take_hostname(struct policy *policy, const struct given *given)
{
	mailin_config_free(policy->config);
	policy->config = mailin_config_new(given->value);
	return policy->config != NULL ||
	    given_wrong(given, "a domain name or an address literal");
}

bool
take_proxy_from(struct policy *policy, const struct given *given)
{
	return take_network(given, &policy->proxy_from,
	    &policy->trust.proxy_from_count);
}

bool
take_xclient_from(struct policy *policy, const struct given *given)
{
	return take_network(given, &policy->xclient_from,
	    &policy->trust.xclient_from_count);
}

bool
take_tls_certificate(struct policy *policy, const struct given *given)
{
	size_t count = policy->certificate_count;
	struct mailin_tls_files *files = array_grow(policy->certificates, count,
	    sizeof *files);

	if (files == NULL)
		return false;
	policy->certificates = files;
	policy->certificate_count++;
	/* --tls-key may come before the first certificate. */
	files[count].key = count == 0 ? policy->tls_key : NULL;
	return take_text(given, "a file", &files[count].certificate);
}

bool
take_tls_key(struct policy *policy, const struct given *given)
{
	size_t count = policy->certificate_count;
	const char **key = count == 0 ? &policy->tls_key :
					&policy->certificates[count - 1].key;

	return *key == NULL ?
	    take_text(given, "a file", key) :
	    given_wrong(given, "one key for each --tls-certificate, after it");
}

bool
take_tls_self_signed(struct policy *policy, const struct given *given)
{
	return take_switch(given, &policy->tls_self_signed);
}

bool
take_tls_client_ca(struct policy *policy, const struct given *given)
{
	return take_text(given, "a file", &policy->tls_client_ca);
}

bool
take_passwd(struct policy *policy, const struct given *given)
{
	return take_text(given, "a file", &policy->passwd);
}

bool
take_recipients(struct policy *policy, const struct given *given)
{
	return take_text(given, "a file", &policy->recipients);
}

bool
take_ignore_case(struct policy *policy, const struct given *given)
{
	return take_switch(given, &policy->ignore_case);
}
