/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log/log.h"
#include "settings/help.h"
#include "settings/mechanisms.h"
#include "settings/option_table.h"
#include "settings/report.h"
#include "settings/session_config.h"
#include "settings/size.h"

/* Returns a config with the name of this machine. */
static struct mailin_config *
config_of_machine(void)
{
	char own[256] = "";
	struct mailin_config *config;

	(void)gethostname(own, sizeof own - 1);
	config = mailin_config_new(own);
	if (config == NULL)
		config = mailin_config_new("localhost");
	if (config == NULL)
		log_error("no memory");
	return config;
}

/* Returns true if clients may come through a proxy, which may handle TLS for
 * them and tell the server so. */
static bool
is_proxied(const struct policy *policy)
{
	return policy->trust.proxy_from_count > 0;
}

/* Set the defaults of this server, which differ from those of the library. */
static void
set_defaults(const struct policy *policy)
{
	struct mailin_config *config = policy->config;

	mailin_config_set_policy(config, MAILIN_POLICY_SYNTAX,
	    MAILIN_SYNTAX_RELAXED);
	mailin_config_set_extension(config, MAILIN_EXTENSION_SMTPUTF8, true);
	/* A piped script sends commands without waiting for replies. */
	if (policy->stdio)
		mailin_config_set_policy(config, MAILIN_POLICY_PIPELINING,
		    MAILIN_PIPELINING_ALLOW);
	if (policy_has_tls(policy))
		mailin_config_set_extension(config, MAILIN_EXTENSION_STARTTLS,
		    true);
	if (policy->passwd == NULL)
		return;
	mailin_config_set_mechanism(config, MAILIN_MECHANISM_PLAIN, true);
	mailin_config_set_mechanism(config, MAILIN_MECHANISM_LOGIN, true);
	/* A proxy verifies certificates by authorities of its own.  The
	 * operator must say whether to trust them, so EXTERNAL is off by
	 * default. */
	if (policy->tls_client_ca != NULL && !is_proxied(policy))
		mailin_config_set_mechanism(config, MAILIN_MECHANISM_EXTERNAL,
		    true);
}

/* Apply one setting.  Returns false, with the reason on stderr, if its value is
 * wrong. */
static bool
apply(struct mailin_config *config, const struct given *given)
{
	struct mailin_setting setting;
	const char *value = given->value;
	char number[24];
	uint64_t size;
	size_t index;

	(void)setting_find(given->name, &index, &setting);
	if (is_size(&setting) && size_parse(value, &size)) {
		snprintf(number, sizeof number, "%" PRIu64, size);
		value = number;
	}
	return mailin_config_set(config, setting.name, value) == MAILIN_OK ||
	    help_wrong(given);
}

/* Apply all given settings of the library. */
static bool
apply_all(struct mailin_config *config, const struct givens *givens)
{
	size_t i;

	for (i = 0; i < givens->count; i++)
		if (option_find(givens->items[i].name) == NULL &&
		    strcmp(givens->items[i].name, "mechanisms") != 0 &&
		    !apply(config, &givens->items[i]))
			return false;
	return true;
}

static bool
listens_for_tls(const struct policy *policy)
{
	size_t i;

	for (i = 0; i < policy->listen_count; i++)
		if (policy->listen[i].tls)
			return true;
	return false;
}

/* Extensions that this server cannot offer, and why. */
static const struct {
	enum mailin_extension extension;
	const char *reason;
} impossible[] = {
	{ MAILIN_EXTENSION_BURL,
	    "--extensions BURL: this server cannot fetch messages" },
	{ MAILIN_EXTENSION_XCLIENT,
	    "--extensions XCLIENT: use --xclient-from" },
	{ MAILIN_EXTENSION_XFORWARD,
	    "--extensions XFORWARD: use --xclient-from" },
};

/* Returns true if there is an option that needs OpenSSL. */
static bool
names_tls(const struct policy *policy)
{
	return policy_has_tls(policy) || listens_for_tls(policy) ||
	    policy->tls_key != NULL || policy->tls_client_ca != NULL;
}

/* Check the options for TLS.  Returns false, with the reason on stderr, if TLS
 * is asked for without a certificate, or if neither STARTTLS nor a listener
 * that begins with TLS uses it. */
static bool
tls_possible(const struct policy *policy)
{
	const struct mailin_config *config = policy->config;
	bool certified = policy_has_tls(policy);
	bool starts = mailin_config_extension(config,
	    MAILIN_EXTENSION_STARTTLS);
	bool listens = listens_for_tls(policy);
	const char *fault = NULL;

	if (!HAVE_OPENSSL && names_tls(policy))
		fault = "this server has no TLS: it was built without OpenSSL";
	else if (policy->tls_self_signed && policy->certificate_count > 0)
		fault = "--tls-self-signed replaces no --tls-certificate: "
			"leave out one of them";
	else if (certified && policy->stdio)
		fault = "--stdio has no TLS: leave out --tls-certificate and "
			"--tls-self-signed";
	else if (certified && !starts && !listens)
		fault = "--tls-certificate needs STARTTLS in --extensions, or "
			"--listen-tls";
	else if (!certified && listens)
		fault = "--listen-tls needs --tls-certificate or "
			"--tls-self-signed";
	else if (!certified && policy->tls_client_ca != NULL)
		fault = "--tls-client-ca needs --tls-certificate";
	else if (!certified && starts)
		fault = "--extensions STARTTLS needs --tls-certificate or "
			"--tls-self-signed";
	else if (!certified && !is_proxied(policy) &&
	    mailin_config_policy(config, MAILIN_POLICY_TLS) ==
		MAILIN_TLS_REQUIRED)
		fault = "--tls required needs --tls-certificate or "
			"--tls-self-signed; or --proxy-from, if a proxy does "
			"TLS";
	return fault == NULL || policy_wrong(policy, fault);
}

static bool
extensions_possible(const struct policy *policy)
{
	size_t i;

	for (i = 0; i < sizeof impossible / sizeof impossible[0]; i++)
		if (mailin_config_extension(policy->config,
			impossible[i].extension))
			return policy_wrong(policy, impossible[i].reason);
	return true;
}

/* Returns true if a mechanism is on that needs a bearer token. */
static bool
wants_tokens(const struct mailin_config *config)
{
	return mailin_config_mechanism(config, MAILIN_MECHANISM_XOAUTH2) ||
	    mailin_config_mechanism(config, MAILIN_MECHANISM_OAUTHBEARER);
}

/* Returns true if a mechanism of the library is on. */
static bool
has_mechanism(const struct mailin_config *config)
{
	int i = 0;

	while (i < MAILIN_MECHANISM_COUNT &&
	    !mailin_config_mechanism(config, (enum mailin_mechanism)i))
		i++;
	return i < MAILIN_MECHANISM_COUNT;
}

/* Returns what is wrong with the options for EXTERNAL, or NULL.  With EXTERNAL
 * the name of the user comes from a certificate, which the server or a proxy
 * has verified. */
static const char *
external_fault(const struct policy *policy)
{
	bool offered = mailin_config_mechanism(policy->config,
	    MAILIN_MECHANISM_EXTERNAL);

	if (policy->tls_client_ca == NULL)
		return offered && !is_proxied(policy) ?
		    "--mechanisms EXTERNAL needs --tls-client-ca, or "
		    "--proxy-from if a proxy verifies certificates" :
		    NULL;
	if (policy->passwd == NULL)
		return "--tls-client-ca needs --passwd";
	return offered ? NULL :
			 "--tls-client-ca needs EXTERNAL in --mechanisms";
}

/* Check the options for AUTH.  Returns false, with the reason on stderr, if
 * they ask for a login that the server cannot verify, or if no client could log
 * in. */
static bool
auth_possible(const struct policy *policy)
{
	const struct mailin_config *config = policy->config;
	int auth = mailin_config_policy(config, MAILIN_POLICY_AUTH);
	int tls = mailin_config_policy(config, MAILIN_POLICY_TLS);
	const char *fault = mechanisms_fault(policy);

	if (fault != NULL)
		return policy_wrong(policy, fault);
	if (wants_tokens(config))
		fault = "--mechanisms: this server has neither XOAUTH2 nor "
			"OAUTHBEARER";
	else if (policy->passwd == NULL && has_mechanism(config))
		fault = "--mechanisms needs --passwd";
	else if (policy->passwd == NULL && auth == MAILIN_AUTH_REQUIRED)
		fault = "--auth required needs --passwd";
	else if (policy->passwd != NULL && tls != MAILIN_TLS_OPTIONAL &&
	    !policy_has_tls(policy) && !is_proxied(policy))
		fault =
		    "--passwd needs --tls-certificate or --tls-self-signed; "
		    "or --proxy-from, if a proxy does TLS; or --tls optional, "
		    "which lets clients send passwords in clear";
	else
		fault = external_fault(policy);
	return fault == NULL || policy_wrong(policy, fault);
}

bool
session_config_set(struct policy *policy)
{
	if (policy->config == NULL)
		policy->config = config_of_machine();
	if (policy->config == NULL)
		return false;
	set_defaults(policy);
	return apply_all(policy->config, &policy->givens) &&
	    mechanisms_set(policy);
}

bool
session_config_check(const struct policy *policy)
{
	return extensions_possible(policy) && tls_possible(policy) &&
	    auth_possible(policy);
}
