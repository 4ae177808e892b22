# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Other people's clients send the same messages to a back end, once directly, and
once through mailin-server in clear, with STARTTLS, inside TLS, and logged in;
and in clear to one that hands them on by LMTP.  The back end must get the same
octets for the same recipients, with the same parameters, and the client must
hear the same words of the back end.  The same octets must be in the files of
one that stores them in a Maildir, and of one that has a Maildir for each
recipient.

    clients.py SCRATCH DIRECT_PORT PORT TLS_PORT CA LMTP_PORT MAILDIR_PORT
        MAILDIRS_PORT [NAME...]

It prints a row for each client, as doc/campaigns.md has it.
"""

import os
import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "programs"))

from back_end import BackEnd  # noqa: E402
from folders import Folders  # noqa: E402
from table import FOLDERS, ROWS, UNPACKED  # noqa: E402

WORDS = "no such cat here"
HEADER = (b"From: Alice <alice@example.org>\r\n"
          b"To: Bob <bob@example.org>\r\n"
          b"Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n"
          b"Message-ID: <1@example.org>\r\n"
          b"Subject: %s\r\n"
          b"MIME-Version: 1.0\r\n"
          b"Content-Type: text/plain; charset=utf-8\r\n"
          b"Content-Transfer-Encoding: 8bit\r\n"
          b"\r\n")
BOB, CAROL = "bob@example.org", "carol@example.org"
NOBODY, BOEB = "nobody@example.org", "bøb@example.org"

# name: text and recipients
MESSAGES = {
    "plain": (b"Hello\r\n\r\n", [BOB, CAROL]),
    "dots": (b".\r\n..\r\n.a\r\ntext\r\n.\r\n\r\na.\r\n...\r\n. \r\n", [BOB]),
    "long": (b".x\r\n" + b"y" * 998 + b"\r\nz\r\n", [BOB]),
    "eight": ("Grüße\r\n.ü\r\n\U0001f4e7\r\n".encode(), [BOB]),
    "refused": (b"Hello\r\n", [BOB, NOBODY, CAROL]),
    "utf8": ("Grüße\r\n".encode(), [BOEB]),
    # With each extension that the client can be told to use.
    "extended": ("Grüße\r\n.\r\n".encode() + b"z" * 500 + b"\r\n",
                 [BOB, CAROL]),
}


def reply_to_recipient(_, line):
    if NOBODY in line:
        return f"550 5.1.1 <{NOBODY}>: {WORDS}\r\n".encode()
    return b"250 2.1.5 Fine\r\n"


EHLO = b"\r\n".join((
    b"250-back.example.org", b"250-PIPELINING", b"250-8BITMIME",
    b"250-ENHANCEDSTATUSCODES", b"250-SMTPUTF8", b"250-DSN", b"250-CHUNKING",
    b"250-BINARYMIME", b"250-LIMITS MAILMAX=50 RCPTMAX=50",
    b"250 SIZE 9000000", b""))


class Job:
    """What a client has to do once."""

    def __init__(self, scratch, name, mode, routes, route, certificate):
        self.name, self.mode, self.routes, self.route = \
            name, mode, routes, route
        self.extended = name == "extended"
        self.port, self.certificate = dict(routes)[route], certificate
        self.sender = "alice@example.org"
        text, self.recipients = MESSAGES[name]
        self.home = scratch / "home"
        self.home.mkdir(exist_ok=True)
        self.home.chmod(0o711)
        octets = HEADER % name.encode() + text
        self.file = self.home / "message"
        self.file.write_bytes(octets)
        # What a program of Unix reads: lines that end with LF.
        self.unix = self.home / "message.unix"
        self.unix.write_bytes(octets.replace(b"\r\n", b"\n"))
        self.body = self.home / "body"
        self.body.write_bytes(text.replace(b"\r\n", b"\n"))
        self.output = ""
        self.secure = mode in ("starttls", "auth")

    def write(self, name, text, mode=0o600):
        """Write a file of settings, and return its path."""
        path = self.home / name
        path.write_text(text)
        path.chmod(mode)
        return str(path)

    def run(self, *command, stdin=None, timeout=60, **variables):
        """Run a program until it ends, and keep its output."""
        environment = {"HOME": str(self.home), "LANG": "C.UTF-8",
                       "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"],
                       "NODE_PATH": str(UNPACKED / "node_modules"),
                       "SSL_CERT_FILE": self.certificate,
                       "EXTENDED": "yes" if self.extended else ""}
        try:
            with open(stdin or os.devnull, "rb") as octets:
                done = subprocess.run(
                    [str(word) for word in command], stdin=octets,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                    cwd=self.home, env=dict(environment, **variables),
                    timeout=timeout)
            self.output += done.stdout.decode("utf-8", "replace")
            return done.returncode
        except subprocess.TimeoutExpired as late:
            self.output += (late.stdout or b"").decode("utf-8", "replace")
            self.output += "\n(it took too long)\n"
            return -1

    def read(self, name):
        """Add a file of the client's, such as its log, to its output."""
        path = self.home / name
        if path.exists():
            self.output += path.read_text(errors="replace")

    def wait_for(self, file, pattern, begin=0):
        """Wait until the file matches, from an offset on."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if file.exists() and re.search(pattern, file.read_text()[begin:]):
                return
            time.sleep(0.1)


def same_form(octets):
    """Return a message without what differs each time."""
    header, _, text = octets.partition(b"\r\n\r\n")
    while header.lower().startswith(b"received:"):
        header = re.sub(rb"\A.*?\r\n(?![ \t])", b"", header, flags=re.S)
    header = re.sub(rb"(?im)^(date|message-id|content-id):.*(\r\n[ \t].*)*",
                    rb"\1: -", header)
    boundaries = set(re.findall(rb'boundary="?([^";\r]+)', header))
    for boundary in boundaries:
        header = header.replace(boundary, b"-")
        text = text.replace(boundary, b"-")
    return header + b"\r\n\r\n" + text


def arrived(back):
    """Return what the back end has got: recipients, senders and octets."""
    return sorted((to, without_tag(sender), same_form(octets))
                  for sender, recipients, octets in back.messages
                  for to in recipients if sender != "<>")


def without_tag(address):
    """Remove the name of a route, as in alice+clear@example.org."""
    return re.sub(r"\+\w+@", "@", address)


def asked(back):
    """Return the paths and parameters of RCPT and MAIL for each recipient."""
    return sorted((words(to), words(mail))
                  for mail, *recipients in back.envelopes
                  for to in recipients if "<>" not in mail)


def words(line):
    """Return the path of a line and its parameters.  Their order does not
    matter, nor does the case of most (RFC 5321 2.4, RFC 3461 4)."""
    path, _, parameters = line.partition("> ")
    pairs = [word.partition("=") for word in parameters.split()]
    return without_tag(path.partition(":")[2].rstrip(">") + ">"), sorted(
        (keyword.upper(), value if keyword.upper() in ("ENVID", "ORCPT")
         else value.upper()) for keyword, _, value in pairs)


def asks_for(parameters):
    """Format parameters for a message about a fault."""
    return "; ".join(" ".join([path, *map("=".join, pairs)])
                     for both in parameters for path, pairs in both)


def reported(back):
    """Return what the client has reported to the sender by mail, which is an
    address such as alice+clear@example.org: the words of the back end."""
    return sorted((without_tag(to), line.strip())
                  for sender, recipients, octets in back.messages
                  for to in recipients if sender == "<>"
                  for line in octets.decode("utf-8", "replace").splitlines()
                  if words_of(back) in line)


def words_of(back):
    """Return what the back end says about a recipient that it refuses."""
    return Folders.words if isinstance(back, Folders) else WORDS


def brief(output):
    return output if len(output) < 700 else output[:300] + " [...] " + \
        output[-400:]


def differ(got, want):
    """Say how what arrived differs from what was expected."""
    if [one[:2] for one in got] != [one[:2] for one in want]:
        return f"for {[one[:2] for one in got]}, not " \
            f"{[one[:2] for one in want]}"
    for (*_, a), (*_, b) in zip(got, want):
        if a != b:
            at = len(os.path.commonprefix([a, b]))
            return f"at {at}: {a[at - 20:at + 60]} and not {b[at - 20:at + 60]}"
    return "?"


class Try:
    def __init__(self, scratch, direct, port, tls_port, certificate, *in_clear):
        self.scratch, self.certificate = pathlib.Path(scratch), certificate
        others = ("lmtp", *FOLDERS)
        self.routes = tuple((name, int(number)) for name, number in (
            ("direct", direct), ("clear", port), ("starttls", port),
            ("tls", tls_port), ("auth", port), *zip(others, in_clear)))
        script = {"EHLO": EHLO, "HELO": b"250 back\r\n", "NOOP": b"250 OK\r\n",
                  "RCPT": reply_to_recipient}
        smtp = BackEnd(str(self.scratch / "back"), **script)
        self.backs = {name: smtp for name, _ in self.routes}
        self.backs.update(
            direct=BackEnd(int(direct), **script),
            lmtp=BackEnd(str(self.scratch / "lmtp"), lmtp=True, **script),
            maildir=Folders(self.scratch / "maildir", False),
            maildirs=Folders(self.scratch / "maildirs", True))
        logs = {name: open(self.scratch / f"{name}.log")
                for name in ("smtp", *others)}
        self.logs = {name: logs.get(name, logs["smtp"])
                     for name, _ in self.routes}

    def logged(self, mode):
        """Return True if each message since the last call came as it should.
        The log may come a little later than the message."""
        count = len(self.backs[mode].messages)
        lines, found, end = [], 0, time.monotonic() + 5
        while time.monotonic() < end and found < count:
            lines += [line for line in self.logs[mode].readlines()
                      if " event=message " in line]
            found = sum(int((re.search(r" copies=(\d+)", line) or [0, 1])[1])
                        for line in lines)
            time.sleep(0.01)
        return found == count and all(
            (" tls=TLS" in line) == (mode in ("starttls", "tls", "auth")) and
            (" user=joe " in line) == (mode == "auth") for line in lines)

    def once(self, row, name, route):
        back = self.backs[route]
        back.clear()
        mode = route if route in ("starttls", "tls", "auth") else "clear"
        job = Job(self.scratch, name, mode, self.routes, route,
                  self.certificate)
        row.send(job)
        return Result(back, job.output)

    def row(self, row):
        """Return how many messages a row has sent through mailin-server, how it
        shows the words, which extensions it uses, and the faults."""
        sent, hears, uses, faults = 0, "-", set(), []
        for name in MESSAGES:
            if name == "utf8" and not row.utf8:
                continue
            want = self.once(row, name, "direct")
            if not want.arrived and name != "refused":
                faults.append(f"{name}: not even directly: "
                              f"{brief(want.output)}")
                break
            if name == "refused":
                hears = "by mail" if want.reported else \
                    "yes" if want.heard else "no"
            uses |= want.uses
            for mode in row.modes_of(MESSAGES[name][1]):
                if name == "extended" and mode in FOLDERS:
                    continue  # they do not offer DSN
                got = self.once(row, name, mode)
                sent += 1
                fault = got.differs(want)
                if not self.logged(mode):
                    faults.append(f"{name}: it was not sent by {mode}")
                if fault is not None:
                    faults.append(f"{name}, {mode}: {fault}: "
                                  f"{brief(got.output)}")
        return sent, hears, uses, faults


class Result:
    """The result of sending one message."""

    def __init__(self, back, output):
        self.output = output
        self.in_folders = isinstance(back, Folders)
        self.heard, self.reported = words_of(back) in output, reported(back)
        self.arrived = arrived(back)
        if not self.in_folders:
            self.asked = asked(back)
            self.uses = {keyword for both in self.asked for _, pairs in both
                         for keyword, _ in pairs}
            if any(line.startswith("BDAT") for line in back.commands):
                self.uses.add("BDAT")

    def differs(self, want):
        """Return how the result differs from the direct one, or None."""
        if self.arrived != want.arrived:
            return differ(self.arrived, want.arrived)
        if self.in_folders:
            # mailin-server uses words of its own there.
            pair = [(one.heard, sorted({to for to, _ in one.reported}))
                    for one in (self, want)]
        else:
            if self.asked != want.asked:
                return f"asked for {asks_for(self.asked)} and not for " \
                    f"{asks_for(want.asked)}"
            pair = [(one.heard, one.reported) for one in (self, want)]
        if pair[0] != pair[1]:
            return f"heard {pair[0]} and not {pair[1]}"
        return None


def main():
    trial = Try(*sys.argv[1:9])
    status = 0
    for row in ROWS:
        if sys.argv[9:] and row.name not in sys.argv[9:]:
            continue
        why = row.missing()
        if why is not None:
            print(f"SKIP: {row.name}: {why}")
            continue
        sent, hears, uses, faults = trial.row(row)
        print(f"| {row.name} | {row.package} {row.version()} | "
              f"{', '.join(row.modes_of([BOB]))} | "
              f"{' '.join(sorted(uses))} | {sent} | {hears} |", flush=True)
        for fault in faults:
            print(f"FAIL: {row.name}: {fault}", flush=True)
            status = 1
    sys.exit(status)


if __name__ == "__main__":
    main()
