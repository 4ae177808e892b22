/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "receive/decision.h"
#include "octet/wipe.h"

struct job {
	struct task task;          /* first, so that it has the job's address */
	struct decision *decision; /* NULL: the session has ended */
	atomic_uint *places; /* if so, decrement this at the end of the job */
	enum mailin_reply reply; /* the result */
	struct message *message;
	const struct passwd_file *passwd;
	char *user;
	char *password;
};

static void
job_free(struct job *job)
{
	message_free(job->message);
	if (job->password != NULL)
		wipe(job->password, strlen(job->password));
	if (job->user != NULL)
		wipe(job->user, strlen(job->user));
	free(job->password);
	free(job->user);
	free(job);
}

static void
store(struct task *task)
{
	struct job *job = (struct job *)task;

	job->reply = message_store(job->message);
}

static void
verify(struct task *task)
{
	struct job *job = (struct job *)task;

	job->reply = passwd_verify(job->passwd, job->user, job->password) ?
	    MAILIN_REPLY_OK :
	    MAILIN_REPLY_BAD_CREDENTIALS;
}

static enum mailin_reply
verdict(const struct decision *decision)
{
	if (decision->verdict == MAILIN_REPLY_OK && decision->id[0] != '\0')
		return mailin_session_reply(decision->session, 250, "2.0.0",
		    "Stored as %s", decision->id);
	return decision->verdict;
}

/* Take the result to the session.  The calls do nothing if the session has
 * ended meanwhile. */
static void
decide(struct task *task)
{
	struct job *job = (struct job *)task;
	struct decision *decision = job->decision;

	if (decision == NULL) {
		atomic_fetch_sub(job->places, 1);
	} else {
		decision->job = NULL;
		decision->verdict = job->reply;
		for (; decision->waiting > 0; decision->waiting--)
			(void)mailin_session_resume(decision->session,
			    mailin_session_decision(decision->session),
			    verdict(decision));
		if (decision->made != NULL)
			decision->made(decision->user);
	}
	job_free(job);
}

static struct job *
job_new(struct decision *decision, void (*run)(struct task *))
{
	struct job *job = calloc(1, sizeof *job);

	if (job == NULL)
		return NULL;
	job->task.run = run;
	job->task.done = decide;
	job->task.loop = decision->loop;
	job->decision = decision;
	return job;
}

static void
begin(struct decision *decision, struct job *job, const char *id,
    struct pool *pool)
{
	strcpy(decision->id, id);
	decision->job = job;
	decision->verdict = MAILIN_REPLY_PENDING;
	pool_run(pool, &job->task);
}

bool
decision_store(struct decision *decision, struct message *message,
    struct pool *pool)
{
	struct job *job = job_new(decision, store);

	if (job == NULL)
		return false;
	job->message = message;
	begin(decision, job, message->file.id, pool);
	return true;
}

static char *
copy(struct mailin_span text)
{
	return text.ptr == NULL || memchr(text.ptr, '\0', text.len) != NULL ?
	    NULL :
	    strndup(text.ptr, text.len);
}

bool
decision_verify(struct decision *decision, const struct passwd_file *passwd,
    const struct mailin_credentials *credentials, struct pool *pool)
{
	struct job *job = job_new(decision, verify);

	if (job == NULL)
		return false;
	job->passwd = passwd;
	job->user = copy(credentials->authcid);
	job->password = copy(credentials->password);
	if (job->user == NULL || job->password == NULL) {
		job_free(job);
		return false;
	}
	begin(decision, job, "", pool);
	return true;
}

enum mailin_reply
decision_reply(struct decision *decision)
{
	if (decision->verdict == MAILIN_REPLY_PENDING)
		decision->waiting++;
	return verdict(decision);
}

void
decision_end(struct decision *decision, atomic_uint *places)
{
	if (decision->job != NULL) {
		decision->job->decision = NULL;
		decision->job->places = places;
	} else {
		atomic_fetch_sub(places, 1);
	}
}
