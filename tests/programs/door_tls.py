# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send mail to a server that hands it on to a back end inside TLS.

    door_tls.py NAME SCRATCH PORT PID TLS-PORT

The back end listens at the port in the variable BACK.
"""

import os
import shutil
import signal
import ssl
import sys

from back_end import BackEnd
from door import BIG, Test
from rawsmtp import Client, auth_plain, check
from server import wait
from tls_client import TlsClient

OFFER = b"250-x\r\n250-8BITMIME\r\n250-STARTTLS\r\n250 SIZE 9000000\r\n"


class TlsTest(Test):
    certificate = "good"
    names = []

    def __init__(self, *arguments):
        super().__init__(*arguments)
        # After SIGHUP the server tries each back end again, even if it has
        # failed before.
        self.hang_up()

    def context(self):
        """Return a context with the certificate whose name is set."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.scratch}/{self.certificate}.pem",
                                f"{self.scratch}/{self.certificate}.key")
        context.sni_callback = lambda _, name, __: self.names.append(name)
        return context

    def back(self, **script):
        script.setdefault("EHLO", OFFER)
        return BackEnd(int(os.environ["BACK"]), tls=self.context, **script)

    def delivers(self, back):
        """Messages arrive, and all their octets come inside TLS."""
        client = self.client()
        for text in b"x\r\n", BIG, b"y\r\n":
            client.deliver(text)
            check(back.messages.pop()[2].endswith(text), len(text))
        check(back.connections <= 2, back.connections)
        client.close()

    def fails(self, reason, **script):
        """The client gets 421 4.7.5, the reason is in the log, and the back
        end gets neither mail nor anything else in clear."""
        with self.back(**script) as back:
            client = Client(self.port)
            client.expect("421 TLS with the mail server behind this one")
            client.close()
            self.logs(reason)
            # Do not take a ClientHello for a command: it may contain an LF.
            if not "".join(back.commands).startswith("\x16\x03"):
                check({*back.commands} <= {"EHLO mx.example.org", "STARTTLS"},
                      back.commands)
            check(not back.messages and not back.broken, back.messages)

    def logs(self, reason):
        self.logged("event=back-end", reason.replace(" ", r"\x20"))


def starttls(test):
    """Only EHLO and STARTTLS are in clear; offers in clear are forgotten."""
    def offer(session, _):
        return b"250-x\r\n250-STARTTLS\r\n250 DSN\r\n" \
            if session.is_in_clear() else OFFER

    with test.back(EHLO=offer) as back:
        test.delivers(back)
        check(set(back.in_clear) == {"EHLO mx.example.org", "STARTTLS"},
              back.in_clear)
        check(set(test.names) == {"localhost"}, test.names)
        client = Client(test.port)
        client.expect(220)
        client.send(b"EHLO x\r\n")
        while (line := client.line())[3:4] == b"-":
            check(b"DSN" not in line, line)


def implicit(test):
    with test.back(implicit=True, EHLO=b"250 x\r\n") as back:
        test.delivers(back)
        check(back.in_clear == [], back.in_clear)


LOGIN = b"250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n"


def logs_in(test, back):
    """The password is sent inside TLS, and before the mail."""
    test.client().deliver(b"x\r\n")
    check(auth_plain("tim", "tanstaaftanstaaf") in back.commands and
          set(back.in_clear) <= {"EHLO mx.example.org", "STARTTLS"},
          back.commands, back.in_clear)
    check(back.starting("MAIL")[-1].endswith("AUTH=<>"), back.commands)


def login(test):
    with test.back(EHLO=LOGIN) as back:
        logs_in(test, back)


def login_implicit(test):
    with test.back(implicit=True, EHLO=LOGIN) as back:
        logs_in(test, back)


def goodbye(test):
    """At its end the server sends QUIT inside TLS."""
    with test.back(implicit=True, EHLO=LOGIN) as back:
        client = test.client()
        client.deliver(b"x\r\n")
        os.kill(test.pid, signal.SIGTERM)
        wait(lambda: back.commands[-1] == "QUIT")
        check("QUIT" not in back.in_clear, back.in_clear)


def address(test):
    """The host may be an IP address.  Then the server sends no SNI."""
    test.certificate = "address"
    with test.back() as back:
        test.delivers(back)
        check(set(test.names) == {None}, test.names)


def later(test):
    """If the certificate of a back end becomes invalid, MAIL gets 451."""
    with test.back() as back:
        client = test.client()
        client.deliver(b"x\r\n")
        test.certificate = "other"
        back.hang_up()
        client.command("MAIL FROM:<a@x.example>", "451 4.7.5")
        test.logs("mismatch")
        check(len(back.messages) == 1, back.messages)


def authorities(test):
    """SIGHUP reads the file of authorities again."""
    def use(name, *text):
        shutil.copy(test.scratch / f"{name}.pem", test.scratch / "ca-now.pem")
        test.hang_up(*text)

    with test.back() as back:
        client = test.client()
        client.deliver(b"x\r\n")
        use("empty", "ca-now.pem: ")
        # The server does not wait for the writer of a pipe.
        (test.scratch / "ca-now.pem").unlink()
        os.mkfifo(test.scratch / "ca-now.pem")
        test.hang_up("ca-now.pem: not a regular file")
        (test.scratch / "ca-now.pem").unlink()
        client.deliver(b"x\r\n")
        use("unknown")
        client.command("MAIL FROM:<a@x.example>", "451 4.7.5")
        check(len(back.messages) == 2, back.messages)


def requires_tls(test, back, code):
    """Send a message that may be sent only inside TLS."""
    client = TlsClient(test.port, f"{test.scratch}/ca.pem", tls=False,
                       name="localhost")
    client.greet()
    # Without ENHANCEDSTATUSCODES at the back end the reply has no such code.
    client.command("STARTTLS", 220)
    client.handshake()
    keywords = client.hello()
    check(("REQUIRETLS" in keywords) == (code == 250), keywords)
    client.command("MAIL FROM:<a@x.example> REQUIRETLS", code)
    check(len(back.starting("MAIL")) == (code == 250), back.commands)


def requiretls(test):
    with test.back(EHLO=b"250-x\r\n250-STARTTLS\r\n250 REQUIRETLS\r\n") as back:
        requires_tls(test, back, 250)


def requiretls_in_clear(test):
    """RFC 8689 4.2.1: what a back end offers in clear does not count."""
    with test.back(EHLO=b"250-x\r\n250 REQUIRETLS\r\n") as back:
        requires_tls(test, back, 555)


# ---- Back ends with which TLS fails ----

def expired(test):
    test.certificate = "expired"
    test.fails("expired")


def wrong_name(test):
    """The host is only the common name of the certificate, which does not
    count."""
    test.certificate = "other"
    test.fails("mismatch")


def implicit_wrong_name(test):
    test.certificate = "other"
    test.fails("mismatch", implicit=True)


def wrong_ip(test):
    test.certificate = "good"
    test.fails("mismatch")


def unknown(test):
    test.certificate = "unknown"
    test.fails("self-signed certificate")


def stripped(test):
    """V63: if STARTTLS is removed from the offer, the server sends no mail."""
    test.fails("does not offer STARTTLS", EHLO=b"250 x\r\n")


def refused(test):
    test.fails("refuses STARTTLS", STARTTLS=b"454 4.7.0 Not now\r\n")


def injected(test):
    """V62: octets in clear after the 220 are not read as replies inside TLS."""
    test.fails("breaks the protocol",
               STARTTLS=b"220 2.0.0 Begin\r\n250 injected\r\n")


def in_clear(test):
    """The server expects TLS at once, but the back end has no TLS."""
    test.fails("wrong version number")


if __name__ == "__main__":
    globals()[sys.argv[1]](TlsTest(*sys.argv[2:]))
