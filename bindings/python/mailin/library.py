# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The library: its functions, enums and errors."""
import ctypes
import enum
import sys

_NAMES = {"darwin": "libmailin.0.dylib", "win32": "libmailin-0.dll"}
_lib = ctypes.CDLL(_NAMES.get(sys.platform, "libmailin.so.0"))


def bind(name, result, *arguments):
    """Return the function of the library with the types of its result and its
    arguments."""
    function = getattr(_lib, "mailin_" + name)
    function.restype = result
    function.argtypes = arguments
    return function


def make_enum(name, first=None):
    """Return the enum with the values that the running library has.  An
    underscore is in the place of each hyphen."""
    value_name = bind(name + "_name", ctypes.c_char_p, ctypes.c_int)
    values = [] if first is None else [first]
    while value_name(len(values)) != b"?":
        text = value_name(len(values)).decode().upper()
        values.append(text.replace("-", "_"))
    title = name.title().replace("_", "")
    return enum.IntEnum(title, [(text, i) for i, text in enumerate(values)],
                        module=__name__)


Reply = make_enum("reply")
Want = make_enum("want")
Verb = make_enum("verb", "UNKNOWN")
Mechanism = make_enum("mechanism")
PathKind = make_enum("path_kind")
DomainKind = make_enum("domain_kind")
ResetReason = make_enum("reset_reason")
CloseReason = make_enum("close_reason")
ClientStep = make_enum("client_step")
ClientFault = make_enum("client_fault")
Extension = make_enum("extension")
Limit = make_enum("limit")
Parameter = make_enum("parameter", "UNKNOWN")
Attribute = make_enum("attribute")
BodyType = make_enum("body_type")
Ret = make_enum("ret", "UNSET")


class ByMode(enum.IntEnum):
    """What to do if the message cannot be delivered in time."""

    NOTIFY = 0
    RETURN = 1


class RrvsAction(enum.IntEnum):
    """What to do if the mailbox has had another owner since."""

    UNSET = 0
    CONTINUE = 1
    REJECT = 2


class Notify(enum.IntFlag):
    """When the sender wants a report."""

    NEVER = 1
    SUCCESS = 2
    FAILURE = 4
    DELAY = 8


class ClientEvent(enum.IntEnum):
    """The results of mailin_client_feed."""

    MORE = 0
    REPLY = 1
    FAULT = 2


class Protocol(enum.IntEnum):
    """The protocols of a client."""

    SMTP = 0
    LMTP = 1


class Syntax(enum.IntEnum):
    """How strictly addresses are read."""

    STRICT = 0
    RELAXED = 1


_error_text = bind("error_text", ctypes.c_char_p, ctypes.c_int)
error_name = bind("error_name", ctypes.c_char_p, ctypes.c_int)


class Error(Exception):
    """An error of a call; name is that in enum mailin_error."""

    def __init__(self, code):
        super().__init__(_error_text(code).decode())
        self.code = code
        self.name = error_name(code).decode()


class Owner:
    """An object of the library.  It is freed at the end of a "with", or when
    nobody uses it any more.  A subclass sets _pointer, and has free()."""

    _pointer = None

    def __del__(self):
        if self._pointer is not None:
            self.free()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.free()


def check(code):
    """Raise the error, unless the code is that of success."""
    if code != 0:
        raise Error(code)
