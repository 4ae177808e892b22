/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <mailin/address.h>

#include "octet/number.h"
#include "log/log.h"
#include "manager/manager.h"
#include "settings/array.h"
#include "settings/take.h"

bool
take_number(const struct given *given, unsigned minimum, unsigned maximum,
    unsigned *number)
{
	return (number_parse(given->value, maximum, number) &&
		   *number >= minimum) ||
	    given_wrong(given, "a number from %u to %u", minimum, maximum);
}

bool
take_switch(const struct given *given, bool *is_on)
{
	*is_on = given->value == NULL || strcmp(given->value, "yes") == 0;
	return *is_on || strcmp(given->value, "no") == 0 ||
	    given_wrong(given, "yes or no");
}

bool
take_text(const struct given *given, const char *what, const char **text)
{
	*text = given->value;
	return given->value[0] != '\0' || given_wrong(given, "%s", what);
}

static bool
add_endpoint(struct policy *policy, const char *address, bool tls)
{
	struct endpoint *listen = array_grow(policy->listen,
	    policy->listen_count, sizeof *listen);

	if (listen == NULL)
		return false;
	policy->listen = listen;
	listen[policy->listen_count++] = (struct endpoint){
		.address = address,
		.tls = tls,
	};
	return true;
}

/* Add all sockets of the manager that have this name.  A unit may have several
 * sockets. */
static bool
add_sockets(struct policy *policy, const struct given *given, const char *name,
    bool tls)
{
	const char *address;
	size_t i;

	for (i = 0; (address = manager_socket(name, i)) != NULL; i++)
		if (!add_endpoint(policy, address, tls))
			return false;
	if (!manager_exists())
		log_error("this server takes no sockets of systemd: it was "
			  "built without libsystemd");
	else if (i == 0)
		log_error("%s%s: systemd has passed no socket of the name '%s'",
		    given->where, given->name, name);
	return i > 0;
}

bool
take_endpoint(struct policy *policy, const struct given *given, bool tls)
{
	if (strncmp(given->value, "systemd:", 8) == 0)
		return add_sockets(policy, given, given->value + 8, tls);
	if (!mailin_address_is_valid(given->value))
		return given_wrong(given,
		    "an address such as 127.0.0.1:2525, [::1]:2525 or "
		    "*:25, or a port");
	return add_endpoint(policy, given->value, tls);
}

/* Returns true if the text can be the domain of an address. */
static bool
is_domain(const char *text)
{
	char mailbox[512];
	struct mailin_path path;
	int len = snprintf(mailbox, sizeof mailbox, "x@%s", text);

	return len > 0 && (size_t)len < sizeof mailbox &&
	    mailin_mailbox_parse(&path, MAILIN_SYNTAX_RELAXED,
		mailin_span_of(mailbox), NULL) == MAILIN_OK &&
	    mailin_span_equal(path.domain, text);
}

bool
take_domain(struct policy *policy, const struct given *given)
{
	const char **domains = array_grow(policy->domains, policy->domain_count,
	    sizeof *domains);

	if (domains == NULL)
		return false;
	policy->domains = domains;
	if (!is_domain(given->value))
		return given_wrong(given, "a domain such as example.org");
	domains[policy->domain_count++] = given->value;
	return true;
}

bool
take_network(const struct given *given, struct mailin_network **networks,
    size_t *count)
{
	struct mailin_network *grown = array_grow(*networks, *count,
	    sizeof *grown);

	if (grown == NULL)
		return false;
	*networks = grown;
	if (!mailin_network_parse(&grown[*count], given->value))
		return given_wrong(given,
		    "an address or a network such as 192.0.2.1, 192.0.2.0/24 "
		    "or 2001:db8::/32");
	++*count;
	return true;
}
