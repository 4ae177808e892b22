# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Paths and mailboxes."""
import ctypes

from .library import Error, Syntax, bind, check, error_name
from .structs import CPath, CSpan, as_span, copy


class AddressError(Error):
    """The text is not an address; at is the offset of the first wrong octet."""

    def __init__(self, code, at):
        super().__init__(code)
        self.at = at

_PARSE = (ctypes.c_int, ctypes.POINTER(CPath), ctypes.c_int, CSpan,
          ctypes.POINTER(ctypes.c_size_t))
_path_parse = bind("path_parse", *_PARSE)
_mailbox_parse = bind("mailbox_parse", *_PARSE)


def _parse(function, octets, syntax):
    path, at = CPath(), ctypes.c_size_t()
    code = function(path, Syntax(syntax), as_span(octets), at)
    if code != 0 and error_name(code) == b"SYNTAX":
        raise AddressError(code, at.value)
    check(code)
    return copy(path)


def parse_path(octets, syntax=Syntax.STRICT):
    """Parse a path in angle brackets: a Path, or an AddressError."""
    return _parse(_path_parse, octets, syntax)


def parse_mailbox(octets, syntax=Syntax.STRICT):
    """Parse a mailbox without brackets: a Path, or an AddressError."""
    return _parse(_mailbox_parse, octets, syntax)
