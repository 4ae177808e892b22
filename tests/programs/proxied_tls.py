# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
The header of a trusted proxy may describe the TLS of its clients.  The
proxy has little time to send the header (threat V52).

    proxied_tls.py told PORT MAILDIR PROXY STRANGER
    proxied_tls.py late PORT PROXY
"""

import pathlib
import struct
import sys
import time

from proxies import V4, deliver, keywords, version_2
from rawsmtp import Client, check


# proxy-protocol.txt 2.2
ALPN, AUTHORITY, SSL = 1, 2, 0x20
VERSION, NAME, CIPHER = 0x21, 0x22, 0x23


def value(kind, octets):
    return struct.pack("!BH", kind, len(octets)) + octets


def ssl_value(client, verify=0, name=b""):
    return value(SSL, struct.pack("!BI", client, verify) +
                 value(VERSION, b"TLSv1.3") + value(NAME, name) +
                 value(CIPHER, b"TLS_AES_256_GCM_SHA384"))


def header(*values, command=1):
    return version_2(command, 0x11, V4 + b"".join(values))


def client_behind(port, proxy, octets):
    client = Client(port, source=proxy)
    client.send(octets)
    client.expect(220)
    return client


def told(port, maildir, proxy, stranger):
    """Tests a server with --tls required and --passwd, but without a
    certificate."""
    port, maildir = int(port), pathlib.Path(maildir)
    for before in (header(ssl_value(1)),
                   header(value(AUTHORITY, b"mx.example.org\r\n#1 < forged"),
                          value(ALPN, b"\x1b[2J"), ssl_value(1)),
                   header(ssl_value(3, name=b"alice\nforged"))):
        client = client_behind(port, proxy, before)
        offered = keywords(client)
        check("AUTH" in offered and "STARTTLS" not in offered, offered)
        client.command("STARTTLS", "50")
        client.log_in("joe")
        deliver(client, maildir, "([192.0.2.7])",
                "\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384)")
    # These headers do not say that the client has TLS: the bit for TLS is not
    # set, there is no SSL value, or the command is LOCAL.
    for before in (header(ssl_value(0)), header(ssl_value(6)), header(),
                   header(ssl_value(1), command=0),
                   b"PROXY TCP4 192.0.2.7 192.0.2.1 4567 25\r\n"):
        client = client_behind(port, proxy, before)
        check("AUTH" not in keywords(client), before)
        client.command("MAIL FROM:<alice@example.org>", 530)
        client.log_in("joe", code="5")
    # A header from a peer that is not trusted gets only 5xx replies.
    client = Client(port, source=stranger)
    client.expect(220)
    client.send(header(ssl_value(1)))
    while reply := client.reply():
        check(reply.startswith("5"), "believed", reply)


def late(port, proxy):
    """With --timeout-proxy 1 a late peer is closed without a reply, even if it
    sends an octet now and then."""
    port = int(port)
    begin = time.monotonic()
    silent, half, slow = (Client(port, source=proxy) for _ in range(3))
    half.send(header()[:20])
    octets = iter(b"PROXY TCP4 192.0.2.7 192.0.2.1 4567 25\r")
    try:
        while time.monotonic() - begin < 6:
            slow.send(bytes([next(octets)]))
            time.sleep(0.2)
            slow.socket.setblocking(False)
            try:
                check(slow.socket.recv(1) == b"", "a word")
                break
            except BlockingIOError:
                slow.socket.setblocking(True)
    except ConnectionError:
        pass
    check(0.8 < time.monotonic() - begin < 4, "single octets extend the time")
    for client in silent, half:
        check(client.closed() and not client.received, "a word")
    check(time.monotonic() - begin < 5, "too late")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
