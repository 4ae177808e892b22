/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "confine/sandbox.h"
#include "log/log.h"
#include "metrics/http.h"
#include "metrics/http_address.h"
#include "settings/process_options.h"
#include "settings/take.h"

bool
take_stdio(struct options *options, const struct given *given)
{
	return take_switch(given, &options->stdio);
}

bool
take_max_connections(struct options *options, const struct given *given)
{
	return take_number(given, 1, 1000000, &options->max_connections);
}

bool
take_grace(struct options *options, const struct given *given)
{
	return take_number(given, 0, 86400, &options->grace);
}

bool
take_threads(struct options *options, const struct given *given)
{
	return take_number(given, 1, 1024, &options->threads);
}

bool
take_log(struct options *options, const struct given *given)
{
	static const char *const names[] = { "stdout", "journald", "syslog" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(given->value, names[i]) == 0) {
			options->log = (enum log_destination)i;
			return true;
		}
	return given_wrong(given, "one of stdout, journald, syslog");
}

bool
take_metrics(struct options *options, const struct given *given)
{
	struct sockaddr_storage address;

	if (!http_exists()) {
		log_error("this server has no metrics: it was built without "
			  "libevent_extra");
		return false;
	}
	options->metrics = given->value;
	return http_address_parse(given->value, &address) > 0 ||
	    given_wrong(given,
		"an address such as 127.0.0.1:9125 or [::1]:9125, or a port of "
		"127.0.0.1");
}

bool
take_user(struct options *options, const struct given *given)
{
	const char *fault = user_find(&options->user, given->value);

	if (fault != NULL)
		log_error("%s%s %s: %s", given->where, given->name,
		    given->value, fault);
	return fault == NULL;
}

bool
take_sandbox(struct options *options, const struct given *given)
{
	options->sandbox = strcmp(given->value, "on") == 0;
	if (!options->sandbox && strcmp(given->value, "off") != 0)
		return given_wrong(given, "one of on, off");
	if (!options->sandbox || sandbox_exists())
		return true;
	log_error("this server has no sandbox: it was built without "
		  "libseccomp");
	return false;
}

bool
take_trace(struct options *options, const struct given *given)
{
	return take_switch(given, &options->trace);
}

bool
take_hash_password(struct options *options, const struct given *given)
{
	(void)given;
	options->mode = MODE_HASH;
	return true;
}

bool
take_hash_scram(struct options *options, const struct given *given)
{
	(void)given;
	options->mode = MODE_SCRAM;
	return true;
}

bool
take_config(struct options *options, const struct given *given)
{
	return take_text(given, "a file", &options->config);
}

bool
take_check_config(struct options *options, const struct given *given)
{
	(void)given;
	options->mode = MODE_CHECK;
	return true;
}

bool
take_help(struct options *options, const struct given *given)
{
	(void)given;
	options->mode = MODE_HELP;
	return true;
}

bool
take_version(struct options *options, const struct given *given)
{
	(void)given;
	options->mode = MODE_VERSION;
	return true;
}
