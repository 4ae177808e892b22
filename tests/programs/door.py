# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send mail to a server that hands it on to a back end of the test.

    door.py NAME SCRATCH PORT PID TLS-PORT
"""

import os
import signal
import sys
import threading
import time

from back_end import CLOSE, BackEnd, path_in
from rawsmtp import Client, check
from server import Server, wait

TEXT = b"Subject: test\r\n\r\n..a dot\r\n.\xc3\xa9\r\n" + b"x" * 998 + b"\r\n"
BIG = (b"0123456789" * 7 + b"\r\n") * 30000


class Test(Server):
    def back_end(self, name="back", **script):
        return BackEnd(path_in(self.scratch, name), **script)


def octets(test):
    """The message arrives as it was sent, after one Received: field."""
    with test.back_end() as back:
        client = test.client()
        for text in TEXT, b"", b".\r\n", BIG:
            stuffed = (b"\r\n" + text).replace(b"\r\n.", b"\r\n..")[2:]
            reply = client.deliver(stuffed, parameters=" BODY=8BITMIME")
            check(reply == "250 2.0.0 Back end has it", reply)
            sender, recipients, got = back.messages.pop()
            check((sender, recipients) == ("<alice@example.org>",
                                           ["<bob@example.org>"]), sender)
            check(got.startswith(b"Received: from client.example.org "
                                 b"([127.0.0.1])\r\n\tby mx.example.org"),
                  got[:200])
            end = got.index(b"\r\n", got.index(b";")) + 2
            check(got[end:] == text, len(got), len(text))
        # Chunks are handed on by DATA.
        client.envelope()
        client.send(b"BDAT 4\r\nab\r\nBDAT 3 LAST\r\n.\r\n")
        client.expect(250)
        client.expect(250)
        check(back.messages.pop()[2].endswith(b"\r\nab\r\n.\r\n"), "chunks")
        # No bare newline is handed on, because another server might take it for
        # a part of the end of data.
        client.deliver(b"a\nb\rc\n.\nd\n.\r\ne\r.\r\n")
        rest = back.messages.pop()[2].replace(b"\r\n", b"")
        check(b"\n" not in rest and b"\r" not in rest, rest)
        check(len(back.messages) == 0 and not back.broken, back.messages)


def replies(test):
    """The client gets the replies of the back end.  Only control characters,
    and replies that would end the client's session, are changed (V69)."""
    script = {
        "MAIL": lambda _, line: b"550-5.7.1 Not\r\n550 5.7.1 you\r\n"
        if "mallory" in line else b"250 2.1.0 Hello\r\n",
        "RCPT": lambda _, line: {
            "full": b"452 4.2.2 Full\r\n", "none": b"550 5.1.1 Nobody\r\n",
            "gone": b"421 4.3.2 Going down\r\n", "521": b"521 5.7.1 No\r\n",
            "evil": b"550 5.1.1 a\tb" + b"x" * 400 + b"\r\n",
        }.get(line[9:13].rstrip("@"), b"250 2.1.5 Ok\r\n"),
        "DATA": lambda session, _: b"354 Go\r\n"
        if session.recipients == ["<ok@x.example>"]
        else b"554 5.5.1 No data\r\n",
    }
    with test.back_end(**script) as back:
        client = test.client()
        client.send(b"MAIL FROM:<mallory@x.example>\r\n")
        check(client.line() == b"550-5.7.1 Not", "first line")
        client.expect("550 5.7.1 you")
        client.command("MAIL FROM:<a@x.example>", "250 2.1.0 Hello")
        client.command("RCPT TO:<full@x.example>", "452 4.2.2 Full")
        client.command("RCPT TO:<none@x.example>", "550 5.1.1 Nobody")
        client.command("RCPT TO:<521@x.example>", "554 5.7.1 No")
        client.command("RCPT TO:<evil@x.example>", "550 5.1.1 a bxxx")
        client.command("RCPT TO:<many@x.example>", "250 2.1.5 Ok")
        client.command("DATA", "554 5.5.1 No data")
        client.command("RCPT TO:<gone@x.example>", "451 4.3.2 Going down")
        client.command("RCPT TO:<many@x.example>", "451")
        client.command("RSET", 250)
        client.deliver(b"text\r\n", sender="a@x.example",
                       recipients=["ok@x.example"])
        check(len(back.messages) == 1, back.messages)


def parameters(test):
    """Parameters are handed on, except AUTH=, because a client could claim any
    name there (V70)."""
    with test.back_end() as back:
        client = test.client()
        client.command("MAIL FROM:<a@x.example> size=99 RET=HDRS ENVID=a+2Bb "
                       "BODY=8BITMIME AUTH=<>", 250)
        client.command("RCPT TO:<b@x.example> NOTIFY=DELAY,FAILURE "
                       "ORCPT=rfc822;c@x.example", 250)
        client.command("RCPT TO:<@relay.example:Postmaster@x.example>", 250)
        client.command("QUIT", 221)
        mail, = back.starting("MAIL")
        for text in "SIZE=99", "RET=HDRS", "ENVID=a+2Bb", "BODY=8BITMIME":
            check(text in mail.split(), mail)
        check("AUTH" not in mail, mail)
        one, two = back.starting("RCPT")
        check("ORCPT=rfc822;c@x.example" in one and "NOTIFY=" in one, one)
        check(two == "TO:<Postmaster@x.example>", two)


def xforward(test):
    """The back end is told who the client is, if it offers XFORWARD."""
    with test.back_end(EHLO=b"250-x\r\n250-PIPELINING\r\n250 XFORWARD NAME "
                            b"ADDR PORT PROTO HELO SOURCE\r\n") as back:
        for source in "127.0.0.2", "127.0.0.3":
            client = test.client(source=source)
            client.deliver(b"x\r\n")
            address = client.socket.getsockname()[0]
            told = back.starting("XFORWARD")[-1].split()
            for word in (f"ADDR={address}", "HELO=client.example.org",
                         "PROTO=ESMTP", "NAME=[UNAVAILABLE]"):
                check(word in told, told)
            client.close()
        # If XFORWARD is refused, the mail is still handed on.
        back.script["XFORWARD"] = b"550 5.7.0 Not you\r\n"
        test.client().deliver(b"x\r\n")
        check(len(back.messages) == 3, back.messages)


def crowd(test):
    """Thirty clients send mail at the same time.  Each message arrives once,
    and whole."""
    with test.back_end() as back:
        faults = []

        def send(number):
            try:
                client = test.client()
                for i in range(10):
                    client.deliver(b"X: %d %d\r\n\r\n" % (number, i) + BIG[:
                                   72 * 50 * i])
                client.close()
            except (AssertionError, OSError) as fault:
                faults.append(fault)
        threads = [threading.Thread(target=send, args=[number])
                   for number in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        check(not faults, faults)
        seen = sorted(text[text.index(b"X:"):] for _, _, text in
                      back.messages)
        check(seen == sorted(b"X: %d %d\r\n\r\n" % (n, i) + BIG[:72 * 50 * i]
                             for n in range(30) for i in range(10)), "texts")


def stopping(test):
    """SIGTERM ends the server under load.  Each acknowledged message has
    arrived."""
    with test.back_end() as back:
        acknowledged = []

        def send(number):
            try:
                client = test.client()
                for i in range(1000):
                    client.deliver(b"X: %d %d\r\n" % (number, i) + BIG[:7200])
                    acknowledged.append((number, i))
            except (AssertionError, OSError):
                pass
        threads = [threading.Thread(target=send, args=[number])
                   for number in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        os.kill(test.pid, signal.SIGTERM)
        for thread in threads:
            thread.join()
        got = [tuple(int(word) for word in
                     text[text.index(b"X:"):].split()[1:3])
               for _, _, text in back.messages]
        check(acknowledged and set(acknowledged) <= set(got), "lost")
        check(len(got) == len(set(got)), "doubled")


# ---- LMTP ----

def lmtp(test):
    """A client that speaks SMTP hands on one recipient at a time."""
    with test.back_end(lmtp=True) as back:
        client = test.client()
        client.envelope()
        client.command("RCPT TO:<second@example.org>", "452 4.5.3")
        client.command("DATA", 354)
        client.send(b"x\r\n.\r\n")
        client.expect("250 2.0.0 Back end has it")
        check(back.messages[0][1] == ["<bob@example.org>"], back.messages)
        check(back.commands[0] == "LHLO mx.example.org", back.commands)
        back.script["END"] = b"452 4.2.2 Over quota\r\n"
        client.deliver(b"x\r\n", "452 4.2.2 Over quota")


def turns(test):
    """If the back end defers the message to the first recipient each time, the
    others get it nevertheless."""
    late, bob = "late@x.example", "bob@x.example"
    codes = {late: "451 4.2.0 Later", bob: "250 2.0.0 Fine"}

    def end(session, _):
        code = codes[session.recipients[0][1:-1]]
        return code and f"{code}\r\n".encode()

    def deliver(*recipients, taken, sender="alice@example.org", client=None):
        """Name these recipients, of whom only one must be taken."""
        client = client or test.client()
        client.command(f"MAIL FROM:<{sender}>", 250)
        for one in recipients:
            client.command(f"RCPT TO:<{one}>",
                           250 if one == taken else "452 4.5.3")
        if taken is not None:
            client.command("DATA", 354)
            client.send(b"x\r\n.\r\n")
            client.expect(codes[taken] or "451 4.4.2")

    with test.back_end(lmtp=True, END=end):
        deliver(late, bob, taken=late)
        # Only a message of the same sender has to wait, and only once.
        deliver(late, bob, taken=late, sender="carol@example.org")
        deliver(late, bob, taken=bob)
        deliver(late, taken=late)
        deliver(late, taken=late)
        client = test.client()
        deliver(late, bob, taken=late, client=client)
        deliver(late, bob, taken=bob, client=client)
        deliver(late, taken=late, client=client)
        deliver(late, taken=late, client=client)
        # Nobody waits later if the message is accepted or refused for good.
        for codes[late] in "250 2.0.0 Fine", "550 5.2.1 Never":
            deliver(late, bob, taken=late)
            deliver(late, taken=late)
        # The back end breaks off.
        codes[late] = None
        deliver(late, bob, taken=late)
        deliver(late, taken=None)
        # Two deferred recipients do not keep a third from the message.
        codes[late], codes[bob] = codes[bob], "451 4.2.0 Later"
        codes["dave@x.example"] = "451 4.2.0 Later"
        tried = set()
        for _ in range(4):
            client = test.client()
            client.command("MAIL FROM:<eve@example.org>", 250)
            for one in bob, "dave@x.example", late:
                reply = client.command(f"RCPT TO:<{one}>", ("250", "452 4.5.3"))
                if reply.startswith("250"):
                    tried.add(one)
                    got = one
            client.command("DATA", 354)
            client.send(b"x\r\n.\r\n")
            client.expect(codes[got])
        check(late in tried, tried)


def lmtp_both(test):
    """A client that speaks LMTP gets each verdict of the back end."""
    verdicts = {"one": b"250 2.1.5 One\r\n", "two": b"452 4.2.2 Two\r\n",
                "three": b"550 5.2.1 Three\r\n"}
    pending = []

    def end(session, _):
        pending[:] = pending or list(session.recipients)
        return verdicts[pending.pop(0)[1:].split("@")[0]]

    with test.back_end(lmtp=True, END=end) as back:
        client = Client(test.port)
        client.expect(220)
        client.command("LHLO client.example.org", 250)
        for names in ("one", "two", "three"), ("three", "one"), ("two",):
            client.envelope(recipients=[f"{name}@x.example"
                                        for name in names])
            client.command("DATA", 354)
            client.send(b"x\r\n.\r\n")
            for name in names:
                client.expect(verdicts[name].decode().strip())
        check(len(back.messages) == 3, back.messages)
    # The log names each recipient for whom the message was refused.
    wait(lambda: test.count(" event=refused ") == 4)
    refused = [line.partition(" to=")[2] for line in test.lines()
               if " event=refused " in line]
    check(refused == [f"<{name}@x.example>"
                      for name in ("two", "three", "three", "two")], refused)


def lmtp_breaks(test):
    """V66: if the back end closes between two verdicts, or sends what is no
    verdict, the verdicts before count, and the other recipients get 451."""
    names = [f"{name}@x.example" for name in ("one", "two", "three")]
    for fault in CLOSE, b"hello\r\n", b"354 Go on\r\n":
        verdicts = [b"250 2.1.5 One\r\n", fault, b"550 5.2.1 Three\r\n"]
        with test.back_end(lmtp=True,
                           END=lambda *_, left=verdicts: left.pop(0)) as back:
            client = Client(test.port)
            client.expect(220)
            client.command("LHLO client.example.org", 250)
            client.begin(recipients=names)
            client.send(b"x\r\n.\r\n")
            for code in "250 2.1.5 One", "451 4.4.2", "451 4.4.2":
                client.expect(code)
            # The next message has verdicts of its own.
            back.script["END"] = b"250 2.1.5 Next\r\n"
            client.begin(recipients=names[:1])
            client.send(b"x\r\n.\r\n")
            client.expect("250 2.1.5 Next")
            client.close()


def lmtp_to_smtp(test):
    """V66: a back end that speaks SMTP has one reply to the message, which a
    client that speaks LMTP gets for each recipient that was accepted."""
    def rcpt(_, line):
        return (b"550 5.1.1 No\r\n" if "<no@" in line
                else b"250 2.1.5 Ok\r\n")

    with test.back_end(RCPT=rcpt) as back:
        client = Client(test.port)
        client.expect(220)
        client.command("LHLO client.example.org", 250)
        for end, reply in ((b"250 2.0.0 Kept\r\n", "250 2.0.0 Kept"),
                           (b"452 4.2.2 Full\r\n", "452 4.2.2 Full"),
                           (CLOSE, "451 4.4.2"),
                           (b"250 2.0.0 Kept\r\n", "250 2.0.0 Kept")):
            back.script["END"] = end
            client.envelope(recipients=["one@x.example"])
            client.command("RCPT TO:<no@x.example>", "550 5.1.1 No")
            client.command("RCPT TO:<two@x.example>", 250)
            client.command("DATA", 354)
            client.send(b"x\r\n.\r\n")
            client.expect(reply)
            client.expect(reply)
            client.command("NOOP", "250 2.0.0 OK")
        check(len(back.messages) == 4, back.messages)
        check(back.messages[0][1] == ["<one@x.example>", "<two@x.example>"],
              back.messages[0])


if __name__ == "__main__":
    globals()[sys.argv[1]](Test(*sys.argv[2:]))
