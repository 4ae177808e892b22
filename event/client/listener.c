/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/farewell.h"
#include "client/handler.h"
#include "client/listener.h"
#include "io/fault.h"
#include "io/listen.h"

/* Accept at most this number of clients for one event, so that other events are
 * not delayed. */
#define BURST 32

/* No descriptors or no memory are left, so accept no client for a second.  The
 * socket stays readable, so without a pause the loop would fail without end. */
static void
pause_gate(struct gate *gate, int error)
{
	static const struct timeval second = { .tv_sec = 1 };

	/* Without memory for the timer a pause would never end.  If the gate is
	 * not watched either, try again in the next turn of the loop. */
	if (evtimer_add(&gate->resume, &second) == 0) {
		event_del(&gate->readable);
		tell(gate->listener->common,
		    (struct mailin_event){ .kind = MAILIN_EVENT_PAUSED,
			.error = error });
	} else if (!event_pending(&gate->readable, EV_READ, NULL)) {
		event_active(&gate->resume, EV_TIMEOUT, 1);
	}
}

static void
on_resume(evutil_socket_t fd, short what, void *argument)
{
	struct gate *gate = argument;

	(void)fd;
	(void)what;
	if (event_add(&gate->readable, NULL) != 0)
		pause_gate(gate, ENOMEM);
}

/* Returns the policy for a client that has just been accepted.  The caller must
 * release this policy. */
static struct policy *
present_policy(const struct mailin_listener *listener)
{
	struct policy *policy;

	pthread_mutex_lock(&listener->common->lock);
	policy = listener->policy;
	mailin_policy_hold(policy);
	pthread_mutex_unlock(&listener->common->lock);
	return policy;
}

static void
greet(struct gate *gate, int client, const struct netaddr *remote)
{
	const struct mailin_listener *listener = gate->listener;
	struct policy *policy = present_policy(listener);
	struct netaddr local = { .len = sizeof local.sock };

	if (!listener->any ||
	    getsockname(client, &local.sock.any, &local.len) != 0)
		local = listener->address;
	mailin_clients_admit(&gate->hall->clients, client, remote, &local,
	    policy);
	mailin_policy_release(policy);
}

static bool
lacks_descriptors(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	    error == ENOMEM;
}

/* Accept a client.  If descriptors are lacking, close the sockets of refused
 * clients, and try again. */
static int
accept_client(struct gate *gate, int fd, struct netaddr *remote)
{
	int client;

	do
		client = accept4(fd, &remote->sock.any, &remote->len,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);
	while (client < 0 && lacks_descriptors(errno) &&
	    mailin_farewells_end(&gate->hall->clients));
	return client;
}

/* Accept one client.  Returns false if no other client can be accepted now. */
static bool
accept_one(struct gate *gate, int fd)
{
	struct netaddr remote = { .len = sizeof remote.sock };
	int client = accept_client(gate, fd, &remote);

	if (client >= 0) {
		greet(gate, client, &remote);
		return true;
	}
	if (lacks_descriptors(errno))
		pause_gate(gate, errno);
	/* EAGAIN means that no client waits.  Any other error concerns only one
	 * client (accept(2)).  If more clients wait, the event comes again. */
	return false;
}

static void
on_readable(evutil_socket_t fd, short what, void *argument)
{
	struct gate *gate = argument;
	unsigned i = 0;

	(void)what;
	while (i < BURST && accept_one(gate, fd))
		i++;
}

static bool
open_gates(struct mailin_listener *listener, int fd, unsigned loops)
{
	struct netaddr *address = &listener->address;
	unsigned i;
	int error;

	if (fd < 0 && !mailin_listen_is_free(address))
		return false;
	for (i = 0; i < loops; i++) {
		listener->gates[i].listener = listener;
		listener->gates[i].fd = fd < 0 ?
		    mailin_listen_at(address) :
		    mailin_listen_copy(fd, address);
		if (listener->gates[i].fd < 0)
			break;
	}
	if (i == loops)
		return true;
	error = errno;
	while (i > 0)
		close(listener->gates[--i].fd);
	errno = error;
	return false;
}

static struct mailin_listener *
refuse(struct mailin_listener *listener, int fd, struct mailin_fault *fault)
{
	char text[NETADDR_TEXT_SIZE];
	int error = errno;

	if (fd < 0)
		mailin_netaddr_text(&listener->address, text, sizeof text);
	else
		snprintf(text, sizeof text, "fd:%d", fd);
	mailin_fault_set(fault, error, "cannot listen on %s: %s", text,
	    strerror(error));
	free(listener);
	return NULL;
}

/* Prepare a policy for use by the listener. */
static void
prepare(const struct mailin_listener *listener, struct policy *policy)
{
	policy->listener = listener->number;
	mailin_handler_set(policy);
}

struct mailin_listener *
mailin_listener_new(struct common *common, const char *address,
    struct policy *policy, unsigned loops, struct mailin_fault *fault)
{
	struct mailin_listener *listener = calloc(1,
	    sizeof *listener + loops * sizeof listener->gates[0]);
	int fd = -1;

	if (listener == NULL) {
		mailin_fault_set(fault, ENOMEM, "no memory");
		return NULL;
	}
	if (!mailin_address_is_valid(address)) {
		mailin_fault_set(fault, EINVAL,
		    "cannot listen on '%s': that is no address such as "
		    "127.0.0.1:2525, [::1]:2525 or *:25",
		    address != NULL ? address : "");
		free(listener);
		return NULL;
	}
	if (!mailin_listen_parse(address, &fd))
		(void)mailin_netaddr_parse(&listener->address, address);
	if (!open_gates(listener, fd, loops))
		return refuse(listener, fd, fault);
	atomic_init(&listener->open, loops);
	atomic_init(&listener->closed, 0);
	listener->count = loops;
	listener->common = common;
	listener->number = atomic_fetch_add(&common->listeners, 1);
	listener->policy = policy;
	prepare(listener, policy);
	listener->any = mailin_netaddr_is_any(&listener->address);
	mailin_netaddr_text(&listener->address, listener->text,
	    sizeof listener->text);
	return listener;
}

/* Close a gate (a listener's socket in one loop).  When the last gate of a
 * listener is closed, also release the policy. */
static void
close_gate(struct gate *gate)
{
	struct mailin_listener *listener = gate->listener;
	struct policy *policy;

	if (gate->fd < 0)
		return;
	close(gate->fd);
	gate->fd = -1;
	if (atomic_fetch_sub(&listener->open, 1) > 1)
		return;
	pthread_mutex_lock(&listener->common->lock);
	policy = listener->policy;
	listener->policy = NULL;
	pthread_mutex_unlock(&listener->common->lock);
	mailin_policy_release(policy);
}

/* Begin to accept clients at a gate (a listening socket).  Called in its loop,
 * for the letter (message) that opens the gate. */
static void
on_gate(struct letter *letter)
{
	struct gate *gate = (struct gate *)letter;
	struct hall *hall = gate->hall;
	struct event_base *base = hall->clients.loop->base;

	if (hall->closed) {
		close_gate(gate);
		return;
	}
	event_assign(&gate->readable, base, gate->fd, EV_READ | EV_PERSIST,
	    on_readable, gate);
	evtimer_assign(&gate->resume, base, on_resume, gate);
	gate->link = &hall->gates;
	gate->next = hall->gates;
	if (gate->next != NULL)
		gate->next->link = &gate->next;
	hall->gates = gate;
	on_resume(-1, 0, gate);
}

void
mailin_listener_open(struct mailin_listener *listener,
    struct hall *(*hall_at)(void *user, unsigned loop), void *user,
    unsigned loops)
{
	unsigned i;

	for (i = 0; i < loops; i++) {
		struct gate *gate = &listener->gates[i];

		gate->hall = hall_at(user, i);
		gate->letter.arrived = on_gate;
		(void)mailin_post_send(gate->hall->clients.loop->post,
		    &gate->letter);
	}
}

/* Close a listening socket, and remove its gate from the loop's list. */
static void
shut(struct gate *gate)
{
	event_del(&gate->readable);
	event_del(&gate->resume);
	*gate->link = gate->next;
	if (gate->next != NULL)
		gate->next->link = gate->link;
	close_gate(gate);
}

void
mailin_hall_close(struct hall *hall)
{
	hall->closed = true;
	while (hall->gates != NULL)
		shut(hall->gates);
}

void
mailin_listener_enlist(struct mailin_listener *listener,
    struct mailin_listener **list)
{
	pthread_mutex_lock(&listener->common->lock);
	listener->link = list;
	listener->next = *list;
	if (listener->next != NULL)
		listener->next->link = &listener->next;
	*list = listener;
	pthread_mutex_unlock(&listener->common->lock);
}

static void
free_listener(struct mailin_listener *listener)
{
	pthread_mutex_lock(&listener->common->lock);
	*listener->link = listener->next;
	if (listener->next != NULL)
		listener->next->link = listener->link;
	pthread_mutex_unlock(&listener->common->lock);
	free(listener);
}

/* Close a gate (a listening socket).  Called in its loop, for the letter
 * (message) from mailin_listener_close, which arrives after the letter that
 * opened the gate.  When all gates are closed, the listener is freed.  If a
 * loop ends before its letter arrives, the server frees the listener. */
static void
on_last(struct letter *letter)
{
	struct gate *gate = (struct gate *)(void *)((char *)letter -
	    offsetof(struct gate, last));
	struct mailin_listener *listener = gate->listener;
	/* Read the count first: once the gate is counted as closed, another
	 * thread may free the listener. */
	unsigned count = listener->count;

	if (gate->fd >= 0)
		shut(gate);
	if (atomic_fetch_add(&listener->closed, 1) + 1 == count)
		free_listener(listener);
}

/* ---- Public functions ---- */

bool
mailin_address_is_valid(const char *text)
{
	struct netaddr address;
	int fd;

	return text != NULL &&
	    (mailin_listen_parse(text, &fd) ||
		mailin_netaddr_parse(&address, text));
}

const char *
mailin_listener_address(const struct mailin_listener *listener)
{
	return listener->text;
}

bool
mailin_listener_replace(struct mailin_listener *listener,
    const struct mailin_service *service, struct mailin_fault *fault)
{
	struct policy *policy = mailin_policy_new(service, fault), *before;

	if (policy == NULL)
		return false;
	prepare(listener, policy);
	pthread_mutex_lock(&listener->common->lock);
	before = listener->policy;
	if (before != NULL)
		listener->policy = policy;
	pthread_mutex_unlock(&listener->common->lock);
	if (before != NULL) {
		mailin_policy_release(before);
		return true;
	}
	mailin_policy_discard(policy);
	mailin_fault_set(fault, EPIPE, "the server has stopped");
	return false;
}

void
mailin_listener_close(struct mailin_listener *listener)
{
	/* Read the count first: when the last of these letters (messages) has
	 * been sent, another thread may free the listener. */
	unsigned count = listener->count, i;

	for (i = 0; i < count; i++) {
		struct gate *gate = &listener->gates[i];

		gate->last.arrived = on_last;
		(void)mailin_post_send(gate->hall->clients.loop->post,
		    &gate->last);
	}
}
