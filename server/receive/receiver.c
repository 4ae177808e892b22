/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "log/log.h"
#include "io/netaddr.h"
#include "receive/path.h"
#include "receive/receiver.h"

static enum mailin_reply
on_connect(struct mailin_session *session, void *user)
{
	const struct receiver *receiver = user;
	const struct mailin_peer *peer = mailin_session_peer(session);
	const struct mailin_proxy *proxy = mailin_session_proxy(session);

	if (peer != NULL)
		log_client(receiver->number, peer);
	if (proxy != NULL && proxy->tls)
		log_tls(receiver->number, mailin_session_tls(session));
	return MAILIN_REPLY_OK;
}

/* XCLIENT and XFORWARD are offered to the peer itself.  If they were offered to
 * a peer in --proxy-from, each client behind that proxy could use them. */
static bool
may_tell(const struct options *options, const struct netaddr *peer)
{
	return cidr_list_has(&options->xclient_from, peer) &&
	    !cidr_list_has(&options->proxy_from, peer);
}

static void
offer_xclient(struct mailin_session *session)
{
	(void)mailin_session_set_extension(session, MAILIN_EXTENSION_XCLIENT,
	    true);
	(void)mailin_session_set_extension(session, MAILIN_EXTENSION_XFORWARD,
	    true);
}

/* XCLIENT is offered only to a peer for which may_tell is true.  After it the
 * octets on this connection are those of the client that it names, so ask
 * may_tell again, about that client. */
static enum mailin_reply
on_xclient(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_attributes *attributes, void *user)
{
	const struct receiver *receiver = user;
	const struct mailin_peer *next = mailin_session_next_peer(session);
	struct netaddr address;

	(void)verb;
	(void)attributes;
	if (next != NULL && netaddr_read_host(&address, next->address) &&
	    may_tell(receiver->service->options, &address))
		offer_xclient(session);
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
on_auth(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	struct receiver *receiver = user;
	struct service *service = receiver->service;
	const struct mailin_span *act_as = &credentials->authzid;

	(void)session;
	/* No user may act as another one. */
	if (act_as->len > 0 &&
	    (act_as->len != credentials->authcid.len ||
		memcmp(act_as->ptr, credentials->authcid.ptr, act_as->len) !=
		    0))
		return MAILIN_REPLY_BAD_CREDENTIALS;
	if (!decision_verify(&receiver->decision, service->passwd, credentials,
		&service->verifying))
		return MAILIN_REPLY_AUTH_LATER;
	return decision_reply(&receiver->decision);
}

static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	const struct receiver *receiver = user;
	const struct options *options = receiver->service->options;
	struct mailin_span domain = path_domain(session, &rcpt->path);
	size_t i;

	if (options->domain_count == 0 ||
	    rcpt->path.kind == MAILIN_PATH_POSTMASTER)
		return MAILIN_REPLY_OK;
	for (i = 0; i < options->domain_count; i++)
		if (mailin_span_iequal(domain, options->domains[i]))
			return MAILIN_REPLY_OK;
	return MAILIN_REPLY_RELAY_DENIED;
}

static enum mailin_reply
on_data_start(struct mailin_session *session, void *user)
{
	struct receiver *receiver = user;

	receiver->message = message_new(&receiver->service->maildir, session);
	return receiver->message != NULL ? MAILIN_REPLY_OK :
					   MAILIN_REPLY_OUT_OF_MEMORY;
}

static enum mailin_reply
on_data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	const struct receiver *receiver = user;

	(void)session;
	return message_add(receiver->message, octets);
}

/* LMTP calls this for each recipient.  The first call has the message stored
 * for all of them. */
static enum mailin_reply
on_data_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	struct receiver *receiver = user;

	(void)session;
	(void)rcpt;
	if (receiver->message != NULL) {
		if (!decision_store(&receiver->decision, receiver->message,
			&receiver->service->storing))
			return MAILIN_REPLY_OUT_OF_MEMORY;
		receiver->message = NULL;
	}
	return decision_reply(&receiver->decision);
}

/* --discard */
static enum mailin_reply
on_discard(struct mailin_session *session, struct mailin_span octets,
    void *user)
{
	(void)session;
	(void)octets;
	(void)user;
	return MAILIN_REPLY_OK;
}

static void
on_reset(struct mailin_session *session, enum mailin_reset_reason reason,
    void *user)
{
	struct receiver *receiver = user;

	(void)session;
	(void)reason;
	message_free(receiver->message);
	receiver->message = NULL;
}

/* The client gets no reply, so tell the operator. */
static void
on_close(struct mailin_session *session, enum mailin_close_reason reason,
    void *user)
{
	const struct receiver *receiver = user;
	const struct mailin_peer *peer = mailin_session_peer(session);

	if ((reason == MAILIN_CLOSE_PROTOCOL ||
		reason == MAILIN_CLOSE_TIMEOUT) &&
	    receiver->proxied && mailin_session_proxy(session) == NULL &&
	    peer != NULL)
		log_error("%.*s is in --proxy-from and sent no PROXY header",
		    (int)peer->address.len, peer->address.ptr);
}

static void
on_trace(struct mailin_session *session, enum mailin_direction direction,
    struct mailin_span line, void *user)
{
	const struct receiver *receiver = user;

	(void)session;
	log_trace(receiver->number, direction, line);
}

struct mailin_handler
receiver_handler(const struct options *options)
{
	struct mailin_handler handler = {
		.size = sizeof(struct mailin_handler),
		.connect = options->trace ? on_connect : NULL,
		.auth = on_auth,
		.rcpt = on_rcpt,
		.data = on_discard,
		.xclient = on_xclient,
		.close = on_close,
		.trace = options->trace ? on_trace : NULL,
	};

	if (!options->discard) {
		handler.data_start = on_data_start;
		handler.data = on_data;
		handler.data_end = on_data_end;
		handler.reset = on_reset;
	}
	return handler;
}

bool
receiver_begin(struct receiver *receiver, struct service *service,
    struct loop *loop, void (*decided)(void *user), void *user)
{
	*receiver = (struct receiver){
		.service = service,
		.decision = { .loop = loop, .made = decided, .user = user },
		.number = atomic_fetch_add(&service->sessions, 1) + 1,
	};
	receiver->session = mailin_session_new(service->options->config,
	    &service->handler, receiver);
	receiver->decision.session = receiver->session;
	return receiver->session != NULL;
}

static void
trust(struct receiver *receiver, const struct netaddr *remote)
{
	const struct options *options = receiver->service->options;
	struct mailin_session *session = receiver->session;

	if (cidr_list_has(&options->proxy_from, remote)) {
		receiver->proxied = true;
		(void)mailin_session_expect_proxy(session);
	} else if (may_tell(options, remote)) {
		offer_xclient(session);
	}
}

void
receiver_set_peer(struct receiver *receiver, const struct netaddr *remote,
    const struct netaddr *local)
{
	char remote_host[NETADDR_HOST_SIZE], local_host[NETADDR_HOST_SIZE];
	struct mailin_peer peer = { .port = 0 };

	peer.port = netaddr_host(remote, remote_host);
	peer.local_port = netaddr_host(local, local_host);
	if (remote_host[0] == '\0')
		return;
	peer.address = mailin_span_of(remote_host);
	peer.local_address = mailin_span_of(local_host);
	(void)mailin_session_set_peer(receiver->session, &peer);
	trust(receiver, remote);
}

bool
receiver_tls_started(struct receiver *receiver, const struct mailin_tls *tls)
{
	if (receiver->service->options->trace)
		log_tls(receiver->number, tls);
	return mailin_session_tls_started(receiver->session, tls) == MAILIN_OK;
}

void
receiver_tls_failed(struct receiver *receiver, const char *reason)
{
	const struct mailin_peer *peer = mailin_session_peer(receiver->session);
	struct mailin_span client = peer != NULL ? peer->address :
						   mailin_span_of("a client");

	log_error("TLS handshake with %.*s failed: %s", (int)client.len,
	    client.ptr, reason);
	(void)mailin_session_abort(receiver->session, MAILIN_CLOSE_TLS);
}

void
receiver_end(struct receiver *receiver)
{
	mailin_session_free(receiver->session);
	message_free(receiver->message);
	decision_end(&receiver->decision, &receiver->service->connections);
}
