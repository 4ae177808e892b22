# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Clients whose handshake fails, and clients that claim to be somebody else.

    tls_attacks.py NAME PORT TLS-PORT CERTIFICATE MAILDIR [PID]
"""

import os
import signal
import ssl
import sys
import time
import warnings

from rawsmtp import Client, check
from server import wait
from tls import MESSAGE, PLAIN, Test
from tls_client import TlsClient, context, Tls

INJECTED = b"MAIL FROM:<injected@example.org>\r\n"


def client_hello(certificate):
    """Return the first octets that a TLS client sends."""
    tls = Tls(None, context(certificate))
    try:
        tls.tls.do_handshake()
    except ssl.SSLWantReadError:
        return tls.outgoing.read()


def is_closed(client):
    """The connection must end, by FIN or by RST.  An alert before the end is
    ignored."""
    try:
        while client.socket.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True


def is_closed_in_clear(client):
    client.socket = client.socket.clear
    return is_closed(client)


def handshake_fails(client):
    try:
        client.handshake()
    except (ssl.SSLError, ConnectionError):
        client.close()
        return
    raise AssertionError("a handshake after octets in clear")


def injection(test):
    """Octets in clear after STARTTLS are not taken for commands, neither in
    clear nor inside TLS (threat V4)."""
    hello = client_hello(test.certificate)
    for after in INJECTED, b"\r\n", b"R", b"\0", hello, hello[:20]:
        client = test.clear()
        client.greet()
        client.send(b"STARTTLS\r\n" + after)
        client.expect(554)
        check(client.closed(), "more after 554")
        # Send the octets one by one, while the reply 220 is on its way.
        client = test.clear()
        client.greet()
        for octet in b"STARTTLS\r\n" + INJECTED:
            client.send(bytes([octet]))
        client.expect(("220", "554"))
        handshake_fails(client)
    # After the 220 a client may send only its hello.
    for after in INJECTED, INJECTED * 500, b"R", b"\r\n":
        client = test.clear()
        client.greet()
        client.command("STARTTLS", 220)
        client.send(after)
        handshake_fails(client)
    # Inside a message, STARTTLS is only text.
    client = test.clear()
    client.greet()
    text = hello.replace(b"\r", b"").replace(b"\n", b"")
    client.deliver(b"STARTTLS\r\n" + text + b"\r\n")
    (file,) = (test.maildir / "new").iterdir()
    file.unlink()


def garbage(test):
    """If octets come that are no handshake, the connection is closed without a
    reply."""
    hello = client_hello(test.certificate)
    for octets in (b"EHLO client.example.org\r\n", b"GET / HTTP/1.0\r\n\r\n",
                   b"\0" * 100, b"\xff" * 70000, hello[:-1] + b"\0" * 200,
                   hello[:5] + b"\xff" * 600, b"\x80\x2e\x01\0\x02",
                   b"\x15\x03\x03\0\x02\x02\x28",
                   b"\x16\x03\x01\x40\x01" + b"\x01" * 20000,
                   b"\x17\x03\x03\0\x05hello", hello + hello):
        for client in Client(test.tls_port), test.clear():
            if client.socket.getpeername()[1] == test.port:
                client.greet()
                client.command("STARTTLS", 220)
            try:
                client.send(octets)
                client.socket.shutdown(1)
            except OSError:
                pass
            octets_back = b""
            try:
                while more := client.socket.recv(65536):
                    octets_back += more
            except OSError:
                pass
            check(b"250" not in octets_back and b"220 " not in octets_back,
                  octets, octets_back)
            client.close()


def gone(test):
    """Clients close or crash after each octet of their hello."""
    hello = client_hello(test.certificate)
    for at in range(0, len(hello) + 1, 7):
        for end in Client.close, Client.reset:
            client = Client(test.tls_port)
            client.send(hello[:at])
            end(client)
    client = test.clear()
    client.greet()
    client.command("STARTTLS", 220)
    client.close()


def descriptors(test, pid):
    """However a handshake ends, the server closes its socket."""
    def opened():
        return len(os.listdir(f"/proc/{pid}/fd"))
    hello = client_hello(test.certificate)
    before = opened()
    for at in range(600):
        client = Client(test.tls_port)
        client.send((hello[:at % len(hello)], hello, b"\r\n" * at)[at % 3])
        (Client.close, Client.reset)[at % 2](client)
    wait(lambda: opened() == before, before)


def untrusting(test):
    """A client that refuses the certificate sends an alert."""
    for name in "other.example.org", None:
        client = TlsClient(test.tls_port, test.certificate if name else None,
                           tls=False, name=name or "mx.example.org")
        try:
            client.handshake()
        except ssl.SSLCertVerificationError:
            continue
        raise AssertionError("an untrusted certificate")


def old(test):
    """TLS 1.1 is too old (RFC 8996)."""
    warnings.simplefilter("ignore", DeprecationWarning)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.load_verify_locations(test.certificate)
    made.set_ciphers("ALL:@SECLEVEL=0")
    made.minimum_version = ssl.TLSVersion.TLSv1
    made.maximum_version = ssl.TLSVersion.TLSv1_1
    client = test.clear()
    client.context = made
    client.greet()
    client.command("STARTTLS", 220)
    handshake_fails(client)


def stalled(test):
    """The limit --timeout-input 1 is also the limit of the whole handshake."""
    hello = client_hello(test.certificate)
    waiting = [Client(test.tls_port), test.clear(), Client(test.tls_port)]
    waiting[1].greet()
    waiting[1].command("STARTTLS", 220)
    waiting[2].send(hello[:100])
    slow = Client(test.tls_port)
    begin = time.monotonic()
    try:
        for octet in hello[:100]:
            slow.send(bytes([octet]))
            time.sleep(0.05)
    except OSError:
        pass
    check(time.monotonic() - begin < 4.5, "single octets extend the time")
    for client in waiting:
        check(is_closed(client), "not closed")
    check(time.monotonic() - begin < 10, "too late")
    # Inside TLS the time limit is the same as without TLS.
    for client in test.both():
        begin = time.monotonic()
        client.expect("421 4.4.2")
        check(0.9 < time.monotonic() - begin < 8, "no second")
        check(client.closed(), "more after 421")


def required(test):
    """Tests a server with --tls required."""
    client = test.clear()
    client.greet()
    client.command("MAIL FROM:<alice@example.org>", 530)
    client.command(PLAIN, 530)
    for client in test.both():
        client.deliver(MESSAGE)
        test.stored()
        test.quit(client)


HEADER = b"PROXY TCP4 192.0.2.7 192.0.2.1 4567 25\r\n"
HEADER_2 = (b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0f" + bytes((192, 0, 2, 7)) +
            bytes((192, 0, 2, 1)) + b"\x11\xd7\0\x19" + b"\x04\0\0")


def proxied(test):
    """A PROXY header comes before TLS.  Only 127.0.0.9 may send one."""
    for header, name in ((HEADER, "192.0.2.7"), (HEADER_2, "192.0.2.7"),
                         (b"PROXY UNKNOWN\r\n", "127.0.0.9")):
        client = TlsClient(test.tls_port, test.certificate, source="127.0.0.9",
                           before=header)
        client.greet()
        client.deliver(MESSAGE)
        test.quit(client)
        check(f"([{name}])" in test.stored(), name)
        # The header comes octet by octet, or in one segment with the first
        # octets of TLS.
        for whole in True, False:
            client = TlsClient(test.tls_port, test.certificate, tls=False,
                               source="127.0.0.9")
            if whole:
                client.socket = Joined(client.socket, header)
            else:
                for octet in header:
                    client.socket.sendall(bytes([octet]))
                    time.sleep(0.002)
            client.handshake()
            client.greet()
            test.quit(client)
    hello = client_hello(test.certificate)
    for octets in (hello, HEADER[:-2] + b"\n" + hello, b"PROXY \r\n",
                   HEADER.replace(b"7", b"777"), b"EHLO example.org\r\n"):
        client = Client(test.tls_port, source="127.0.0.9")
        client.send(octets)
        check(is_closed(client), octets)
    # A proxy may disconnect inside its header.
    for at in range(0, len(HEADER), 5):
        for end in Client.close, Client.reset:
            client = Client(test.tls_port, source="127.0.0.9")
            client.send(HEADER[:at])
            end(client)
    # A peer that is not a trusted proxy may not send a PROXY header.
    client = TlsClient(test.tls_port, test.certificate, tls=False)
    client.send(HEADER)
    handshake_fails(client)
    # After a PROXY header, STARTTLS works as usual.
    client = TlsClient(test.port, test.certificate, tls=False, before=HEADER,
                       source="127.0.0.9")
    client.start_tls()
    client.hello()
    client.deliver(MESSAGE)
    check("([192.0.2.7])" in test.stored(), "Received: names another client")


class Joined:
    """A socket that sends a PROXY header before the first octets of TLS."""

    def __init__(self, under, header):
        self.under, self.header = under, header

    def sendall(self, octets):
        self.under.sendall(self.header + octets)
        self.header = b""

    def __getattr__(self, name):
        return getattr(self.under, name)


def stopped(test, pid):
    """After SIGTERM a client inside TLS gets 421 and close_notify.  A client
    in its handshake is cut off."""
    idle = list(test.both())
    sender = test.started()
    sender.begin()
    sender.send(MESSAGE)
    shaking = [Client(test.tls_port), test.clear()]
    shaking[0].send(client_hello(test.certificate)[:50])
    shaking[1].greet()
    shaking[1].command("STARTTLS", 220)
    time.sleep(0.2)
    os.kill(int(pid), signal.SIGTERM)
    for client in idle:
        client.expect("421 4.3.2")
        check(client.closed(), "more after 421")
    for client in shaking:
        check(is_closed(client), "a handshake goes on")
    sender.send(b".\r\n")
    sender.expect(250)
    sender.expect("421 4.3.2")
    check(sender.closed(), "more after 421")
    test.stored()


def grace(test, pid):
    """With --grace 1, a client that does not end its message gets 421 and
    close_notify after a second.  A second SIGTERM ends the others at once."""
    sender = test.started()
    sender.begin()
    sender.send(MESSAGE)
    deaf = test.inside()
    os.kill(int(pid), signal.SIGTERM)
    sender.expect("421 4.4.2")
    check(sender.closed(), "more after 421")
    os.kill(int(pid), signal.SIGTERM)
    check(is_closed_in_clear(deaf), "not cut off")


def main():
    name, port, tls_port, certificate, maildir, *others = sys.argv[1:]
    globals()[name](Test(port, tls_port, certificate, maildir), *others)


main()
