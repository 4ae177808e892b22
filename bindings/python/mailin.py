# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""libmailin for Python, by ctypes: sessions of SMTP and LMTP, and addresses.

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
"""
import collections
import ctypes
import enum
import sys
import threading
import traceback

_NAMES = {"darwin": "libmailin.0.dylib", "win32": "libmailin-0.dll"}
_lib = ctypes.CDLL(_NAMES.get(sys.platform, "libmailin.so.0"))


def _function(name, result, *arguments):
    function = getattr(_lib, "mailin_" + name)
    function.restype = result
    function.argtypes = arguments
    return function


# ---- Enums, with names from the library --------------------------------


def _enum(name, first=None):
    """Return the enum with the values that the running library has."""
    value_name = _function(name + "_name", ctypes.c_char_p, ctypes.c_int)
    values = [] if first is None else [first]
    while value_name(len(values)) != b"?":
        values.append(value_name(len(values)).decode().upper())
    title = name.title().replace("_", "")
    return enum.IntEnum(title, [(text, i) for i, text in enumerate(values)],
                        module=__name__)


Reply = _enum("reply")
Want = _enum("want")
Verb = _enum("verb", "UNKNOWN")
Mechanism = _enum("mechanism")
PathKind = _enum("path_kind")
DomainKind = _enum("domain_kind")
ResetReason = _enum("reset_reason")
CloseReason = _enum("close_reason")


class Syntax(enum.IntEnum):
    """How strictly addresses are read."""

    STRICT = 0
    RELAXED = 1


# ---- Errors -------------------------------------------------------------

_error_text = _function("error_text", ctypes.c_char_p, ctypes.c_int)
_error_name = _function("error_name", ctypes.c_char_p, ctypes.c_int)


class Error(Exception):
    """An error of a call; name is that in enum mailin_error."""

    def __init__(self, code):
        super().__init__(_error_text(code).decode())
        self.code = code
        self.name = _error_name(code).decode()


class AddressError(Error):
    """The text is not an address; at is the offset of the first wrong octet."""

    def __init__(self, code, at):
        super().__init__(code)
        self.at = at


def _check(code):
    if code != 0:
        raise Error(code)


# ---- Structs, as in doc/abi.md -------------------------------------------


class CSpan(ctypes.Structure):
    _fields_ = [("ptr", ctypes.c_void_p), ("len", ctypes.c_size_t)]

    def copy(self):
        if self.ptr is None:
            return None
        return ctypes.string_at(self.ptr, self.len)


class CPath(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_int), ("domain_kind", ctypes.c_int),
                ("quoted", ctypes.c_bool), ("utf8", ctypes.c_bool),
                ("text", CSpan), ("route", CSpan), ("local", CSpan),
                ("domain", CSpan), ("reserved", ctypes.c_uint64 * 2)]


class CHelo(ctypes.Structure):
    _fields_ = [("domain", CSpan), ("domain_kind", ctypes.c_int),
                ("reserved", ctypes.c_uint32 * 3)]


class CMail(ctypes.Structure):
    _fields_ = [("path", CPath), ("parameters", ctypes.c_uint32),
                ("parameter_text", CSpan), ("size", ctypes.c_uint64),
                ("size_over", ctypes.c_bool), ("body", ctypes.c_int),
                ("ret", ctypes.c_int), ("envid", CSpan), ("auth", CSpan),
                ("by_time", ctypes.c_int32), ("by_mode", ctypes.c_int),
                ("by_trace", ctypes.c_bool), ("hold_for", ctypes.c_uint32),
                ("hold_until", ctypes.c_int64), ("mt_priority", ctypes.c_int),
                ("mtrk", CSpan), ("mtrk_timeout", ctypes.c_uint32),
                ("solicit", CSpan), ("reserved", ctypes.c_uint64 * 4)]


class CRcpt(ctypes.Structure):
    _fields_ = [("path", CPath), ("parameters", ctypes.c_uint32),
                ("parameter_text", CSpan), ("notify", ctypes.c_uint),
                ("orcpt_type", CSpan), ("orcpt", CSpan),
                ("orcpt_utf8", ctypes.c_bool), ("rrvs", ctypes.c_int64),
                ("rrvs_action", ctypes.c_int),
                ("reserved", ctypes.c_uint64 * 4)]


class CText(ctypes.Structure):
    _fields_ = [("text", CSpan), ("smtputf8", ctypes.c_bool),
                ("utf8", ctypes.c_bool)]


class CCredentials(ctypes.Structure):
    _fields_ = [("mechanism", ctypes.c_int), ("authzid", CSpan),
                ("authcid", CSpan), ("password", CSpan), ("token", CSpan)]


class CSasl(ctypes.Structure):
    _fields_ = [("mechanism", CSpan), ("first", ctypes.c_bool),
                ("response", CSpan)]


class CTls(ctypes.Structure):
    _fields_ = [("version", CSpan), ("cipher", CSpan), ("sni", CSpan),
                ("alpn", CSpan), ("client_name", CSpan),
                ("channel_binding", CSpan), ("reserved", ctypes.c_uint64 * 4)]


def _reply(*arguments):
    return ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, *arguments,
                            ctypes.c_void_p)


def _event(*arguments):
    return ctypes.CFUNCTYPE(None, ctypes.c_void_p, *arguments, ctypes.c_void_p)


class CHandler(ctypes.Structure):
    """The callbacks.  A member that is a void pointer here is always NULL, so
    the library uses its default."""

    _fields_ = [("size", ctypes.c_size_t), ("connect", _reply()),
                ("helo", _reply(ctypes.c_int, ctypes.POINTER(CHelo))),
                ("starttls", _reply()),
                ("auth", _reply(ctypes.POINTER(CCredentials))),
                ("sasl", _reply(ctypes.POINTER(CSasl))),
                ("mail", _reply(ctypes.POINTER(CMail))),
                ("rcpt", _reply(ctypes.POINTER(CRcpt))),
                ("data_start", _reply()), ("data", _reply(CSpan)),
                ("data_end", _reply(ctypes.POINTER(CRcpt))),
                ("query", _reply(ctypes.c_int, ctypes.POINTER(CText))),
                ("burl", ctypes.c_void_p), ("xclient", ctypes.c_void_p),
                ("unknown_verb", ctypes.c_void_p),
                ("unknown_parameter", ctypes.c_void_p),
                ("reset", _event(ctypes.c_int)), ("delivered", _event()),
                ("close", _event(ctypes.c_int)), ("trace", ctypes.c_void_p),
                ("replied", ctypes.c_void_p)]


# The C name of each struct, for a test that compares them with the headers.
STRUCTS = {"span": CSpan, "path": CPath, "helo": CHelo, "mail": CMail,
           "rcpt": CRcpt, "text": CText, "credentials": CCredentials,
           "sasl": CSasl, "tls": CTls, "handler": CHandler}
# Members that are converted to a value of an enum, if they are numbers.
_ENUMS = {"kind": PathKind, "domain_kind": DomainKind, "mechanism": Mechanism}


def _value_type(title, struct):
    names = [field[0] for field in struct._fields_ if field[0] != "reserved"]
    return collections.namedtuple(title, names, module=__name__)


Path = _value_type("Path", CPath)
Helo = _value_type("Helo", CHelo)
Mail = _value_type("Mail", CMail)
Rcpt = _value_type("Rcpt", CRcpt)
Text = _value_type("Text", CText)
Credentials = _value_type("Credentials", CCredentials)
Sasl = _value_type("Sasl", CSasl)
_VALUES = {CPath: Path, CHelo: Helo, CMail: Mail, CRcpt: Rcpt, CText: Text,
           CCredentials: Credentials, CSasl: Sasl}


def _copy(value, name=None):
    """Return a copy of a value from C.  A struct becomes a named tuple."""
    if isinstance(value, ctypes._Pointer):
        return _copy(value.contents) if value else None
    if isinstance(value, CSpan):
        return value.copy()
    if type(value) in _VALUES:
        kind = _VALUES[type(value)]
        return kind(*(_copy(getattr(value, field), field)
                      for field in kind._fields))
    if isinstance(value, int) and name in _ENUMS:
        return _ENUMS[name](value)
    return value


def _octets(octets):
    if not isinstance(octets, bytes):
        raise TypeError("octets are bytes, not " + type(octets).__name__)
    return octets


def _span(octets):
    """Return the span of the octets.  The caller must keep them alive."""
    pointer = ctypes.cast(ctypes.c_char_p(_octets(octets)), ctypes.c_void_p)
    return CSpan(pointer, len(octets))


def _text(text):
    """Return the octets of a text.  C ends a text at the first NUL, so the text
    may not have one."""
    if "\0" in text:
        raise ValueError("a text has a NUL")
    return text.encode()


# ---- Addresses ------------------------------------------------------------

_PARSE = (ctypes.c_int, ctypes.POINTER(CPath), ctypes.c_int, CSpan,
          ctypes.POINTER(ctypes.c_size_t))
_path_parse = _function("path_parse", *_PARSE)
_mailbox_parse = _function("mailbox_parse", *_PARSE)


def _parse(function, octets, syntax):
    path, at = CPath(), ctypes.c_size_t()
    code = function(path, Syntax(syntax), _span(octets), at)
    if code != 0 and _error_name(code) == b"SYNTAX":
        raise AddressError(code, at.value)
    _check(code)
    return _copy(path)


def parse_path(octets, syntax=Syntax.STRICT):
    """Parse a path in angle brackets: a Path, or an AddressError."""
    return _parse(_path_parse, octets, syntax)


def parse_mailbox(octets, syntax=Syntax.STRICT):
    """Parse a mailbox without brackets: a Path, or an AddressError."""
    return _parse(_mailbox_parse, octets, syntax)


# ---- The config -----------------------------------------------------------

_config_new = _function("config_new", ctypes.c_void_p, ctypes.c_char_p)
_config_free = _function("config_free", None, ctypes.c_void_p)
_config_set = _function("config_set", ctypes.c_int, ctypes.c_void_p,
                        ctypes.c_char_p, ctypes.c_char_p)
_add_mechanism = _function("config_add_mechanism", ctypes.c_int,
                           ctypes.c_void_p, ctypes.c_char_p)


class Config:
    """The settings of a server.  They must not change while a session runs."""

    _pointer = None
    _dropped = False
    _sessions = 0

    def __init__(self, hostname):
        self._pointer = _config_new(_text(hostname))
        if self._pointer is None:
            raise ValueError("no valid name of a host, or no memory")

    def __del__(self):
        self._dropped = True
        self._free_unused()

    def _release(self):
        self._sessions -= 1
        self._free_unused()

    def _free_unused(self):
        """Free the config after its last session: the order in which Python
        deletes objects of a circle is not known."""
        if self._dropped and self._sessions == 0 and self._pointer is not None:
            _config_free(self._pointer)
            self._pointer = None

    def set(self, name, value):
        """Set a setting by its name; value is a text, such as "PLAIN,LOGIN"
        for "mechanisms"."""
        self._change(_config_set, _text(name), _text(value))

    def add_mechanism(self, name):
        """Offer a SASL mechanism of the program: the callback sasl."""
        self._change(_add_mechanism, _text(name))

    def _change(self, function, *arguments):
        if self._sessions:
            raise RuntimeError("a session has this config")
        _check(function(self._pointer, *arguments))


# ---- The session ----------------------------------------------------------

_SESSION = ctypes.c_void_p
_session_new = _function("session_new", _SESSION, ctypes.c_void_p,
                         ctypes.POINTER(CHandler), ctypes.c_void_p)
_session_free = _function("session_free", None, _SESSION)
_feed = _function("session_feed", ctypes.c_size_t, _SESSION, ctypes.c_char_p,
                  ctypes.c_size_t)
_output = _function("session_output", CSpan, _SESSION)
_sent = _function("session_sent", ctypes.c_int, _SESSION, ctypes.c_size_t)
_want = _function("session_want", ctypes.c_int, _SESSION)
_eof = _function("session_eof", ctypes.c_int, _SESSION)
_timed_out = _function("session_timed_out", ctypes.c_int, _SESSION)
_shutdown = _function("session_shutdown", ctypes.c_int, _SESSION)
_timeout = _function("session_timeout", ctypes.c_uint, _SESSION)
_progress = _function("session_progress", ctypes.c_uint64, _SESSION)
_reply_text = _function("session_reply_text", ctypes.c_int, _SESSION,
                        ctypes.c_int, ctypes.c_char_p, CSpan)
_decision = _function("session_decision", ctypes.c_uint64, _SESSION)
_resume = _function("session_resume", ctypes.c_int, _SESSION, ctypes.c_uint64,
                    ctypes.c_int)
_expect_tls = _function("session_expect_tls", ctypes.c_int, _SESSION)
_tls_started = _function("session_tls_started", ctypes.c_int, _SESSION,
                         ctypes.POINTER(CTls))
_abort = _function("session_abort", ctypes.c_int, _SESSION, ctypes.c_int)
_challenge = _function("session_challenge", ctypes.c_int, _SESSION,
                       ctypes.c_char_p, ctypes.c_size_t)
_set_identity = _function("session_set_identity", ctypes.c_int, _SESSION,
                          ctypes.c_char_p)
_identity = _function("session_identity", CSpan, _SESSION)


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


class Session:
    """One client, from its connection to its end.  Calls from several threads
    wait for each other."""

    _pointer = None

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
        self._pointer = _session_new(config._pointer, self._handler, None)
        if self._pointer is None:
            raise MemoryError
        config._sessions += 1

    def __del__(self):
        if self._pointer is not None:
            self.free()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.free()

    def _callback(self, name):
        def call(_session, *arguments):
            try:
                values = [_copy(argument) for argument in arguments[:-1]]
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
        return self._call(_feed, _octets(octets), len(octets))

    def output(self):
        """Return the octets to send.  They stay until sent() removes them."""
        return self._call(_output).copy() or b""

    def sent(self, length):
        """Remove the first octets of the output, after they were sent."""
        if length < 0:
            raise ValueError("a length below 0")
        _check(self._call(_sent, length))

    def eof(self):
        """Call this if no more input will come."""
        _check(self._call(_eof))

    def timed_out(self):
        """Call this if there was no progress for timeout() seconds."""
        _check(self._call(_timed_out))

    def shutdown(self):
        """Call this if the server shuts down."""
        _check(self._call(_shutdown))

    def timeout(self):
        """Return how many seconds to wait in this state, or 0 for no limit: a
        decision is pending."""
        return self._call(_timeout)

    def progress(self):
        """Return a counter.  When it has grown, start the timeout again."""
        return self._call(_progress)

    def expect_tls(self):
        """The client must begin with TLS."""
        _check(self._call(_expect_tls))

    def tls_started(self, **facts):
        """The handshake of TLS is done, because want() was TLS and all output
        was sent, or before the session began.  The facts, which are bytes, are
        those of struct mailin_tls: version, cipher, sni, alpn, client_name and
        channel_binding."""
        tls = CTls()
        for name, octets in facts.items():
            if name not in _FACTS:
                raise TypeError("no fact of TLS: " + name)
            setattr(tls, name, _span(octets))
        _check(self._call(_tls_started, tls))

    def abort(self, reason=CloseReason.ABORT):
        """The connection is unusable; TLS is the reason if a handshake
        failed."""
        _check(self._call(_abort, CloseReason(reason)))

    def challenge(self, octets):
        """The next challenge of a mechanism of the program, for its callback
        sasl to return."""
        return Reply(self._call(_challenge, _octets(octets), len(octets)))

    def set_identity(self, identity):
        """Who the client is if the open decision on AUTH is OK."""
        _check(self._call(_set_identity, _text(identity)))

    def identity(self):
        """Who the client is by AUTH, or None."""
        return self._call(_identity).copy()

    def reply(self, code, enhanced, text):
        """Format the reply of the open decision with a text of the program."""
        octets = text.encode()
        return Reply(self._call(_reply_text, code, _text(enhanced),
                                _span(octets)))

    def decision(self):
        """Return the token of the open decision, or 0."""
        return self._call(_decision)

    def resume(self, token, reply):
        """Make the decision of a callback that has returned PENDING."""
        _check(self._call(_resume, token, Reply(reply)))
