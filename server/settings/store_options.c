/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "log/log.h"
#include "relay/place.h"
#include "settings/array.h"
#include "settings/store_options.h"
#include "settings/take.h"
#include "store/template.h"

bool
take_maildir(struct options *options, const struct given *given)
{
	const char *fault;

	if (!take_text(given, "a directory", &options->maildir))
		return false;
	fault = template_is(given->value) ? template_fault(given->value) : NULL;
	return fault == NULL || given_wrong(given, "a directory; %s", fault);
}

bool
take_maildir_newline(struct options *options, const struct given *given)
{
	options->maildir_crlf = strcmp(given->value, "crlf") == 0;
	return options->maildir_crlf || strcmp(given->value, "lf") == 0 ||
	    given_wrong(given, "one of lf, crlf");
}

bool
take_workers(struct options *options, const struct given *given)
{
	return take_number(given, 1, 1024, &options->workers);
}

bool
take_discard(struct options *options, const struct given *given)
{
	return take_switch(given, &options->discard);
}

static bool
add_back_end(struct options *options, const struct given *given)
{
	struct back_end_options *back_ends = &options->back_ends;
	const char **names = array_grow(back_ends->names, back_ends->count,
	    sizeof *names);

	if (names == NULL)
		return false;
	back_ends->names = names;
	names[back_ends->count++] = given->value;
	return place_is_valid(given->value) ||
	    given_wrong(given,
		"HOST:PORT such as mx.example.org:25, 192.0.2.1:25 or "
		"[::1]:25, or unix:PATH with a path of at most %zu octets",
		PLACE_PATH_MOST);
}

bool
take_smtp(struct options *options, const struct given *given)
{
	return add_back_end(options, given);
}

bool
take_lmtp(struct options *options, const struct given *given)
{
	options->back_ends.lmtp = true;
	return add_back_end(options, given);
}

bool
take_back_end_tls(struct options *options, const struct given *given)
{
	static const char *const names[] = {
		[TLS_NONE] = "none",
		[TLS_STARTTLS] = "starttls",
		[TLS_IMPLICIT] = "implicit",
	};
	enum tls_mode mode = TLS_NONE;

	while (mode <= TLS_IMPLICIT && strcmp(given->value, names[mode]) != 0)
		mode++;
	if (mode > TLS_IMPLICIT)
		return given_wrong(given, "one of none, starttls, implicit");
	options->back_ends.tls = mode;
	return true;
}

bool
take_back_end_ca(struct options *options, const struct given *given)
{
	return take_text(given, "a file", &options->back_ends.ca);
}

bool
take_back_end_auth(struct options *options, const struct given *given)
{
	return take_text(given, "a file", &options->back_ends.auth);
}

bool
take_back_end_xclient(struct options *options, const struct given *given)
{
	return take_switch(given, &options->back_ends.xclient);
}

bool
take_back_end_timeout(struct options *options, const struct given *given)
{
	return take_number(given, 1, 3600, &options->back_ends.timeout);
}

/* Returns what is wrong with TLS to back ends, or NULL. */
static const char *
tls_fault_of(const struct back_end_options *back_ends)
{
	char host[PLACE_HOST_SIZE];
	size_t i;

	if (back_ends->tls == TLS_NONE)
		return NULL;
	if (!tls_exists())
		return "back-end-tls: this server was built without "
		       "libevent_openssl";
	for (i = 0; i < back_ends->count; i++) {
		place_host(back_ends->names[i], host);
		if (host[0] == '\0')
			return "back-end-tls: a UNIX socket has no host name "
			       "to verify";
	}
	return NULL;
}

/* Returns true if a policy keeps bare CR and LF.  A message that has them must
 * not be passed on (RFC 5321 2.3.8). */
static bool
preserves(const struct policy *policy)
{
	return policy->serves &&
	    mailin_config_policy(policy->config, MAILIN_POLICY_BARE_NEWLINE) ==
	    MAILIN_BARE_NEWLINE_PRESERVE;
}

static void
add_extensions(struct mailin_config *config)
{
	(void)mailin_config_set_extension(config, MAILIN_EXTENSION_DSN, true);
	(void)mailin_config_set_extension(config, MAILIN_EXTENSION_LIMITS,
	    true);
}

bool
store_options_finish(const struct options *options)
{
	const char *fault = tls_fault_of(&options->back_ends);
	size_t i;

	for (i = 0; options->back_ends.count > 0 && i < options->policy_count;
	     i++) {
		const struct policy *policy = options->policies[i];

		if (preserves(policy))
			fault = "bare-newline preserve: smtp and lmtp need "
				"lines that end in CR LF";
		if (givens_find(&policy->givens, "extensions") == NULL)
			add_extensions(policy->config);
	}
	if (fault != NULL)
		log_error("%s%s%s",
		    options->config != NULL ? options->config : "",
		    options->config != NULL ? ": " : "--", fault);
	return fault == NULL;
}
