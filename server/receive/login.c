/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include <mailin/name.h>

#include "receive/login.h"
#include "receive/receiver.h"

enum mailin_reply
login_auth(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	struct receiver *receiver = user;
	struct service *service = receiver->service;
	const struct mailin_span *act_as = &credentials->authzid;

	(void)session;
	account_login(&receiver->account,
	    mailin_mechanism_name(credentials->mechanism),
	    credentials->authcid);
	/* No user may act as another one. */
	if (act_as->len > 0 &&
	    (act_as->len != credentials->authcid.len ||
		memcmp(act_as->ptr, credentials->authcid.ptr, act_as->len) !=
		    0))
		return MAILIN_REPLY_BAD_CREDENTIALS;
	if (credentials->mechanism == MAILIN_MECHANISM_EXTERNAL)
		return passwd_has(receiver->files->passwd,
			   credentials->authcid) ?
		    MAILIN_REPLY_OK :
		    MAILIN_REPLY_BAD_CREDENTIALS;
	if (!decision_verify(&receiver->decision, receiver->files, credentials,
		&service->verifying))
		return MAILIN_REPLY_AUTH_LATER;
	return decision_reply(&receiver->decision);
}

static bool
is_plus(struct mailin_span mechanism)
{
	return mailin_span_equal(mechanism,
	    scram_mechanisms[SCRAM_SHA_256_PLUS]);
}

static struct scram *
begin_scram(const struct receiver *receiver,
    const struct mailin_session *session, struct mailin_span mechanism)
{
	const struct mailin_tls *tls = mailin_session_tls(session);
	struct scram_binding binding = { .plus = is_plus(mechanism) };

	if (tls != NULL && receiver->files->policy->scram_plus) {
		binding.octets = tls->channel_binding;
		binding.exporter = mailin_span_equal(tls->version, "TLSv1.3");
	}
	return scram_new(receiver->service->scram, receiver->files->passwd,
	    &binding);
}

static enum mailin_reply
scram_reply(const struct scram *scram, struct mailin_session *session,
    enum scram_outcome outcome, struct mailin_span challenge)
{
	switch (outcome) {
	case SCRAM_CHALLENGE:
		return mailin_session_challenge(session, challenge.ptr,
		    challenge.len);
	case SCRAM_AGREED:
		return mailin_session_set_identity(session,
			   scram_user(scram)) == MAILIN_OK ?
		    MAILIN_REPLY_OK :
		    MAILIN_REPLY_BAD_CREDENTIALS;
	case SCRAM_REFUSED:
		return MAILIN_REPLY_BAD_CREDENTIALS;
	default:
		return MAILIN_REPLY_AUTH_LATER;
	}
}

/* Do a step of SCRAM.  It takes so little time that no pool is needed. */
enum mailin_reply
login_sasl(struct mailin_session *session, const struct mailin_sasl *step,
    void *user)
{
	struct receiver *receiver = user;
	struct mailin_span challenge = { NULL, 0 };
	enum mailin_reply reply = MAILIN_REPLY_AUTH_LATER;

	if (step->first) {
		scram_free(receiver->scram);
		receiver->scram = begin_scram(receiver, session,
		    step->mechanism);
	}
	if (receiver->scram != NULL) {
		enum scram_outcome outcome = scram_step(receiver->scram,
		    step->response, &challenge);

		account_login(&receiver->account,
		    scram_mechanisms[is_plus(step->mechanism) ?
			    SCRAM_SHA_256_PLUS :
			    SCRAM_SHA_256],
		    mailin_span_of(scram_user(receiver->scram)));
		reply = scram_reply(receiver->scram, session, outcome,
		    challenge);
	}
	return reply;
}
