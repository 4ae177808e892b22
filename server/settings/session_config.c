/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <unistd.h>

#include "settings/help.h"
#include "log/log.h"
#include "settings/session_config.h"

/* Set the defaults of this server, which differ from those of the library. */
static void
set_defaults(const struct options *options)
{
	struct mailin_config *config = options->config;

	mailin_config_set_policy(config, MAILIN_POLICY_SYNTAX,
	    MAILIN_SYNTAX_RELAXED);
	mailin_config_set_extension(config, MAILIN_EXTENSION_SMTPUTF8, true);
	/* A piped script does not wait for replies. */
	if (options->stdio)
		mailin_config_set_policy(config, MAILIN_POLICY_PIPELINING,
		    MAILIN_PIPELINING_ALLOW);
	if (options->tls_certificate != NULL)
		mailin_config_set_extension(config, MAILIN_EXTENSION_STARTTLS,
		    true);
	if (options->passwd == NULL)
		return;
	mailin_config_set_mechanism(config, MAILIN_MECHANISM_PLAIN, true);
	mailin_config_set_mechanism(config, MAILIN_MECHANISM_LOGIN, true);
}

bool
session_config_new(struct options *options, const char *hostname)
{
	char own[256] = "";

	if (hostname != NULL) {
		options->config = mailin_config_new(hostname);
		if (options->config == NULL)
			log_error("--hostname takes a domain name or an "
				  "address literal, not '%s'",
			    hostname);
	} else {
		(void)gethostname(own, sizeof own - 1);
		options->config = mailin_config_new(own);
		if (options->config == NULL)
			options->config = mailin_config_new("localhost");
		if (options->config == NULL)
			log_error("no memory");
	}
	if (options->config == NULL)
		return false;
	set_defaults(options);
	return true;
}

static bool
apply(struct mailin_config *config, const struct given_settings *given)
{
	size_t i;

	for (i = 0; i < given->count; i++) {
		enum mailin_error error = mailin_config_set(config,
		    given->names[i], given->values[i]);

		if (error == MAILIN_OK)
			continue;
		fprintf(stderr, "mailin-server: --%s takes ", given->names[i]);
		help_values(stderr, given->names[i]);
		fprintf(stderr, ", not '%s'\n", given->values[i]);
		return false;
	}
	return true;
}

static bool
listens_for_tls(const struct options *options)
{
	size_t i;

	for (i = 0; i < options->listen_count; i++)
		if (options->listen[i].tls)
			return true;
	return false;
}

/* Extensions that this server cannot offer, and why. */
static const struct {
	enum mailin_extension extension;
	const char *reason;
} impossible[] = {
	{ MAILIN_EXTENSION_BURL, "BURL: this server cannot fetch messages" },
	{ MAILIN_EXTENSION_XCLIENT, "XCLIENT: use --xclient-from" },
	{ MAILIN_EXTENSION_XFORWARD, "XFORWARD: use --xclient-from" },
};

/* Returns true if clients may come through a proxy, which may do TLS for them
 * and tell the server so. */
static bool
is_proxied(const struct options *options)
{
	return options->trust.proxy_from_count > 0;
}

/* Check the options for TLS: it needs a certificate, and a place where a client
 * can start it. */
static bool
tls_possible(const struct options *options)
{
	const struct mailin_config *config = options->config;
	bool certified = options->tls_certificate != NULL;
	bool starts = mailin_config_extension(config,
	    MAILIN_EXTENSION_STARTTLS);
	bool listens = listens_for_tls(options);
	const char *fault = NULL;

	if (!HAVE_OPENSSL && (certified || listens || options->tls_key != NULL))
		fault = "this server has no TLS: it was built without OpenSSL";
	else if (certified && options->stdio)
		fault = "--stdio has no TLS: leave out --tls-certificate";
	else if (certified && !starts && !listens)
		fault = "--tls-certificate needs STARTTLS in --extensions, or "
			"--listen-tls";
	else if (!certified && listens)
		fault = "--listen-tls needs --tls-certificate";
	else if (!certified && options->tls_key != NULL)
		fault = "--tls-key needs --tls-certificate";
	else if (!certified && starts)
		fault = "--extensions STARTTLS needs --tls-certificate";
	else if (!certified && !is_proxied(options) &&
	    mailin_config_policy(config, MAILIN_POLICY_TLS) ==
		MAILIN_TLS_REQUIRED)
		fault = "--tls required needs --tls-certificate, or "
			"--proxy-from if a proxy does TLS";
	if (fault != NULL)
		log_error("%s", fault);
	return fault == NULL;
}

static bool
extensions_possible(const struct mailin_config *config)
{
	size_t i;

	for (i = 0; i < sizeof impossible / sizeof impossible[0]; i++)
		if (mailin_config_extension(config, impossible[i].extension)) {
			log_error("--extensions %s", impossible[i].reason);
			return false;
		}
	return true;
}

/* Returns the highest mechanism that is on, -1 if none is. */
static int
last_mechanism(const struct mailin_config *config)
{
	int i = MAILIN_MECHANISM_COUNT - 1;

	while (i >= 0 &&
	    !mailin_config_mechanism(config, (enum mailin_mechanism)i))
		i--;
	return i;
}

/* Check the options for AUTH: the server can verify passwords only. */
static bool
auth_possible(const struct options *options)
{
	const struct mailin_config *config = options->config;
	int policy = mailin_config_policy(config, MAILIN_POLICY_AUTH);
	int tls = mailin_config_policy(config, MAILIN_POLICY_TLS);
	int mechanism = last_mechanism(config);
	const char *fault = NULL;

	if (mechanism > MAILIN_MECHANISM_LOGIN)
		fault = "--mechanisms: this server has only PLAIN and LOGIN";
	else if (options->passwd == NULL && mechanism >= 0)
		fault = "--mechanisms needs --passwd";
	else if (options->passwd == NULL && policy == MAILIN_AUTH_REQUIRED)
		fault = "--auth required needs --passwd";
	else if (options->passwd != NULL && tls != MAILIN_TLS_OPTIONAL &&
	    options->tls_certificate == NULL && !is_proxied(options))
		fault =
		    "--passwd needs --tls-certificate; or --proxy-from, if a "
		    "proxy does TLS; or --tls optional, which lets clients "
		    "send passwords in clear";
	if (fault != NULL)
		log_error("%s", fault);
	return fault == NULL;
}

bool
session_config_set(struct options *options, const struct given_settings *given)
{
	return apply(options->config, given) &&
	    extensions_possible(options->config) && tls_possible(options) &&
	    auth_possible(options);
}
