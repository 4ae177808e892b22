/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <mailin/event.h>

#include "metrics/counters.h"
#include "receive/decision.h"
#include "octet/wipe.h"

struct job {
	struct task task;          /* must be first: its address is also that of
				      the job */
	struct decision *decision; /* part of the session's memory */
	struct mailin_ticket *ticket; /* resumes the session; NULL: the decision
					 is made at once */
	enum mailin_reply reply;      /* the result */
	struct message *message;
	/* The job holds the files until it ends: the session may end first. */
	struct files *files;
	char *user;
	char *password;
};

static void
job_free(struct job *job)
{
	message_free(job->message);
	files_drop(job->files);
	if (job->password != NULL)
		wipe(job->password, strlen(job->password));
	if (job->user != NULL)
		wipe(job->user, strlen(job->user));
	free(job->password);
	free(job->user);
	free(job);
}

/* Returns the verdict on the next recipient of a message, or on the whole
 * message. */
static enum mailin_reply
next_verdict(struct decision *decision)
{
	size_t rcpt = decision->next;
	enum mailin_reply reply = message_reply(decision->stored, rcpt);

	if (rcpt != STORE_WHOLE)
		decision->next++;
	return reply != MAILIN_REPLY_OK ?
	    reply :
	    mailin_session_reply(decision->session, 250, "2.0.0",
		"Stored as %s", decision->stored->id);
}

static enum mailin_reply
verdict(struct decision *decision)
{
	return decision->stored != NULL ? next_verdict(decision) :
					  decision->verdict;
}

/* Give the result of a job to the session.  session is NULL if it has ended
 * while the job was running. */
static void
decide(struct mailin_session *session, void *user)
{
	struct job *job = user;
	struct decision *decision = job->decision;

	if (job->message != NULL)
		message_log(job->message, session == NULL);
	if (session != NULL) {
		decision->verdict = job->reply;
		decision->stored = job->message;
		job->message = NULL;
		for (; decision->waiting > 0; decision->waiting--)
			(void)mailin_session_resume(session,
			    mailin_session_decision(session),
			    verdict(decision));
	}
	job_free(job);
}

static void
finish(struct job *job)
{
	if (job->ticket != NULL)
		mailin_ticket_call(job->ticket, decide, job);
	else
		decide(job->decision->session, job);
}

static void
store(struct task *task)
{
	struct job *job = (struct job *)task;

	const struct timespec since = duration_begin();

	message_store(job->message);
	count_duration(DURATION_STORE, &since);
	finish(job);
}

static enum mailin_reply
verify_password(const struct job *job)
{
	/* The session has ended, so nobody gets this reply. */
	if (atomic_load(&job->decision->abandoned))
		return MAILIN_REPLY_AUTH_LATER;
	switch (passwd_verify(job->files->passwd, job->user, job->password)) {
	case HASH_MATCHES:
		return MAILIN_REPLY_OK;
	case HASH_DIFFERS:
		return MAILIN_REPLY_BAD_CREDENTIALS;
	default:
		return MAILIN_REPLY_AUTH_LATER;
	}
}

static void
verify(struct task *task)
{
	struct job *job = (struct job *)task;

	job->reply = verify_password(job);
	finish(job);
}

static struct job *
job_new(struct decision *decision, void (*run)(struct task *))
{
	struct job *job = calloc(1, sizeof *job);

	if (job == NULL)
		return NULL;
	job->task.run = run;
	job->decision = decision;
	return job;
}

/* Begin the job.  Returns false if there is no memory. */
static bool
begin(struct decision *decision, struct job *job, struct pool *pool)
{
	if (!decision->at_once) {
		job->ticket = mailin_ticket_new(decision->session);
		if (job->ticket == NULL)
			return false;
	}
	decision_end(decision);
	decision->verdict = MAILIN_REPLY_PENDING;
	if (decision->at_once)
		job->task.run(&job->task);
	else
		pool_run(pool, &job->task);
	return true;
}

void
decision_store(struct decision *decision, struct message *message, bool whole,
    struct pool *pool)
{
	struct job *job = job_new(decision, store);

	decision->next = whole ? STORE_WHOLE : 0;
	if (job != NULL) {
		job->message = message;
		if (begin(decision, job, pool))
			return;
		job_free(job);
	} else {
		message_free(message);
	}
	decision_end(decision);
	decision->verdict = MAILIN_REPLY_OUT_OF_MEMORY;
}

static char *
copy(struct mailin_span text)
{
	return text.ptr == NULL || memchr(text.ptr, '\0', text.len) != NULL ?
	    NULL :
	    strndup(text.ptr, text.len);
}

bool
decision_verify(struct decision *decision, struct files *files,
    const struct mailin_credentials *credentials, struct pool *pool)
{
	struct job *job = job_new(decision, verify);

	if (job == NULL)
		return false;
	job->files = files_hold(files);
	job->user = copy(credentials->authcid);
	job->password = copy(credentials->password);
	if (job->user != NULL && job->password != NULL &&
	    begin(decision, job, pool))
		return true;
	job_free(job);
	return false;
}

enum mailin_reply
decision_reply(struct decision *decision)
{
	if (decision->verdict != MAILIN_REPLY_PENDING)
		return verdict(decision);
	decision->waiting++;
	return MAILIN_REPLY_PENDING;
}

void
decision_end(struct decision *decision)
{
	message_free(decision->stored);
	decision->stored = NULL;
}

void
decision_abandon(struct decision *decision)
{
	decision_end(decision);
	atomic_store(&decision->abandoned, true);
}
