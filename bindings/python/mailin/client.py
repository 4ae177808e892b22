# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The client side of SMTP and LMTP."""
import ctypes
import threading

from .envelope import fill_mail, fill_rcpt, store
from .library import (Attribute, ClientEvent, ClientFault, ClientStep,
                      Extension, Limit, Owner, Protocol, Syntax, Verb, bind,
                      check)
from .structs import (CClientOptions, CClientReply, CMail, CRcpt, CSpan,
                      as_octets, as_span, as_text, copy)

_CLIENT = ctypes.c_void_p
_SPANS = ctypes.POINTER(CSpan)


def _command(name, *arguments):
    return bind("client_" + name, ctypes.c_int, _CLIENT, *arguments)


_new = bind("client_new", _CLIENT, ctypes.POINTER(CClientOptions))
_free = bind("client_free", None, _CLIENT)
_output = bind("client_output", CSpan, _CLIENT)
_sent = _command("sent", ctypes.c_size_t)
_feed = _command("feed", _SPANS, ctypes.POINTER(CClientReply))
_eof = bind("client_eof", None, _CLIENT)
_hello = _command("hello")
_hello_as = _command("hello_as", CSpan)
_starttls = _command("starttls")
_tls_started = _command("tls_started")
_auth_plain = _command("auth_plain", ctypes.c_char_p, ctypes.c_char_p)
_auth = _command("auth", ctypes.c_char_p, CSpan)
_auth_respond = _command("auth_respond", CSpan)
_auth_cancel = _command("auth_cancel")
_xforward = _command("xforward", _SPANS)
_xclient = _command("xclient", _SPANS)
_mail = _command("mail", ctypes.POINTER(CMail))
_rcpt = _command("rcpt", ctypes.POINTER(CRcpt))
_data = _command("data")
_body = _command("body", _SPANS, _SPANS)
_body_end = _command("body_end")
_rset = _command("rset")
_noop = _command("noop")
_quit = _command("quit")
_fault_found = _command("fault_found")
_awaited = bind("client_awaited", ctypes.c_size_t, _CLIENT)
_awaits = _command("awaits")
_ready = bind("client_ready", ctypes.c_bool, _CLIENT)
_offers = bind("client_offers", ctypes.c_bool, _CLIENT, ctypes.c_int)
_offers_sasl = bind("client_offers_sasl", ctypes.c_bool, _CLIENT,
                    ctypes.c_char_p)
_offers_attribute = bind("client_offers_attribute", ctypes.c_bool, _CLIENT,
                         ctypes.c_int, ctypes.c_int)
_limit = bind("client_limit", ctypes.c_uint64, _CLIENT, ctypes.c_int)


class ServerFault(Exception):
    """The server broke the protocol; fault says how.  Close the connection."""

    def __init__(self, fault):
        super().__init__("the server broke the protocol: " + fault.name)
        self.fault = fault


class Client(Owner):
    """A connection to a server.  mailin/client.h says in which states each
    command may be queued; a command in another state is an Error.  Calls from
    several threads wait for each other.

    "name" is the name of this host, for EHLO.  "recipients" is the greatest
    number of RCPT commands in a transaction; 0 means 1000.
    """

    def __init__(self, name, protocol=Protocol.SMTP, syntax=Syntax.STRICT,
                 recipients=0):
        self._syntax = Syntax(syntax)
        self._unread = b""
        self._lock = threading.RLock()
        options = CClientOptions(size=ctypes.sizeof(CClientOptions),
                                 name=as_text(name),
                                 protocol=Protocol(protocol),
                                 syntax=self._syntax)
        store(options, "recipients", recipients)
        self._pointer = _new(options)
        if self._pointer is None:
            raise ValueError("no valid name of a host or number of "
                             "recipients, or no memory")

    def free(self):
        """Free the client.  No other method may be called afterwards."""
        with self._lock:
            pointer, self._pointer = self._pointer, None
            _free(pointer)

    def _used(self):
        """Return the pointer, unless the client is freed."""
        if self._pointer is None:
            raise ValueError("the client is freed")
        return self._pointer

    def _call(self, function, *arguments):
        with self._lock:
            return function(self._used(), *arguments)

    def _queue(self, function, *arguments):
        check(self._call(function, *arguments))

    # ---- Octets ----

    def output(self):
        """Return the octets to send.  They stay until sent() removes them."""
        with self._lock:
            return self._call(_output).copy() or b""

    def sent(self, length):
        """Remove the first octets of the output, after they were sent."""
        if length < 0:
            raise ValueError("a length below 0")
        self._queue(_sent, length)

    def feed(self, octets):
        """Take octets of the server, and return an iterator over the replies,
        each a ClientReply.  The program may queue commands between two
        replies.  Octets that the iterator has not read are kept for the next
        call.  If the server is at fault, the iterator raises a ServerFault."""
        with self._lock:
            self._used()
            self._unread += as_octets(octets)
        return iter(self._next_reply, None)

    def _next_reply(self):
        with self._lock:
            rest, reply = as_span(self._unread), CClientReply()
            event = self._call(_feed, rest, reply)
            self._unread = self._unread[len(self._unread) - rest.len:]
            if event == ClientEvent.FAULT:
                raise ServerFault(self.fault())
            return copy(reply) if event == ClientEvent.REPLY else None

    def eof(self):
        """The server has closed the connection.  If that was too early, raise
        a ServerFault."""
        self._call(_eof)
        if self.fault() != ClientFault.NONE:
            raise ServerFault(self.fault())

    # ---- Commands ----

    def hello(self, name=None):
        """Queue EHLO or LHLO, with another name of octets if it is given."""
        if name is None:
            self._queue(_hello)
        else:
            self._queue(_hello_as, as_span(name))

    def starttls(self):
        """Queue STARTTLS.  After a 220 do the handshake."""
        self._queue(_starttls)

    def tls_started(self):
        """The handshake after STARTTLS is done: call hello() next."""
        self._queue(_tls_started)

    def auth_plain(self, user, password):
        """Queue AUTH PLAIN.  Do this only inside TLS.  The library overwrites
        its copy of the password after it was sent; Python keeps its own."""
        self._queue(_auth_plain, as_text(user), as_text(password))

    def auth(self, mechanism, initial=None):
        """Queue AUTH with another mechanism; initial is its first response."""
        self._queue(_auth, as_text(mechanism),
                    CSpan() if initial is None else as_span(initial))

    def auth_respond(self, response):
        """Queue the response to a challenge, which is the text of a 334."""
        self._queue(_auth_respond, as_span(response))

    def auth_cancel(self):
        """Queue "*", which cancels AUTH after a challenge."""
        self._queue(_auth_cancel)

    def xforward(self, values):
        """Queue XFORWARD; values is a dict of octets by Attribute."""
        self._queue(_xforward, self._attributes(values))

    def xclient(self, values):
        """Queue XCLIENT; values is a dict of octets by Attribute."""
        self._queue(_xclient, self._attributes(values))

    @staticmethod
    def _attributes(values):
        spans = (CSpan * len(Attribute))()
        for attribute, octets in values.items():
            spans[Attribute(attribute)] = as_span(octets)
        return spans

    def mail(self, sender, **members):
        """Queue MAIL.  The sender is a path in angle brackets, or the Mail
        that a handler got, with its parameters.  Each member adds its
        parameter: those of Mail, and smtputf8=True and requiretls=True.

            client.mail(b"<me@example.org>", size=len(message))
        """
        self._queue(_mail, fill_mail(sender, members, self._syntax))

    def rcpt(self, recipient, **members):
        """Queue RCPT.  The recipient is a path in angle brackets, or the Rcpt
        that a handler got; the members are those of Rcpt."""
        self._queue(_rcpt, fill_rcpt(recipient, members, self._syntax))

    def data(self):
        """Queue DATA.  After a 354 call body()."""
        self._queue(_data)

    def body(self, octets):
        """Return the octets to send for these octets of the message.  Each of
        its lines must end in CR LF; after an Error close the connection."""
        rest, piece, pieces = as_span(octets), CSpan(), []
        with self._lock:
            while rest.len > 0:
                self._queue(_body, rest, piece)
                pieces.append(piece.copy() or b"")
        return b"".join(pieces)

    def body_end(self):
        """Queue the end of the message."""
        self._queue(_body_end)

    def rset(self):
        """Queue RSET."""
        self._queue(_rset)

    def noop(self):
        """Queue NOOP."""
        self._queue(_noop)

    def quit(self):
        """Queue QUIT."""
        self._queue(_quit)

    # ---- Queries ----

    def fault(self):
        """Return how the server broke the protocol, or NONE."""
        return ClientFault(self._call(_fault_found))

    def awaited(self):
        """Return how many replies are awaited."""
        return self._call(_awaited)

    def awaits(self):
        """Return the step whose reply comes next, or NONE."""
        return ClientStep(self._call(_awaits))

    def ready(self):
        """Return True if the connection may be kept for another message."""
        return self._call(_ready)

    def offers(self, extension):
        """Return True if the server offers the extension."""
        return self._call(_offers, Extension(extension))

    def offers_sasl(self, name):
        """Return True if the server offers AUTH with this mechanism."""
        return self._call(_offers_sasl, as_text(name))

    def offers_attribute(self, verb, attribute):
        """Return True if XCLIENT or XFORWARD (verb) has the attribute."""
        return self._call(_offers_attribute, Verb(verb), Attribute(attribute))

    def limit(self, limit):
        """Return a limit that the server names, or 0."""
        return self._call(_limit, Limit(limit))
