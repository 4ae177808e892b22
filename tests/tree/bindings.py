# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Test bindings/python/mailin.py; bindings.sh runs this script.

With the argument "layout" it prints a C program, which compiles only if each
struct and enum of the binding is that of the headers.
"""
import ctypes
import gc
import sys
import unittest

import mailin

ENUMS = {"REPLY": mailin.Reply, "WANT": mailin.Want, "VERB": mailin.Verb,
         "PATH": mailin.PathKind, "DOMAIN": mailin.DomainKind,
         "RESET": mailin.ResetReason, "CLOSE": mailin.CloseReason,
         "SYNTAX": mailin.Syntax}


def layout():
    print("#include <mailin.h>")
    for name, struct in mailin.STRUCTS.items():
        name = "struct mailin_" + name
        print('_Static_assert(sizeof (%s) == %d, "");'
              % (name, ctypes.sizeof(struct)))
        for field, *_ in struct._fields_:
            place = getattr(struct, field)
            print('_Static_assert(offsetof(%s, %s) == %d && '
                  'sizeof ((%s *)0)->%s == %d, "");'
                  % (name, field, place.offset, name, field, place.size))
    for name, values in ENUMS.items():
        for value in values:
            print('_Static_assert(MAILIN_%s_%s == %d, "");'
                  % (name, value.name, value))


class Raiser(mailin.Handler):
    def __init__(self, exception):
        self.exception = exception
        self.failures = []

    def mail(self, session, mail):
        if self.exception is None:
            return None  # no Reply
        raise self.exception

    def close(self, session, reason):
        raise ValueError(reason.name)

    def failed(self, session, callback, exception):
        self.failures.append((callback, type(exception)))
        raise exception  # must not pass, either


def begin(session, line):
    session.sent(len(session.output()))
    session.feed(b"HELO a.example\r\n")
    session.sent(len(session.output()))
    session.feed(line)
    return session.output()


class Exceptions(unittest.TestCase):
    def run_raiser(self, exception):
        handler = Raiser(exception)
        with mailin.Session(mailin.Config("localhost"), handler) as session:
            said = begin(session, b"MAIL FROM:<a@b.example>\r\n")
            self.assertEqual(said[:9], b"451 4.3.0")
        return handler.failures

    def test_exception(self):
        self.assertEqual(self.run_raiser(KeyError("x")),
                         [("mail", KeyError), ("close", ValueError)])

    def test_no_reply(self):
        self.assertEqual(self.run_raiser(None)[0], ("mail", TypeError))

    def test_interrupt(self):
        session = mailin.Session(mailin.Config("localhost"),
                                 Raiser(KeyboardInterrupt()))
        with self.assertRaises(KeyboardInterrupt):
            begin(session, b"MAIL FROM:<a@b.example>\r\n")
        self.assertEqual(session.output()[:9], b"451 4.3.0")


class Errors(unittest.TestCase):
    def test_config(self):
        config = mailin.Config("localhost")
        for name, value, error in (("no-such", "1", "ARGUMENT"),
                                   ("recipients", "x", "SYNTAX"),
                                   ("recipients", "0", "RANGE")):
            with self.assertRaises(mailin.Error) as raised:
                config.set(name, value)
            self.assertEqual(raised.exception.name, error)
        with self.assertRaises(ValueError):
            config.set("recipients", "1\0000")
        for hostname in ("-", "localhost\0x"):
            with self.assertRaises(ValueError):
                mailin.Config(hostname)

    def test_session(self):
        config = mailin.Config("localhost")
        session = mailin.Session(config, mailin.Handler())
        for call in (lambda: session.sent(1000),
                     lambda: session.resume(1, mailin.Reply.OK)):
            with self.assertRaises(mailin.Error):
                call()
        with self.assertRaises(ValueError):
            session.sent(-1)
        with self.assertRaises(TypeError):
            session.feed("text")
        with self.assertRaises(RuntimeError):
            config.set("recipients", "2")
        session.free()
        session.free()
        with self.assertRaises(ValueError):
            session.want()
        config.set("recipients", "2")


    def test_handler(self):
        class Unbound(mailin.Handler):
            def auth(self, session, credentials):
                return mailin.Reply.OK

        with self.assertRaisesRegex(TypeError, "auth is not bound"):
            mailin.Session(mailin.Config("localhost"), Unbound())


class Keeper(mailin.Handler):
    """Keeps all that it gets, and frees the session in a callback."""

    def __init__(self):
        self.kept = []

    def helo(self, session, verb, helo):
        self.kept.append((verb.name, helo.domain, helo.domain_kind.name))
        return mailin.Reply.OK

    def mail(self, session, mail):
        self.kept.append((mail.path.local, mail.path.route, mail.size))
        session.free()
        return mailin.Reply.OK

    def close(self, session, reason):
        self.kept.append(reason.name)


class Lifetimes(unittest.TestCase):
    def test_free_inside(self):
        handler = Keeper()
        session = mailin.Session(mailin.Config("localhost"), handler)
        gc.collect()  # only the session knows the config and the callbacks
        session.sent(len(session.output()))
        session.feed(b"EHLO a.example\r\n")
        session.sent(len(session.output()))
        session.feed(b"MAIL FROM:<a@b.example> SIZE=7\r\n")
        gc.collect()
        self.assertEqual(handler.kept, [("EHLO", b"a.example", "NAME"),
                                        (b"a", None, 7), "ABORT"])

    def test_circle(self):
        handler = Keeper()
        session = mailin.Session(mailin.Config("localhost"), handler)
        session.output()
        del session
        gc.collect()
        self.assertEqual(handler.kept, ["ABORT"])

    def test_pending(self):
        class Pending(mailin.Handler):
            def mail(self, session, mail):
                return mailin.Reply.PENDING

        session = mailin.Session(mailin.Config("localhost"), Pending())
        begin(session, b"MAIL FROM:<>\r\n")
        self.assertEqual(session.want(), mailin.Want.DECISION)
        session.resume(session.decision(),
                       session.reply(450, "4.2.1", "100%s\r\n250 ok"))
        self.assertEqual(session.output().count(b"\r\n450"), 1)
        self.assertIn(b"450-4.2.1 100%s", session.output())


if __name__ == "__main__":
    if sys.argv[1:] == ["layout"]:
        layout()
    else:
        unittest.main()
