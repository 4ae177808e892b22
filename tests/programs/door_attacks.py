# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Attack the back end, or the next client, through a server that hands mail on.

    door_attacks.py NAME SCRATCH PORT PID TLS-PORT
"""

import re
import sys

from door import Test
from rawsmtp import check
from server import wait

# Octets that a server that is not strict takes for the end of data (VU#302671,
# CVE-2023-51764 and others).
ENDS = (b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r", b"\r.\r\n",
        b"\r\n\0.\r\n", b"\r\n.\r\r\n", b"\r\n\r.\r\n", b"\n\r.\r\n")
SECOND = (b"MAIL FROM:<evil@x.example>\r\nRCPT TO:<bob@example.org>\r\n"
          b"DATA\r\nforged\r\n")


def smuggle(test, codes):
    """V65: each message is one message for the back end, and each of its lines
    ends in CR LF."""
    sent = []
    with test.back_end() as back:
        def body(session):
            sent.append(session.received)
            return True
        back.script["BODY"] = body
        for end in ENDS:
            client = test.client()
            client.begin()
            client.send(b"a" + end + SECOND + b".\r\n")
            reply = client.reply()
            code = reply[:3]
            check(code in codes, end, reply)
            # The client must have got exactly one reply so far, so the next
            # reply must be the one to QUIT.
            client.command("QUIT", ("221", "503"))
            client.close()
            check(len(back.messages) == (code == "250"), end, back.messages)
            for _, _, octets in back.messages:
                rest = octets.replace(b"\r\n", b"")
                check(b"\n" not in rest and b"\r" not in rest, end, octets)
                check(octets.endswith(b"forged\r\n"), end, octets)
            back.messages.clear()
        check(not any("evil" in line for line in back.commands), back.commands)
        for octets in sent + back.broken:
            rest = octets.replace(b"\r\n", b"")
            check(b"\n" not in rest and b"\r" not in rest, octets)


def smuggled(test):
    smuggle(test, ("250",))


def smuggled_refused(test):
    """V65: with --bare-newline reject, the same octets do not smuggle a
    message, either."""
    smuggle(test, ("250", "521", "550", "554"))


def odd_recipients(test):
    """V64: a recipient is handed on as it is, or not at all."""
    good = ['"../../x"', "../../x", ".", "a/b", '"."', '"a b"', '"a@b"',
            '"<x>"', '"x> NOTIFY=NEVER"', r'"\""', "-rf", "|cat", "%u",
            "$HOME"]
    bad = ['"\0"', "a@b", "x" * 300, "ü", "a b", '"a', "<x>", "x>,<y"]
    with test.back_end() as back:
        client = test.client()
        client.command("MAIL FROM:<>", 250)
        for local in good:
            client.command(f"RCPT TO:<{local}@example.org>", 250)
        for local in bad:
            client.command(f"RCPT TO:<{local}@example.org>",
                           ("500", "501", "553"))
        check(back.starting("RCPT") == [f"TO:<{local}@example.org>"
                                        for local in good], back.commands)


def strangers(test):
    """V67: if a client disconnects, the next client does not get its
    transaction."""
    with test.back_end() as back:
        def leave(client):
            client.envelope(sender="first@x.example",
                            recipients=["secret@x.example"])
            count = back.commands.count("RSET")
            client.close()
            return count

        count = leave(test.client())
        wait(lambda: back.commands.count("RSET") > count)
        test.client().deliver(b"x\r\n")
        check(back.messages.pop()[:2] == ("<alice@example.org>",
                                          ["<bob@example.org>"]), "mixed")
        # If the back end refuses RSET, or its reply is not the only one or not
        # complete, the next client gets a new connection.
        for reply in (b"550 5.5.1 No\r\n", b"250 2.0.0 a\r\n250 2.0.0 b\r\n",
                      b"250-x\r\n"):
            back.script["RSET"] = reply
            count, opened = leave(test.client()), back.connections
            wait(lambda: back.commands.count("RSET") > count)
            back.script["RSET"] = b"250 2.0.0 Ok\r\n"
            test.client().deliver(b"x\r\n")
            check(back.connections == opened + 1, reply, back.connections)
            check(back.messages.pop()[1] == ["<bob@example.org>"], reply)


def words(test):
    """V61, V69: no reply of the back end puts a line or a control octet into
    the replies to the client, or ends its session."""
    evil = (b"550 5.1.1 \xc3\xa9\r\n", b"550 5.1.1 a\rb\r\n",
            b"550 5.1.1 a\0b\r\n", b"550 5.1.1 a\x1b[2J\r\n",
            b"550-5.1.1 a\n550 5.1.1 b\r\n", b"550 5.1.1 a\x7f\r\n",
            b"221 2.0.0 bye\r\n", b"354 go\r\n", b"334 VXNlcm5hbWU6\r\n",
            b"550 2.1.5 good\r\n", b"250 5.1.1 bad\r\n", b"421 2.0.0 x\r\n",
            b"521 5.3.2 x\r\n", b"556 5.1.10 x\r\n")
    with test.back_end() as back:
        for reply in evil:
            back.script["RCPT"] = reply
            client = test.client()
            client.command("MAIL FROM:<a@x.example>", 250)
            client.send(b"RCPT TO:<b@x.example>\r\nNOOP\r\n")
            first = client.line()
            check(re.fullmatch(rb"(250|451|55\d)( [245]\.\d+\.\d+)?"
                               rb" [ -~]*", first), reply, first)
            code = re.match(rb"... (\d)\.", first)
            check(code is None or code[1] == first[:1], reply, first)
            check(client.line()[:3] == b"250", reply)
            client.close()


def too_early(test):
    """V66: a reply that comes before the end of the message is no reply to the
    message.  The client gets 451, and the message is not ended."""
    for verdict in b"250 2.0.0 Early\r\n", b"550 5.7.1 Early\r\n":
        def body(session, verdict=verdict):
            if session.received:
                session.connection.sendall(verdict)
            return True

        for script in ({"DATA": b"354 Go on\r\n" + verdict}, {"BODY": body}):
            with test.back_end(**script) as back:
                client = test.client()
                client.begin()
                client.send(b"one\r\n")
                wait(lambda back=back: len(back.broken) == 1)
                client.send(b"two\r\n.\r\n")
                client.expect("451 4.4.2")
                check(back.messages == [], script, back.messages)
                client.close()


if __name__ == "__main__":
    globals()[sys.argv[1]](Test(*sys.argv[2:]))
