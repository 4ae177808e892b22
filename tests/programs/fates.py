# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
End sessions and transactions at every point after DATA.  The log must say of
each transaction that reached DATA what became of it, in one line.

    fates.py NAME SCRATCH PORT PID TLS-PORT
"""

import os
import re
import signal
import sys
import time

from back_end import CLOSE, SILENCE
from door import BIG, Test
from rawsmtp import Client, check
from server import wait

CLIENT = (" client=127.0.0.1 helo=client.example.org protocol=ESMTP"
          " from=<alice@example.org> to=<bob@example.org> recipients=1 ")
FATES = re.compile(
    r" event=(message|unfinished|refused .*command=(DATA|BDAT)) ")


class FateTest(Test):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.seen = len(self.lines())

    def fate(self, *parts, ends="event=closed"):
        """Wait until the session has ended.  Since the last call the log must
        have one fate, which has these parts."""
        self.logged(ends, after=self.seen)
        lines = self.lines()[self.seen:]
        self.seen += len(lines)
        fates = [line for line in lines if FATES.search(line)]
        check(len(fates) == 1, parts, lines)
        for part in parts:
            check(part in fates[0], part, fates[0])
        return fates[0]


# ---- The client goes ----

def gone(test, to=""):
    """The client goes in the middle of DATA, or of BDAT, or before its first
    octet."""
    def goes(begin, octets, end, size):
        client = test.client()
        begin(client)
        client.send(octets)
        end(client)
        line = test.fate(" event=unfinished id=", CLIENT, size,
                         " stage=data reason=CLOSED" + to)
        check("reply=" not in line and "text=" not in line, line)

    for begin, octets, size in (
            (Client.begin, b"", 0),
            (Client.begin, b"one\r\n..two\r\n", 11),
            (Client.begin, b"one\r\n.\r", 5),
            (Client.envelope, b"BDAT 10\r\none\r\n", 5),
            (Client.envelope, b"BDAT 5\r\none\r\nBDAT 9 LAST\r\n", 5)):
        goes(begin, octets, Client.close, f" size={size}")
    # Octets that the server has not read are lost by a RST.
    goes(Client.begin, b"one\r\n", Client.reset, " size=")


def gone_relayed(test):
    with test.back_end() as back:
        client = test.client()
        client.deliver(b"x\r\n")
        client.command("QUIT", 221)
        client.close()
        test.fate(" event=message ")
        gone(test, f" back-end=unix:{back.path}")
        check(len(back.messages) == 1, back.messages)


def timed_out(test):
    """The client becomes silent in the middle of a message."""
    client = test.client()
    client.begin()
    client.send(b"one\r\n")
    client.expect("421 4.4.2")
    test.fate(" event=unfinished ", CLIENT, " stage=data reason=CLOSED")


# ---- The transaction ends, and the session goes on ----

def given_up(test):
    """RSET or EHLO after a chunk."""
    for verb, reason in (("RSET", "RSET"), ("EHLO x", "HELO")):
        client = test.client()
        client.envelope()
        client.send(b"BDAT 5\r\none\r\n")
        client.expect(250)
        client.command(verb, 250)
        client.command("QUIT", 221)
        client.close()
        test.fate(" event=unfinished ", CLIENT,
                  f" size=5 stage=data reason={reason}")


# ---- Refusals ----

def answered(test):
    """A refusal that the client gets has one line in the log."""
    for script, code, fate in (
            ({"DATA": b"554 5.5.1 No data\r\n"}, 554, "reply=554"),
            ({"END": b"550 5.7.1 No mail\r\n"}, 550, "reply=550"),
            ({"BODY": lambda session: CLOSE}, 451, "reply=451"),
            ({}, 552, "reply=552")):
        with test.back_end(**script):
            for chunk in False, True:
                client = test.client()
                client.envelope()
                text = BIG if code == 552 else b"x\r\n"
                if chunk:
                    client.send(b"BDAT %d LAST\r\n" % len(text) + text)
                else:
                    client.command("DATA", (str(code), "354"))
                    if code != 554:
                        client.send(text + b".\r\n")
                if chunk or code != 554:
                    client.expect(code)
                client.send(b"NOOP\r\n")
                client.expect(("250", "451"))
                client.command("QUIT", 221)
                client.close()
                test.fate(" event=refused ", fate)


def unanswered(test):
    """The message is refused before its end, and the client goes before it is
    told."""
    for end in Client.close, Client.reset:
        with test.back_end() as back:
            client = test.client()
            client.begin()
            client.send(BIG)
            wait(lambda: back.broken)
            end(client)
            test.fate(" event=unfinished ", CLIENT,
                      " stage=data reason=REFUSED")


def accepted(test):
    """If the client goes after the end of its message, the line in the log has
    the reply of the back end."""
    for reply, fate in ((b"250 2.0.0 Taken\r\n", r"reply=250 .*Taken"),
                        (b"452 4.2.2 Full\r\n", r"reply=452 .*Full")):
        for end in Client.close, Client.reset:
            def verdict(*_, reply=reply):
                time.sleep(0.2)
                return reply

            with test.back_end(END=verdict) as back:
                client = test.client()
                client.begin()
                client.send(b"x\r\n.\r\n")
                wait(lambda: back.messages)
                end(client)
                line = test.fate(" to=<bob@example.org> recipients=1")
                check(re.search(fate, line), fate)


# ---- The server ends ----

def no_verdict(test):
    """The server ends while the back end has the whole message, and has not
    said what it does with it."""
    with test.back_end(END=SILENCE) as back:
        client = test.client()
        client.begin()
        client.send(b"x\r\n.\r\n")
        wait(lambda: back.messages)
        os.kill(test.pid, signal.SIGTERM)
        test.fate(" event=unfinished ", CLIENT,
                  " size=3 stage=end reason=CLOSED "
                  f"back-end=unix:{back.path}")


def slow(test):
    """The disk is slow, and the server ends before the message is stored.  It
    is stored nevertheless, but the client is not told."""
    client = test.client()
    client.begin()
    client.send(b"x\r\n.\r\n")
    time.sleep(0.2)
    os.kill(test.pid, signal.SIGTERM)
    time.sleep(3)
    line = test.fate(" event=message ", CLIENT, " reply=250 ", " file=",
                     ends="event=message")
    check(line.endswith(" gone=1"), line)


if __name__ == "__main__":
    globals()[sys.argv[1]](FateTest(*sys.argv[2:]))
