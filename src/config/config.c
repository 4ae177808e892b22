/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/command.h>

#include "octet/ascii.h"
#include "config/data.h"
#include "config/greeting.h"
#include "octet/memory.h"
#include "octet/number.h"
#include "config/rules.h"

bool
mailin_hostname_valid(const char *name)
{
	static const char helo[] = "HELO ";
	struct mailin_command command;
	char line[sizeof helo + 255 + 2];
	size_t len = strlen(name);

	if (len == 0 || len > 255)
		return false;
	memcpy(line, helo, sizeof helo - 1);
	memcpy(line + sizeof helo - 1, name, len);
	memcpy(line + sizeof helo - 1 + len, "\r\n", 2);
	len += sizeof helo - 1 + 2;
	/* HELO allows a blank after the name, but a host name must not have
	 * one. */
	return mailin_command_parse(&command, line, len) == len &&
	    command.error == MAILIN_REPLY_OK &&
	    command.helo.domain.len == strlen(name);
}

/* Compute again the members that depend on the settings.  Every setter ends
 * with this call. */
static enum mailin_error
renew(struct mailin_config *config)
{
	struct mailin_offer offer = { mailin_extensions_useful(config,
					  config->extensions, false),
		mailin_mechanisms_offered(config, false, false, false),
		{ NULL, 0 } };
	struct mailin_greeting banner = { .code = 220, .opens = true };
	struct mailin_greeting hello = { .code = 250, .offer = &offer };

	config->offered = offer.extensions;
	config->checks = mailin_config_checks(config, false, false);
	config->banner_len = mailin_greeting_encode(config, &banner,
	    config->banner);
	config->hello_len = mailin_greeting_encode(config, &hello,
	    config->hello);
	return MAILIN_OK;
}

struct mailin_config *
mailin_config_new(const char *hostname)
{
	struct mailin_allocator allocator = mailin_allocator_default();

	return mailin_config_new_with(hostname, &allocator);
}

struct mailin_config *
mailin_config_new_with(const char *hostname,
    const struct mailin_allocator *allocator)
{
	struct mailin_config *config;
	struct mailin_setting setting;
	size_t i;

	if (hostname == NULL || !mailin_hostname_valid(hostname) ||
	    allocator == NULL || allocator->alloc == NULL ||
	    allocator->free == NULL)
		return NULL;
	config = mailin_alloc_clear(allocator, sizeof *config);
	if (config == NULL)
		return NULL;
	config->allocator = *allocator;
	memcpy(config->hostname, hostname, strlen(hostname));
	config->extensions = mailin_extensions_default();
	config->vector = mailin_vector_best();
	for (i = 0; i < MAILIN_LIMIT_COUNT; i++) {
		(void)mailin_setting_at(i, &setting);
		config->limits[i] = setting.initial;
	}
	(void)renew(config);
	return config;
}

void
mailin_config_free(struct mailin_config *config)
{
	struct mailin_allocator allocator;

	if (config == NULL)
		return;
	allocator = config->allocator;
	mailin_free(&allocator, config);
}

enum mailin_error
mailin_config_set_limit(struct mailin_config *config, enum mailin_limit limit,
    uint64_t value)
{
	struct mailin_setting setting;

	if ((unsigned)limit >= MAILIN_LIMIT_COUNT)
		return MAILIN_ERROR_ARGUMENT;
	(void)mailin_setting_at((size_t)limit, &setting);
	if (value < setting.minimum || value > setting.maximum)
		return MAILIN_ERROR_RANGE;
	config->limits[limit] = value;
	return renew(config);
}

enum mailin_error
mailin_config_set_policy(struct mailin_config *config,
    enum mailin_policy policy, int value)
{
	size_t index = SETTING_POLICIES + (size_t)policy;

	if ((unsigned)policy >= MAILIN_POLICY_COUNT ||
	    mailin_setting_value(index, (size_t)value) == NULL)
		return MAILIN_ERROR_ARGUMENT;
	config->policies[policy] = value;
	return renew(config);
}

static uint32_t
with_bit(uint32_t bits, unsigned number, bool on)
{
	return on ? bits | MAILIN_BIT(number) : bits & ~MAILIN_BIT(number);
}

enum mailin_error
mailin_config_set_extension(struct mailin_config *config,
    enum mailin_extension extension, bool on)
{
	if ((unsigned)extension >= MAILIN_EXTENSION_COUNT)
		return MAILIN_ERROR_ARGUMENT;
	config->extensions = with_bit(config->extensions, extension, on);
	return renew(config);
}

enum mailin_error
mailin_config_set_mechanism(struct mailin_config *config,
    enum mailin_mechanism mechanism, bool on)
{
	if ((unsigned)mechanism >= MAILIN_MECHANISM_COUNT)
		return MAILIN_ERROR_ARGUMENT;
	config->mechanisms = with_bit(config->mechanisms, mechanism, on);
	return renew(config);
}

const char *
mailin_config_hostname(const struct mailin_config *config)
{
	return config->hostname;
}

uint64_t
mailin_config_limit(const struct mailin_config *config, enum mailin_limit limit)
{
	return (unsigned)limit < MAILIN_LIMIT_COUNT ? config->limits[limit] : 0;
}

int
mailin_config_policy(const struct mailin_config *config,
    enum mailin_policy policy)
{
	return (unsigned)policy < MAILIN_POLICY_COUNT ?
	    config->policies[policy] :
	    0;
}

/* PIPELINING and ENHANCEDSTATUSCODES are part of LMTP (RFC 2033 4), so LMTP
 * always offers them.  BINARYMIME needs CHUNKING (RFC 3030 4), and SMTPUTF8
 * needs 8BITMIME (RFC 6531 3.1). */
static uint32_t
extensions_offered(const struct mailin_config *config, uint32_t on)
{
	if (config->policies[MAILIN_POLICY_PROTOCOL] == MAILIN_PROTOCOL_LMTP)
		on |= MAILIN_BIT(MAILIN_EXTENSION_PIPELINING) |
		    MAILIN_BIT(MAILIN_EXTENSION_ENHANCEDSTATUSCODES);
	if ((on & MAILIN_BIT(MAILIN_EXTENSION_CHUNKING)) == 0)
		on &= ~MAILIN_BIT(MAILIN_EXTENSION_BINARYMIME);
	if ((on & MAILIN_BIT(MAILIN_EXTENSION_8BITMIME)) == 0)
		on &= ~MAILIN_BIT(MAILIN_EXTENSION_SMTPUTF8);
	return on;
}

uint32_t
mailin_extensions_useful(const struct mailin_config *config, uint32_t on,
    bool tls)
{
	/* STARTTLS is of no use inside TLS (RFC 3207 4.2), and REQUIRETLS is of
	 * no use outside TLS (RFC 8689 2). */
	enum mailin_extension useless = tls ? MAILIN_EXTENSION_STARTTLS :
					      MAILIN_EXTENSION_REQUIRETLS;

	return extensions_offered(config, on) & ~MAILIN_BIT(useless);
}

uint8_t
mailin_config_checks(const struct mailin_config *config, bool tls,
    bool identity)
{
	const int *policies = config->policies;
	unsigned needs = NEEDS_OFFER | NEEDS_ESMTP;

	needs |= policies[MAILIN_POLICY_PROTOCOL] == MAILIN_PROTOCOL_LMTP ?
	    NEEDS_SMTP :
	    NEEDS_LMTP;
	if (!tls && policies[MAILIN_POLICY_TLS] == MAILIN_TLS_REQUIRED)
		needs |= NEEDS_TLS;
	if (!identity && policies[MAILIN_POLICY_AUTH] == MAILIN_AUTH_REQUIRED)
		needs |= NEEDS_IDENTITY;
	return (uint8_t)needs;
}

uint32_t
mailin_mechanisms_offered(const struct mailin_config *config, bool tls,
    bool certificate, bool binding)
{
	uint32_t own = MAILIN_BIT(config->own_count) - 1;
	uint32_t bits = config->mechanisms | own << MAILIN_MECHANISM_COUNT;

	if (config->policies[MAILIN_POLICY_AUTH] == MAILIN_AUTH_OFF ||
	    (!tls &&
		config->policies[MAILIN_POLICY_TLS] != MAILIN_TLS_OPTIONAL))
		return 0;
	/* RFC 4422 A: EXTERNAL needs credentials from outside SASL.  Here the
	 * client's certificate is used. */
	if (!certificate)
		bits &= ~MAILIN_BIT(MAILIN_MECHANISM_EXTERNAL);
	if (!binding)
		bits &= ~config->binding;
	return bits;
}

bool
mailin_config_extension(const struct mailin_config *config,
    enum mailin_extension extension)
{
	return (unsigned)extension < MAILIN_EXTENSION_COUNT &&
	    (extensions_offered(config, config->extensions) &
		MAILIN_BIT(extension)) != 0;
}

bool
mailin_config_mechanism(const struct mailin_config *config,
    enum mailin_mechanism mechanism)
{
	return (unsigned)mechanism < MAILIN_MECHANISM_COUNT &&
	    (config->mechanisms & MAILIN_BIT(mechanism)) != 0;
}

/* RFC 4422 3.1: sasl-mech = 1*20mech-char */
static bool
is_mechanism(const char *name)
{
	size_t len;

	for (len = 0; name[len] != '\0'; len++)
		if (len == 20 ||
		    !(ascii_is_alnum(name[len]) || name[len] == '-' ||
			name[len] == '_') ||
		    name[len] != ascii_upper(name[len]))
			return false;
	return len > 0;
}

/* Returns true if the mechanism with this number (data.h) has this name.  A
 * mechanism of the library has its name even while it is off. */
static bool
is_taken(const struct mailin_config *config, unsigned number, const char *name)
{
	const char *other = number < MAILIN_MECHANISM_COUNT ?
	    mailin_setting_value(SETTING_MECHANISMS, number) :
	    mailin_config_mechanism_name(config, number);

	return other != NULL && strcmp(other, name) == 0;
}

enum mailin_error
mailin_config_add_mechanism(struct mailin_config *config, const char *name)
{
	unsigned i;
	size_t len;

	if (name == NULL)
		return MAILIN_ERROR_ARGUMENT;
	if (!is_mechanism(name))
		return MAILIN_ERROR_SYNTAX;
	for (i = 0; i < MECHANISMS_MOST; i++)
		if (is_taken(config, i, name))
			return MAILIN_ERROR_ARGUMENT;
	if (config->own_count == MECHANISMS_OWN)
		return MAILIN_ERROR_RANGE;
	len = strlen(name);
	memcpy(config->own_mechanisms[config->own_count], name, len + 1);
	i = MAILIN_MECHANISM_COUNT + (unsigned)config->own_count++;
	if (len >= 5 && memcmp(name + len - 5, "-PLUS", 5) == 0)
		config->binding |= MAILIN_BIT(i);
	return renew(config);
}

/* Find the value with this name, and store its index.  Returns false if no
 * value has this name. */
static bool
find_value(size_t index, struct mailin_span name, size_t *value)
{
	const char *candidate;

	for (*value = 0;
	     (candidate = mailin_setting_value(index, *value)) != NULL;
	     ++*value)
		if (mailin_span_iequal(name, candidate))
			return true;
	return false;
}

static enum mailin_error
set_list(struct mailin_config *config, size_t index, const char *text)
{
	uint32_t bits = 0;
	bool more = *text != '\0';
	size_t value;

	while (more) {
		struct mailin_span name = { text, strcspn(text, ",") };

		if (!find_value(index, name, &value))
			return MAILIN_ERROR_ARGUMENT;
		bits |= MAILIN_BIT(value);
		more = text[name.len] == ',';
		text += name.len + more;
	}
	if (index == SETTING_EXTENSIONS)
		config->extensions = bits;
	else
		config->mechanisms = bits;
	return renew(config);
}

enum mailin_error
mailin_config_set(struct mailin_config *config, const char *name,
    const char *value)
{
	struct mailin_setting setting;
	size_t index, number;
	uint64_t limit;

	if (name == NULL || value == NULL)
		return MAILIN_ERROR_ARGUMENT;
	for (index = 0; mailin_setting_at(index, &setting); index++)
		if (mailin_span_iequal(mailin_span_of(name), setting.name))
			break;
	if (index == SETTING_COUNT)
		return MAILIN_ERROR_ARGUMENT;
	if (index < SETTING_POLICIES)
		return number_read(mailin_span_of(value), &limit) ?
		    mailin_config_set_limit(config, (enum mailin_limit)index,
			limit) :
		    MAILIN_ERROR_SYNTAX;
	if (index >= SETTING_EXTENSIONS)
		return set_list(config, index, value);
	if (!find_value(index, mailin_span_of(value), &number))
		return MAILIN_ERROR_ARGUMENT;
	return mailin_config_set_policy(config,
	    (enum mailin_policy)(index - SETTING_POLICIES), (int)number);
}
