# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
The log of mailin-server, if nobody reads it or if it cannot be written.

    stress_log.py stalled|full|trace|stdio|gone|small|syslog SERVER MAILDIR
    stress_log.py forged|filled|refusals PORT LOG
    stress_log.py blamed PORT
"""

import base64
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time

from free_port import free_port
from rawsmtp import Client, check

# The log writes each "=" as four octets.
FAT = "=" * 250
STAMP = rb"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z level="
LOST = re.compile(STAMP + rb'warning msg="(\d+) log lines? (?:was|were) '
                  rb'lost"\n')
MESSAGE = STAMP + rb"info event=message "


def start(server, maildir, *options, **files):
    """Start a server.  Only its log goes to the pipe."""
    port = free_port()
    process = subprocess.Popen(
        [server, "--listen", f"127.0.0.1:{port}", "--maildir", maildir,
         *options], **files)
    for _ in range(100):
        try:
            Client(port).close()
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return process, port
    process.kill()
    raise AssertionError("the server did not start")


def deliver(port, count):
    client = Client(port)
    client.greet()
    for _ in range(count):
        client.deliver(b"a\r\n", sender=f"{FAT}@example.org",
                       recipients=(f"{FAT}@example.org",))
    client.close()


def end(process):
    """SIGTERM ends the server within a short time, even if nobody reads the
    log."""
    begin = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        status = process.wait(10)
    finally:
        process.kill()
    check(status == 0, f"the exit status is {status}")
    check(time.monotonic() - begin < 5, "SIGTERM took too long")


def read_until(pipe, count):
    """Read lines from the pipe until count messages are logged or reported
    lost.  Return the lines."""
    text = b""
    while received(text) + lost(text) < count:
        text += os.read(pipe, 65536)
    return text


def received(text):
    return len(re.findall(rb"^" + MESSAGE + rb".* file=.*\n", text, re.M))


def lost(text):
    return sum(int(number) for number in LOST.findall(text))


def stalled(server, maildir):
    """If nobody reads the log, mail is still accepted.  At the end the number
    of lost lines is written."""
    process, port = start(server, maildir, stdout=subprocess.PIPE)
    deliver(port, 500)
    text = read_until(process.stdout.fileno(), 500)
    check(0 < lost(text) < 500, f"{lost(text)} lines were lost")
    for line in text.splitlines(True):
        check(re.match(rb"listening on|" + MESSAGE + rb"id=\S+ session=\d+ "
                       rb"client=127.0.0.1 helo=\S+ protocol=ESMTP from=\S+ "
                       rb"to=\S+ recipients=1 size=3 reply=250 file=\S+\n$|" +
                       STAMP + rb"info event=closed ", line) or
              LOST.fullmatch(line), line)
    deliver(port, 1)
    check(lost(read_until(process.stdout.fileno(), 1)) == 0, "room again")
    deliver(port, 500)
    end(process)


def full_pipe():
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while True:
            os.write(writer, b"x" * 4095 + b"\n")
    except BlockingIOError:
        os.set_blocking(writer, True)
    return reader, writer


def full(server, maildir):
    """The pipe of the log is full before the server starts, and is also its
    stderr."""
    reader, writer = full_pipe()
    process, port = start(server, maildir, "--trace", stdout=writer,
                          stderr=writer)
    os.close(writer)
    deliver(port, 20)
    end(process)
    os.close(reader)


def trace(server, maildir):
    """A server that is busy may lose lines of the trace."""
    process, port = start(server, maildir, "--trace", "--discard", "--junk",
                          "0", stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE)
    client = Client(port)
    client.greet()
    for _ in range(100):
        client.send(b"RSET\r\n" * 400)
        for _ in range(400):
            client.expect(250)
    text = b""
    while not re.search(rb'lost"\n', text):
        text += os.read(process.stderr.fileno(), 65536)
    check(lost(text) > 0, "the lines of a trace")
    client.send(b"RSET\r\n" * 400)
    end(process)


def stdio(server, maildir):
    """With --stdio there is one session.  Nobody reads the server's messages
    to the operator."""
    reader, writer = full_pipe()
    begin = time.monotonic()
    done = subprocess.run(
        [server, "--stdio", "--trace", "--maildir", maildir], timeout=20,
        input=b"EHLO a\r\nMAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"
        b"a\r\n.\r\nQUIT\r\n", stdout=subprocess.PIPE, stderr=writer,
        check=True)
    check(b"\r\n250 2.0.0 Stored" in done.stdout, done.stdout)
    check(time.monotonic() - begin < 5, "the end of --stdio")
    os.close(reader)


def gone(server, maildir):
    """If the reader of the log is gone, or the disk is full, only the log is
    lost."""
    process, port = start(server, maildir, stdout=subprocess.PIPE)
    process.stdout.close()
    deliver(port, 5)
    end(process)
    with open("/dev/full", "wb") as disk:
        process, port = start(server, maildir, stdout=disk, stderr=disk)
    deliver(port, 5)
    end(process)


def small(server, maildir):
    """The file of the log may not grow.  Later it may again."""
    name = os.path.join(os.path.dirname(maildir), "small-log")

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    with open(name, "ab") as log:
        process, port = start(server, maildir, stdout=log, preexec_fn=limit)
    deliver(port, 20)
    for _ in range(100):
        if os.path.getsize(name) == 4096:
            break
        time.sleep(0.1)
    os.truncate(name, 0)
    deliver(port, 1)
    end(process)
    with open(name, "rb") as log:
        text = log.read()
    check(re.match(rb"\n?" + LOST.pattern + rb"time=\S+ level=info event=",
                   text), text)
    check(received(text) == 1 and lost(text) > 0, text)


# Each text tries to look like a field, a line, or the end of a quoted text.
FORGED = b'<"x\\" to=<forged@example.org> client=10.0.0.1"@evil.example>'
ODD = (FORGED, b'<"a=b"@evil.example>', b'<"\'"@evil.example>',
       b'<"event=message from=<x> to=<y>"@evil.example>',
       b'<"\\\\x20"@evil.example>', b'<"a,<b@c.example>"@evil.example>',
       '<"\u00a0\u2028to=<y>"@evil.example>'.encode(), b"<to=x@evil.example>",
       b"<>")
HELO = b'x" client=10.0.0.1 event=auth-failed\xc2\x9b2J'
LOGIN = b'joe client=10.0.0.1 time=2026 event=auth-failed login="\\\xc2\xa0'
FIELDS = {
    b"message": [b"time", b"level", b"event", b"id", b"session", b"client",
                 b"helo", b"protocol", b"from", b"to", b"recipients", b"size",
                 b"reply", b"file"],
    b"closed": [b"time", b"level", b"event", b"session", b"client", b"helo",
                b"reason", b"seconds", b"in", b"out"],
    b"refused": [b"time", b"level", b"event", b"session", b"client", b"helo",
                 b"command", b"reply", b"enhanced", b"text"],
    b"auth-failed": [b"time", b"level", b"event", b"session", b"client",
                     b"helo", b"reply", b"enhanced", b"text"],
}


def unescape(value):
    return re.sub(rb"\\x([0-9A-F]{2})",
                  lambda found: bytes([int(found[1], 16)]), value)


def fields_of(line):
    """Return the fields of a line, which is split at its blanks.  They must
    have the octets that the client sent."""
    check(not re.search(rb"[^\x20-\x7e]|[\"']", line), line)
    fields = [word.split(b"=") for word in line.split(b" ")]
    check(all(len(field) == 2 for field in fields), line)
    names = FIELDS[dict(fields)[b"event"]]
    check([name for name, _ in fields][:len(names)] == names, line)
    values = {name: unescape(value) for name, value in fields}
    check(values[b"client"] == b"127.0.0.1", line)
    if b"helo" in values:
        check(values[b"helo"] == HELO, line)
    return values


def read_log(log, name):
    with open(log, "rb") as file:
        lines = [fields_of(line.rstrip(b"\n")) for line in file
                 if b" event=" in line]
    return [line for line in lines if line[b"event"] == name]


def open_forger(port):
    client = Client(int(port))
    client.expect(220)
    client.send(b"EHLO " + HELO + b"\r\n")
    client.expect(250)
    return client


def forged(port, log):
    client = open_forger(port)
    for address in ODD:
        client.send(b"MAIL FROM:" + address + b" SMTPUTF8\r\n")
        client.expect(250)
        client.send(b"RCPT TO:" + (FORGED if address == b"<>" else address) +
                    b"\r\n")
        client.expect(250)
        client.command("DATA", 354)
        client.send(b"a\r\n.\r\n")
        client.expect(250)
    client.command("QUIT", 221)
    client.close()
    time.sleep(0.5)
    lines = read_log(log, b"message")
    check(len(lines) == len(ODD), lines)
    for address, line in zip(ODD, lines):
        check(line[b"from"] == address, line)
        check(line[b"to"] == (FORGED if address == b"<>" else address), line)
    line, = read_log(log, b"closed")
    check(line[b"reason"] == b"QUIT" and line[b"commands"] == b"29", line)


def filled(port, log):
    """A client with a long name cannot keep the other fields out of a line."""
    lengths = range(200, 1900, 50)
    for length in lengths:
        client = Client(int(port))
        client.expect(220)
        client.command("EHLO " + "=" * length, 250)
        client.deliver(b"a\r\n")
        client.close()
    time.sleep(0.5)
    with open(log, "rb") as file:
        lines = re.findall(rb"event=message (id=.*)", file.read())
    check(len(lines) == len(lengths) and all(re.match(
        rb"id=\S+ session=\d+ client=127.0.0.1 helo=\S+ protocol=ESMTP "
        rb"from=\S+ to=\S+ .* file=\S+( cut=1)?$", line)
        for line in lines), lines)


def refusals(port, log):
    """Each refusal is logged, but text that may be a password is not shown."""
    client = open_forger(port)
    for user, password in ((LOGIN, b"hunter2"), (b"joe", b"hunter2")):
        text = base64.b64encode(b"\0" + user + b"\0" + password)
        client.command("AUTH PLAIN " + text.decode(), 535)
    client.command("AUTH LOGIN", 334)
    client.command(base64.b64encode(LOGIN).decode(), 334)
    client.command(base64.b64encode(b"hunter2").decode(), 535)
    client.command("AUTH LOGIN", 334)
    client.command("*", 501)
    client.command(base64.b64encode(b"hunter2").decode(), 500)
    client.command("hunter2 event=closed", 500)
    client.command("DATA", 503)
    client.command("MAIL FROM:<a b>", 501)
    client.command("MAIL FROM:<a@b.example>", 250)
    for address in ODD[:4]:
        client.send(b"RCPT TO:" + address + b"\r\n")
        client.expect(550)
    client.command("RCPT TO:<bob@example.org>", 250)
    client.command("DATA", 354)
    client.send(b"a" * 2000 + b"\r\n.\r\n")
    client.expect(552)
    client.close()
    time.sleep(0.5)
    failed = read_log(log, b"auth-failed")
    check([(line[b"reply"], line.get(b"login"), line.get(b"mechanism"))
           for line in failed[:3]] ==
          [(b"535", LOGIN, b"PLAIN"), (b"535", b"joe", b"PLAIN"),
           (b"535", LOGIN, b"LOGIN")], failed)
    refused = read_log(log, b"refused")
    check([(line[b"command"], line[b"reply"], line.get(b"to"))
           for line in refused] ==
          [(b"UNKNOWN", b"500", None), (b"UNKNOWN", b"500", None),
           (b"DATA", b"503", None), (b"MAIL", b"501", None)] +
          [(b"RCPT", b"550", address) for address in ODD[:4]] +
          [(b"DATA", b"552", b"<bob@example.org>")], refused)
    line, = read_log(log, b"closed")
    check(line[b"reason"] == b"EOF" and line[b"rcpt"] == b"1/5" and
          line[b"data"] == b"0/2" and line[b"auth"] == b"0/4" and
          line[b"unknown"] == b"0/2", line)
    with open(log, "rb") as file:
        text = file.read()
    for secret in b"hunter2", base64.b64encode(b"hunter2"):
        check(secret not in text, "a password is in the log")


BLAMED = b'x client=10.0.0.1 reply=535 event=auth-failed client=10.0.0.2'


def blamed(port):
    """127.0.0.1 guesses passwords, and 127.0.0.2 guesses recipients.  Both try
    to stay unnoticed, and to make 10.0.0.1 and 10.0.0.2 look guilty."""
    client = Client(int(port))
    client.expect(220)
    client.send(b"EHLO " + BLAMED + b"\r\n")
    client.expect(250)
    for user in BLAMED, b'" client=10.0.0.2 reply=535', b"joe":
        text = base64.b64encode(b"\0" + user + b"\0wrong")
        client.command("AUTH PLAIN " + text.decode(), 535)
    client.send(b"event=auth-failed session=1 client=10.0.0.1 reply=535 \r\n")
    client.expect(500)
    client.close()
    client = Client(int(port), source="127.0.0.2")
    client.expect(220)
    client.send(b"EHLO " + BLAMED + b"\r\n")
    client.expect(250)
    client.send(b'MAIL FROM:<"' + BLAMED + b'"@example.com>\r\n')
    client.expect(250)
    for local in b"bob", b'"' + BLAMED + b'"':
        client.send(b"RCPT TO:<" + local + b"@example.com>\r\n")
        client.expect(550)
    client.command("RCPT TO:<bob@example.org>", 250)
    client.command("DATA", 354)
    client.send(b"Subject: client=10.0.0.1\r\n\r\na\r\n.\r\n")
    client.expect(250)
    client.close()
    time.sleep(0.5)


def syslog(server, maildir):
    """syslog gets each line with its level.  If syslog stalls, mail is still
    accepted."""
    system = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    system.bind("/dev/log")
    os.chmod("/dev/log", 0o666)
    try:
        process, port = start(server, maildir, "--log", "syslog",
                              stdout=subprocess.DEVNULL)
        client = Client(port)
        client.greet()
        client.command("RCPT TO:<x@example.org>", 503)
        lines = [system.recv(8192) for _ in range(2)]
        # The priority combines the facility mail (2) and the level info (6).
        check(all(re.match(rb"<22>.* mailin-server\[\d+\]: event=", line)
                  for line in lines), lines)
        # The two sessions may be in two threads.
        events = sorted(re.search(b" event=([a-z]+) ", line)[1]
                        for line in lines)
        check(events == [b"closed", b"refused"], lines)
        deliver(port, 400)
        end(process)
    finally:
        os.unlink("/dev/log")
        system.close()


def main():
    name, *arguments = sys.argv[1:]
    {"stalled": stalled, "full": full, "trace": trace, "stdio": stdio,
     "gone": gone, "small": small, "forged": forged, "filled": filled,
     "refusals": refusals, "syslog": syslog,
     "blamed": blamed}[name](*arguments)


main()
