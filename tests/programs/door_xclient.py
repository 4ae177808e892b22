# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send mail to a server that names its clients to a back end by XCLIENT.

    door_xclient.py NAME SCRATCH PORT PID TLS-PORT
"""

import sys

from back_end import CLOSE, GOOD
from door import Test
from door_tls import TlsTest
from rawsmtp import Client, check
from server import wait

OFFER = b"250-x\r\n250-PIPELINING\r\n250-XFORWARD NAME ADDR\r\n" \
        b"250 XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR\r\n"
HELLO = "EHLO client.example.org", "LHLO client.example.org", \
        "EHLO [127.0.0.9]"


class XclientTest(TlsTest):
    def back(self, **script):
        script.setdefault("EHLO", OFFER)
        return Test.back_end(self, **script)


def check_told(back, *words):
    """The last XCLIENT has these words, and each MAIL comes after an XCLIENT of
    its own."""
    told = back.starting("XCLIENT")[-1].split()
    for word in words:
        check(word in told, told, word)
    check(not back.starting("XFORWARD"), back.commands)
    # QUIT may come at any time, from a connection that is no longer used.
    commands = [line for line in back.commands if line != "QUIT"]
    for at, line in enumerate(commands):
        if line.startswith("MAIL"):
            check(commands[at - 2].startswith("XCLIENT ") and
                  commands[at - 1] in HELLO, back.commands)


def told(test):
    """A connection is used for one client after the other.  The back end is
    told the name in a client's EHLO, and nothing else that the client says
    about itself."""
    with test.back() as back:
        for source in "127.0.0.2", "127.0.0.3", "127.0.0.2":
            client = test.client(source=source)
            client.command("EHLO [127.0.0.9]", 250)
            client.command("XCLIENT ADDR=10.0.0.1 LOGIN=tim", ("502", "550"))
            client.command("XFORWARD ADDR=10.0.0.1", ("502", "550"))
            client.deliver(b"x\r\n", parameters=" AUTH=tim@example.org")
            port = client.socket.getsockname()[1]
            check_told(back, f"ADDR={source}", f"PORT={port}", "PROTO=ESMTP",
                       "LOGIN=[UNAVAILABLE]", "NAME=[UNAVAILABLE]",
                       "HELO=[127.0.0.9]", "DESTADDR=127.0.0.1")
            at = len(back.commands) - back.commands[::-1].index(
                "EHLO [127.0.0.9]")
            check(back.commands[at].startswith("MAIL"), back.commands)
            client.close()
        check(back.connections == 1 and len(back.messages) == 3,
              back.connections)


def login(test):
    """The back end is told the name of a user who has logged in here.  On the
    same connection, the next client does not have this name."""
    with test.back() as back:
        client = test.client()
        client.deliver(b"x\r\n")
        check_told(back, "LOGIN=[UNAVAILABLE]")
        client.log_in("tim", "wrong", 535)
        client.deliver(b"x\r\n")
        check_told(back, "LOGIN=[UNAVAILABLE]")
        client.log_in("tim", "tanstaaf")
        client.deliver(b"x\r\n")
        check_told(back, "LOGIN=tim")
        test.client().deliver(b"x\r\n")
        check_told(back, "LOGIN=[UNAVAILABLE]")
        check(len(back.messages) == 4, back.messages)


def proxied(test):
    """The back end is told what a trusted proxy says about its client."""
    with test.back() as back:
        proxy = test.client(source="127.0.0.4")
        proxy.command("XCLIENT ADDR=IPV6:2001:db8::7 NAME=a.example PORT=9 "
                      "LOGIN=a+3Db", 220)
        proxy.command("EHLO client.example.org", 250)
        proxy.deliver(b"x\r\n")
        check_told(back, "ADDR=IPV6:2001:db8::7", "PORT=9", "NAME=a.example",
                   "LOGIN=a+3Db")


def once(test):
    """If a back end offers XCLIENT only once on a connection, each client gets
    a connection of its own."""
    def offer(session, _):
        session.count = getattr(session, "count", 0) + 1
        return OFFER if session.count == 1 else b"250 x\r\n"

    with test.back(EHLO=offer) as back:
        # There may be one more connection, which no client has used yet.
        for number in range(3):
            test.client(source=f"127.0.0.{number + 2}").deliver(b"x\r\n")
            check_told(back, f"ADDR=127.0.0.{number + 2}")
        wait(lambda: back.commands.count("QUIT") == 3)
        check(back.connections >= 3, back.connections)


def client_refused(test):
    """The back end refuses the client in its greeting, or because of the name
    in EHLO: the client hears that, and nobody else does."""
    def bad(reply):
        def step(session, line):
            session.bad = getattr(session, "bad", False) or \
                "127.0.0.2" in line
            return reply if session.bad else GOOD["XCLIENT"]
        return step

    def name(reply):
        return lambda _, line: reply if "worse" in line else OFFER

    for script, reply in (
            ({"XCLIENT": bad(b"554 5.7.1 Not you\r\n")}, "554 5.7.1 Not you"),
            ({"XCLIENT": bad(b"450 4.7.1 Later\r\n")}, "450 4.7.1 Later"),
            ({"EHLO": name(b"501 5.5.2 No name\r\n")}, "501 5.5.2 No name"),
            ({"EHLO": name(b"450 4.7.1 Who?\r\n")}, "450 4.7.1 Who?")):
        test.hang_up()
        with test.back(**script) as back:
            client = Client(test.port, source="127.0.0.2")
            client.expect(220)
            client.command("EHLO worse.example", 250)
            for _ in range(2):
                client.command("MAIL FROM:<a@x.example>", reply)
                check(not back.starting("MAIL"), back.commands)
            test.client(source="127.0.0.3").deliver(b"x\r\n")
            check(len(back.messages) == 1, back.messages)


def names(test):
    """No name of a client becomes another name, or a command."""
    with test.back() as back:
        for name in "x.example", "my_host", "[IPv6:::1]", "a b", "-", \
                "x" * 200:
            client = Client(test.port)
            client.expect(220)
            client.command(f"EHLO {name}", 250)
            client.deliver(b"x\r\n")
            at = len(back.commands) - back.commands[::-1].index(f"EHLO {name}")
            check(back.commands[at].startswith("MAIL"), back.commands)
            client.command("HELO old.example", 250)
            client.deliver(b"x\r\n")
            check(back.commands.count("EHLO old.example") == 1, back.commands)
            check("PROTO=SMTP" in back.starting("XCLIENT")[-1].split(),
                  back.commands)
            back.commands.clear()


def refused(test):
    """If XCLIENT fails, the back end gets no mail, because it would take this
    server for the client."""
    def second(reply):
        def offer(session, _):
            session.count = getattr(session, "count", 0) + 1
            return OFFER if session.count == 1 else reply
        return offer

    for script in ({"XCLIENT": b"550 5.7.0 Not you\r\n"},
                   {"XCLIENT": b"421 4.3.2 Bye\r\n"},
                   {"XCLIENT": b"250 2.0.0 Ok\r\n"},
                   {"XCLIENT": CLOSE},
                   {"EHLO": second(b"421 4.7.0 Not now\r\n")},
                   {"EHLO": second(CLOSE)}):
        test.hang_up()
        with test.back(**script) as back:
            client = test.client()
            client.command("MAIL FROM:<a@x.example>", "451")
            check(not back.starting("MAIL"), back.commands)
    for offer in (b"250 x\r\n", b"250-x\r\n250 XCLIENT\r\n",
                  b"250-x\r\n250 XCLIENT NAME ADDR\r\n",
                  b"250-x\r\n250 XCLIENT NAME LOGIN\r\n"):
        test.hang_up()
        with test.back(EHLO=offer) as back:
            Client(test.port).expect("421 The mail server behind this one")
            check(not back.starting("MAIL"), back.commands)


def lmtp(test):
    with test.back(lmtp=True) as back:
        test.client().deliver(b"x\r\n")
        check_told(back, "ADDR=127.0.0.1", "LOGIN=[UNAVAILABLE]")


if __name__ == "__main__":
    globals()[sys.argv[1]](XclientTest(*sys.argv[2:]))
