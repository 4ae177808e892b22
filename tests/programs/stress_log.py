# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
The log of mailin-server if nobody reads it, or if it cannot be written.

    stress_log.py stalled|full|trace|stdio|gone|small SERVER MAILDIR
    stress_log.py forged PORT LOG
"""

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time

from rawsmtp import Client

# Each "=" becomes four octets in the log.
FAT = "=" * 250
LOST = re.compile(rb"(\d+) log lines? (?:was|were) lost\n")


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def start(server, maildir, *options, **files):
    """Start a server.  Its pipe contains nothing but its log."""
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


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def deliver(port, count):
    client = Client(port)
    client.greet()
    for _ in range(count):
        client.deliver(b"a\r\n", sender=f"{FAT}@example.org",
                       recipients=(f"{FAT}@example.org",))
    client.close()


def end(process):
    """SIGTERM ends the server soon, even if nobody reads the log."""
    begin = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        status = process.wait(10)
    finally:
        process.kill()
    check(status == 0, f"the exit status is {status}")
    check(time.monotonic() - begin < 5, "SIGTERM took too long")


def read_until(pipe, count):
    """Return the lines of pipe, until count messages are logged or reported
    lost."""
    text = b""
    while received(text) + lost(text) < count:
        text += os.read(pipe, 65536)
    return text


def received(text):
    return len(re.findall(rb"^received from=.* file=.*\n", text, re.M))


def lost(text):
    return sum(int(number) for number in LOST.findall(text))


def stalled(server, maildir):
    """Nobody reads the log: mail is accepted, and in the end the lost lines
    are counted."""
    process, port = start(server, maildir, stdout=subprocess.PIPE)
    deliver(port, 500)
    text = read_until(process.stdout.fileno(), 500)
    check(0 < lost(text) < 500, f"{lost(text)} lines were lost")
    for line in text.splitlines(True):
        check(re.match(rb"listening on|received from=\S+ to=\S+ recipients=1 "
                       rb"client=127.0.0.1 octets=3 file=\S+\n$", line) or
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
    """The pipe is full before the server starts, and is also its stderr."""
    reader, writer = full_pipe()
    process, port = start(server, maildir, "--trace", stdout=writer,
                          stderr=writer)
    os.close(writer)
    deliver(port, 20)
    end(process)
    os.close(reader)


def trace(server, maildir):
    """A server that is busy with its clients may lose lines of the trace."""
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
    while not re.search(rb"lost\n", text):
        text += os.read(process.stderr.fileno(), 65536)
    check(lost(text) > 0, "the lines of a trace")
    client.send(b"RSET\r\n" * 400)
    end(process)


def stdio(server, maildir):
    """One session; nobody reads its messages for the operator."""
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
    """The reader of the log has gone, or the disk is full: only the log is
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
    """The file of the log may not grow; later there is room again."""
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
    check(re.match(rb"\n?\d+ log lines were lost\nreceived from=", text), text)
    check(received(text) == 1 and lost(text) > 0, text)


FORGED = b'<"x\\" to=<forged@example.org> client=10.0.0.1"@evil.example>'
ODD = (FORGED, b'<"a=b"@evil.example>', b'<"\'"@evil.example>',
       b'<"received from=<x> to=<y>"@evil.example>', b'<"\\\\x20"@evil.example>',
       '<"\u00a0\u2028to=<y>"@evil.example>'.encode(), b"<to=x@evil.example>",
       b"<>")


def unescape(value):
    return re.sub(rb"\\x([0-9A-F]{2})",
                  lambda found: bytes([int(found[1], 16)]), value)


def forged(port, log):
    """Whatever a client sends is one word in the log: a line split at its
    blanks gives the original fields."""
    client = Client(int(port))
    client.greet()
    for address in ODD:
        client.send(b"MAIL FROM:" + address + b" SMTPUTF8\r\n")
        client.expect(250)
        client.send(b"RCPT TO:" + (FORGED if address == b"<>" else address) +
                    b"\r\n")
        client.expect(250)
        client.command("DATA", 354)
        client.send(b"a\r\n.\r\n")
        client.expect(250)
    time.sleep(0.5)
    with open(log, "rb") as file:
        lines = [line for line in file if line.startswith(b"received ")]
    check(len(lines) == len(ODD), lines)
    for address, line in zip(ODD, lines):
        words = line.rstrip(b"\n").split(b" ")
        fields = [word.split(b"=") for word in words[1:]]
        check(all(len(field) == 2 for field in fields), line)
        check([name for name, _ in fields] ==
              [b"from", b"to", b"recipients", b"client", b"octets", b"file"],
              line)
        check(not re.search(rb"[^\x21-\x7e]|[\"']",
                            line.rstrip(b"\n").replace(b" ", b"")), line)
        check(unescape(fields[0][1]) == address, line)
        check(unescape(fields[3][1]) == b"127.0.0.1", line)


def main():
    name, *arguments = sys.argv[1:]
    {"stalled": stalled, "full": full, "trace": trace, "stdio": stdio,
     "gone": gone, "small": small, "forged": forged}[name](*arguments)


main()
