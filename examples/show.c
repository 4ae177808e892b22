/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "show.h"

enum mailin_reply
show_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)rcpt, (void)user;
	return MAILIN_REPLY_OK;
}

/* Print a text that a client has sent.  Print "?" for each octet that is not
 * printable ASCII, because it might control the terminal. */
static void
print(const char *before, struct mailin_span span)
{
	fputs(before, stdout);
	for (size_t i = 0; i < span.len; ++i)
		putchar(span.ptr[i] >= ' ' && span.ptr[i] <= '~' ? span.ptr[i] :
								   '?');
}

enum mailin_reply
show_data_start(struct mailin_session *session, void *user)
{
	struct mailin_span identity = mailin_session_identity(session);
	const struct mailin_tls *tls = mailin_session_tls(session);
	struct mailin_mail mail;
	struct mailin_rcpt rcpt;

	(void)user;
	if (mailin_session_mail(session, &mail))
		print("---- from ", mail.path.text);
	for (size_t i = 0; mailin_session_rcpt(session, i, &rcpt); ++i)
		print(" to ", rcpt.path.text);
	printf(" by %s", mailin_session_protocol(session));
	if (identity.len > 0)
		print(" as ", identity);
	if (tls != NULL) {
		print(" in ", tls->version);
		print(" with ", tls->cipher);
	}
	if (tls != NULL && tls->sni.len > 0)
		print(" at ", tls->sni);
	putchar('\n');
	return MAILIN_REPLY_OK;
}

enum mailin_reply
show_data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	(void)session, (void)user;
	return fwrite(octets.ptr, 1, octets.len, stdout) == octets.len ?
	    MAILIN_REPLY_OK :
	    MAILIN_REPLY_OUT_OF_SPACE;
}

enum mailin_reply
show_data_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)rcpt, (void)user;
	return puts("----") >= 0 && fflush(stdout) == 0 ?
	    MAILIN_REPLY_OK :
	    MAILIN_REPLY_OUT_OF_SPACE;
}

void
show_reset(struct mailin_session *session, enum mailin_reset_reason reason,
    void *user)
{
	(void)session, (void)reason, (void)user;
	clearerr(stdout);
}
