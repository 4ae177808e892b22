# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send mail to a server that logs in to a back end by SCRAM-SHA-256 (RFC 5802, RFC
7677).  The back end of the test is honest or not; or it is another
mailin-server, whose scratch folder is in the variable BACK_END.

    door_scram.py NAME SCRATCH PORT PID TLS-PORT
"""

import base64
import hashlib
import hmac
import os
import pathlib
import sys

from door import Test
from door_auth import auth_line
from rawsmtp import Client, check
from server import wait

TICKS = os.sysconf("SC_CLK_TCK")
NAMES = "LOGIN PLAIN SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-256-PLUS"
OFFER = f"250-x\r\n250-PIPELINING\r\n250 AUTH {NAMES}\r\n".encode()
SALT = base64.b64encode(b"salt of the back end").decode()
PASSWORD = "tanstaaftanstaaf"


def b64(text):
    return base64.b64encode(text.encode()).decode()


def processor_time(pid):
    """Return the time that a process has used, in seconds."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    return sum(map(int, fields.split()[11:13])) / TICKS


class Scram:
    """The server's side of an exchange.  It is called for AUTH.  A test may
    replace what it sends."""

    def __init__(self, password=PASSWORD, first="r={nonce},s={salt},i=4096",
                 final="v={signature}", end=b"235 2.7.0 Welcome\r\n",
                 skips_final=False, salt=SALT, iterations=4096):
        self.password, self.first, self.final = password, first, final
        self.end, self.skips_final = end, skips_final
        self.salt, self.iterations = salt, iterations
        self.responses = []     # decoded, of all exchanges

    def response(self, session, challenge):
        """Send a challenge.  Return the response, or None if none comes."""
        session.connection.sendall(f"334 {b64(challenge)}\r\n".encode())
        line = session.line()
        if line is None:
            return None
        self.responses.append(base64.b64decode(line).decode())
        return self.responses[-1]

    def __call__(self, session, line):
        words = line.split(" ")
        check(words[1] == "SCRAM-SHA-256", line)
        if len(words) > 2:
            self.responses.append(base64.b64decode(words[2]).decode())
            client_first = self.responses[-1]
        else:
            client_first = self.response(session, "")
        check(client_first.startswith("n,,n="), client_first)
        bare = client_first[3:]
        nonce = bare.rpartition("r=")[2]
        first = self.first.format(nonce=nonce + "x", salt=self.salt,
                                  other="y" + nonce[1:])
        final = self.response(session, first)
        if final is None:
            return None
        without, _, proof = final.rpartition(",p=")
        check(without == f"c=biws,r={nonce}x", final)
        salted = hashlib.pbkdf2_hmac("sha256", self.password.encode(),
                                     base64.b64decode(self.salt),
                                     self.iterations)
        key = hmac.digest(salted, b"Client Key", "sha256")
        message = f"{bare},{first},{without}".encode()
        signature = hmac.digest(hashlib.sha256(key).digest(), message,
                                "sha256")
        got = bytes(a ^ b for a, b in zip(signature, base64.b64decode(proof)))
        self.knows_client = got == key
        if self.skips_final:
            return self.end
        own = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"),
                          message, "sha256")
        last = self.response(session, self.final.format(
            signature=base64.b64encode(own).decode()))
        if last is None:
            return None
        check(last == "", last)
        return self.end


class ScramTest(Test):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        # After SIGHUP the server knows nothing of its back ends.
        self.hang_up()

    def back(self, scram, **script):
        script.setdefault("EHLO", OFFER)
        return Test.back_end(self, AUTH=scram, **script)

    def gets_no_mail(self, reason, pauses=True, **how):
        """A client gets 421; the back end gets one attempt and no mail, and
        never the password."""
        before = len(self.lines())
        scram = Scram(**how)
        with self.back(scram) as back:
            client = Client(self.port)
            client.expect("421 The mail server behind this one cannot")
            client.close()
            check(not back.messages and not back.starting("MAIL"),
                  back.commands)
            check(back.connections == 1, back.connections)
            check(auth_line() not in back.commands, back.commands)
        line, = self.logged("event=back-end", "reason=" +
                            reason.replace(" ", r"\x20"), after=before)
        check(line.endswith(" pause=3") == pauses, line)
        self.hang_up()
        return scram


# ---- A back end of the test ----

def logs_in(test):
    """The strongest mechanism is used, once for each connection.  The password
    is not sent."""
    scram = Scram()
    with test.back(scram) as back:
        client = test.client()
        for _ in range(3):
            client.deliver(b"x\r\n")
        check(scram.knows_client and back.connections == 1, back.commands)
        check(back.commands[1].startswith("AUTH SCRAM-SHA-256 "),
              back.commands)
        check(back.starting("MAIL")[0].endswith(" AUTH=<>"), back.commands)
        check(len(back.messages) == 3, back.messages)
        check(not any(PASSWORD in text for text in scram.responses),
              scram.responses)
    # Any case of letters, and any salt and iterations that RFC 7677 allows.
    scram = Scram(first="r={nonce},s={salt},i=4096,x=y")
    with test.back(scram, EHLO=b"250-x\r\n"
                               b"250 AUTH plain scram-sha-256\r\n") as back:
        test.hang_up()
        test.client().deliver(b"x\r\n")
        check(scram.knows_client, back.commands)


def logs_in_lmtp(test):
    scram = Scram()
    with test.back(scram, lmtp=True) as back:
        test.client().deliver(b"x\r\n")
        check(scram.knows_client and len(back.messages) == 1, back.commands)


def plain(test):
    """A back end that does not offer SCRAM-SHA-256 gets PLAIN."""
    with test.back(b"235 2.7.0 Welcome\r\n",
                   EHLO=b"250-x\r\n250 AUTH PLAIN SCRAM-SHA-1\r\n") as back:
        test.client().deliver(b"x\r\n")
        check(back.commands[1] == auth_line(), back.commands)


def impostors(test):
    """A back end that does not know the password gets no mail, even if it
    says that all is well."""
    unknown = "it does not know the password"
    unproved = "it does not prove that it knows the password"
    scram = test.gets_no_mail(unknown, password="guessed")
    check(not scram.knows_client, scram.responses)
    test.gets_no_mail(unproved, password="guessed", skips_final=True)
    # It knows the password, but leaves out the proof, or sends a wrong one.
    test.gets_no_mail(unproved, skips_final=True)
    zero = base64.b64encode(bytes(32)).decode()
    test.gets_no_mail(unknown, final="v=" + zero)
    for final in ("v=", "v=x", "", "e=other-error", "v={signature}\0",
                  "{signature}", "v={signature},", "v=" + zero[4:]):
        scram = Scram(final=final)
        with test.back(scram) as back:
            before = len(test.lines())
            client = Client(test.port)
            client.expect("421 The mail server behind this one cannot")
            client.close()
            test.logged("event=back-end", after=before)
            check(not back.starting("MAIL"), final)
        test.hang_up()


def challenges(test):
    """If the first challenge is wrong or dangerous, nothing is computed."""
    wrong = "its challenge is no SCRAM"
    number = "its iterations are not from 4096 to 1000000"
    for first, reason in (
            ("", wrong), ("x", wrong), (",,i=4096", wrong),
            ("r={nonce}", wrong), ("r={nonce},s={salt}", wrong),
            ("r={nonce},s={salt},", wrong), ("r={nonce},s={salt},i", wrong),
            ("r={nonce},s={salt},j=4096", wrong),
            ("r={nonce},s={salt},i=4096\0", wrong),
            ("r={other},s={salt},i=4096", wrong),
            ("r=x,s={salt},i=4096", wrong),
            ("m=x,r={nonce},s={salt},i=4096", wrong),
            ("s={salt},r={nonce},i=4096", wrong),
            ("r={nonce},s=,i=4096", wrong),
            ("r={nonce},s={salt},i=", number),
            ("r={nonce},s={salt},i=0", number),
            ("r={nonce},s={salt},i=4095", number),
            ("r={nonce},s={salt},i=-4096", number),
            ("r={nonce},s={salt},i=4096x", number),
            ("r={nonce},s={salt},i=1000001", number),
            ("r={nonce},s={salt},i=4294971392", number),
            ("r={nonce},s={salt},i=18446744073709555712", number)):
        test.gets_no_mail(reason, first=first)


def refused(test):
    """The back end refuses: by 535 after the proof of this server, as it does
    with a wrong password, or at another step."""
    test.gets_no_mail("it refuses the user or the password",
                      password="other", skips_final=True,
                      end=b"535 5.7.8 No\r\n")
    test.gets_no_mail("it refuses AUTH", pauses=False, skips_final=True,
                      end=b"454 4.7.0 Later\r\n")
    test.gets_no_mail("it refuses AUTH", end=b"500 5.5.6 What\r\n")
    test.gets_no_mail("its challenge is no SCRAM", end=b"334 eA==\r\n")
    test.gets_no_mail("its challenge is no SCRAM", end=b"334 \r\n")


def long_user(test):
    """If the first response does not fit in the command AUTH, it is sent after
    the command."""
    secret = test.scratch / "secret"
    secret.write_text("t," + "i=" * 160 + ":" + PASSWORD)
    test.hang_up()
    scram = Scram()
    with test.back(scram) as back:
        test.client().deliver(b"x\r\n")
        check(back.commands[1] == "AUTH SCRAM-SHA-256", back.commands)
        check(scram.knows_client, scram.responses)
        check("n=t=2C" + "i=3D" * 160 + "," in scram.responses[0],
              scram.responses)
    secret.write_text("tim:" + PASSWORD)
    test.hang_up()


def unusual(test):
    """A password that is not ASCII can be used with SCRAM, too.  SASLprep
    refuses control characters, and characters that are newer than Unicode 3.2:
    a password with one of these is sent by PLAIN, and the log says so."""
    warning = "SCRAM cannot use this user or password"
    secret = test.scratch / "secret"
    for password in "p\u00e4ss:w\u00f6rd", "\U0001f600 smile", "a\ab":
        secret.write_text(f"tim:{password}")
        warnings = test.count(warning) + (not password.startswith("p"))
        test.hang_up()
        wait(lambda: test.count(warning) == warnings)
        scram = Scram(password=password)

        def log_in(session, line, scram=scram):
            return b"235 2.7.0 Welcome\r\n" if "PLAIN" in line else \
                scram(session, line)

        with test.back(log_in) as back:
            test.client().deliver(b"x\r\n")
            if password.startswith("p"):
                check(scram.knows_client, back.commands)
            else:
                check(back.commands[1] == auth_line("tim", password),
                      back.commands)
    secret.write_text("tim:" + PASSWORD)
    test.hang_up()


def salted_once(test):
    """PBKDF2 is computed again only if the back end sends another salt or
    another number of iterations."""
    def login(salt, iterations):
        """Return the processor time of the server, in seconds."""
        scram = Scram(first=f"r={{nonce}},s={{salt}},i={iterations}",
                      salt=b64(salt), iterations=iterations)
        with test.back(scram) as back:
            before = processor_time(test.pid)
            client = test.client()
            client.deliver(b"x\r\n")
            client.close()
            check(scram.knows_client, back.commands)
            return processor_time(test.pid) - before

    long = login("a", 600000)
    for salt, iterations, is_known in (
            ("a", 600000, True), ("b", 600000, False), ("b", 600000, True),
            ("a", 600000, False), ("a", 600001, False), ("a", 600001, True),
            ("s" * 120, 600000, False), ("a", 600001, True)):
        took = login(salt, iterations)
        check((took < long / 3) == is_known,
              f"salt {salt}, {iterations} iterations: {took} s of {long} s")


# ---- Another mailin-server ----

def real(test):
    """The back end is another mailin-server that offers only the mechanism in
    the variable MECHANISM."""
    back = pathlib.Path(os.environ["BACK_END"])
    client = test.client()
    for _ in range(3):
        client.deliver(b"x\r\n")
    wait(lambda: (back / "log").read_text().count("event=message ") == 3)
    log = (back / "log").read_text()
    for line in log.splitlines():
        check("event=message " not in line or
              " user=tim protocol=ESMTPSA " in line, line)
    check("event=auth-failed" not in log, log)


def real_refused(test):
    """The back end is another mailin-server, and the password is wrong."""
    back = pathlib.Path(os.environ["BACK_END"])
    Client(test.port).expect("421 The mail server behind this one cannot")
    test.logged(r"refuses\x20the\x20user\x20or\x20the\x20password")
    wait(lambda: "event=auth-failed" in (back / "log").read_text())
    log = (back / "log").read_text()
    check(f" mechanism={os.environ['MECHANISM']} login=tim" in log, log)
    check("event=message" not in log, log)


if __name__ == "__main__":
    globals()[sys.argv[1]](ScramTest(*sys.argv[2:]))
