/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>

#include "transcript/transcript.h"

/* Reports what is wrong in a session, and checks what must hold after any
 * change. */

static const char split_names[][8] = { "whole", "lines", "octets", "two" };
static const char edge_names[][20] = { "", ", before an edge",
	", after an edge" };
static const char change_names[][24] = { "", ", later", ", refused",
	", closed by", ", freed in", ", no memory at", ", no memory from" };

static void
report(struct play *play, const char *format, va_list arguments)
{
	const struct mode *mode = &play->transcript->run.mode;

	if (play->failed)
		return;
	play->failed = true;
	printf("# %s:%u: ", play->transcript->path,
	    play->step != NULL ? play->step->line : 0);
	vprintf(format, arguments);
	printf("\n#     (sent as %s, verdicts %s, cut at %zu, %zu read at once"
	       "%s%s %llu)\n",
	    split_names[mode->split], mode->later ? "later" : "at once",
	    mode->cut, mode->drain, edge_names[mode->edge],
	    change_names[mode->change], (unsigned long long)mode->at);
}

void
play_wrong(struct play *play, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	report(play, format, arguments);
	va_end(arguments);
}

void
play_fail(struct play *play, const char *format, ...)
{
	va_list arguments;

	if (play->transcript->run.has_changed)
		return;
	va_start(arguments, format);
	report(play, format, arguments);
	va_end(arguments);
}

/* Even after a change, the output must consist of replies (RFC 5321 4.2).  If
 * the session was freed, the last reply may be incomplete. */
void
play_check_replies(struct play *play)
{
	const char *line = play->received.octets;
	size_t at, left = play->received.len;

	for (; left > 0; line += at + 2, left -= at + 2) {
		for (at = 0; at + 2 < left && line[at] != '\r'; at++)
			continue;
		if (at + 2 > left || at < 4 || at > 4096 || line[at] != '\r' ||
		    line[at + 1] != '\n' || line[0] < '2' || line[0] > '5' ||
		    (line[3] != ' ' && line[3] != '-')) {
			if (play->transcript->run.mode.change == CHANGE_FREE)
				return;
			play_wrong(play, "no reply: %s", text_show(line, left));
			return;
		}
	}
}

/* Check what must hold at the end of a session after any change. */
void
play_check_changed(struct play *play)
{
	const struct run *run = &play->transcript->run;

	if (!run->has_changed)
		return;
	play_drain(play);
	if (run->mode.change == CHANGE_CLOSE && run->must_close &&
	    mailin_session_want(play->session) != MAILIN_WANT_CLOSE)
		play_wrong(play, "the session is not closed");
}
