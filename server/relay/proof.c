/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <gsasl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <mailin/codec.h>

#include "octet/wipe.h"
#include "relay/proof.h"

/* RFC 7677 4 asks for 4096 iterations or more.  ITERATIONS_MOST limits the time
 * for which a back end can keep a thread busy to about a second. */
#define ITERATIONS_LEAST 4096
#define ITERATIONS_MOST  1000000

#define WRONG_CHALLENGE "its challenge is no SCRAM"

const bool proof_is_built = true;

/* The salted password of RFC 5802 3 that the last login to one back end has
 * computed.  It depends only on the password, the salt and the number of
 * iterations, and a back end usually sends the same salt again.  So most logins
 * do not need the thousands of iterations (RFC 5802 5.1). */
struct salted {
	char from[160]; /* "s=SALT,i=ITERATIONS" of the challenge */
	size_t from_len;
	char password[65]; /* in hexadecimal */
};

struct prover {
	Gsasl *gsasl;
	pthread_mutex_t lock;  /* of "salted" */
	struct salted *salted; /* one for each back end */
	size_t count;
};

struct proof {
	struct prover *prover;
	struct salted *salted; /* of the back end */
	Gsasl_session *session;
	char *response; /* NULL, or memory of libgsasl */
	size_t response_len;
	unsigned steps; /* that were taken: three in all */
	bool is_mutual;
	bool is_distrusted;
};

struct prover *
prover_new(size_t count)
{
	struct prover *prover = calloc(1, sizeof *prover);

	if (prover == NULL)
		return NULL;
	prover->count = count;
	prover->salted = calloc(count, sizeof *prover->salted);
	if (prover->salted != NULL && gsasl_init(&prover->gsasl) == GSASL_OK) {
		(void)pthread_mutex_init(&prover->lock, NULL);
		return prover;
	}
	free(prover->salted);
	free(prover);
	return NULL;
}

void
prover_free(struct prover *prover)
{
	if (prover == NULL)
		return;
	gsasl_done(prover->gsasl);
	(void)pthread_mutex_destroy(&prover->lock);
	wipe(prover->salted, prover->count * sizeof *prover->salted);
	free(prover->salted);
	free(prover);
}

/* If there is no memory, returns true: then a login fails, and is tried
 * again. */
static bool
is_prepared(const char *text)
{
	char *prepared = NULL;
	int result = gsasl_saslprep(text, GSASL_ALLOW_UNASSIGNED, &prepared,
	    NULL);

	if (prepared != NULL)
		wipe(prepared, strlen(prepared));
	gsasl_free(prepared);
	return result == GSASL_OK || result == GSASL_MALLOC_ERROR;
}

bool
proof_can_use(const struct credentials *credentials)
{
	return is_prepared(credentials->user) &&
	    is_prepared(credentials->password);
}

/* ---- A login ---- */

static bool
set_binding(Gsasl_session *session, struct mailin_span octets)
{
	char text[64];
	size_t len;

	if (octets.len == 0)
		return true;
	return octets.len <= sizeof text / 4 * 3 &&
	    mailin_base64_encode(octets, text, &len) == MAILIN_OK &&
	    gsasl_property_set_raw(session, GSASL_CB_TLS_EXPORTER, text, len) ==
	    GSASL_OK;
}

struct proof *
proof_new(struct prover *prover, size_t number,
    const struct credentials *credentials, struct mailin_span exporter)
{
	struct proof *proof = calloc(1, sizeof *proof);

	if (proof == NULL)
		return NULL;
	proof->prover = prover;
	proof->salted = &prover->salted[number];
	if (gsasl_client_start(prover->gsasl, proof_mechanism(exporter.len > 0),
		&proof->session) == GSASL_OK &&
	    set_binding(proof->session, exporter) &&
	    gsasl_property_set(proof->session, GSASL_AUTHID,
		credentials->user) == GSASL_OK &&
	    gsasl_property_set(proof->session, GSASL_PASSWORD,
		credentials->password) == GSASL_OK)
		return proof;
	proof_free(proof);
	return NULL;
}

static void
drop_response(struct proof *proof)
{
	if (proof->response != NULL)
		wipe(proof->response, proof->response_len);
	gsasl_free(proof->response);
	proof->response = NULL;
	proof->response_len = 0;
}

void
proof_free(struct proof *proof)
{
	if (proof == NULL)
		return;
	drop_response(proof);
	if (proof->session != NULL)
		gsasl_finish(proof->session);
	free(proof);
}

struct mailin_span
proof_response(const struct proof *proof)
{
	return (
	    struct mailin_span){ proof->response != NULL ? proof->response : "",
		proof->response_len };
}

bool
proof_is_mutual(const struct proof *proof)
{
	return proof->is_mutual;
}

bool
proof_is_distrusted(const struct proof *proof)
{
	return proof->is_distrusted;
}

/* ---- Challenges ---- */

/* Returns the number at the beginning of the text, up to a comma or the end.
 * Returns 0 if this is no number.  Of a number above ITERATIONS_MOST only the
 * first digits count, enough for the result to be above ITERATIONS_MOST. */
static unsigned
iterations_of(const char *text, size_t len)
{
	unsigned number = 0;
	size_t i;

	for (i = 0; i < len && text[i] != ','; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		if (number <= ITERATIONS_MOST)
			number = number * 10 + (unsigned)(text[i] - '0');
	}
	return number;
}

/* Returns the text after the next comma, or NULL. */
static const char *
after_comma(const char *text, const char *end)
{
	const char *comma = memchr(text, ',', (size_t)(end - text));

	return comma != NULL ? comma + 1 : NULL;
}

/* Check the first challenge, "r=nonce,s=salt,i=iterations": libgsasl would
 * compute any number of iterations.  Returns the fault, or NULL. */
static const char *
iterations_fault(struct mailin_span challenge)
{
	const char *end = challenge.ptr + challenge.len;
	const char *text = after_comma(challenge.ptr, end);
	unsigned iterations;

	if (text != NULL)
		text = after_comma(text, end);
	if (text == NULL || end - text < 2 || memcmp(text, "i=", 2) != 0)
		return WRONG_CHALLENGE;
	text += 2;
	iterations = iterations_of(text, (size_t)(end - text));
	return iterations >= ITERATIONS_LEAST && iterations <= ITERATIONS_MOST ?
	    NULL :
	    "its iterations are not from 4096 to 1000000";
}

/* Make the checks that libgsasl leaves out.  It would take a NUL for the end of
 * a challenge. */
static const char *
challenge_fault(const struct proof *proof, struct mailin_span challenge)
{
	if (proof->steps == 0)
		return NULL;
	if (proof->is_mutual || challenge.len == 0 ||
	    memchr(challenge.ptr, '\0', challenge.len) != NULL)
		return WRONG_CHALLENGE;
	return proof->steps == 1 ? iterations_fault(challenge) : NULL;
}

/* ---- The salted password ---- */

/* Returns the part of the first challenge on which the salted password depends:
 * all after the nonce. */
static struct mailin_span
salt_of(struct mailin_span challenge)
{
	const char *end = challenge.ptr + challenge.len;
	const char *salt = after_comma(challenge.ptr, end);

	return (struct mailin_span){ salt, (size_t)(end - salt) };
}

/* If the salted password is known, let libgsasl use it. */
static void
recall_salted(const struct proof *proof, struct mailin_span salt)
{
	const struct salted *salted = proof->salted;

	(void)pthread_mutex_lock(&proof->prover->lock);
	if (salt.len == salted->from_len &&
	    memcmp(salt.ptr, salted->from, salt.len) == 0)
		(void)gsasl_property_set(proof->session,
		    GSASL_SCRAM_SALTED_PASSWORD, salted->password);
	(void)pthread_mutex_unlock(&proof->prover->lock);
}

/* Keep the salted password that libgsasl has computed. */
static void
keep_salted(const struct proof *proof, struct mailin_span salt)
{
	struct salted *salted = proof->salted;
	const char *password = gsasl_property_fast(proof->session,
	    GSASL_SCRAM_SALTED_PASSWORD);

	if (password == NULL || salt.len > sizeof salted->from ||
	    strlen(password) != sizeof salted->password - 1)
		return;
	(void)pthread_mutex_lock(&proof->prover->lock);
	memcpy(salted->from, salt.ptr, salt.len);
	salted->from_len = salt.len;
	memcpy(salted->password, password, sizeof salted->password);
	(void)pthread_mutex_unlock(&proof->prover->lock);
}

/* ---- Steps ---- */

/* Let libgsasl take the next step. */
static int
step(struct proof *proof, struct mailin_span challenge)
{
	bool is_first = proof->steps == 1; /* challenge */
	int result;

	if (is_first)
		recall_salted(proof, salt_of(challenge));
	result = gsasl_step(proof->session, challenge.ptr, challenge.len,
	    &proof->response, &proof->response_len);
	if (is_first && result == GSASL_NEEDS_MORE)
		keep_salted(proof, salt_of(challenge));
	return result;
}

/* Returns why libgsasl has refused a step.  GSASL_AUTHENTICATION_ERROR means in
 * the second step that the nonce is not the nonce of this login, and in the
 * third step that the back end does not know the password. */
static const char *
fault_of(const struct proof *proof, int error)
{
	switch (error) {
	case GSASL_AUTHENTICATION_ERROR:
		return proof->steps == 2 ? "it does not know the password" :
					   WRONG_CHALLENGE;
	case GSASL_MALLOC_ERROR:
		return "no memory";
	case GSASL_SASLPREP_ERROR:
		return "SCRAM cannot use the user or the password";
	default:
		return WRONG_CHALLENGE;
	}
}

const char *
proof_step(struct proof *proof, struct mailin_span challenge,
    struct mailin_span *response)
{
	const char *fault = challenge_fault(proof, challenge);
	int result;

	drop_response(proof);
	proof->is_distrusted = fault != NULL;
	if (fault != NULL)
		return fault;
	result = step(proof, challenge);
	if (result != GSASL_OK && result != GSASL_NEEDS_MORE) {
		proof->is_distrusted = result != GSASL_MALLOC_ERROR &&
		    result != GSASL_SASLPREP_ERROR;
		return fault_of(proof, result);
	}
	proof->steps++;
	/* The last challenge is the proof of the back end. */
	proof->is_mutual = result == GSASL_OK && proof->steps == 3;
	*response = proof_response(proof);
	return NULL;
}
