# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Test examples/filter."""

import pathlib
import socket
import tempfile
import threading

from example_program import connected, running
from rawsmtp import Client, check


class BackEnd(threading.Thread):
    """A back end that accepts all mail and remembers the octets."""

    KEYWORDS = "250-back.example.org\r\n250-8BITMIME\r\n250 SIZE\r\n"

    def __init__(self, lmtp=False):
        super().__init__(daemon=True)
        self.lmtp = lmtp
        self.lines = []
        self.replies = {}  # replies other than 250, by the beginning of a line
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:  # the socket was closed
                return
            with connection, connection.makefile("rwb", 0) as stream:
                self.serve(stream)

    def serve(self, stream):
        recipients = 0
        stream.write(b"220 back.example.org\r\n")
        for line in stream:
            self.lines.append(line)
            reply = next((reply for begin, reply in self.replies.items()
                          if line.startswith(begin)), "250 2.0.0 Right\r\n")
            if reply is None:
                break
            if line[1:4] == b"HLO":
                reply = self.KEYWORDS
            if line.startswith(b"RCPT") and reply.startswith("250"):
                recipients += 1
            stream.write(reply.encode())
            if line == b"DATA\r\n" and reply.startswith("354"):
                self.message(stream, recipients if self.lmtp else 1)
                recipients = 0

    def message(self, stream, replies):
        for line in stream:
            self.lines.append(line)
            if line == b".\r\n":
                for number in range(replies):
                    stream.write(b"250 2.0.0 Kept, %d\r\n" % number)
                break

    def take(self):
        """Return the lines since the last call, without greetings."""
        lines, self.lines = self.lines, []
        return b"".join(line for line in lines if line[1:4] != b"HLO")


def test_filter():
    back = BackEnd()
    back.replies = {
        b"DATA": "354 Go on\r\n",
        b"RCPT TO:<full@": "452-4.2.2 Is full\r\n452 4.2.2 indeed\r\n",
        b"RCPT TO:<plain@": "550 No\r\n",
        b"RCPT TO:<never@": "521 5.3.2 No mail\r\n",
        b"RCPT TO:<leave@": "421 4.3.2 Going\r\n",
        b"RCPT TO:<die@": None,
    }
    with running("examples/filter", "--listen", "0", "--word", "casino",
                 "--back-end", f"127.0.0.1:{back.port}") as (port, _):
        with connected(port) as client:
            filter_passes(client, back)
            filter_refuses(client, back)
            filter_misses_its_back_end(client, back)


def filter_passes(client, back):
    client.envelope(parameters=" BODY=8BITMIME RET=FULL SIZE=10")
    for recipient, reply in (("full", "452 4.2.2 indeed"),
                             ("plain", "550 5.0.0 No"),
                             ("never", "554 5.3.2 No mail"),
                             ("carol", "250 2.0.0 Right")):
        check(client.command(f"RCPT TO:<@a,@b:{recipient}@example.net>"
                             if recipient == "carol" else
                             f"RCPT TO:<{recipient}@example.net>",
                             reply[:3]) == reply, reply)
    client.command("DATA", 354)
    client.send(b"Subject: one\r\n\r\n..\r\n...\r\nX-Test: spam\r\n.\r\n")
    check(client.expect(250) == "250 2.0.0 Kept, 0", "the last reply")
    check(back.take() == b"MAIL FROM:<alice@example.org> SIZE=10 "
          b"BODY=8BITMIME\r\nRCPT TO:<bob@example.org>\r\n"
          b"RCPT TO:<full@example.net>\r\nRCPT TO:<plain@example.net>\r\n"
          b"RCPT TO:<never@example.net>\r\nRCPT TO:<carol@example.net>\r\n"
          b"DATA\r\n"
          b"Subject: one\r\n\r\n..\r\n...\r\nX-Test: spam\r\n.\r\n",
          "what was passed on")
    client.envelope()
    client.send(b"BDAT 3\r\nA: BDAT 7 LAST\r\n1\r\n\r\n.a")
    client.expect(250)
    client.expect(250)
    check(back.take().endswith(b"\r\nA: 1\r\n\r\n..a\r\n.\r\n"), "by BDAT")


def filter_refuses(client, back):
    for octets, code in ((b"A: 1\r\nX-test: SPAM\r\nB: 2\r\n\r\n", "550 5.7.1"),
                         (b"Subject: our\r\n Casino\r\n\r\n", "550 5.7.1"),
                         (b"Subject: a casino\r\n", "550 5.7.1"),
                         (b"A: 1\r\n\r\na\n.\r\nb\r\n", "550 5.5.2"),
                         (b"A: 1\r\n\r\na\rb\r\n", "550 5.5.2")):
        client.deliver(octets, code)
        check(not back.take().endswith(b"\r\n.\r\n"), octets)
        client.deliver(b"A: after\r\n\r\n")
        check(back.take().endswith(b"A: after\r\n\r\n.\r\n"), octets)


def filter_misses_its_back_end(client, back):
    for name in "leave", "die":
        client.envelope()
        client.command(f"RCPT TO:<{name}@example.net>", 451)
        client.command("DATA", 451)
        client.command("RSET", 250)
        client.deliver(b"A: again\r\n\r\n")
    back.replies[b"MAIL"] = None
    client.command("MAIL FROM:<alice@example.org>", "451 4.4.1")
    back.listener.close()
    client.command("MAIL FROM:<alice@example.org>", "451 4.4.1")
    client.command("QUIT", 221)


def test_filter_lmtp():
    back = BackEnd(lmtp=True)
    back.replies = {b"DATA": "354 Go on\r\n"}
    with running("examples/filter", "--listen", "0", "--lmtp", "--back-end",
                 f"127.0.0.1:{back.port}") as (port, _):
        client = Client(port)
        client.expect(220)
        client.command("LHLO client.example.org", 250)
        client.begin(recipients=("bob@example.org", "carol@example.org"))
        client.send(b"A: 1\r\n\r\n.\r\n")
        check([client.reply(), client.reply()] ==
              ["250 2.0.0 Kept, 0", "250 2.0.0 Kept, 1"], "LMTP's replies")
        client.begin(recipients=("bob@example.org", "carol@example.org"))
        client.send(b"X-Test: spam\r\n.\r\n")
        client.expect("550 5.7.1")
        client.expect("550 5.7.1")
        client.close()


def test_filter_xforward():
    """The filter tells the back end who its client is, by those attributes of
    XFORWARD that the back end offers."""
    back = BackEnd()
    back.replies = {b"DATA": "354 Go on\r\n"}
    back.KEYWORDS = ("250-back.example.org\r\n250-XFORWARD NAME ADDR PORT "
                     "PROTO HELO SOURCE\r\n250 SIZE\r\n")
    with running("examples/filter", "--listen", "0", "--back-end",
                 f"127.0.0.1:{back.port}") as (port, _):
        with connected(port) as client:
            filter_tells(client, back)
        back.KEYWORDS = "250-back.example.org\r\n250 SIZE\r\n"
        back.take()
        with connected(port) as client:
            client.command("XFORWARD NAME=a.example", 502)
            client.deliver(b"A: 1\r\n\r\n")
            check(b"XFORWARD" not in back.take(), "not offered")


def test_filter_ascii():
    """Without 8BITMIME the back end gets no octet above 127, and no message of
    which a part was refused."""
    back = BackEnd()
    back.replies = {b"DATA": "354 Go on\r\n"}
    back.KEYWORDS = "250-back.example.org\r\n250 SIZE\r\n"
    with running("examples/filter", "--listen", "0", "--back-end",
                 f"127.0.0.1:{back.port}") as (port, _):
        with connected(port) as client:
            client.deliver(b"A: 1\r\n\r\n" + b"x\r\n" * 9999 +
                           "\u00e9\r\n".encode(), "554 5.6.3")
            got = back.take()
            check(max(got) < 128 and not got.endswith(b"\r\n.\r\n"), got[-99:])
            client.deliver(b"A: \x7f\r\n\r\n")
            check(back.take().endswith(b"\r\n.\r\n"), "ASCII")


def forwarded(back):
    """Return the attributes that came before MAIL, in their order."""
    lines = back.take().split(b"\r\nMAIL FROM:")[0].split(b"\r\n")
    lines = [line for line in lines if line.startswith(b"XFORWARD ")]
    check(all(len(line) <= 510 for line in lines), "a line over 512")
    return dict(item.decode().split("=", 1) for line in lines
                for item in line.split(b" ")[1:])


def filter_tells(client, back):
    unknown = dict.fromkeys(("NAME", "SOURCE"), "[UNAVAILABLE]")
    own = client.socket.getsockname()[1]
    own = {**unknown, "ADDR": "127.0.0.1", "PORT": str(own),
           "PROTO": "ESMTP", "HELO": "client.example.org"}
    client.deliver(b"A: 1\r\n\r\n")
    check(forwarded(back) == own, "what it knows itself")
    client.command("XFORWARD NAME=a.example ADDR=IPV6:2001:db8::1 PORT=7 "
                   "IDENT=queue", 250)
    client.command("XFORWARD PROTO=SMTP HELO=+0D+0AMAIL+20FROM:<>", 501)
    client.command("XFORWARD HELO=a+20b+2Bc+3Dd PROTO=SMTP", 250)
    client.deliver(b"A: 2\r\n\r\n")
    check(forwarded(back) == {
        "NAME": "a.example", "ADDR": "IPV6:2001:db8::1", "PORT": "7",
        "PROTO": "SMTP", "HELO": "a+20b+2Bc+3Dd",
        "SOURCE": "[UNAVAILABLE]"}, "what the client tells")
    long = "+20" * 100
    client.command(f"XFORWARD NAME={long}", 250)
    client.command(f"XFORWARD HELO={long}x", 250)
    client.command(f"XFORWARD ADDR={'+20' * 161}", 250)
    client.deliver(b"A: 3\r\n\r\n")
    told = forwarded(back)
    check((told["NAME"], told["HELO"], told["ADDR"], told["PORT"]) ==
          (long, long + "x", "[UNAVAILABLE]", "[UNAVAILABLE]"), told)
    back.replies[b"XFORWARD"] = "501 5.5.4 Not that\r\n"
    client.deliver(b"A: 4\r\n\r\n")
    check(forwarded(back) == own, "forgotten after a transaction")
    back.replies[b"XFORWARD"] = "421 4.3.2 Going\r\n"
    client.command("MAIL FROM:<>", 451)


def test_filter_before_server():
    """Mail through the filter is stored with the same octets as without it."""
    server = pathlib.Path("mailin-server")
    if not server.exists():
        print("SKIP: mailin-server was not built")
        return
    message = b"A: 1\r\n\r\n" + b"..\r\n.x\r\nx.\r\n" * 20000 + b".y\r\n"
    with tempfile.TemporaryDirectory() as maildir, \
         running("./mailin-server", "--listen", "127.0.0.1:0",
                 "--maildir-newline", "crlf", "--maildir", maildir,
                 said="stdout") as (back_end, _), \
         running("examples/filter", "--listen", "0", "--back-end",
                 f"localhost:{back_end}") as (port, _):
        with connected(port) as client:
            client.deliver(message.replace(b"\r\n.", b"\r\n.."))
            client.command("QUIT", 221)
        stored = list(pathlib.Path(maildir, "new").iterdir())
        check(len(stored) == 1 and
              stored[0].read_bytes().endswith(b"\r\n" + message),
              "the stored message")
