# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Run a server with --stdio, on pipes and on a socket.  Check its exit status and
the message that it stored.

    stdio_client.py SERVER MAILDIR
"""

import contextlib
import os
import pathlib
import socket
import re
import subprocess
import sys

from rawsmtp import Client

SCRIPT = (b"EHLO client.example.org\r\nMAIL FROM:<>\r\n"
          b"RCPT TO:<bob@example.org>\r\nDATA\r\n"
          b"Subject: script\r\n\r\ntext\r\n.\r\nQUIT\r\n")


def require(true, *what):
    if not true:
        raise AssertionError(*what)


@contextlib.contextmanager
def start(command, **files):
    """Run a server.  It is ended when the test ends."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, **files) as process:
        try:
            yield process
        finally:
            process.kill()


def codes(output):
    """Return the codes of all replies."""
    return [line[:3].decode() for line in output.split(b"\r\n")
            if line[3:4] == b" "]


def script(command, maildir):
    """Send all commands at once through a pipe, as a shell script does."""
    done = subprocess.run(command, input=SCRIPT, capture_output=True,
                          timeout=30, check=False)
    require(done.returncode == 0, done)
    require(codes(done.stdout) ==
            ["220", "250", "250", "250", "354", "250", "221"], done.stdout)
    require(re.match(rb"time=\S+ level=info event=message id=\S+ session=1 "
                     rb".* from=<> to=<bob@example.org> recipients=1 size=\d+ "
                     rb"reply=250 file=\S+\n"
                     rb"time=\S+ level=info event=closed session=1 "
                     rb".* reason=QUIT seconds=\d+\.\d+ in=\d+ out=\d+ "
                     rb".* commands=5\n$", done.stderr), done.stderr)
    file, = (maildir / "new").iterdir()
    require(file.read_bytes().endswith(b"\r\nSubject: script\r\n\r\ntext\r\n"),
            file.read_bytes())
    file.unlink()


def cut(command, maildir):
    """If the input ends inside the message, nothing is stored."""
    done = subprocess.run(command, input=SCRIPT[:-20], capture_output=True,
                          timeout=30, check=False)
    require(done.returncode == 0, done)
    require(codes(done.stdout)[:5] == ["220", "250", "250", "250", "354"],
            done.stdout)
    require(not list((maildir / "new").iterdir()), "stored")
    require(not list((maildir / "tmp").iterdir()), "left in tmp/")


def dialogue(client):
    """Send SCRIPT up to DATA.  Before each line, wait for the reply to the line
    before it."""
    for line in SCRIPT.split(b"\r\n")[:4]:
        client.expect(("220", "250"))
        client.send(line + b"\r\n")
    client.expect("354")
    client.send(b"Subject: socket\r\n\r\n.\r\nQUIT\r\n")
    client.expect("250")
    client.expect("221")
    require(client.closed(), "more after 221")


def inetd(command, maildir, **listen):
    """Use one socket for input and output, as inetd does; the peer then has an
    address."""
    address = ("::" if listen else "127.0.0.1", 0)
    with socket.create_server(address, **listen) as listener:
        client = Client(listener.getsockname()[1])
        server, _ = listener.accept()
    with server, start(command, stdin=server, stdout=server) as process:
        server.close()
        dialogue(client)
        client.close()
        require(process.wait(30) == 0, "with a socket")
    stored, = (maildir / "new").iterdir()
    require(b"([127.0.0.1])" in stored.read_bytes(), stored.read_bytes())
    stored.unlink()


def inetd_of_both(command, maildir):
    """A socket for both IPv6 and IPv4 names the peer ::ffff:127.0.0.1; the
    server must show 127.0.0.1 (threat V55)."""
    if socket.has_dualstack_ipv6():
        inetd(command, maildir, family=socket.AF_INET6, dualstack_ipv6=True)


def broken(command, _):
    """If nobody reads the replies, the server ends with an error."""
    with start(command, stdin=subprocess.PIPE,
               stdout=subprocess.PIPE) as process:
        process.stdout.close()
        process.stdout = None
        _, errors = process.communicate(SCRIPT, timeout=30)
        require(process.returncode == 1, process.returncode)
        require(b"standard output: Broken pipe" in errors, errors)


def unqualified(command, maildir):
    """A path without a domain gets the server's own domain, as in Postfix.  It
    is accepted if the server accepts that domain."""
    lines = (b"HELO [192.0.2.1]\r\nMAIL FROM:< cron\t>\r\n"
             b"RCPT TO:<root>\r\nRCPT TO:\"a b\"\r\nRCPT TO:<postmaster>\r\n"
             b"RCPT TO:<bob@Mx.example.org.>\r\nRCPT TO:<bob@example.org>\r\n"
             b"DATA\r\n\r\n.\r\nQUIT foo\r\n")
    done = subprocess.run([*command, "--domain", "mx.example.org"],
                          input=lines, capture_output=True, timeout=30,
                          check=False)
    require(codes(done.stdout) == ["220", "250", "250", "250", "250", "250",
                                   "250", "550", "354", "250", "221"],
            done.stdout)
    require(b" from=<cron@mx.example.org> to=<root@mx.example.org>,"
            in done.stderr, done.stderr)
    file, = (maildir / "new").iterdir()
    header = file.read_bytes()
    require(header.startswith(b"Return-Path: <cron@mx.example.org>\r\n"),
            header)
    require(b'X-Envelope-To: <root@mx.example.org>\r\n'
            b'X-Envelope-To: <"a b"@mx.example.org>\r\n'
            b'X-Envelope-To: <postmaster>\r\n'
            b'X-Envelope-To: <bob@Mx.example.org>\r\n' in header, header)
    file.unlink()
    done = subprocess.run([*command, "--domain", "example.org"],
                          input=lines, capture_output=True, timeout=30,
                          check=False)
    require(codes(done.stdout) == ["220", "250", "250", "550", "550", "250",
                                   "550", "250", "354", "250", "221"],
            done.stdout)
    next((maildir / "new").iterdir()).unlink()
    done = subprocess.run([*command, "--syntax", "strict"], input=lines,
                          capture_output=True, timeout=30, check=False)
    require(codes(done.stdout)[2:4] == ["501", "503"], done.stdout)


def silent(command, _):
    """A silent client gets 421.  The exit status is 0."""
    reader, writer = os.pipe()
    try:
        done = subprocess.run([*command, "--timeout-input", "1"],
                              stdin=reader, capture_output=True, timeout=30,
                              check=False)
    finally:
        os.close(reader)
        os.close(writer)
    require(done.returncode == 0 and codes(done.stdout) == ["220", "421"],
            done)


def main():
    server, maildir = sys.argv[1:]
    command = [server, "--stdio", "--maildir", maildir,
               "--maildir-newline", "crlf",
               "--hostname", "mx.example.org"]
    failed = False
    for test in (script, cut, inetd, inetd_of_both, broken, unqualified,
                 silent):
        try:
            test(command, pathlib.Path(maildir))
        except (AssertionError, OSError, ValueError,
                subprocess.TimeoutExpired) as failure:
            print(f"{test.__name__}: {failure}")
            failed = True
    sys.exit(failed)


main()
