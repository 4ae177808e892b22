# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Test the client of bindings/python/mailin; bindings.sh runs this script."""
import gc
import os
import socket
import subprocess
import tempfile
import threading
import unittest

import mailin
from mailin import envelope

try:
    import ssl
except ImportError:
    ssl = None

ALL = (b"250-mx.example\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250-8BITMIME\r\n"
       b"250-SMTPUTF8\r\n250-DSN\r\n250-DELIVERBY\r\n250-MT-PRIORITY\r\n"
       b"250-FUTURERELEASE 9999 2030-01-01T00:00:00Z\r\n250-MTRK\r\n"
       b"250-REQUIRETLS\r\n250-RRVS\r\n250-NO-SOLICITING\r\n"
       b"250-AUTH PLAIN X-OWN\r\n250-LIMITS RCPTMAX=7\r\n"
       b"250-XFORWARD NAME ADDR\r\n250 ENHANCEDSTATUSCODES\r\n")


def say(client, octets=b""):
    """Return what the client sends, and feed it the replies to that."""
    said = client.output()
    client.sent(len(said))
    return said, list(client.feed(octets))


def greeted(protocol=mailin.Protocol.SMTP, hello=ALL):
    client = mailin.Client("me.example", protocol)
    say(client, b"220 mx.example\r\n")
    client.hello()
    say(client, hello)
    return client


class Commands(unittest.TestCase):
    def fails(self, name, call, *arguments, **members):
        with self.assertRaises(mailin.Error) as raised:
            call(*arguments, **members)
        self.assertEqual(raised.exception.name, name)

    def test_replies(self):
        client = mailin.Client("me.example")
        self.assertEqual(client.awaits(), mailin.ClientStep.GREETING)
        self.assertEqual(list(client.feed(b"220-mx.example\r\n22")), [])
        self.assertEqual(
            list(client.feed(b"0 hello\r\n")),
            [mailin.ClientReply(mailin.ClientStep.GREETING, 0, 220, b"",
                                b"mx.example\nhello")])
        client.hello()
        self.assertEqual(say(client, ALL)[0], b"EHLO me.example\r\n")
        self.assertTrue(client.ready())
        self.assertTrue(client.offers(mailin.Extension["8BITMIME"]))
        self.assertFalse(client.offers(mailin.Extension.STARTTLS))
        self.assertTrue(client.offers_sasl("x-own"))
        self.assertEqual(client.limit(mailin.Limit.RECIPIENTS), 7)
        self.assertTrue(client.offers_attribute(mailin.Verb.XFORWARD,
                                                mailin.Attribute.ADDR))
        self.assertFalse(client.offers_attribute(mailin.Verb.XCLIENT,
                                                 mailin.Attribute.ADDR))

    def test_replies_are_kept(self):
        client = greeted()
        client.mail(b"<me@a.example>")
        client.rcpt(b"<x@b.example>")
        client.rcpt(b"<y@b.example>")
        client.sent(len(client.output()))
        for reply in client.feed(b"250 2.1.0 ok\r\n550 5.1.1 no\r\n250 ok\r\n"):
            break
        self.assertEqual((reply.of, client.awaited()),
                         (mailin.ClientStep.MAIL, 2))
        self.assertEqual([(reply.rcpt, reply.code, reply.enhanced, reply.text)
                          for reply in client.feed(b"")],
                         [(0, 550, b"5.1.1", b"no"), (1, 250, b"", b"ok")])

    def test_members(self):
        client = greeted()
        client.mail(b"<me@a.example>", size=2**63,
                    body=mailin.BodyType["8BITMIME"], smtputf8=True,
                    ret=mailin.Ret.HDRS, envid=b"QQ314", auth=b"<>",
                    by_time=-60, by_mode=mailin.ByMode.NOTIFY, by_trace=True,
                    hold_for=5, mt_priority=-3, mtrk=b"QUJD", mtrk_timeout=9,
                    requiretls=True, solicit=b"a.example:b")
        self.assertEqual(
            set(say(client, b"250 ok\r\n")[0].split()),
            {b"MAIL", b"FROM:<me@a.example>", b"SIZE=9223372036854775808",
             b"BODY=8BITMIME", b"SMTPUTF8", b"RET=HDRS", b"ENVID=QQ314",
             b"AUTH=<>", b"BY=-60;NT", b"HOLDFOR=5", b"MT-PRIORITY=-3",
             b"MTRK=QUJD:9", b"REQUIRETLS", b"SOLICIT=a.example:b"})
        client.rcpt("<j\u00f6@b.example>".encode(),
                    notify=mailin.Notify.SUCCESS | mailin.Notify.DELAY,
                    orcpt_type=b"rfc822", orcpt=b"x@b.example", rrvs=0,
                    rrvs_action=mailin.RrvsAction.REJECT)
        self.assertEqual(
            set(say(client, b"250 ok\r\n")[0].decode().split()),
            {"RCPT", "TO:<j\u00f6@b.example>", "NOTIFY=SUCCESS,DELAY",
             "ORCPT=rfc822;x@b.example", "RRVS=1970-01-01T00:00:00Z;R"})

    def test_absent_members(self):
        client = greeted()
        client.mail(b"<>", size=None, smtputf8=False, envid=None)
        self.assertEqual(say(client)[0], b"MAIL FROM:<>\r\n")

    def test_wrong_members(self):
        client = greeted()
        path = b"<me@a.example>"
        for error, sender, members in (
                (TypeError, "<me@a.example>", {}),
                (TypeError, mailin.Helo(b"a", 0), {}),
                (TypeError, None, {}),
                (mailin.AddressError, b"me@a.example", {}),
                (TypeError, path, {"notify": 1}),
                (TypeError, path, {"path": path}),
                (TypeError, path, {"parameters": 1}),
                (TypeError, path, {"size": "5"}),
                (TypeError, path, {"envid": "QQ314"}),
                (ValueError, path, {"size": -1}),
                (ValueError, path, {"size": 2**64}),
                (ValueError, path, {"by_time": 2**32}),
                (ValueError, path, {"hold_for": 2**32 + 1}),
                (ValueError, path, {"by_trace": 2})):
            with self.assertRaises(error, msg=members):
                client.mail(sender, **members)
        for members in ({"envid": b"x SIZE=1"}, {"solicit": b"a\r\nRSET"},
                        {"body": 7}, {"auth": b"a\0"}, {"by_time": 10**9}):
            self.fails("SYNTAX", client.mail, path, **members)
        self.assertEqual(client.output(), b"")
        self.fails("STATE", client.rcpt, path)
        client.mail(path)
        with self.assertRaises(TypeError):
            client.rcpt(path, size=1)
        self.fails("UNOFFERED", client.rcpt, "<j\u00f6@b.example>".encode())

    def test_octets_are_kept(self):
        """The struct keeps what it points to."""
        def fill():
            return envelope.fill_mail(b"<%s@%s>" % (b"a" * 9, b"b" * 9),
                                      {"envid": b"%d" % 10**9},
                                      mailin.Syntax.STRICT)
        filled = [fill() for _ in range(50)]
        gc.collect()
        del fill
        junk = [b"%060d" % number for number in range(1000)]
        self.assertEqual({(one.path.local.copy(), one.path.domain.copy(),
                           one.envid.copy()) for one in filled},
                         {(b"a" * 9, b"b" * 9, b"1000000000")})
        self.assertEqual(len(junk), 1000)

    def test_relay(self):
        """What a handler got is what a client sends."""
        class Relay(mailin.Handler):
            def __init__(self):
                self.client = greeted()

            def mail(self, session, mail):
                self.client.mail(mail, smtputf8=True)
                return mailin.Reply.OK

            def rcpt(self, session, rcpt):
                self.client.rcpt(rcpt)
                return mailin.Reply.OK

        config = mailin.Config("mx.example")
        config.set("extensions", "SIZE,DSN,PIPELINING")
        relay = Relay()
        session = mailin.Session(config, relay)
        for line in (b"EHLO a.example\r\n",
                     b"MAIL FROM:<@r.example:me@a.example> SIZE=7 RET=FULL "
                     b"ENVID=x\r\nRCPT TO:<\"a b\"@mx.example> "
                     b"NOTIFY=NEVER\r\n"):
            session.sent(len(session.output()))
            session.feed(line)
        gc.collect()
        self.assertEqual(relay.client.output(),
                         b"MAIL FROM:<me@a.example> SIZE=7 SMTPUTF8 RET=FULL "
                         b"ENVID=x\r\n"
                         b"RCPT TO:<\"a b\"@mx.example> NOTIFY=NEVER\r\n")

    def test_order(self):
        client = mailin.Client("me.example")
        for call in (client.hello, client.starttls, client.auth_cancel,
                     client.data, client.body_end, client.rset, client.noop,
                     client.quit):
            self.fails("WAIT", call)  # for the greeting
        self.fails("STATE", client.tls_started)
        self.fails("STATE", client.body, b"x")
        client = greeted()
        self.fails("UNOFFERED", client.starttls)
        self.fails("RANGE", client.sent, 1)
        client.noop()
        self.fails("WAIT", client.hello)
        say(client, b"250 ok\r\n")
        client.quit()
        self.assertEqual(say(client, b"221 bye\r\n")[0], b"QUIT\r\n")
        client.eof()
        self.fails("STATE", client.hello)

    def test_message(self):
        client = greeted()
        client.mail(b"<>")
        client.rcpt(b"<x@b.example>")
        say(client, b"250 ok\r\n" * 2)
        client.data()
        say(client, b"354 go\r\n")
        self.assertEqual(client.body(b""), b"")
        self.assertEqual(client.body(b".a\r\n\r\n..\r") + client.body(b"\nb"),
                         b"..a\r\n\r\n...\r\nb")
        client.body_end()
        self.assertEqual(say(client)[0], b"\r\n.\r\n")
        client = greeted()
        client.mail(b"<>")
        client.rcpt(b"<x@b.example>")
        say(client, b"250 ok\r\n" * 2)
        client.data()
        say(client, b"354 go\r\n")
        self.fails("SYNTAX", client.body, b"a\nb\r\n")
        self.fails("STATE", client.body_end)
        with self.assertRaises(TypeError):
            client.body("text")

    def test_lmtp(self):
        client = greeted(mailin.Protocol.LMTP)
        client.mail(b"<>")
        for name in b"xyz":
            client.rcpt(b"<%c@b.example>" % name)
        say(client, b"250 ok\r\n" * 2 + b"550 no\r\n250 ok\r\n")
        client.data()
        say(client, b"354 go\r\n")
        client.body_end()
        self.assertEqual(client.awaited(), 2)
        said, replies = say(client, b"250 ok\r\n452 full\r\n")
        self.assertEqual([(one.of.name, one.rcpt, one.code)
                          for one in replies],
                         [("MESSAGE", 0, 250), ("MESSAGE", 2, 452)])

    def test_auth(self):
        client = greeted()
        with self.assertRaises(ValueError):
            client.auth_plain("joe", "se\0cret")
        self.fails("SYNTAX", client.auth_plain, "", "secret")
        client.auth_plain("joe", "s\u00e9cret")
        self.assertEqual(say(client, b"535 no\r\n")[0],
                         b"AUTH PLAIN AGpvZQBzw6ljcmV0\r\n")
        self.fails("UNOFFERED", client.auth, "X-OTHER")
        client.auth("X-OWN", b"")
        said, replies = say(client, b"334 d2hvPwA=\r\n")
        self.assertEqual(said, b"AUTH X-OWN =\r\n")
        self.assertEqual(replies[0].text, b"who?\0")
        with self.assertRaises(TypeError):
            client.auth_respond("joe")
        client.auth_respond(b"joe\0")
        self.assertEqual(say(client, b"334 \r\n")[0], b"am9lAA==\r\n")
        client.auth_cancel()
        self.assertEqual(say(client, b"501 ok\r\n")[0], b"*\r\n")
        client.auth("X-OWN")
        self.assertEqual(say(client)[0], b"AUTH X-OWN\r\n")

    def test_attributes(self):
        client = greeted()
        client.xforward({mailin.Attribute.ADDR: b"192.0.2.1"})
        self.assertEqual(say(client)[0],
                         b"XFORWARD NAME=[UNAVAILABLE] ADDR=192.0.2.1\r\n")
        client = greeted()
        self.fails("UNOFFERED", client.xclient, {})
        for values, error in (({99: b"x"}, ValueError),
                              ({mailin.Attribute.NAME: "x"}, TypeError)):
            with self.assertRaises(error):
                client.xforward(values)

    def test_name(self):
        for name, error in (("-", ValueError), ("a\0b", ValueError),
                            (b"a.example", TypeError), (None, TypeError)):
            with self.assertRaises(error):
                mailin.Client(name)
        for recipients in (-1, 100001, 2**64, 2**64 + 5):
            with self.assertRaises(ValueError):
                mailin.Client("a.example", recipients=recipients)
        for protocol, syntax in ((2, 0), (0, 2)):
            with self.assertRaises(ValueError):
                mailin.Client("a.example", protocol, syntax)
        client = mailin.Client("a.example", recipients=1)
        say(client, b"220 mx\r\n")
        self.fails("SYNTAX", client.hello, b"-")
        client.hello(b"other.example")
        self.assertEqual(say(client, ALL)[0], b"EHLO other.example\r\n")
        client.mail(b"<>")
        client.rcpt(b"<x@b.example>")
        self.fails("RANGE", client.rcpt, b"<x@b.example>")


class Faults(unittest.TestCase):
    def test_octets(self):
        for octets, fault in ((b"hello\r\n", "SYNTAX"),
                              (b"220-a\r\n221 b\r\n", "NEW_CODE"),
                              (b"220 " + b"x" * 600, "LONG_LINE"),
                              (b"354 a\r\n", "CODE"),
                              (b"220 a\r\n250 b\r\n", "UNASKED")):
            client = mailin.Client("a.example")
            with self.assertRaisesRegex(mailin.ServerFault, fault) as raised:
                list(client.feed(octets))
            self.assertEqual(raised.exception.fault.name, fault)
            self.assertEqual(client.fault().name, fault)
            self.assertEqual(client.output(), b"")
            with self.assertRaises(mailin.ServerFault):
                list(client.feed(b"220 a\r\n"))
            with self.assertRaises(mailin.Error):
                client.hello()

    def test_eof(self):
        client = mailin.Client("a.example")
        with self.assertRaisesRegex(mailin.ServerFault, "EOF"):
            client.eof()

    def test_octets_before_tls(self):
        client = greeted(hello=b"250-mx.example\r\n250 STARTTLS\r\n")
        client.starttls()
        client.sent(len(client.output()))
        replies = client.feed(b"220 go\r\n250 injected\r\n")
        self.assertEqual(next(replies).code, 220)
        with self.assertRaises(mailin.Error):
            client.tls_started()
        with self.assertRaisesRegex(mailin.ServerFault, "CLEAR"):
            next(replies)

    def test_freed(self):
        client = greeted()
        client.noop()
        client.sent(len(client.output()))
        replies = client.feed(b"250 ok\r\n")
        client.free()
        client.free()
        for call in (client.output, client.noop, client.fault, client.ready,
                     lambda: next(replies), lambda: client.feed(b"")):
            with self.assertRaisesRegex(ValueError, "is freed"):
                call()
        with mailin.Client("a.example") as client:
            pass
        with self.assertRaises(ValueError):
            client.awaited()


class Store(mailin.Handler):
    """Keeps the messages of one user, who must be in TLS."""

    def __init__(self):
        self.stored = []
        self.lines = bytearray()

    def auth(self, session, credentials):
        known = (b"joe", b"s\xc3\xa9cret")
        return (mailin.Reply.OK if credentials[2:4] == known
                else mailin.Reply.BAD_CREDENTIALS)

    def sasl(self, session, step):
        if step.first:
            return session.challenge(b"\0" + (step.response or b""))
        if step.response != b"\xff":
            return mailin.Reply.BAD_CREDENTIALS
        session.set_identity("own")
        return mailin.Reply.OK

    def mail(self, session, mail):
        self.sender = session.identity(), mail.path.text, mail.size
        return mailin.Reply.OK

    def rcpt(self, session, rcpt):
        if rcpt.path.local == b"raise":
            raise KeyError("rcpt")
        return mailin.Reply.OK

    def data(self, session, octets):
        self.lines += octets
        return mailin.Reply.OK

    def data_end(self, session, rcpt):
        self.stored.append((*self.sender, bytes(self.lines)))
        return mailin.Reply.OK

    def failed(self, session, callback, exception):
        self.stored.append(exception)


def serve(end, session, context):
    """Serve a client at this end of a socket."""
    unread = b""
    while True:
        while session.output():
            session.sent(end.send(session.output()))
        if session.want() == mailin.Want.CLOSE:
            end.close()
            return
        if session.want() == mailin.Want.TLS:
            end = context.wrap_socket(end, server_side=True)
            session.tls_started(version=end.version().encode())
        unread = unread or end.recv(1000)
        if not unread:
            session.eof()
        unread = unread[session.feed(unread):]


class Peer:
    """A client at the other end."""

    def __init__(self, handler, context, protocol):
        config = mailin.Config("localhost")
        config.set("protocol", protocol.name.lower())
        config.set("extensions", "STARTTLS,SIZE,PIPELINING,"
                   "ENHANCEDSTATUSCODES")
        config.set("mechanisms", "PLAIN")
        config.add_mechanism("X-OWN")
        listener = socket.create_server(("127.0.0.1", 0))
        self.socket = socket.create_connection(listener.getsockname(), 20)
        end, _ = listener.accept()
        listener.close()
        end.settimeout(20)
        self.thread = threading.Thread(
            target=serve, daemon=True,
            args=(end, mailin.Session(config, handler), context))
        self.thread.start()
        self.client = mailin.Client("me.example", protocol)

    def step(self):
        """Send what is queued; return the codes of the replies."""
        while self.client.output():
            self.client.sent(self.socket.send(self.client.output()))
        codes = []
        while self.client.awaited():
            octets = self.socket.recv(7)
            if not octets:
                self.client.eof()
            codes += [reply.code for reply in self.client.feed(octets)]
        return codes

    def close(self):
        self.client.quit()
        codes = self.step()
        self.thread.join(20)
        self.socket.close()
        return codes


@unittest.skipIf(ssl is None, "this Python has no ssl")
class Wire(unittest.TestCase):
    """A client and a session, with a socket between them."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        names = [os.path.join(folder.name, name) for name in ("c", "k")]
        try:
            subprocess.run(["openssl", "req", "-x509", "-nodes", "-newkey",
                            "rsa:2048", "-days", "30", "-subj",
                            "/CN=localhost", "-addext",
                            "subjectAltName=DNS:localhost", "-out", names[0],
                            "-keyout", names[1]], check=True,
                           capture_output=True)
        except FileNotFoundError:
            self.skipTest("the openssl command is missing")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*names)
        self.authorities = names[0]

    def begin(self, handler, protocol):
        peer = Peer(handler, self.context, protocol)
        self.assertEqual(peer.step(), [220])
        peer.client.hello()
        self.assertEqual(peer.step(), [250])
        self.assertFalse(peer.client.offers_sasl("PLAIN"))
        peer.client.starttls()
        self.assertEqual(peer.step(), [220])
        context = ssl.create_default_context(cafile=self.authorities)
        peer.socket = context.wrap_socket(peer.socket,
                                          server_hostname="localhost")
        peer.client.tls_started()
        with self.assertRaises(mailin.Error):
            peer.client.mail(b"<me@a.example>")
        peer.client.hello()
        self.assertEqual(peer.step(), [250])
        self.assertFalse(peer.client.offers(mailin.Extension.STARTTLS))
        return peer

    def test_mail(self):
        message = b"Subject: x\r\n\r\n" + b".\r\n..\xff\0\r\n" * 20000
        handler = Store()
        peer = self.begin(handler, mailin.Protocol.SMTP)
        peer.client.auth_plain("joe", "wrong")
        self.assertEqual(peer.step(), [535])
        peer.client.auth_plain("joe", "s\u00e9cret")
        self.assertEqual(peer.step(), [235])
        peer.client.mail(b"<me@a.example>", size=len(message))
        peer.client.rcpt(b"<raise@b.example>")
        peer.client.rcpt(b"<you@b.example>")
        self.assertEqual(peer.step(), [250, 451, 250])
        peer.client.data()
        self.assertEqual(peer.step(), [354])
        for at in range(0, len(message), 9999):
            peer.socket.sendall(peer.client.body(message[at:at + 9999]))
        peer.client.body_end()
        self.assertEqual(peer.step(), [250])
        self.assertEqual(peer.close(), [221])
        self.assertEqual(type(handler.stored[0]), KeyError)
        self.assertEqual(handler.stored[1:], [(b"joe", b"<me@a.example>",
                                               len(message), message)])

    def test_own_mechanism_and_lmtp(self):
        handler = Store()
        peer = self.begin(handler, mailin.Protocol.LMTP)
        for response, code in ((b"", 535), (b"\xff", 235)):
            peer.client.auth("X-OWN", b"\1")
            self.assertEqual(peer.step(), [334])
            peer.client.auth_respond(response)
            self.assertEqual(peer.step(), [code])
        peer.client.mail(b"<>")
        for name in b"abc":
            peer.client.rcpt(b"<%c@b.example>" % name)
        self.assertEqual(peer.step(), [250] * 4)
        peer.client.data()
        peer.step()
        peer.socket.sendall(peer.client.body(b"a\r\n"))
        peer.client.body_end()
        self.assertEqual(peer.step(), [250] * 3)
        self.assertEqual(peer.close(), [221])
        self.assertEqual(handler.stored, [(b"own", b"<>", 0, b"a\r\n")] * 3)


if __name__ == "__main__":
    unittest.main()
