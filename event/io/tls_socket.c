/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <sys/socket.h>

#include "io/tls_context.h"

/*
 * The functions by which OpenSSL sends and receives.  OpenSSL's own BIO for
 * sockets calls write(2), which raises SIGPIPE if the client is gone.  A
 * library must not ask the program to ignore a signal, so this BIO calls
 * send(2), which can suppress the signal.
 */

static int
fd_of(BIO *bio)
{
	return (int)(intptr_t)BIO_get_data(bio);
}

static bool
may_try_again(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static int
send_octets(BIO *bio, const char *octets, size_t len, size_t *sent)
{
	ssize_t n = send(fd_of(bio), octets, len, MSG_NOSIGNAL);

	BIO_clear_retry_flags(bio);
	if (n < 0 && may_try_again())
		BIO_set_retry_write(bio);
	*sent = n > 0 ? (size_t)n : 0;
	return n > 0;
}

static int
receive_octets(BIO *bio, char *room, size_t size, size_t *len)
{
	ssize_t n = recv(fd_of(bio), room, size, 0);

	BIO_clear_retry_flags(bio);
	if (n < 0 && may_try_again())
		BIO_set_retry_read(bio);
	else if (n == 0)
		BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
	*len = n > 0 ? (size_t)n : 0;
	return n > 0;
}

static long
control(BIO *bio, int command, long number, void *pointer)
{
	(void)number;
	(void)pointer;
	switch (command) {
	case BIO_CTRL_FLUSH:
		return 1;
	case BIO_CTRL_EOF:
		return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
	default:
		return 0;
	}
}

BIO_METHOD *
mailin_tls_socket_new(void)
{
	BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "socket");

	if (method != NULL && BIO_meth_set_write_ex(method, send_octets) == 1 &&
	    BIO_meth_set_read_ex(method, receive_octets) == 1 &&
	    BIO_meth_set_ctrl(method, control) == 1)
		return method;
	BIO_meth_free(method);
	return NULL;
}

bool
mailin_tls_socket_set(const BIO_METHOD *method, SSL *ssl, int fd)
{
	BIO *bio = BIO_new(method);

	if (bio == NULL)
		return false;
	BIO_set_data(bio, (void *)(intptr_t)fd);
	BIO_set_init(bio, 1);
	SSL_set_bio(ssl, bio, bio);
	return true;
}
