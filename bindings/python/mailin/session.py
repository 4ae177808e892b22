# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Sessions, and their handlers."""
import ctypes
import sys
import threading
import traceback

from .library import (CloseReason, Owner, Reply, ResetReason, Verb, Want, bind,
                      check)
from .structs import (CHandler, CSpan, CTls, as_octets, as_span, as_text,
                      copy)

_SESSION = ctypes.c_void_p
_session_new = bind("session_new", _SESSION, ctypes.c_void_p,
                    ctypes.POINTER(CHandler), ctypes.c_void_p)
_session_free = bind("session_free", None, _SESSION)
_feed = bind("session_feed", ctypes.c_size_t, _SESSION, ctypes.c_char_p,
             ctypes.c_size_t)
_output = bind("session_output", CSpan, _SESSION)
_sent = bind("session_sent", ctypes.c_int, _SESSION, ctypes.c_size_t)
_want = bind("session_want", ctypes.c_int, _SESSION)
_eof = bind("session_eof", ctypes.c_int, _SESSION)
_timed_out = bind("session_timed_out", ctypes.c_int, _SESSION)
_shutdown = bind("session_shutdown", ctypes.c_int, _SESSION)
_timeout = bind("session_timeout", ctypes.c_uint, _SESSION)
_progress = bind("session_progress", ctypes.c_uint64, _SESSION)
_reply_text = bind("session_reply_text", ctypes.c_int, _SESSION,
                   ctypes.c_int, ctypes.c_char_p, CSpan)
_decision = bind("session_decision", ctypes.c_uint64, _SESSION)
_resume = bind("session_resume", ctypes.c_int, _SESSION, ctypes.c_uint64,
               ctypes.c_int)
_expect_tls = bind("session_expect_tls", ctypes.c_int, _SESSION)
_tls_started = bind("session_tls_started", ctypes.c_int, _SESSION,
                    ctypes.POINTER(CTls))
_abort = bind("session_abort", ctypes.c_int, _SESSION, ctypes.c_int)
_challenge = bind("session_challenge", ctypes.c_int, _SESSION,
                  ctypes.c_char_p, ctypes.c_size_t)
_set_identity = bind("session_set_identity", ctypes.c_int, _SESSION,
                     ctypes.c_char_p)
_identity = bind("session_identity", CSpan, _SESSION)


class Handler:
    """The decisions of the program.  Write a subclass that has some of these
    methods, which return a Reply:

        connect(session)                 data_start(session)
        helo(session, verb, helo)        data(session, octets)
        mail(session, mail)              data_end(session, rcpt)
        rcpt(session, rcpt)              query(session, verb, text)
        starttls(session)                auth(session, credentials)
        sasl(session, step)

    and some of these, which decide nothing:

        reset(session, reason)           close(session, reason)
        delivered(session)
    """

    def failed(self, session, callback, exception):
        """A callback has raised an exception; its reply is INTERNAL_ERROR."""
        print("mailin: exception in the callback " + callback, file=sys.stderr)
        traceback.print_exception(type(exception), exception,
                                  exception.__traceback__)


# Callbacks that get a number as their argument, and the enum to convert it to.
_ARGUMENTS = {"helo": Verb, "query": Verb, "reset": ResetReason,
              "close": CloseReason}
_EVENTS = ("reset", "delivered", "close")
_FACTS = [name for name, _ in CTls._fields_ if name != "reserved"]


class Session(Owner):
    """One client, from its connection to its end.  Calls from several threads
    wait for each other."""

    def __init__(self, config, handler):
        self._config = config
        self._user = handler
        self._raised = None
        self._depth = 0
        self._lock = threading.RLock()
        self._handler = CHandler(size=ctypes.sizeof(CHandler))
        for name, kind in CHandler._fields_[1:]:
            if not hasattr(handler, name):
                continue
            if kind is ctypes.c_void_p:
                raise TypeError("the callback %s is not bound" % name)
            setattr(self._handler, name, kind(self._callback(name)))
        with config._lock:
            self._pointer = _session_new(config._pointer, self._handler, None)
            if self._pointer is None:
                raise MemoryError
            config._sessions.append(None)

    def _callback(self, name):
        def call(_session, *arguments):
            try:
                values = [copy(argument) for argument in arguments[:-1]]
                if name in _ARGUMENTS:
                    values[0] = _ARGUMENTS[name](values[0])
                result = getattr(self._user, name)(self, *values)
                if name in _EVENTS:
                    return None
                if isinstance(result, Reply):
                    return int(result)
                raise TypeError(name + " returned no Reply")
            except BaseException as exception:
                self._fail(name, exception)
            return None if name in _EVENTS else int(Reply.INTERNAL_ERROR)
        return call

    def _fail(self, name, exception):
        if not isinstance(exception, Exception):
            self._raised = exception
            return
        try:
            self._user.failed(self, name, exception)
        except Exception:
            pass  # there is no other way to report the exception
        except BaseException as other:
            self._raised = other

    def _call(self, function, *arguments):
        with self._lock:
            if self._pointer is None:
                raise ValueError("the session is freed")
            return self._run(function, self._pointer, *arguments)

    def _run(self, function, *arguments):
        self._depth += 1
        try:
            result = function(*arguments)
        finally:
            self._depth -= 1
        if self._depth == 0 and self._raised is not None:
            raised, self._raised = self._raised, None
            raise raised
        return result

    def free(self):
        """End the session.  Inside a callback this takes effect when the
        outermost call returns."""
        with self._lock:
            pointer, self._pointer = self._pointer, None
            if pointer is None:
                return
            try:
                self._run(_session_free, pointer)
            finally:
                self._config._release()

    def want(self):
        """Return what the session waits for."""
        return Want(self._call(_want))

    def feed(self, octets):
        """Offer octets of the client.  Returns how many were read."""
        return self._call(_feed, as_octets(octets), len(octets))

    def output(self):
        """Return the octets to send.  They stay until sent() removes them."""
        return self._call(_output).copy() or b""

    def sent(self, length):
        """Remove the first octets of the output, after they were sent."""
        if length < 0:
            raise ValueError("a length below 0")
        check(self._call(_sent, length))

    def eof(self):
        """Call this if no more input will come."""
        check(self._call(_eof))

    def timed_out(self):
        """Call this if there was no progress for timeout() seconds."""
        check(self._call(_timed_out))

    def shutdown(self):
        """Call this if the server shuts down."""
        check(self._call(_shutdown))

    def timeout(self):
        """Return how many seconds to wait in this state.  0 means no limit,
        because a decision is pending."""
        return self._call(_timeout)

    def progress(self):
        """Return a counter.  When it has grown, start the timeout again."""
        return self._call(_progress)

    def expect_tls(self):
        """Say that the client must begin with TLS."""
        check(self._call(_expect_tls))

    def tls_started(self, **facts):
        """Say that the TLS handshake is done.  Call this before the session
        begins, or when want() is TLS and all output was sent.  The facts, which
        are bytes, are those of struct mailin_tls: version, cipher, sni, alpn,
        client_name and channel_binding."""
        tls = CTls()
        for name, octets in facts.items():
            if name not in _FACTS:
                raise TypeError("no fact of TLS: " + name)
            setattr(tls, name, as_span(octets))
        check(self._call(_tls_started, tls))

    def abort(self, reason=CloseReason.ABORT):
        """Say that the connection is unusable.  The reason is TLS if a
        handshake failed."""
        check(self._call(_abort, CloseReason(reason)))

    def challenge(self, octets):
        """Set the next challenge of a mechanism of the program.  The callback
        sasl must return the result."""
        return Reply(self._call(_challenge, as_octets(octets), len(octets)))

    def set_identity(self, identity):
        """Set the name that the client gets if the open decision on AUTH is
        OK."""
        check(self._call(_set_identity, as_text(identity)))

    def identity(self):
        """Return the name that AUTH gave to the client, or None."""
        return self._call(_identity).copy()

    def reply(self, code, enhanced, text):
        """Format the reply of the open decision with a text of the program."""
        octets = text.encode()
        return Reply(self._call(_reply_text, code, as_text(enhanced),
                                as_span(octets)))

    def decision(self):
        """Return the token of the open decision, or 0."""
        return self._call(_decision)

    def resume(self, token, reply):
        """Make the decision of a callback that has returned PENDING."""
        check(self._call(_resume, token, Reply(reply)))
