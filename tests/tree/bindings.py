# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Test bindings/python/mailin; bindings.sh runs this script.

With the argument "layout" it prints a C program, which compiles only if each
struct and enum of the binding is that of the headers.
"""
import ctypes
import gc
import sys
import threading
import time
import unittest

import mailin
from mailin import library, structs

ENUMS = (("REPLY", mailin.Reply), ("WANT", mailin.Want),
         ("VERB", mailin.Verb), ("MECHANISM", mailin.Mechanism),
         ("PATH", mailin.PathKind), ("DOMAIN", mailin.DomainKind),
         ("RESET", mailin.ResetReason), ("CLOSE", mailin.CloseReason),
         ("SYNTAX", mailin.Syntax), ("PROTOCOL", mailin.Protocol),
         ("EXTENSION", mailin.Extension), ("LIMIT", mailin.Limit),
         ("PARAMETER", mailin.Parameter), ("ATTRIBUTE", mailin.Attribute),
         ("BODY", mailin.BodyType), ("RET", mailin.Ret),
         ("BY", mailin.ByMode), ("RRVS", mailin.RrvsAction),
         ("NOTIFY", mailin.Notify), ("CLIENT", mailin.ClientStep),
         ("CLIENT", library.ClientEvent), ("CLIENT_FAULT", mailin.ClientFault))


def layout():
    print("#include <mailin.h>")
    for name, struct in structs.STRUCTS.items():
        name = "struct mailin_" + name
        print('_Static_assert(sizeof (%s) == %d, "");'
              % (name, ctypes.sizeof(struct)))
        for field, *_ in struct._fields_:
            place = getattr(struct, field)
            print('_Static_assert(offsetof(%s, %s) == %d && '
                  'sizeof ((%s *)0)->%s == %d, "");'
                  % (name, field, place.offset, name, field, place.size))
    for name, values in ENUMS:
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
            def burl(self, session, burl):
                return mailin.Reply.OK

        with self.assertRaisesRegex(TypeError, "burl is not bound"):
            mailin.Session(mailin.Config("localhost"), Unbound())


class Login(mailin.Handler):
    """Knows one user, by PLAIN and by a mechanism of its own."""

    def __init__(self):
        self.kept = []

    def starttls(self, session):
        self.kept.append("starttls")
        return mailin.Reply.OK

    def auth(self, session, credentials):
        self.kept.append(credentials)
        if credentials.password != b"sec\xc3\xa9ret":
            return mailin.Reply.BAD_CREDENTIALS
        session.set_identity("joe@mx.example")
        return mailin.Reply.OK

    def sasl(self, session, step):
        self.kept.append(step)
        if step.first:
            return session.challenge(b"who?\0")
        session.set_identity(step.response.decode())
        return mailin.Reply.OK


class TlsAndAuth(unittest.TestCase):
    def setUp(self):
        config = mailin.Config("localhost")
        config.set("extensions", "STARTTLS")
        config.set("mechanisms", "PLAIN,EXTERNAL")
        config.add_mechanism("X-OWN")
        for name in ("x", "PLAIN", "X-OWN\0"):
            with self.assertRaises((mailin.Error, ValueError)):
                config.add_mechanism(name)
        self.handler = Login()
        self.session = mailin.Session(config, self.handler)
        with self.assertRaises(RuntimeError):
            config.add_mechanism("X-OTHER")

    def say(self, line):
        """Send a line, and return the reply."""
        self.session.sent(len(self.session.output()))
        self.assertEqual(self.session.feed(line), len(line))
        return self.session.output()

    def start_tls(self, **facts):
        self.assertIn(b"STARTTLS", self.say(b"EHLO a.example\r\n"))
        self.assertEqual(self.say(b"STARTTLS\r\n")[:4], b"220 ")
        self.assertEqual(self.session.want(), mailin.Want.TLS)
        with self.assertRaises(mailin.Error):
            self.session.tls_started()  # the 220 was not sent yet
        self.session.sent(len(self.session.output()))
        self.session.tls_started(version=b"TLSv1.3", **facts)
        said = self.say(b"EHLO a.example\r\n")
        self.assertNotIn(b"STARTTLS", said)
        return said

    def test_plain(self):
        self.assertIn(b"AUTH PLAIN X-OWN", self.start_tls())
        self.assertEqual(self.say(b"AUTH PLAIN AGpvZQBiYWQ=\r\n")[:3], b"535")
        self.assertIsNone(self.session.identity())
        said = self.say(b"AUTH PLAIN AGpvZQBzZWPDqXJldA==\r\n")
        self.assertEqual(said[:3], b"235")
        self.assertEqual(self.session.identity(), b"joe@mx.example")
        self.assertEqual(self.handler.kept, ["starttls"] + [
            mailin.Credentials(mailin.Mechanism.PLAIN, b"", b"joe", password,
                               None)
            for password in (b"bad", b"sec\xc3\xa9ret")])

    def test_external(self):
        self.assertIn(b"EXTERNAL", self.start_tls(client_name=b"cert"))
        self.say(b"AUTH EXTERNAL =\r\n")
        self.assertEqual(self.handler.kept[1].authcid, b"cert")

    def test_own_mechanism(self):
        self.start_tls()
        self.assertEqual(self.say(b"AUTH X-OWN\r\n"), b"334 d2hvPwA=\r\n")
        self.assertEqual(self.say(b"am9l\r\n")[:3], b"235")
        self.assertEqual(self.session.identity(), b"joe")
        self.assertEqual(self.handler.kept[1:],
                         [mailin.Sasl(b"X-OWN", True, None),
                          mailin.Sasl(b"X-OWN", False, b"joe")])

    def test_implicit_tls(self):
        self.session.expect_tls()
        self.assertEqual(self.session.want(), mailin.Want.TLS)
        with self.assertRaises(TypeError):
            self.session.tls_started(versoin=b"TLSv1.3")
        with self.assertRaises(TypeError):
            self.session.tls_started(version="TLSv1.3")
        self.session.tls_started()
        self.assertIn(b"AUTH PLAIN", self.say(b"EHLO a.example\r\n"))

    def test_octets_before_tls(self):
        self.say(b"EHLO a.example\r\n")
        self.say(b"STARTTLS\r\n")
        self.session.sent(len(self.session.output()))
        self.session.feed(b"R")
        self.assertEqual(self.session.want(), mailin.Want.CLOSE)
        with self.assertRaises(mailin.Error):
            self.session.tls_started()

    def test_no_handshake(self):
        self.session.output()
        with self.assertRaises(mailin.Error):
            self.session.abort(mailin.CloseReason.TLS)
        for call in (lambda: self.session.set_identity("joe"),
                     lambda: self.session.tls_started()):
            with self.assertRaises(mailin.Error):
                call()
        self.assertEqual(self.session.challenge(b""),
                         mailin.Reply.INTERNAL_ERROR)
        self.session.abort()
        self.assertEqual(self.session.want(), mailin.Want.CLOSE)


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

    def test_threads(self):
        """Sessions that begin and end in several threads are counted, even if
        Python changes the thread after each instruction."""
        def switch(frame, event, _):
            if "mailin" not in frame.f_code.co_filename:
                return None
            frame.f_trace_opcodes = True
            if event == "opcode":
                time.sleep(0)
            return switch

        def use():
            sys.settrace(switch)
            for _ in range(30):
                mailin.Session(config, mailin.Handler()).free()
            sys.settrace(None)

        config = mailin.Config("localhost")
        threads = [threading.Thread(target=use) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        config.set("mechanisms", "PLAIN")
        with mailin.Session(config, mailin.Handler()):
            with self.assertRaises(RuntimeError):
                config.set("mechanisms", "PLAIN")

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
