# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""libmailin for Python, by ctypes: sessions and clients of SMTP and LMTP, and
addresses.

    config = mailin.Config("mx.example.org")
    session = mailin.Session(config, handler)

A handler is an object of a class that extends Handler.  The session calls only
those methods that the class has.  For all others the library uses its defaults
(mailin/handler.h).

The session keeps the config, the handler and the callbacks alive.  Each span of
the library is copied to bytes, and an absent span becomes None.  So a program
may keep a value as long as it likes.  An error of a call is raised as an Error.

An exception never passes through the library.  If a method of the handler
raises one, or returns something that is no Reply, the client gets the reply
INTERNAL_ERROR (451 4.3.0), and Handler.failed gets the exception.  The session
goes on.  A KeyboardInterrupt or SystemExit has the same reply, and is raised
again when the outermost call returns.

    client = mailin.Client("host.example.org")

A client hands mail on to a server.  A server that breaks the protocol is
raised as a ServerFault.
"""
from .address import AddressError, parse_mailbox, parse_path
from .client import Client, ServerFault
from .config import Config
from .library import (Attribute, BodyType, ByMode, ClientFault, ClientStep,
                      CloseReason, DomainKind, Error, Extension, Limit,
                      Mechanism, Notify, Parameter, PathKind, Protocol, Reply,
                      ResetReason, Ret, RrvsAction, Syntax, Verb, Want)
from .session import Handler, Session
from .structs import (ClientReply, Credentials, Helo, Mail, Path, Rcpt, Sasl,
                      Text)

__all__ = [
    "AddressError", "Attribute", "BodyType", "ByMode", "Client",
    "ClientFault", "ClientReply", "ClientStep", "CloseReason", "Config",
    "Credentials", "DomainKind", "Error", "Extension", "Handler", "Helo",
    "Limit", "Mail", "Mechanism", "Notify", "Parameter", "Path", "PathKind",
    "Protocol", "Rcpt", "Reply", "ResetReason", "Ret", "RrvsAction", "Sasl",
    "ServerFault", "Session", "Syntax", "Text", "Verb", "Want",
    "parse_mailbox", "parse_path"]
