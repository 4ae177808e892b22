# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The structs of the library, as in doc/abi.md, and copies of their values."""
import collections
import ctypes

from .library import ClientStep, DomainKind, Mechanism, PathKind


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


class CClientOptions(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("name", ctypes.c_char_p),
                ("protocol", ctypes.c_int), ("syntax", ctypes.c_int),
                ("recipients", ctypes.c_size_t),
                ("allocator", ctypes.c_void_p)]


class CClientReply(ctypes.Structure):
    _fields_ = [("of", ctypes.c_int), ("rcpt", ctypes.c_size_t),
                ("code", ctypes.c_int), ("enhanced", ctypes.c_char * 12),
                ("text", CSpan), ("reserved", ctypes.c_uint64 * 4)]


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
           "sasl": CSasl, "tls": CTls, "handler": CHandler,
           "client_options": CClientOptions, "client_reply": CClientReply}
# Members that are converted to a value of an enum, if they are numbers.
_ENUMS = {"kind": PathKind, "domain_kind": DomainKind, "mechanism": Mechanism,
          "of": ClientStep}


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
ClientReply = _value_type("ClientReply", CClientReply)
_VALUES = {CPath: Path, CHelo: Helo, CMail: Mail, CRcpt: Rcpt, CText: Text,
           CCredentials: Credentials, CSasl: Sasl, CClientReply: ClientReply}


def copy(value, name=None):
    """Return a copy of a value from C.  A struct becomes a named tuple."""
    if isinstance(value, ctypes._Pointer):
        return copy(value.contents) if value else None
    if isinstance(value, CSpan):
        return value.copy()
    if type(value) in _VALUES:
        kind = _VALUES[type(value)]
        return kind(*(copy(getattr(value, field), field)
                      for field in kind._fields))
    if isinstance(value, int) and name in _ENUMS:
        return _ENUMS[name](value)
    return value


def as_octets(octets):
    """Return the octets, if that is what they are."""
    if not isinstance(octets, bytes):
        raise TypeError("octets are bytes, not " + type(octets).__name__)
    return octets


def as_span(octets):
    """Return the span of the octets.  The caller must keep them alive."""
    pointer = ctypes.cast(ctypes.c_char_p(as_octets(octets)), ctypes.c_void_p)
    return CSpan(pointer, len(octets))


def as_text(text):
    """Return the octets of a text.  C ends a text at the first NUL, so the text
    may not have one."""
    if not isinstance(text, str):
        raise TypeError("a text is a str, not " + type(text).__name__)
    if "\0" in text:
        raise ValueError("a text has a NUL")
    return text.encode()
