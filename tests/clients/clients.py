# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Other people's clients send the same messages to a back end, once directly, and
once through mailin-server in clear, with STARTTLS, inside TLS, and logged in;
and in clear to one that hands them on by LMTP.  The back end must get the same
octets for the same recipients, and the client must hear the same words of the
back end.

    clients.py SCRATCH DIRECT_PORT PORT TLS_PORT LMTP_PORT CA [NAME...]

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
from table import ROWS, UNPACKED  # noqa: E402

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
}


def reply_to_recipient(_, line):
    if NOBODY in line:
        return f"550 5.1.1 <{NOBODY}>: {WORDS}\r\n".encode()
    return b"250 2.1.5 Fine\r\n"


EHLO = (b"250-back.example.org\r\n250-PIPELINING\r\n250-8BITMIME\r\n"
        b"250-ENHANCEDSTATUSCODES\r\n250-SMTPUTF8\r\n250 SIZE 9000000\r\n")


class Job:
    """What a client has to do once."""

    def __init__(self, scratch, name, mode, routes, route, certificate):
        self.name, self.mode, self.routes, self.route = \
            name, mode, routes, route
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

    def run(self, *command, stdin=None, timeout=30, **variables):
        """Run a program until it ends, and keep its output."""
        environment = {"HOME": str(self.home), "LANG": "C.UTF-8",
                       "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"],
                       "NODE_PATH": str(UNPACKED / "node_modules"),
                       "SSL_CERT_FILE": self.certificate}
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
    """Return what the back end has got: recipients and octets."""
    return sorted((to, same_form(octets))
                  for sender, recipients, octets in back.messages
                  for to in recipients if sender != "<>")


def reported(back):
    """Return what the client has reported to the sender by mail, which is an
    address such as alice+clear@example.org: the words of the back end."""
    return sorted((re.sub(r"\+\w+@", "@", to), line.strip())
                  for sender, recipients, octets in back.messages
                  for to in recipients if sender == "<>"
                  for line in octets.decode("utf-8", "replace").splitlines()
                  if WORDS in line)


def brief(output):
    return output if len(output) < 700 else output[:300] + " [...] " + \
        output[-400:]


def differ(got, want):
    """Say how what arrived differs from what was expected."""
    if [to for to, _ in got] != [to for to, _ in want]:
        return f"for {[to for to, _ in got]}, not {[to for to, _ in want]}"
    for (_, a), (_, b) in zip(got, want):
        if a != b:
            at = len(os.path.commonprefix([a, b]))
            return f"at {at}: {a[at - 20:at + 60]} and not {b[at - 20:at + 60]}"
    return "?"


class Try:
    def __init__(self, scratch, direct, port, tls_port, lmtp_port,
                 certificate):
        self.scratch, self.certificate = pathlib.Path(scratch), certificate
        self.routes = (("direct", int(direct)), ("clear", int(port)),
                       ("starttls", int(port)), ("tls", int(tls_port)),
                       ("auth", int(port)), ("lmtp", int(lmtp_port)))
        script = {"EHLO": EHLO, "HELO": b"250 back\r\n", "NOOP": b"250 OK\r\n",
                  "RCPT": reply_to_recipient}
        smtp = BackEnd(str(self.scratch / "back"), **script)
        lmtp = BackEnd(str(self.scratch / "lmtp"), lmtp=True, **script)
        self.backs = {name: smtp for name, _ in self.routes}
        self.backs.update(direct=BackEnd(int(direct), **script), lmtp=lmtp)
        self.logs = {name: open(self.scratch / name)
                     for name in ("log", "lmtp.log")}

    def logged(self, mode):
        """Return True if each message since the last call came as it should.
        The log may come a little later than the message."""
        log = self.logs["lmtp.log" if mode == "lmtp" else "log"]
        count = len(self.backs[mode].messages)
        lines, end = [], time.monotonic() + 5
        while time.monotonic() < end and len(lines) < count:
            lines += [line for line in log.readlines()
                      if " event=message " in line]
            time.sleep(0.01)
        return len(lines) == count and all(
            (" tls=TLS" in line) == (mode not in ("clear", "lmtp")) and
            (" user=joe " in line) == (mode == "auth") for line in lines)

    def once(self, row, name, route):
        back = self.backs[route]
        back.messages.clear()
        back.commands.clear()
        mode = "clear" if route in ("direct", "lmtp") else route
        job = Job(self.scratch, name, mode, self.routes, route,
                  self.certificate)
        row.send(job)
        words = WORDS in job.output, reported(back)
        return arrived(back), words, job.output

    def row(self, row):
        """Return the faults of a row, and what it has heard and sent."""
        faults = []
        sent = 0
        hears = "-"
        for name in MESSAGES:
            if name == "utf8" and not row.utf8:
                continue
            want, words, output = self.once(row, name, "direct")
            heard, reports = words
            if not want and name != "refused":
                faults.append(f"{name}: not even directly: {brief(output)}")
                break
            if name == "refused":
                hears = "by mail" if reports else "yes" if heard else "no"
            for mode in row.modes_of(MESSAGES[name][1]):
                got, again, output = self.once(row, name, mode)
                sent += 1
                if not self.logged(mode):
                    faults.append(f"{name}: it was not sent by {mode}")
                if got != want:
                    faults.append(f"{name}, {mode}: {differ(got, want)}: "
                                  f"{brief(output)}")
                elif words != again:
                    faults.append(f"{name}, {mode}: heard {again} and not "
                                  f"{words}: "
                                  f"{brief(output)}")
        return sent, hears, faults


def main():
    trial = Try(*sys.argv[1:7])
    status = 0
    for row in ROWS:
        if sys.argv[7:] and row.name not in sys.argv[7:]:
            continue
        why = row.missing()
        if why is not None:
            print(f"SKIP: {row.name}: {why}")
            continue
        sent, hears, faults = trial.row(row)
        print(f"| {row.name} | {row.package} {row.version()} | "
              f"{', '.join(row.modes_of([BOB]))} | "
              f"{'yes' if row.utf8 else ''} | {sent} | {hears} | "
              f"{len(faults)} |", flush=True)
        for fault in faults:
            print(f"FAIL: {row.name}: {fault}", flush=True)
            status = 1
    sys.exit(status)


if __name__ == "__main__":
    main()
