/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Fuzz target: settings by name and text.  The input is lines of "name=value".
 * The first octet of a line may be the number of a setting instead of its name.
 * After each line the setting must have the value of the text. */
#include "check.h"

#define MOST ((size_t)512)

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

/* Returns the limit with this name. */
static enum mailin_limit
limit_of(const char *name)
{
	struct mailin_setting setting;
	size_t index;
	int limit = 0;

	for (index = 0; mailin_setting_at(index, &setting); index++) {
		if (setting.kind != MAILIN_SETTING_LIMIT)
			continue;
		if (strcmp(setting.name, name) == 0)
			break;
		limit++;
	}
	return (enum mailin_limit)limit;
}

static void
hold_limit(struct mailin_config *config, const struct mailin_setting *setting,
    const char *value)
{
	enum mailin_limit limit = limit_of(setting->name);
	uint64_t before = mailin_config_limit(config, limit), number;
	bool is_number = slow_number(value, &number);
	bool is_within = is_number && number >= setting->minimum &&
	    number <= setting->maximum;
	enum mailin_error error = mailin_config_set(config, setting->name,
	    value);

	if (error == MAILIN_OK) {
		CHECK(is_within || (is_number && number == 0));
		CHECK(mailin_config_limit(config, limit) == number);
	} else {
		CHECK(!is_within);
		/* A number may be both out of range and malformed. */
		CHECK(error == MAILIN_ERROR_RANGE ||
		    (!is_number && error == MAILIN_ERROR_SYNTAX));
		CHECK(mailin_config_limit(config, limit) == before);
	}
}

/* Returns true if value is one of the named values of the setting with this
 * index.  Ignores the case of letters. */
static bool
is_value(size_t index, const char *value)
{
	struct mailin_span span = { value, strlen(value) };
	const char *name;
	size_t i;

	for (i = 0; (name = mailin_setting_value(index, i)) != NULL; i++)
		if (mailin_span_iequal(span, name))
			return true;
	return false;
}

static void
set(struct mailin_config *config, const char *name, const char *value)
{
	struct mailin_setting setting;
	size_t index = (size_t)(unsigned char)name[0] - 1;
	enum mailin_error error;

	if (name[0] >= ' ' || name[0] == '\0' ||
	    !mailin_setting_at(index, &setting)) {
		(void)mailin_config_set(config, name, value);
		return;
	}
	if (setting.kind == MAILIN_SETTING_LIMIT) {
		hold_limit(config, &setting, value);
		return;
	}
	error = mailin_config_set(config, setting.name, value);
	if (setting.kind == MAILIN_SETTING_POLICY)
		CHECK((error == MAILIN_OK) == is_value(index, value) ||
		    error == MAILIN_ERROR_RANGE);
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
	config = mailin_config_new("mx.example.org");
	CHECK(config != NULL);
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
	mailin_config_free(config);
	return 0;
}
