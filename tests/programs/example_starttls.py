# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Tests of examples/starttls: clients in clear, in the handshake, and inside
TLS."""

import contextlib
import os
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time

try:
    import ssl
except ImportError:
    ssl = None

from example_program import connected, running
from rawsmtp import Client, check

INJECTED = (b"EHLO evil.example.org\r\nMAIL FROM:<evil@example.org>\r\n"
            b"RCPT TO:<bob@example.org>\r\nDATA\r\n")


def why_not():
    """Return why the example cannot be tested, or None."""
    if not os.path.exists("examples/starttls"):
        return ("examples/starttls was not built (it needs libevent and "
                "OpenSSL)")
    if not shutil.which("openssl"):
        return "examples/starttls: the openssl command is missing"
    if ssl is None:
        return "examples/starttls: this python3 has no ssl"
    return None


def make_certificate(folder):
    """Make a certificate for localhost.  Return the names of its file and of
    its key file."""
    names = [os.path.join(folder, name) for name in ("cert.pem", "key.pem")]
    subprocess.run(["openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048",
                    "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost", "-out", names[0],
                    "-keyout", names[1]], check=True, capture_output=True)
    return names


def start(client, context):
    """Do the handshake.  From then on an end of TLS without close_notify is an
    error."""
    client.command("STARTTLS", 220)
    check(client.received == b"", "octets in clear after the 220")
    client.socket = context.wrap_socket(client.socket, server_hostname=
                                        "localhost",
                                        suppress_ragged_eofs=False)


def is_served(port, process, context, octets=b"A: 1\r\n\r\n"):
    """Check that a message is delivered, and that TLS is closed properly."""
    with connected(port) as client:
        start(client, context)
        client.command("EHLO client.example.org", 250)
        client.begin()
        client.send(octets + b".\r\nQUIT\r\n")
        client.expect(250)
        client.expect(221)
        check(client.closed(), "open after QUIT")
    lines = []
    while b"----\n" not in lines:
        lines.append(process.stdout.readline())
    check(lines[0].startswith(b"---- from <alice@example.org> to "
                              b"<bob@example.org> by ESMTPS in TLSv1.") and
          lines[0].endswith(b" at localhost\n"), lines[0])
    check(b"".join(lines[1:-1]) == octets, "the octets")


def test_starttls():
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = make_certificate(folder)
        wants_its_files(certificate, key)
        context = ssl.create_default_context(cafile=certificate)
        with running("examples/starttls", "--listen", "0", "--tls", "0",
                     "--certificate", certificate, "--key", key) as (port,
                                                                     process):
            line = process.stderr.readline().decode()
            tls_port = int(line.rsplit(":", 1)[1])
            serves_smtplib(port, process, certificate)
            requires_tls(port, context)
            forgets(port, context)
            # Send more octets than one read returns.  All of them must arrive.
            is_served(port, process, context,
                      b"A: 1\r\n\r\n" + (b"x" * 62 + b"\r\n") * 600)
            runs_nothing_after_it(port)
            survives_garbage(port)
            survives_cuts(port, process, context)
            speaks_smtp_alone(port, context)
            is_served(port, process, context)
            begins_with_tls(tls_port, context)
            reads_its_certificate_again(folder, port, tls_port, process,
                                        context)


def wants_its_files(certificate, key):
    for files, status, words in (
            (("no.pem", key), 1, b"no.pem: No such file"),
            ((certificate, "no.pem"), 1, b"no.pem: No such file"),
            ((key, key), 1, b"key.pem: no certificate in it"),
            ((certificate,), 2, b"--key are needed")):
        options = zip(("--certificate", "--key"), files)
        ended = subprocess.run(["examples/starttls", "--listen", "0",
                                *(word for pair in options for word in pair)],
                               stderr=subprocess.PIPE, timeout=20)
        check(ended.returncode == status and words in ended.stderr,
              (files, ended))


def serves_smtplib(port, process, certificate):
    for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
        only = ssl.create_default_context(cafile=certificate)
        only.minimum_version = only.maximum_version = version
        with smtplib.SMTP("localhost", port, timeout=20) as client:
            client.starttls(context=only)
            client.sendmail("alice@example.org", ["bob@example.org"],
                            b"A: 1\r\n\r\n..\r\n")
        shown = b"".join(process.stdout.readline() for _ in range(5))
        check(re.fullmatch(b"---- from <alice@example.org> to "
                           b"<bob@example.org> by ESMTPS in %s with "
                           b"[A-Z0-9_-]+ at localhost\nA: 1\r\n\r\n..\r\n"
                           b"----\n" % version.name.replace("_", ".").encode(),
                           shown), shown)


def requires_tls(port, context):
    with connected(port) as client:
        for line in "MAIL FROM:<alice@example.org>", "DATA", "VRFY bob":
            client.command(line, "530 5.7.0")
        start(client, context)
        client.command("EHLO client.example.org", 250)
        client.command("STARTTLS", 503)
        client.command("MAIL FROM:<alice@example.org>", 250)


def forgets(port, context):
    with connected(port) as client:
        start(client, context)
        client.command("MAIL FROM:<alice@example.org>", 503)


def answers(client):
    """Return everything that the server sends until it closes."""
    octets = client.received
    with contextlib.suppress(ConnectionResetError):
        while more := client.socket.recv(65536):
            octets += more
    return octets


def runs_nothing_after_it(port):
    hello = ssl.MemoryBIO()
    tls = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), hello,
                                                server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    hello = hello.read()
    for after in INJECTED, b"NOOP\r\n", b"\r\n", b"N", hello, \
            INJECTED + hello:
        # If octets come in the same write as STARTTLS, the only reply is 554.
        for cut in 0, 5, len(b"STARTTLS\r"):
            with connected(port) as client:
                client.send(b"STARTTLS\r\n"[:cut])
                time.sleep(0.01)
                client.send(b"STARTTLS\r\n"[cut:] + after)
                said = answers(client)
                check(re.fullmatch(b"554 5.5.0 [^\r\n]*\r\n", said),
                      (cut, after, said))
    # Octets in a later write are not a valid handshake.  The server sends at
    # most an alert.
    for after in INJECTED, b"NOOP\r\n" * 10, INJECTED + hello:
        with connected(port) as client:
            client.command("STARTTLS", 220)
            client.send(after)
            said = answers(client)
            check(said == b"" or said[:2] == b"\x15\3", (after, said))


def survives_garbage(port):
    for octets in (b"\0" * 1000, b"\x16\3\1" + b"\xff" * 70000,
                   b"\x16\3\1\2\0\1\0\1\xfc\3\3", b"\x15\3\3\0\2\2\x28",
                   os.urandom(3000), b""):
        for ending in Client.close, Client.reset:
            with connected(port) as client:
                client.command("STARTTLS", 220)
                with contextlib.suppress(ConnectionError):
                    client.send(octets)
                ending(client)


def survives_cuts(port, process, context):
    """Inside TLS the client may end without close_notify, reset the
    connection, or send an invalid record.  The server goes on."""
    for ending in Client.close, Client.reset, None:
        with connected(port) as client:
            start(client, context)
            client.command("EHLO client.example.org", 250)
            client.envelope()
            if ending is not None:
                # The client disconnects before the server sends these replies.
                process.send_signal(signal.SIGSTOP)
                client.send(b"RCPT TO:<bob@example.org>\r\n" * 600)
                ending(client)
                process.send_signal(signal.SIGCONT)
            else:
                with socket.socket(fileno=client.socket.detach()) as raw:
                    raw.settimeout(20)
                    raw.sendall(b"DATA\r\n" * 3)
                    with contextlib.suppress(ConnectionResetError):
                        while raw.recv(4096):
                            pass


def begin_with_tls(port, context):
    client = Client(port)
    client.socket = context.wrap_socket(client.socket,
                                        server_hostname="localhost")
    client.greet()
    return client


def begins_with_tls(port, context):
    client = begin_with_tls(port, context)
    client.deliver(b"A: 1\r\n\r\n")
    client.command("STARTTLS", 503)
    client.close()
    for octets in b"EHLO x\r\n", b"", b"\0" * 100:
        client = Client(port)
        client.send(octets)
        client.socket.shutdown(socket.SHUT_WR)
        said = answers(client)
        check(said == b"" or said[:2] == b"\x15\3", (octets, said))
        client.close()


def reads_its_certificate_again(folder, port, tls_port, process, old):
    """New clients get the new certificate, and no session is cut."""
    before = begin_with_tls(tls_port, old)
    before.begin()
    certificate, _ = make_certificate(folder)
    new = ssl.create_default_context(cafile=certificate)
    process.send_signal(signal.SIGHUP)
    for _ in range(100):
        try:
            client = begin_with_tls(tls_port, new)
            break
        except ssl.SSLCertVerificationError:
            time.sleep(0.05)
    client.command("QUIT", 221)
    client.close()
    with connected(port) as client:
        start(client, new)
    before.send(b"A: 1\r\n\r\n.\r\n")
    before.expect(250)

    # A wrong certificate is reported, and the old one stays.
    with open(certificate, "w", encoding="ascii") as file:
        file.write("no certificate\n")
    process.send_signal(signal.SIGHUP)
    while b"cert.pem: no certificate in it" not in process.stderr.readline():
        pass
    begin_with_tls(tls_port, new).close()
    before.deliver(b"A: 2\r\n\r\n")
    before.close()


def speaks_smtp_alone(port, context):
    context.set_alpn_protocols(["h2", "smtp"])
    with connected(port) as client:
        start(client, context)
        check(client.socket.selected_alpn_protocol() == "smtp", "ALPN")
    context.set_alpn_protocols(["h2", "http/1.1"])
    with connected(port) as client:
        try:
            start(client, context)
        except ssl.SSLError as error:
            # Some builds of Python have no text for this alert (RFC 7301 3.2).
            check("no application protocol" in str(error) or
                  "unknown error" in str(error), error)
        else:
            raise AssertionError("HTTP was accepted")
    context.set_alpn_protocols([])
