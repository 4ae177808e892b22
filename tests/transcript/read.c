/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transcript/transcript.h"

/* clang-format off */
static const char stage_names[][12] = {
	[STAGE_GREETING] = "greeting", [STAGE_HELO] = "HELO",
	[STAGE_EHLO] = "EHLO", [STAGE_MAIL] = "MAIL", [STAGE_RCPT] = "RCPT",
	[STAGE_DATA] = "DATA",
};
/* clang-format on */

/* Split off the first word.  *rest becomes the text after it, without leading
 * blanks. */
static char *
next_word(char **rest)
{
	char *word = *rest;

	*rest += strcspn(*rest, " ");
	if (**rest != '\0')
		*(*rest)++ = '\0';
	*rest += strspn(*rest, " ");
	return word;
}

/* Read a reply of the handler, such as "452 4.2.2 text". */
static bool
read_custom(struct verdict *verdict, char *written)
{
	char *code = next_word(&written);

	verdict->kind = VERDICT_CUSTOM;
	verdict->code = (int)strtol(code, NULL, 10);
	if (isdigit((unsigned char)written[0]) && written[1] == '.')
		snprintf(verdict->enhanced, sizeof verdict->enhanced, "%s",
		    next_word(&written));
	return text_read(&verdict->text, written);
}

bool
verdict_read(struct verdict *verdict, const char *written)
{
	char *copy = strdup(written), *rest;
	bool good = false;
	int i;

	if (isdigit((unsigned char)*copy)) {
		good = read_custom(verdict, copy);
	} else if (strncmp(copy, "CHALLENGE", 9) == 0 ||
	    strncmp(copy, "IDENTITY", 8) == 0) {
		verdict->kind = *copy == 'C' ? VERDICT_CHALLENGE :
					       VERDICT_IDENTITY;
		rest = copy;
		(void)next_word(&rest);
		good = text_read(&verdict->text, rest);
	} else {
		for (i = 0; !good && i < MAILIN_REPLY_COUNT; i++) {
			verdict->reply = (enum mailin_reply)i;
			good = verdict->reply != MAILIN_REPLY_CUSTOM &&
			    strcmp(copy, mailin_reply_name(verdict->reply)) ==
				0;
		}
	}
	free(copy);
	return good;
}

/* Read "callback [argument] = verdict". */
static bool
read_choice(struct transcript *transcript, char *left, const char *right)
{
	struct choice *choice;
	char *callback = next_word(&left);

	transcript->choices = realloc(transcript->choices,
	    (transcript->choice_count + 1) * sizeof *choice);
	choice = &transcript->choices[transcript->choice_count++];
	memset(choice, 0, sizeof *choice);
	choice->argument = *left != '\0' ? strdup(left) : NULL;
	snprintf(choice->callback, sizeof choice->callback, "%s", callback);
	return verdict_read(&choice->verdict, right);
}

static void *
take_memory(size_t size, void *user)
{
	struct transcript *transcript = user;
	struct run *run = &transcript->run;
	bool here = false;
	void *memory;

	if (run->counts) {
		run->allocations++;
		here = (run->mode.change == CHANGE_MEMORY &&
			   run->allocations == run->mode.at) ||
		    (run->mode.change == CHANGE_MEMORY_ON &&
			run->allocations >= run->mode.at);
	}
	run->has_changed |= here;
	memory = here || !transcript->has_memory ? NULL : malloc(size);
	run->blocks += memory != NULL;
	return memory;
}

static void
give_memory(void *memory, void *user)
{
	struct transcript *transcript = user;

	transcript->run.blocks--;
	free(memory);
}

static bool
make_config(struct transcript *transcript, const char *hostname)
{
	const struct mailin_allocator allocator = { take_memory, give_memory,
		transcript };

	mailin_config_free(transcript->config);
	transcript->config = mailin_config_new_with(hostname, &allocator);
	return transcript->config != NULL;
}

static bool
read_stage(struct transcript *transcript, const char *name)
{
	int i;

	for (i = STAGE_GREETING; i <= STAGE_DATA; i++)
		if (strcmp(name, stage_names[i]) == 0)
			transcript->stage = (enum stage)i;
	return transcript->stage != STAGE_NOTHING;
}

static bool
read_option(struct transcript *transcript, char *line)
{
	char *equals = strstr(line, " = ");
	char *word, *rest = line;

	if (equals != NULL) {
		*equals = '\0';
		return read_choice(transcript, line, equals + 3);
	}
	word = next_word(&rest);
	if (strcmp(word, "limit") == 0 || strcmp(word, "policy") == 0)
		word = next_word(&rest);
	else if (strcmp(word, "after") == 0)
		return read_stage(transcript, rest);
	else if (strcmp(word, "hostname") == 0)
		return make_config(transcript, rest);
	else if (strcmp(word, "trust") == 0)
		return (transcript->trusted = strdup(rest)) != NULL;
	else if (strcmp(word, "peer") == 0)
		return (transcript->peer = strdup(rest)) != NULL;
	else if (strcmp(word, "auth") == 0)
		return (transcript->authcid = strdup(next_word(&rest))) !=
		    NULL &&
		    (transcript->password = strdup(rest)) != NULL;
	else if (strcmp(word, "mechanism") == 0)
		return mailin_config_add_mechanism(transcript->config, rest) ==
		    MAILIN_OK;
	else if (strcmp(word, "certificate") == 0)
		return (transcript->certificate = strdup(rest)) != NULL;
	else if (strcmp(word, "tls") == 0 && strcmp(rest, "expected") == 0)
		return transcript->tls_expected = true;
	else if (strcmp(word, "tls") == 0 && *rest == '\0')
		return transcript->tls = true;
	else if (strcmp(line, "proxy") == 0)
		return transcript->proxy = true;
	else if (strcmp(line, "trace") == 0)
		return transcript->traces = true;
	else if (strcmp(word, "no") == 0 && strcmp(rest, "handler") == 0)
		return !(transcript->has_handler = false);
	else if (strcmp(word, "verdicts") == 0 && strcmp(rest, "later") == 0)
		return !(transcript->at_once = false);
	else if (strcmp(word, "verdicts") == 0 && strcmp(rest, "at once") == 0)
		return !(transcript->later = false);
	return mailin_config_set(transcript->config, word, rest) == MAILIN_OK;
}

/* Several lines of data that follow each other are one event. */
static bool
is_more_data(const struct transcript *transcript, enum step_kind kind,
    const char *written)
{
	const struct step *last = transcript->step_count == 0 ?
	    NULL :
	    &transcript->steps[transcript->step_count - 1];

	return last != NULL && last->kind == STEP_EVENT && kind == STEP_EVENT &&
	    strncmp(written, "data ", 5) == 0 && last->text.len >= 5 &&
	    memcmp(last->text.octets, "data ", 5) == 0;
}

static bool
add_step(struct transcript *transcript, enum step_kind kind, unsigned line,
    const char *written)
{
	struct step *step;

	if (is_more_data(transcript, kind, written))
		return text_read(
		    &transcript->steps[transcript->step_count - 1].text,
		    written + 5);
	transcript->steps = realloc(transcript->steps,
	    (transcript->step_count + 1) * sizeof *step);
	step = &transcript->steps[transcript->step_count++];
	*step = (struct step){ .kind = kind, .line = line };
	transcript->has_events |= kind == STEP_EVENT;
	transcript->has_delivered |= kind == STEP_EVENT &&
	    strcmp(written, "delivered") == 0;
	return text_read(&step->text, written);
}

static bool
read_step(struct transcript *transcript, const char *line, unsigned number,
    bool restart)
{
	size_t before = transcript->step_count;
	const char *rest = line + (strlen(line) < 3 ? strlen(line) : 3);
	struct step *step;
	bool good;

	transcript->lacks_memory |= strcmp(line, "! memory gone") == 0;
	if (strncmp(line, "! ", 2) == 0)
		good = add_step(transcript, STEP_CALL, number, line + 2);
	else if (strncmp(line, "S: ", 3) == 0)
		good = add_step(transcript, STEP_SERVER, number, rest);
	else if (strncmp(line, "E: ", 3) == 0)
		good = add_step(transcript, STEP_EVENT, number, rest);
	else if (strncmp(line, "C: ", 3) == 0 || strcmp(line, "C:") == 0 ||
	    strncmp(line, "C- ", 3) == 0)
		good = add_step(transcript, STEP_CLIENT, number, rest);
	else
		return false;
	step = &transcript->steps[transcript->step_count - 1];
	step->restart |= transcript->step_count > before && restart;
	if (line[0] == 'C' && line[1] == ':')
		text_add_string(&step->text, "\r\n");
	return good;
}

static bool
read_line(struct transcript *transcript, char *line, unsigned number,
    bool *in_head, bool *restart)
{
	if (*in_head && *line == '\0')
		*in_head = false;
	else if (*line == '\0' || *line == '#')
		return true;
	else if (*in_head)
		return read_option(transcript, line);
	else if (strcmp(line, "---") == 0)
		*restart = true;
	else if (read_step(transcript, line, number, *restart))
		*restart = false;
	else
		return false;
	return true;
}

bool
transcript_read(struct transcript *transcript, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[4096];
	unsigned number = 0;
	bool in_head = true, restart = false, good = file != NULL;

	*transcript = (struct transcript){ .path = path,
		.has_handler = true,
		.at_once = true,
		.later = true,
		.has_memory = true };
	good = good && make_config(transcript, "mx.example.org");
	while (good && fgets(line, sizeof line, file) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		number++;
		good = read_line(transcript, line, number, &in_head, &restart);
	}
	if (!good || transcript->step_count == 0)
		printf("%s:%u: cannot be read\n", path, number);
	if (file != NULL)
		fclose(file);
	return good && transcript->step_count > 0;
}

void
transcript_free(struct transcript *transcript)
{
	size_t i;

	for (i = 0; i < transcript->choice_count; i++) {
		free(transcript->choices[i].argument);
		text_free(&transcript->choices[i].verdict.text);
	}
	for (i = 0; i < transcript->step_count; i++)
		text_free(&transcript->steps[i].text);
	free(transcript->choices);
	free(transcript->steps);
	free(transcript->peer);
	free(transcript->trusted);
	free(transcript->certificate);
	free(transcript->authcid);
	free(transcript->password);
	mailin_config_free(transcript->config);
}
