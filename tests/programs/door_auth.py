# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send mail to a server that logs in to a back end of the test.

    door_auth.py NAME SCRATCH PORT PID TLS-PORT
"""

import os
import sys
import time

from back_end import CLOSE, GOOD
from door import Test
from door_tls import TlsTest
from rawsmtp import Client, auth_plain, check
from server import wait

OFFER = b"250-x\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 AUTH LOGIN PLAIN\r\n"
# base64 of "challenge": door_auth.sh looks for it in the log.
CHALLENGE = b"334 Y2hhbGxlbmdl\r\n"


def auth_line(user="tim", password="tanstaaftanstaaf"):
    return auth_plain(user, password)


class AuthTest(TlsTest):
    def back(self, **script):
        script.setdefault("EHLO", OFFER)
        return Test.back_end(self, **script)

    def gets_no_mail(self, reason, **script):
        """A client gets 421; the back end gets one attempt and no mail."""
        before = len(self.lines())
        with self.back(**script) as back:
            client = Client(self.port)
            client.expect("421 The mail server behind this one cannot")
            client.close()
            for line in back.commands:
                check(line in ("EHLO mx.example.org", auth_line()), line)
            check(not back.messages and not back.broken, back.messages)
            check(back.connections == 1, back.connections)
        self.logged("event=back-end", "reason=" +
                    reason.replace(" ", r"\x20"), after=before)
        self.hang_up()


def login(test):
    """The server logs in once on each connection, before the first mail.  MAIL
    has AUTH=<>, and so names no user of this server (RFC 4954 5)."""
    with test.back() as back:
        client = test.client()
        for _ in range(3):
            client.deliver(b"x\r\n", parameters=" AUTH=<>")
        client.command("MAIL FROM:<a@x.example> AUTH=eve@x.example", 250)
        client.close()
        check(back.commands[:3] == [
            "EHLO mx.example.org", auth_line(),
            "MAIL FROM:<alice@example.org> AUTH=<>"], back.commands)
        check(back.commands.count(auth_line()) == back.connections,
              back.commands)
        for line in back.starting("MAIL"):
            check(line.endswith(" AUTH=<>"), line)
        check(len(back.messages) == 3, back.messages)


def login_lmtp(test):
    with test.back(lmtp=True) as back:
        test.client().deliver(b"x\r\n")
        check(back.commands[:2] == ["LHLO mx.example.org", auth_line()],
              back.commands)


def refusals(test):
    """If AUTH is not offered or does not succeed, the back end gets no mail,
    whatever it replies."""
    for offer in b"250 x\r\n", b"250 AUTH\r\n", b"250-x\r\n250 AUTH LOGIN\r\n":
        test.gets_no_mail("it offers no AUTH that can be used", EHLO=offer)
    for reply, reason in (
            (b"535 5.7.8 Y2hhbGxlbmdl\r\n",
             "it refuses the user or the password"),
            (b"454 4.7.0 Later\r\n", "it refuses AUTH"),
            (b"504 5.5.4 Unknown\r\n", "it refuses AUTH"),
            (b"421 4.3.2 Going down\r\n", "it refuses AUTH"),
            (b"250 2.0.0 Fine\r\n", "it breaks the protocol"),
            (b"354 Go on\r\n", "it breaks the protocol"),
            (CHALLENGE, "it breaks the protocol"),
            (b"334 \r\n", "it breaks the protocol"),
            (b"334 \xff\x00!\r\n", "it breaks the protocol"),
            (b"334-Y2hhbGxlbmdl\r\n" * 100, "it breaks the protocol"),
            (CHALLENGE[:-2] + b"Y2hhbGxlbmdl" * 5000,
             "it breaks the protocol"),
            (CLOSE, "it has closed the connection")):
        test.gets_no_mail(reason, AUTH=reply)


def backs_off(test):
    """A wrong password is tried at once, and then after 3 and 6 seconds, by one
    thread for all.  Each attempt has one line in the log."""
    before = len(test.lines())

    def pauses():
        return [line.rpartition(" ")[2] for line in test.lines()[before:]
                if "refuses" in line]

    with test.back(AUTH=b"535 5.7.8 No\r\n") as back:
        begin = time.monotonic()
        Client(test.port).expect("421 The mail server behind this one cannot")
        while len(pauses()) < 3:
            check(time.monotonic() < begin + 60, pauses())
            clients = [Client(test.port) for _ in range(6)]
            for client in clients:
                client.expect("421 The mail server behind this one cannot")
                client.close()
            time.sleep(0.05)
        check(time.monotonic() > begin + 8.9, "no pause")
        wait(lambda: len(pauses()) == back.commands.count(auth_line()))
        check(pauses() == ["pause=3", "pause=6", "pause=12"], pauses())
        # SIGHUP ends the pause.
        test.hang_up()
        Client(test.port).expect("421 The mail server behind this one cannot")
        wait(lambda: pauses()[3:] == ["pause=3"])
        # A login that succeeds ends the pause, too, and the next pause is
        # short.
        back.script["AUTH"] = GOOD["AUTH"]
        time.sleep(3.1)
        client = test.client()
        client.deliver(b"x\r\n")
        back.script["AUTH"] = b"535 5.7.8 No\r\n"
        back.hang_up()
        client.command("MAIL FROM:<a@x.example>", "451 4.4.1")
        wait(lambda: pauses()[4:] == ["pause=3"])
    test.hang_up()


def later(test):
    """If the back end no longer accepts the password, MAIL gets 451.  After
    SIGHUP mail arrives again."""
    with test.back() as back:
        client = test.client()
        client.deliver(b"x\r\n")
        back.script["AUTH"] = b"535 5.7.8 No\r\n"
        back.hang_up()
        client.command("MAIL FROM:<a@x.example>", "451 4.4.1")
        back.script["AUTH"] = GOOD["AUTH"]
        test.hang_up()
        client.deliver(b"x\r\n")
        check(len(back.messages) == 2, back.messages)


def again(test):
    """SIGHUP reads the file again; a file that is wrong changes nothing."""
    secret = test.scratch / "secret"
    with test.back() as back:
        client = test.client()
        client.deliver(b"x\r\n")
        secret.write_text("tim:other:words\n")
        test.hang_up()
        client.deliver(b"x\r\n")
        check(auth_line("tim", "other:words") in back.commands, back.commands)
        os.chmod(secret, 0o604)
        test.hang_up("secret: everybody may read")
        back.hang_up()
        count = len(back.commands)
        client.deliver(b"x\r\n")
        check(auth_line("tim", "other:words") in back.commands[count:],
              back.commands)
        check(len(back.messages) == 3, back.messages)
    os.chmod(secret, 0o600)
    secret.write_text("tim:tanstaaftanstaaf\n")


if __name__ == "__main__":
    globals()[sys.argv[1]](AuthTest(*sys.argv[2:]))
