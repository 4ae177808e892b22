# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send mail to a server whose back end disconnects, or makes errors.

    door_faults.py NAME SCRATCH PORT PID TLS-PORT
"""

import os
import pathlib
import re
import resource
import sys
import threading
import time

from back_end import CLOSE, GOOD, SILENCE
from door import BIG, Test
from rawsmtp import Client, check
from server import wait

# What a broken back end does instead of a reply to a command.
FAULTS = {
    "closes": CLOSE,
    "garbage": b"\x00\xff\x01 garbage\r\n",
    "no code": b"hello\r\n",
    "bare LF": b"250 2.0.0 x\n250 y\n",
    "too long": b"250 " + b"x" * 5000 + b"\r\n",
    "endless": b"250-x\r\n" * 2000 + b"250 x\r\n",
    "new code": b"250-x\r\n550 y\r\n",
    "two replies": b"250 2.0.0 one\r\n250 2.0.0 two\r\n",
    "wrong class": b"354 2.0.0 what\r\n",
    "control": b"250 a\x1b[31m\r\n",
}


def step_of(client, step):
    """Send the commands up to this step.  Return the reply to the last one."""
    for name, line, code in (("MAIL", "MAIL FROM:<a@x.example>", 250),
                             ("RCPT", "RCPT TO:<b@x.example>", 250),
                             ("DATA", "DATA", 354)):
        if name == step:
            client.send(line.encode() + b"\r\n")
            return client.reply()
        client.command(line, code)
    client.send(b"one\r\ntwo\r\n.\r\n")
    return client.reply()


def faults(test):
    """V61: whatever wrong reply the back end gives at a step, the client gets
    4xx, and no message is ended too early."""
    for step in "MAIL", "RCPT", "DATA", "END":
        for name, reply in FAULTS.items():
            if step == "DATA" and name == "wrong class":
                reply = b"250 2.0.0 what\r\n"
            with test.back_end() as back:
                client = test.client()
                back.script[step] = reply
                got = step_of(client, step)
                # If there are two replies, the first one is valid, so the
                # client may get it.
                codes = ("250", "451") if name == "two replies" else ("451",)
                check(got[:3] in codes, step, name, got)
                check(len(back.messages) == (step == "END"), step, name)
                # The session goes on, and the next message arrives.
                back.script[step] = GOOD[step]
                client.command("RSET", 250)
                back.messages.clear()
                client.deliver(b"x\r\n")
                check(len(back.messages) == 1, step, name)
                client.close()


def one_by_one(test):
    """Each back end is tried only once, even if the first one can be reached
    again when the last one fails."""
    def greet(*_):
        time.sleep(3.3)
        return b"554 5.3.2 No\r\n"

    with test.back_end("back", GREETING=greet) as one, \
            test.back_end("other", GREETING=greet) as two:
        client = Client(test.port)
        client.expect("421 The mail server behind this one")
        check(one.connections == two.connections == 1, one.connections,
              two.connections)


def ends(test):
    """If the first command of a message gets 421 on a kept connection, the
    message goes by another connection."""
    for offers in b"250-PIPELINING\r\n", b"":
        hello = b"250-x\r\n" + offers + b"250 XFORWARD NAME ADDR\r\n"
        for step in "XFORWARD", "MAIL":
            with test.back_end(EHLO=hello) as back:
                client = test.client()
                client.deliver(b"x\r\n")
                left = ["one"]

                def end(session, _, step=step, left=left):
                    if not left:
                        return GOOD[step]
                    left.pop()
                    session.connection.sendall(b"421 4.4.2 Idle\r\n")
                    return CLOSE

                back.script[step] = end
                client.deliver(b"y\r\n")
                check(not left and len(back.messages) == 2, offers, step)
                client.close()


def offers_less(test):
    """The next connection to the back end does not offer what the client was
    offered. The client gets 4xx, because a later connection may offer it
    again."""
    with test.back_end(EHLO=b"250-x\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n") as \
            back:
        client = test.client()
        back.script["EHLO"] = b"250 x\r\n"
        back.hang_up()
        client.command("MAIL FROM:<\u00e9@x.example> SMTPUTF8", "451 4.3.3")
        check(not back.starting("MAIL"), back.commands)
        client.deliver(b"\xc3\xa9\r\n", "451 4.6.3",
                       parameters=" BODY=8BITMIME")
        wait(lambda: len(back.broken) == 1)
        check(back.messages == [], back.messages)
        client.deliver(b"e\r\n", parameters=" BODY=8BITMIME SIZE=3")


def long_domain(length):
    """Return a domain with this many octets."""
    labels = "d" * 60 + "."
    return (labels * 5)[:length - 1] + "e"


def too_long(test):
    """A path that does not fit in a command for the back end gets 5xx, because
    no retry helps.  The longest path that fits is handed on."""
    bad = ("501 5.1.7 The sender is too long",
           "501 5.1.3 The recipient is too long")
    with test.back_end() as back:
        client = test.client()
        for extra, code in ((244, bad[0]), (243, bad[0]), (242, "250")):
            client.command(f"MAIL FROM:<{'l' * 255}@{long_domain(extra)}>",
                           code)
        check(len(back.starting("MAIL")[-1]) + 7 == 512, back.commands)
        for extra, code in ((250, bad[1]), (245, bad[1]), (244, "250")):
            client.command(f"RCPT TO:<{'l' * 255}@{long_domain(extra)}>", code)
        check(len(back.starting("RCPT")[-1]) + 7 == 512, back.commands)
        check(len(back.starting("MAIL")) == 1, back.commands)
        check(len(back.starting("RCPT")) == 1, back.commands)


def too_long_here(test):
    """A path gets 5xx also if this server has added its own domain, and the
    path is too long only because of that."""
    with test.back_end() as back:
        client = test.client()
        client.command(f"MAIL FROM:<{'l' * 251}>", "501 5.1.7 The sender is")
        client.command("MAIL FROM:<root>", "250")
        client.command(f"RCPT TO:<{'l' * 255}>", "501 5.1.3 The recipient is")
        client.command("RCPT TO:<root>", "250")
        check(len(back.starting("RCPT")) == 1, back.commands)


def unwritable(test):
    """A time that RFC 3339 cannot write in UTC gets 5xx, because no retry
    helps."""
    with test.back_end(EHLO=b"250-x\r\n250 RRVS\r\n") as back:
        client = test.client()
        client.command("MAIL FROM:<a@x.example>", 250)
        for moment in ("9999-12-31T23:59:59-10:00",
                       "0000-01-01T00:00:00+10:00"):
            client.command(f"RCPT TO:<b@x.example> RRVS={moment}",
                           "501 5.5.4 The mail server behind this one")
        client.command("RCPT TO:<b@x.example> RRVS=9999-12-31T23:59:59Z", 250)
        # Another connection may offer RRVS again.
        client.command("RSET", 250)
        back.script["EHLO"] = b"250 x\r\n"
        back.hang_up()
        client.command("MAIL FROM:<a@x.example>", 250)
        client.command("RCPT TO:<b@x.example> RRVS=2014-04-03T23:01:00Z",
                       "451 4.3.3")
        check(len(back.starting("RCPT")) == 1, back.commands)


def ignored(test):
    """With --parameters ignore, a back end that does not offer RRVS does not
    get it."""
    with test.back_end(EHLO=b"250 x\r\n") as back:
        client = test.client()
        client.command("MAIL FROM:<a@x.example>", 250)
        client.command("RCPT TO:<b@x.example> RRVS=2014-04-03T23:01:00Z;R", 250)
        check(back.starting("RCPT") == ["TO:<b@x.example>"], back.commands)


def over_size(test):
    """A back end breaks off a message, perhaps after a reply.  If the message
    is bigger than the SIZE that the back end has offered, the client gets 552,
    because no retry helps."""
    def break_off(session, reply=b""):
        if len(session.received) > 100000:
            session.connection.sendall(reply)
            return CLOSE
        return True

    def too_soon(session):
        return break_off(session, b"552 5.3.4 Too big\r\n")

    for size, code in ((99999, "552 5.3.4"), (len(BIG) + 9999, "451 4.4.2"),
                       (0, "451 4.4.2")):
        hello = f"250-x\r\n250 SIZE {size}\r\n".encode()
        for body in break_off, too_soon:
            with test.back_end(BODY=body, EHLO=hello) as back:
                test.hang_up()
                test.client().deliver(BIG, code)
                check(back.messages == [], size)
    # If the message had its end, the back end may have it.
    with test.back_end(END=CLOSE, EHLO=b"250-x\r\n250 SIZE 99999\r\n"):
        test.hang_up()
        test.client().deliver(BIG, "451 4.4.2")


def unanswered(test):
    """If a back end does not reply to RSET, only a limited number of
    connections wait for the reply."""
    with test.back_end(RSET=SILENCE) as back:
        for _ in range(200):
            client = test.client()
            client.envelope()
            client.close()
        wait(lambda: back.commands.count("RSET") >= 60)
        check(len(os.listdir(f"/proc/{test.pid}/fd")) < 120, back.connections)
        back.script["RSET"] = GOOD["RSET"]
        test.client().deliver(b"x\r\n")


def held(test):
    """If the back end does not reply to RSET, its connections take no
    descriptor from the clients that the server accepts."""
    places, = re.findall(r"leaves room for (\d+) clients",
                         "\n".join(test.lines("errors")))
    places = int(places)
    check(places >= 10, places)
    with test.back_end(RSET=SILENCE) as back:
        for number in range(60):
            client = test.client()
            client.envelope()
            client.close()
            wait(lambda number=number: test.count("event=closed") > number)
        clients = [test.client() for _ in range(places)]
        for client in clients:
            client.begin()
        for client in clients:
            client.send(b"x\r\n.\r\n")
            client.expect(250)
        check(len(back.messages) == places, len(back.messages))


def starved(test):
    """Without a descriptor for another connection, the back end is not passed
    over: a client gets mail through as soon as a connection is idle."""
    kind = resource.RLIMIT_NOFILE
    with test.back_end() as back:
        busy, other = test.client(), test.client()
        busy.envelope()
        used = {int(name) for name in os.listdir(f"/proc/{test.pid}/fd")}
        before = resource.prlimit(test.pid, kind)
        resource.prlimit(test.pid, kind,
                         (min(set(range(len(used) + 1)) - used), before[1]))
        other.command("MAIL FROM:<a@x.example>", "451 4.4.1")
        busy.command("RSET", 250)
        wait(lambda: "RSET" in back.commands)
        time.sleep(0.2)
        other.deliver(b"x\r\n")
        resource.prlimit(test.pid, kind, before)
        check(len(back.messages) == 1, back.messages)


def refused(test, **script):
    """The back end cannot be used, so the client gets 421."""
    with test.back_end(**script):
        client = Client(test.port)
        client.expect("421 The mail server behind this one")
        check(client.closed(), "open")


def greeting_closes(test):
    refused(test, GREETING=CLOSE)


def greeting_refuses(test):
    refused(test, GREETING=b"554 5.3.2 No\r\n")


def greeting_is_wrong(test):
    refused(test, GREETING=b"250 x\r\n")


def no_ehlo(test):
    refused(test, EHLO=b"502 5.5.1 No\r\n")


def many_ehlo(test):
    refused(test, EHLO=b"250-x\r\n" * 2000 + b"250 x\r\n")


def ehlo_closes(test):
    refused(test, EHLO=CLOSE)


def never(test):
    """A back end that does not greet, or does not reply to EHLO, is given up
    after 10 seconds."""
    greetings = [SILENCE, GOOD["GREETING"]]
    with test.back_end(GREETING=lambda *_: greetings.pop(0), EHLO=SILENCE):
        begin = time.monotonic()
        clients = [Client(test.port) for _ in range(2)]
        for client in clients:
            client.expect("421 The mail server behind this one")
        check(9 < time.monotonic() - begin < 19, time.monotonic() - begin)
        check(not greetings, greetings)


def silent(test):
    """If the back end does not reply in time, the client gets 451."""
    for step in "MAIL", "END":
        with test.back_end(**{step: SILENCE}) as back:
            client = test.client()
            check(step_of(client, step).startswith("451 4.4.2"), step)
            client.close()
            check(len(back.messages) == (step == "END"), step)


def mid_message(test):
    """If the back end disconnects inside a message, the client gets 451, and
    the message is not ended (V68)."""
    with test.back_end(BODY=lambda session: CLOSE
                       if len(session.received) > 100000 else 1) as back:
        client = test.client()
        client.deliver(BIG, "451 4.4.2")
        check(back.messages == [] and len(back.broken) == 1, back.messages)
        back.script["BODY"] = None
        client.deliver(BIG)
        check(len(back.messages) == 1, "not delivered")


def client_gone(test):
    """If the client disconnects inside a message, the back end does not get its
    end."""
    with test.back_end() as back:
        for end in Client.close, Client.reset:
            client = test.client()
            client.begin()
            client.send(BIG + b"\r\n.\r")
            end(client)
        wait(lambda: len(back.broken) == 2)
        check(back.messages == [], back.messages)
        # If the client ends its message and disconnects before the reply, the
        # back end gets the message once.
        client = test.client()
        client.begin()
        client.send(b"x\r\n.\r\n")
        client.reset()
        wait(lambda: len(back.messages) == 1)


def pressure(test):
    """A back end that does not read makes the client wait (V71)."""
    gate = threading.Event()
    with test.back_end(BODY=lambda _: gate.wait(20)) as back:
        client = test.client(timeout=0.5)
        client.begin()
        sent = 0
        try:
            while sent < 200 << 20:
                client.send(b"0123456789abcde\r\n" * 1000)
                sent += 17000
        except TimeoutError:
            pass
        check(sent < 50 << 20, sent)
        status = pathlib.Path(f"/proc/{test.pid}/status").read_text()
        resident = int(status.split("VmRSS:")[1].split()[0])
        check(resident < 400000, resident)
        client.close()
        gate.set()
        wait(lambda: len(back.broken) == 1)
        check(back.messages == [], "delivered")


def slow(test):
    """A client that has to wait for a back end goes on each time, until the
    back end has the whole message."""
    lines = [b"." * (i % 4) + b"x" * (i % 70) + b"\r\n" for i in range(100000)]
    stuffed = b"".join(b"." * line.startswith(b".") + line for line in lines)
    with test.back_end(BODY=lambda _: time.sleep(0.002) or SILENCE) as back:
        clients = [test.client(timeout=60) for _ in range(2)]
        senders = []
        for client in clients:
            client.begin()
            senders.append(threading.Thread(target=client.send,
                                            args=[stuffed + b".\r\n"]))
            senders[-1].start()
        for client, sender in zip(clients, senders):
            sender.join()
            client.expect(250)
        check(len(back.messages) == 2, len(back.messages))
        for _, _, octets in back.messages:
            check(octets.endswith(b"".join(lines)), "other octets")


if __name__ == "__main__":
    globals()[sys.argv[1]](Test(*sys.argv[2:]))
