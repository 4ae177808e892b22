# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The settings of a server."""
import ctypes
import threading

from .library import bind, check
from .structs import as_text

_config_new = bind("config_new", ctypes.c_void_p, ctypes.c_char_p)
_config_free = bind("config_free", None, ctypes.c_void_p)
_config_set = bind("config_set", ctypes.c_int, ctypes.c_void_p,
                   ctypes.c_char_p, ctypes.c_char_p)
_add_mechanism = bind("config_add_mechanism", ctypes.c_int,
                      ctypes.c_void_p, ctypes.c_char_p)


class Config:
    """The settings of a server.  They must not change while a session runs."""

    _pointer = None
    _dropped = False

    def __init__(self, hostname):
        # Locked while a session begins, or a setting changes.
        self._lock = threading.RLock()
        # One item for each session.  append() and pop() are atomic, even
        # without a GIL.  So a session can be deleted while the lock is held.
        self._sessions = []
        self._pointer = _config_new(as_text(hostname))
        if self._pointer is None:
            raise ValueError("no valid name of a host, or no memory")

    def __del__(self):
        self._dropped = True
        self._free_unused()

    def _release(self):
        self._sessions.pop()
        self._free_unused()

    def _free_unused(self):
        """Free the config, but not before its last session.  (If a config and
        its sessions refer to each other, Python may delete them in any
        order.)"""
        if self._dropped and not self._sessions:
            pointer = self.__dict__.pop("_pointer", None)
            if pointer is not None:
                _config_free(pointer)

    def set(self, name, value):
        """Set a setting by its name; value is a text, such as "PLAIN,LOGIN"
        for "mechanisms"."""
        self._change(_config_set, as_text(name), as_text(value))

    def add_mechanism(self, name):
        """Offer a SASL mechanism of the program: the callback sasl."""
        self._change(_add_mechanism, as_text(name))

    def _change(self, function, *arguments):
        with self._lock:
            if self._sessions:
                raise RuntimeError("a session has this config")
            check(function(self._pointer, *arguments))
