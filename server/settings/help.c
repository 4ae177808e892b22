/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "access/scram_users.h"
#include "log/log.h"
#include "settings/help.h"
#include "settings/option_table.h"
#include "settings/size.h"

#define WIDTH 79

/* clang-format off */
static const char introduction[] =
"Usage: mailin-server [OPTION]...\n"
"Receive mail by SMTP or LMTP and store it in a Maildir.\n"
"\n"
"Without options the server listens on 127.0.0.1:2525, ACCEPTS MAIL FOR ANY\n"
"RECIPIENT, and stores all of it in one Maildir, ./mail.  With --smtp or\n"
"--lmtp it hands mail on to other servers instead.  With --domain it accepts\n"
"mail for these domains only.  A message is acknowledged when it is on the\n"
"disk, or when the other server has accepted it.  For each message received\n"
"the server writes a line to standard output.  SIGTERM ends the server\n"
"gently, a second SIGTERM at once.  On SIGHUP the server reads the file of\n"
"settings again, and the files that the options name.\n";
/* clang-format on */

/* clang-format off */
static const char conclusion[] =
"\n"
"A SIZE is a number of octets, or ends in K (1024 octets), M (1024 K) or G\n"
"(1024 M), in upper or lower case, as in 50M.\n"
"\n"
"With --stdio the default of --pipelining is allow.  With --passwd the\n"
"default of --mechanisms is PLAIN,LOGIN.  --tls-client-ca without\n"
"--proxy-from adds EXTERNAL.  Both SCRAM mechanisms are added if all users\n"
"have a hash of --hash-scram.\n"
"\n"
"Of --extensions the server implements the default ones, BINARYMIME, LIMITS\n"
"and STARTTLS.  STARTTLS needs --tls-certificate or --tls-self-signed, which\n"
"add it by default.  BURL, XCLIENT and XFORWARD are refused.  The others,\n"
"such as DSN, promise what a server that only stores mail does not do: offer\n"
"them to test clients, not to serve them.  With --smtp or --lmtp they are\n"
"offered if the back end offers them; the default has DSN and LIMITS, too.\n";
/* clang-format on */

/* Write text in lines of at most WIDTH columns, of which the first eight are
 * blank. */
static void
print_wrapped(FILE *out, const char *text)
{
	size_t column = 0;

	while (*text != '\0') {
		size_t word = strcspn(text, " ");

		if (column > 0 && column + 1 + word > WIDTH) {
			putc('\n', out);
			column = 0;
		}
		column += (size_t)fprintf(out, "%s%.*s",
		    column == 0 ? "        " : " ", (int)word, text);
		text += word;
		text += strspn(text, " ");
	}
	putc('\n', out);
}

static void
print_own(const struct option *option)
{
	if (option->group != NULL)
		printf("\n%s:\n", option->group);
	printf("  --%s%s%s\n", option->name,
	    option->argument != NULL ? " " : "",
	    option->argument != NULL ? option->argument : "");
	print_wrapped(stdout, option->help);
}

static void
write_limit(FILE *out, const struct mailin_setting *setting)
{
	fprintf(out, "%" PRIu64 " to %" PRIu64 "%s%s", setting->minimum,
	    setting->maximum, setting->unit[0] != '\0' ? " " : "",
	    setting->unit);
}

static void
write_values(FILE *out, size_t index)
{
	struct mailin_setting setting;
	const char *value;
	size_t i;

	for (i = 0; (value = mailin_setting_value(index, i)) != NULL; i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "", value);
	(void)mailin_setting_at(index, &setting);
	for (i = 0; i < SCRAM_MECHANISMS; i++)
		if (strcmp(setting.name, "mechanisms") == 0)
			fprintf(out, ", %s", scram_mechanisms[i]);
}

void
help_values(FILE *out, const char *name)
{
	struct mailin_setting setting;
	size_t index;

	if (!setting_find(name, &index, &setting))
		return;
	switch (setting.kind) {
	case MAILIN_SETTING_LIMIT:
		fputs("a number from ", out);
		write_limit(out, &setting);
		if (is_size(&setting))
			fputs(", which may end in K, M or G", out);
		return;
	case MAILIN_SETTING_POLICY:
		fputs("one of ", out);
		break;
	case MAILIN_SETTING_LIST:
		fputs("names separated by commas, of ", out);
		break;
	}
	write_values(out, index);
}

bool
help_wrong(const struct given *given)
{
	char *takes = NULL;
	size_t len;
	FILE *out = open_memstream(&takes, &len);

	if (out == NULL) {
		log_error("no memory");
		return false;
	}
	help_values(out, given->name);
	if (fclose(out) == 0)
		(void)given_wrong(given, "%s", takes);
	free(takes);
	return false;
}

static bool
is_on(const struct mailin_config *config, const char *list, size_t value)
{
	return strcmp(list, "extensions") == 0 ?
	    mailin_config_extension(config, (enum mailin_extension)value) :
	    mailin_config_mechanism(config, (enum mailin_mechanism)value);
}

/* Write the names of a list, such as --extensions, that are on. */
static void
write_list(FILE *out, const struct mailin_config *config, size_t index,
    const char *list)
{
	const char *name;
	bool any = false;
	size_t i;

	for (i = 0; (name = mailin_setting_value(index, i)) != NULL; i++) {
		if (!is_on(config, list, i))
			continue;
		fprintf(out, "%s%s", any ? "," : "", name);
		any = true;
	}
	if (!any)
		fputs("none", out);
}

static void
write_setting(FILE *out, const struct mailin_config *config, size_t index,
    const struct mailin_setting *setting)
{
	fprintf(out, "%s (", setting->summary);
	switch (setting->kind) {
	case MAILIN_SETTING_LIMIT:
		write_limit(out, setting);
		fprintf(out, "; default %" PRIu64,
		    mailin_config_limit(config, (enum mailin_limit)index));
		break;
	case MAILIN_SETTING_POLICY:
		write_values(out, index);
		fprintf(out, "; default %s",
		    mailin_setting_value(index,
			(size_t)mailin_config_policy(config,
			    (enum mailin_policy)(index - MAILIN_LIMIT_COUNT))));
		break;
	case MAILIN_SETTING_LIST:
		write_values(out, index);
		fputs("; default ", out);
		write_list(out, config, index, setting->name);
		break;
	}
	putc(')', out);
}

static void
print_setting(const struct mailin_config *config, size_t index,
    const struct mailin_setting *setting)
{
	static const char arguments[3][8] = {
		[MAILIN_SETTING_LIMIT] = "NUMBER",
		[MAILIN_SETTING_POLICY] = "NAME",
		[MAILIN_SETTING_LIST] = "NAMES",
	};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		return;
	write_setting(out, config, index, setting);
	if (fclose(out) == 0) {
		printf("  --%s %s\n", setting_option(setting),
		    is_size(setting) ? "SIZE" : arguments[setting->kind]);
		print_wrapped(stdout, text);
	}
	free(text);
}

void
help_print(const struct mailin_config *config)
{
	static const char groups[3][40] = {
		[MAILIN_SETTING_LIMIT] = "Limits",
		[MAILIN_SETTING_POLICY] = "Policies",
		[MAILIN_SETTING_LIST] = "Lists (names separated by commas)",
	};
	struct mailin_setting setting;
	int group = -1;
	const struct option *option;
	size_t i;

	fputs(introduction, stdout);
	for (i = 0; (option = option_at(i)) != NULL; i++)
		print_own(option);
	for (i = 0; mailin_setting_at(i, &setting); i++) {
		if ((int)setting.kind != group)
			printf("\n%s:\n", groups[setting.kind]);
		group = (int)setting.kind;
		print_setting(config, i, &setting);
	}
	fputs(conclusion, stdout);
}
