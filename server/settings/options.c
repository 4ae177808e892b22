/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mailin/address.h>
#include <mailin/version.h>

#include "settings/help.h"
#include "log/log.h"
#include "octet/number.h"
#include "settings/option_table.h"
#include "settings/options.h"
#include "settings/session_config.h"

static enum options_result
wrong(void)
{
	fputs("Try 'mailin-server --help'.\n", stderr);
	return OPTIONS_WRONG;
}

static bool
take_number(size_t option, const char *text, unsigned minimum, unsigned maximum,
    unsigned *number)
{
	if (number_parse(text, maximum, number) && *number >= minimum)
		return true;
	log_error("--%s takes a number from %u to %u, not '%s'",
	    own_options[option].name, minimum, maximum, text);
	return false;
}

static bool
take_listen(struct options *options, size_t option, const char *text)
{
	struct endpoint *endpoint = &options->listen[options->listen_count];

	endpoint->tls = option == OPTION_LISTEN_TLS;
	endpoint->address = text;
	if (mailin_address_is_valid(text)) {
		options->listen_count++;
		return true;
	}
	log_error("--%s takes an address such as 127.0.0.1:2525 or "
		  "[::1]:2525, not '%s'",
	    own_options[option].name, text);
	return false;
}

/* A domain that no address can have would refuse all mail without a word, so it
 * is an error. */
static bool
take_domain(struct options *options, const char *text)
{
	char mailbox[512];
	struct mailin_path path;
	int len = snprintf(mailbox, sizeof mailbox, "x@%s", text);

	if (len > 0 && (size_t)len < sizeof mailbox &&
	    mailin_mailbox_parse(&path, MAILIN_SYNTAX_RELAXED,
		mailin_span_of(mailbox), NULL) == MAILIN_OK &&
	    mailin_span_equal(path.domain, text)) {
		options->domains[options->domain_count++] = text;
		return true;
	}
	log_error("--domain takes a domain such as example.org, not '%s'",
	    text);
	return false;
}

static bool
take_network(struct mailin_network *networks, size_t *count, size_t option,
    const char *text)
{
	if (mailin_network_parse(&networks[*count], text)) {
		++*count;
		return true;
	}
	log_error("--%s takes an address or a network such as 192.0.2.1, "
		  "192.0.2.0/24 or 2001:db8::/32, not '%s'",
	    own_options[option].name, text);
	return false;
}

static bool
take_own(struct options *options, struct given_settings *given, size_t option,
    const char *value)
{
	switch (option) {
	case OPTION_LISTEN:
	case OPTION_LISTEN_TLS:
		return take_listen(options, option, value);
	case OPTION_HOSTNAME:
		given->hostname = value;
		return true;
	case OPTION_DOMAIN:
		return take_domain(options, value);
	case OPTION_STDIO:
		options->stdio = true;
		return true;
	case OPTION_MAX_CONNECTIONS:
		return take_number(option, value, 1, 1000000,
		    &options->max_connections);
	case OPTION_GRACE:
		return take_number(option, value, 0, 86400, &options->grace);
	case OPTION_THREADS:
		return take_number(option, value, 1, 1024, &options->threads);
	case OPTION_PROXY_FROM:
		return take_network(options->proxy_from,
		    &options->trust.proxy_from_count, option, value);
	case OPTION_XCLIENT_FROM:
		return take_network(options->xclient_from,
		    &options->trust.xclient_from_count, option, value);
	case OPTION_MAILDIR:
		options->maildir = value;
		if (value[0] != '\0')
			return true;
		log_error("--maildir takes a directory, not ''");
		return false;
	case OPTION_WORKERS:
		return take_number(option, value, 1, 1024, &options->workers);
	case OPTION_DISCARD:
		options->discard = true;
		return true;
	case OPTION_TLS_CERTIFICATE:
		options->tls_certificate = value;
		return true;
	case OPTION_TLS_KEY:
		options->tls_key = value;
		return true;
	case OPTION_PASSWD:
		options->passwd = value;
		return true;
	default:
		options->trace = true;
		return true;
	}
}

static size_t
find_own(const char *name)
{
	size_t i = 0;

	while (i < OPTION_COUNT && strcmp(own_options[i].name, name) != 0)
		i++;
	return i;
}

static bool
is_setting(const char *name)
{
	struct mailin_setting setting;
	size_t i;

	for (i = 0; mailin_setting_at(i, &setting); i++)
		if (strcmp(setting.name, name) == 0)
			return true;
	return false;
}

/* Take the first option of argv.  Returns how many words it has, or 0 if it is
 * wrong. */
static int
take_option(struct options *options, struct given_settings *given, char **argv)
{
	char *name = argv[0] + 2, *value = strchr(argv[0], '=');
	bool inside = value != NULL;
	size_t own;

	if (strncmp(argv[0], "--", 2) != 0) {
		log_error(argv[0][0] == '-' ? "unknown option %s" :
					      "unexpected argument '%s'",
		    argv[0]);
		return 0;
	}
	if (inside)
		*value++ = '\0';
	own = find_own(name);
	if (own == OPTION_COUNT && !is_setting(name)) {
		log_error("unknown option --%s", name);
		return 0;
	}
	if (own < OPTION_COUNT && own_options[own].argument == NULL) {
		if (!inside)
			return take_own(options, given, own, NULL) ? 1 : 0;
		log_error("--%s takes no value", name);
		return 0;
	}
	if (!inside && (value = argv[1]) == NULL) {
		log_error("--%s needs a value", name);
		return 0;
	}
	if (own == OPTION_COUNT) {
		given->names[given->count] = name;
		given->values[given->count++] = value;
	} else if (!take_own(options, given, own, value)) {
		return 0;
	}
	return inside ? 1 : 2;
}

static unsigned
processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count < 1 ? 1 : count > 1024 ? 1024 : (unsigned)count;
}

static enum options_result
print(struct options *options, size_t option)
{
	if (option == OPTION_VERSION) {
		printf("mailin-server %s\n", mailin_version());
		return OPTIONS_PRINTED;
	}
	if (!session_config_new(options, NULL))
		return OPTIONS_WRONG;
	help_print(options->config);
	return OPTIONS_PRINTED;
}

static enum options_result
take_all(struct options *options, struct given_settings *given, int argc,
    char **argv)
{
	int i = 1, words;

	while (i < argc) {
		if (strcmp(argv[i], "--help") == 0)
			return print(options, OPTION_HELP);
		if (strcmp(argv[i], "--version") == 0)
			return print(options, OPTION_VERSION);
		words = take_option(options, given, argv + i);
		if (words == 0)
			return wrong();
		i += words;
	}
	if (options->listen_count == 0)
		(void)take_listen(options, OPTION_LISTEN, "127.0.0.1:2525");
	if (options->tls_key == NULL)
		options->tls_key = options->tls_certificate;
	if (!session_config_new(options, given->hostname) ||
	    !session_config_set(options, given))
		return wrong();
	return OPTIONS_RUN;
}

enum options_result
options_parse(struct options *options, int argc, char **argv)
{
	size_t room = (size_t)argc + 1;
	struct given_settings given = {
		.names = calloc(room, sizeof *given.names),
		.values = calloc(room, sizeof *given.values),
	};
	enum options_result result = OPTIONS_WRONG;

	*options = (struct options){ .listen = calloc(room,
					 sizeof *options->listen),
		.domains = calloc(room, sizeof *options->domains),
		.proxy_from = calloc(room, sizeof *options->proxy_from),
		.xclient_from = calloc(room, sizeof *options->xclient_from),
		.maildir = "./mail",
		.threads = processors(),
		.workers = 16,
		.max_connections = 1000,
		.grace = 30 };
	options->trust.size = sizeof options->trust;
	options->trust.proxy_from = options->proxy_from;
	options->trust.xclient_from = options->xclient_from;
	if (given.names != NULL && given.values != NULL &&
	    options->listen != NULL && options->domains != NULL &&
	    options->proxy_from != NULL && options->xclient_from != NULL)
		result = take_all(options, &given, argc, argv);
	else
		log_error("no memory");
	free(given.names);
	free(given.values);
	return result;
}

void
options_free(struct options *options)
{
	mailin_config_free(options->config);
	free(options->listen);
	free(options->domains);
	free(options->proxy_from);
	free(options->xclient_from);
}
