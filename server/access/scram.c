/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <gsasl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mailin/codec.h>

#include "access/scram.h"
#include "access/scram_hash.h"
#include "octet/wipe.h"

const bool scram_is_built = true;

struct scram_server {
	Gsasl *gsasl;
	/* Makes salts for names without a hash, if the file has no secret. */
	char secret[32];
};

struct scram {
	struct scram_server *server;
	const struct passwd_file *file;
	struct scram_binding binding;
	Gsasl_session *session;
	char *challenge; /* NULL, or memory of libgsasl */
	bool asked;      /* the client must send something */
	bool begun;      /* the client has sent something */
	bool known;      /* the user has a hash for SCRAM */
	bool proved;     /* only the last, empty response is missing */
	bool failed;     /* there was no memory for a property */
};

/* ---- Properties that libgsasl asks for ---- */

static int
set_span(Gsasl_session *session, Gsasl_property property,
    struct mailin_span text)
{
	return gsasl_property_set_raw(session, property, text.ptr, text.len);
}

static int
set_binding(Gsasl_session *session, Gsasl_property property,
    struct mailin_span octets)
{
	char text[128];
	size_t len;

	if (octets.len > sizeof text / 4 * 3 ||
	    mailin_base64_encode(octets, text, &len) != MAILIN_OK)
		return GSASL_NO_CALLBACK;
	return set_span(session, property, (struct mailin_span){ text, len });
}

/* Give libgsasl the hash of the user whom the client has named.  If that user
 * has no hash for SCRAM, give libgsasl a hash that belongs to nobody. */
static int
set_hash(struct scram *scram, Gsasl_session *session)
{
	const char *user = gsasl_property_fast(session, GSASL_AUTHID);
	struct scram_pretence pretence;
	struct mailin_span secret = passwd_scram_secret(scram->file);
	struct scram_hash hash;
	char iterations[12];

	if (user == NULL)
		return GSASL_NO_CALLBACK;
	if (secret.len == 0)
		secret = (struct mailin_span){ scram->server->secret,
			sizeof scram->server->secret };
	scram->known = passwd_scram(scram->file, user, &hash);
	/* Make this hash for a known user, too, so that the time is the
	 * same. */
	if (!scram_hash_pretend(&pretence, &hash, secret.ptr, secret.len, user))
		return GSASL_MALLOC_ERROR;
	if (!scram->known)
		hash = pretence.hash;
	snprintf(iterations, sizeof iterations, "%u", hash.iterations);
	if (gsasl_property_set(session, GSASL_SCRAM_ITER, iterations) !=
		GSASL_OK ||
	    set_span(session, GSASL_SCRAM_SALT, hash.salt) != GSASL_OK ||
	    set_span(session, GSASL_SCRAM_STOREDKEY, hash.stored_key) !=
		GSASL_OK ||
	    set_span(session, GSASL_SCRAM_SERVERKEY, hash.server_key) !=
		GSASL_OK)
		return GSASL_MALLOC_ERROR;
	return GSASL_OK;
}

static int
give_property(struct scram *scram, Gsasl_session *session,
    Gsasl_property property)
{
	const struct scram_binding *binding = &scram->binding;

	switch (property) {
	case GSASL_CB_TLS_EXPORTER:
	case GSASL_CB_TLS_UNIQUE:
		return binding->octets.len > 0 &&
			binding->exporter ==
			    (property == GSASL_CB_TLS_EXPORTER) ?
		    set_binding(session, property, binding->octets) :
		    GSASL_NO_CALLBACK;
	case GSASL_SCRAM_ITER:
		return set_hash(scram, session);
	default:
		return GSASL_NO_CALLBACK;
	}
}

/* libgsasl ignores the result: without the property it goes on with a value of
 * its own, and refuses the right password. */
static int
give(Gsasl *gsasl, Gsasl_session *session, Gsasl_property property)
{
	struct scram *scram = gsasl_session_hook_get(session);
	int result = give_property(scram, session, property);

	(void)gsasl;
	scram->failed |= result == GSASL_MALLOC_ERROR;
	return result;
}

struct scram_server *
scram_server_new(void)
{
	struct scram_server *server = calloc(1, sizeof *server);

	if (server == NULL)
		return NULL;
	if (gsasl_init(&server->gsasl) == GSASL_OK &&
	    gsasl_nonce(server->secret, sizeof server->secret) == GSASL_OK) {
		gsasl_callback_set(server->gsasl, give);
		return server;
	}
	scram_server_free(server);
	return NULL;
}

void
scram_server_free(struct scram_server *server)
{
	if (server == NULL)
		return;
	if (server->gsasl != NULL)
		gsasl_done(server->gsasl);
	wipe(server->secret, sizeof server->secret);
	free(server);
}

/* ---- One exchange, which is one login ---- */

struct scram *
scram_new(struct scram_server *server, const struct passwd_file *file,
    const struct scram_binding *binding)
{
	struct scram *scram = calloc(1, sizeof *scram);
	const char *name = binding->plus ? "SCRAM-SHA-256-PLUS" :
					   "SCRAM-SHA-256";

	if (scram == NULL)
		return NULL;
	scram->server = server;
	scram->file = file;
	scram->binding = *binding;
	if (gsasl_server_start(server->gsasl, name, &scram->session) !=
	    GSASL_OK) {
		free(scram);
		return NULL;
	}
	gsasl_session_hook_set(scram->session, scram);
	return scram;
}

void
scram_free(struct scram *scram)
{
	if (scram == NULL)
		return;
	gsasl_free(scram->challenge);
	gsasl_finish(scram->session);
	free(scram);
}

const char *
scram_user(const struct scram *scram)
{
	return gsasl_property_fast(scram->session, GSASL_AUTHID);
}

/* The client has responded to the server's proof.  Returns the outcome.  A user
 * who wants to act as another user is refused. */
static enum scram_outcome
agree(const struct scram *scram, struct mailin_span response)
{
	const char *user = scram_user(scram);
	const char *act_as = gsasl_property_fast(scram->session, GSASL_AUTHZID);

	return response.len == 0 && scram->known && user != NULL &&
		(act_as == NULL || strcmp(act_as, user) == 0) ?
	    SCRAM_AGREED :
	    SCRAM_REFUSED;
}

/* Make the checks that libgsasl leaves out.  Returns false if the response must
 * be refused.  After an empty response libgsasl would send empty challenges for
 * ever, and it would take a NUL for the end of a response.  A client that asks
 * for a channel binding must have chosen -PLUS (RFC 5802 6). */
static bool
is_sound(const struct scram *scram, struct mailin_span response)
{
	if (response.len == 0)
		return !scram->asked;
	return memchr(response.ptr, '\0', response.len) == NULL &&
	    (scram->begun || scram->binding.plus || response.ptr[0] != 'p');
}

enum scram_outcome
scram_step(struct scram *scram, struct mailin_span response,
    struct mailin_span *challenge)
{
	size_t len = 0;
	int result;

	if (scram->proved)
		return agree(scram, response);
	gsasl_free(scram->challenge);
	scram->challenge = NULL;
	if (!is_sound(scram, response))
		return SCRAM_REFUSED;
	scram->asked = true;
	scram->begun = scram->begun || response.len > 0;
	result = gsasl_step(scram->session, response.ptr, response.len,
	    &scram->challenge, &len);
	if (result == GSASL_MALLOC_ERROR || scram->failed)
		return SCRAM_LATER;
	if (result != GSASL_OK && result != GSASL_NEEDS_MORE)
		return SCRAM_REFUSED;
	/* In SMTP the success reply cannot carry SASL data (RFC 4954 4).  So
	 * the server sends its proof as a challenge, and the client responds to
	 * it with an empty line. */
	scram->proved = result == GSASL_OK;
	*challenge = (struct mailin_span){ scram->challenge, len };
	return SCRAM_CHALLENGE;
}
