/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/* Receives mail on 127.0.0.1:2531, or at the address in its argument, and
 * prints the octets of each message.  README.md says how to build and try
 * it. */
#include <stdio.h>

#include <mailin/event.h>

static enum mailin_reply
rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt, void *user)
{
	(void)session, (void)rcpt, (void)user;
	return MAILIN_REPLY_OK; /* accepts any recipient, because it only
				   prints the mail */
}

static enum mailin_reply
data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	(void)session, (void)user;
	return fwrite(octets.ptr, octets.len, 1, stdout) == 1 ?
	    MAILIN_REPLY_OK :
	    MAILIN_REPLY_OUT_OF_SPACE;
}

int
main(int argc, char **argv)
{
	struct mailin_handler handler = { .size = sizeof handler,
		.rcpt = rcpt,
		.data = data };
	struct mailin_service service = { .size = sizeof service,
		.config = mailin_config_new("localhost"),
		.handler = &handler };
	struct mailin_server_options options = { .size = sizeof options };
	struct mailin_fault fault;
	struct mailin_server *server = mailin_server_new(&options, &fault);

	setbuf(stdout, NULL);
	if (server == NULL ||
	    !mailin_server_listen(server, argc > 1 ? argv[1] : "127.0.0.1:2531",
		&service, &fault) ||
	    !mailin_server_run(server, &fault))
		fprintf(stderr, "receive: %s\n", fault.text);
	return 1; /* runs for ever, because nobody calls mailin_server_stop */
}
