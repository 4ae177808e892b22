/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_HPP
#define MAILIN_HPP

/*
 * libmailin for C++17: sessions and clients of SMTP and LMTP, and addresses.
 *
 *	mailin::config config("mx.example.org");
 *	mailin::session session(config, handler);
 *
 * A handler is an object of a class that overrides functions of
 * mailin::handler.  It must outlive its sessions.  A session keeps its config
 * alive.  Spans are std::string_view, and live as long as the C headers say.
 *
 * An exception never passes through the library.  If a function of the handler
 * throws one, the client gets MAILIN_REPLY_INTERNAL_ERROR (451 4.3.0), and
 * handler::failed gets the exception.  The session goes on.  An error of a
 * call is thrown as mailin::error.
 *
 *	mailin::client client("host.example.org");
 *
 * A client hands mail on to a server.  If the server breaks the protocol,
 * mailin::server_fault is thrown.
 */

#include "mailin/address.hpp"
#include "mailin/client.hpp"
#include "mailin/config.hpp"
#include "mailin/error.hpp"
#include "mailin/handler.hpp"
#include "mailin/session.hpp"

#endif
