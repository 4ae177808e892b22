/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Fuzz target: settings by name and text.  The input is lines of "name=value".
 * The first octet of a line may be the number of a setting instead of its name.
 * After each line the setting must have the value of the text. */
#include "check.h"

#define MOST ((size_t)512)

/* ---- A fresh configuration for each input -------------------------------- */

static size_t config_room; /* the size of the last block */

static void *
take_memory(size_t size, void *user)
{
	(void)user;
	config_room = size;
	return malloc(size);
}

static void
give_memory(void *memory, void *user)
{
	(void)user;
	free(memory);
}

/* Returns a configuration with the library's defaults.  It is made once.
 * Its memory is one block, which is restored for each input: making a new one
 * takes longer than most inputs. */
static struct mailin_config *
fresh_config(void)
{
	static const struct mailin_allocator allocator = { take_memory,
		give_memory, NULL };
	static struct mailin_config *config;
	static void *fresh;
	static size_t room;

	if (config == NULL) {
		config = mailin_config_new_with("mx.example.org", &allocator);
		room = config_room;
		fresh = malloc(room);
		CHECK(config != NULL && fresh != NULL);
		memcpy(fresh, config, room);
	}
	memcpy(config, fresh, room);
	return config;
}

/* ---- Settings ------------------------------------------------------------ */

/* Reads text as a decimal number.  Returns false if it is not a number.
 * UINT64_MAX means that the number is too large. */
static bool
slow_number(const char *text, uint64_t *number)
{
	*number = 0;
	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		if (*text < '0' || *text > '9')
			return false;
		if (*number > (UINT64_MAX - digit) / 10)
			*number = UINT64_MAX;
		else
			*number = *number == UINT64_MAX ? UINT64_MAX :
							  *number * 10 + digit;
	}
	return true;
}

/* The place of a setting: its index, and its number among the settings of its
 * kind, which is the value of enum mailin_limit or enum mailin_policy. */
struct place {
	struct mailin_setting setting;
	size_t index;
	int number;
};

/* Find a setting by its name, in any case, or by one octet: the index of the
 * setting, plus 1.  Returns false if the setting does not exist. */
static bool
find_setting(const char *name, struct place *place)
{
	size_t wanted = (size_t)(unsigned char)name[0] - 1;
	int numbers[MAILIN_SETTING_LIST + 1] = { 0 };
	struct mailin_span span = { name, strlen(name) };

	for (place->index = 0; mailin_setting_at(place->index, &place->setting);
	     place->index++) {
		CHECK(place->setting.kind <= MAILIN_SETTING_LIST);
		place->number = numbers[place->setting.kind]++;
		if ((span.len == 1 && wanted == place->index) ||
		    mailin_span_iequal(span, place->setting.name))
			return true;
	}
	return false;
}

static void
hold_limit(struct mailin_config *config, const struct place *place,
    const char *value)
{
	enum mailin_limit limit = (enum mailin_limit)place->number;
	uint64_t before = mailin_config_limit(config, limit), number;
	bool is_number = slow_number(value, &number);
	bool is_within = is_number && number >= place->setting.minimum &&
	    number <= place->setting.maximum;
	enum mailin_error error = mailin_config_set(config, place->setting.name,
	    value);

	CHECK((error == MAILIN_OK) == is_within);
	CHECK(mailin_config_limit(config, limit) ==
	    (is_within ? number : before));
	CHECK(is_within || error == MAILIN_ERROR_RANGE ||
	    (!is_number && error == MAILIN_ERROR_SYNTAX));
}

/* Returns the index of the value with this name, in any case, or -1. */
static int
find_value(size_t index, struct mailin_span name)
{
	const char *value;
	int i;

	for (i = 0; (value = mailin_setting_value(index, (size_t)i)) != NULL;
	     i++)
		if (mailin_span_iequal(name, value))
			return i;
	return -1;
}

static void
hold_policy(struct mailin_config *config, const struct place *place,
    const char *value)
{
	enum mailin_policy policy = (enum mailin_policy)place->number;
	int before = mailin_config_policy(config, policy);
	int number = find_value(place->index,
	    (struct mailin_span){ value, strlen(value) });

	CHECK(mailin_config_set(config, place->setting.name, value) ==
	    (number >= 0 ? MAILIN_OK : MAILIN_ERROR_ARGUMENT));
	CHECK(mailin_config_policy(config, policy) ==
	    (number >= 0 ? number : before));
}

/* Reads a list of values, separated by commas.  Returns false if the list is
 * wrong.  *bits has a bit for each value. */
static bool
slow_list(size_t index, const char *text, uint32_t *bits)
{
	*bits = 0;
	while (*text != '\0') {
		const char *comma = strchr(text, ',');
		size_t len = comma != NULL ? (size_t)(comma - text) :
					     strlen(text);
		int value = find_value(index,
		    (struct mailin_span){ text, len });

		if (value < 0 || (comma != NULL && comma[1] == '\0'))
			return false;
		*bits |= UINT32_C(1) << value;
		text += len + (comma != NULL);
	}
	return true;
}

/* Extensions that other settings switch on or off (RFC 2033 4, RFC 3030 4, RFC
 * 6531 3.1). */
#define BIT(name) (UINT32_C(1) << MAILIN_EXTENSION_##name)
#define DEPENDENT \
	(BIT(PIPELINING) | BIT(ENHANCEDSTATUSCODES) | BIT(BINARYMIME) | \
	    BIT(SMTPUTF8))

/* Returns the mechanisms that are on, or the extensions that are on and not in
 * DEPENDENT. */
static uint32_t
list_of(const struct mailin_config *config, bool is_mechanisms)
{
	uint32_t bits = 0;
	int i;

	for (i = 0; i < MAILIN_MECHANISM_COUNT && is_mechanisms; i++)
		if (mailin_config_mechanism(config, (enum mailin_mechanism)i))
			bits |= UINT32_C(1) << i;
	for (i = 0; i < MAILIN_EXTENSION_COUNT && !is_mechanisms; i++)
		if (mailin_config_extension(config, (enum mailin_extension)i))
			bits |= UINT32_C(1) << i;
	return is_mechanisms ? bits : bits & ~DEPENDENT;
}

static void
hold_list(struct mailin_config *config, const struct place *place,
    const char *value)
{
	bool is_mechanisms = place->number == 1;
	uint32_t before = list_of(config, is_mechanisms), bits;
	bool is_list = slow_list(place->index, value, &bits);

	CHECK(mailin_config_set(config, place->setting.name, value) ==
	    (is_list ? MAILIN_OK : MAILIN_ERROR_ARGUMENT));
	if (!is_mechanisms)
		bits &= ~DEPENDENT;
	CHECK(list_of(config, is_mechanisms) == (is_list ? bits : before));
}

static void
set(struct mailin_config *config, const char *name, const char *value)
{
	struct place place;

	if (!find_setting(name, &place)) {
		CHECK(mailin_config_set(config, name, value) ==
		    MAILIN_ERROR_ARGUMENT);
		return;
	}
	switch (place.setting.kind) {
	case MAILIN_SETTING_LIMIT:
		hold_limit(config, &place, value);
		break;
	case MAILIN_SETTING_POLICY:
		hold_policy(config, &place, value);
		break;
	default:
		hold_list(config, &place, value);
		break;
	}
}

/* A session with these settings must begin. */
static void
greet(const struct mailin_config *config)
{
	static const struct mailin_handler handler = { .size = sizeof handler };
	struct mailin_session *session = mailin_session_new(config, &handler,
	    NULL);
	struct mailin_span out;

	CHECK(session != NULL);
	out = mailin_session_output(session);
	CHECK(out.len > 4 && memcmp(out.ptr, "220 ", 4) == 0);
	mailin_session_free(session);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mailin_config *config;
	char text[MOST + 1], *line, *next, *equals;

	if (size > MOST)
		return 0;
	config = fresh_config();
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	for (line = text; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		equals = strchr(line, '=');
		if (equals == NULL)
			continue;
		*equals = '\0';
		set(config, line, equals + 1);
	}
	greet(config);
	return 0;
}
