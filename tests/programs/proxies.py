# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Clients behind proxies.  Any address in 127.0.0.0/8 belongs to this machine, so
peers on the loopback can have addresses that the server trusts and others.

    proxies.py PORT MAILDIR PROXY XCLIENT STRANGER...

PROXY is an address in --proxy-from, XCLIENT is one in --xclient-from, and a
STRANGER is in neither.
"""

import pathlib
import socket
import struct
import sys

from rawsmtp import Client, check

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def version_2(command, family, addresses=b"", version=2):
    return SIGNATURE + struct.pack("!BBH", version << 4 | command, family,
                                   len(addresses)) + addresses


def ends(family, source, destination):
    return (socket.inet_pton(family, source) +
            socket.inet_pton(family, destination) +
            struct.pack("!HH", 4567, 25))


V4 = ends(socket.AF_INET, "192.0.2.7", "192.0.2.1")
V6 = ends(socket.AF_INET6, "2001:db8::7", "2001:db8::1")

# Headers, and the client that the Received field must then name.  An IPv4
# address in IPv6 form is shown as IPv4 (threat V55).
MAPPED = ends(socket.AF_INET6, "::ffff:192.0.2.77", "2001:db8::1")

HEADERS = [
    (b"PROXY TCP4 192.0.2.7 192.0.2.1 4567 25\r\n", "[192.0.2.7]"),
    (b"PROXY TCP6 2001:db8::7 2001:db8::1 4567 25\r\n", "[IPv6:2001:db8::7]"),
    (b"PROXY TCP6 ::FFFF:c000:24d ::ffff:192.0.2.1 1 25\r\n", "[192.0.2.77]"),
    (version_2(1, 0x21, MAPPED), "[192.0.2.77]"),
    (b"PROXY UNKNOWN\r\n", None),
    (version_2(1, 0x11, V4), "[192.0.2.7]"),
    (version_2(1, 0x21, V6), "[IPv6:2001:db8::7]"),
    # A TLV of type NOOP follows the addresses (proxy-protocol.txt 2.2.4).
    (version_2(1, 0x11, V4 + b"\x04\x00\x03abc"), "[192.0.2.7]"),
    (version_2(0, 0x00), None),
]

MALFORMED = [
    b"EHLO client.example.org\r\n",
    b"PROXY TCP4 192.0.2.7\r\n",
    b"PROXY TCP4 192.0.2.256 192.0.2.1 4567 25\r\n",
    b"PROXY " + b"A" * 200,
    SIGNATURE[:-1] + b"X",
    version_2(1, 0x11, V4, version=3),
    version_2(1, 0x11, V4[:-1]),
    b"\x16\x03\x01\x02\x00\x01\x00\x01",
]


def received(maildir):
    """Return the Received field of the only message, and remove the
    message."""
    file, = (maildir / "new").iterdir()
    header = file.read_bytes().decode()
    file.unlink()
    return header[header.index("Received: "):header.index("\r\n\tby ")]


def deliver(client, maildir, *facts):
    """Deliver a message.  Its Received field must contain each fact."""
    client.deliver(b"Subject: test\r\n\r\ntext\r\n")
    client.command("QUIT", 221)
    field = received(maildir)
    for fact in facts:
        check(fact in field, fact, field)


def keywords(client):
    """Return the keywords that EHLO offers."""
    client.send(b"EHLO client.example.org\r\n")
    offered = []
    while True:
        line = client.line().decode()
        offered.append(line[4:].split(" ")[0])
        if line[3:4] != "-":
            return offered


def behind_proxy(port, maildir, proxy):
    for header, name in HEADERS:
        for step in len(header), 1:
            client = Client(port, source=proxy)
            for at in range(0, len(header), step):
                client.send(header[at:at + step])
            client.expect(220)
            offered = keywords(client)
            check("XCLIENT" not in offered, header, offered)
            deliver(client, maildir, f"({name or f'[{proxy}]'})")


def malformed(port, proxy):
    """A malformed header gets no reply, not even a farewell."""
    for header in MALFORMED:
        client = Client(port, source=proxy)
        client.send(header)
        check(client.closed() and not client.received, header,
              client.received)


def silent(port, proxy):
    """The server sends nothing before the header."""
    client = Client(port, timeout=0.3, source=proxy)
    try:
        octets = client.socket.recv(1)
    except TimeoutError:
        octets = None
    check(octets is None, "octets before the header", octets)
    client.close()


def told_by_xclient(port, maildir, relay):
    client = Client(port, source=relay)
    client.expect(220)
    offered = keywords(client)
    check({"XCLIENT", "XFORWARD"} <= set(offered), offered)
    client.command("XCLIENT NAME=host.example.net ADDR=192.0.2.9 PORT=99",
                   220)
    client.command("EHLO other.example.org", 250)
    deliver(client, maildir, "from other.example.org",
            "(host.example.net [192.0.2.9])")

    client = Client(port, source=relay)
    client.expect(220)
    client.command("EHLO client.example.org", 250)
    client.command("XCLIENT NAME=[UNAVAILABLE] ADDR=IPV6:2001:db8::9", 220)
    client.command("EHLO client.example.org", 250)
    deliver(client, maildir, "([IPv6:2001:db8::9])")

    client = Client(port, source=relay)
    client.greet()
    client.command("XCLIENT ADDR=IPV6:::ffff:192.0.2.78", 220)
    client.command("EHLO client.example.org", 250)
    deliver(client, maildir, "([192.0.2.78])")

    # XFORWARD is only logged: the Received field still names the peer.
    client = Client(port, source=relay)
    client.expect(220)
    client.command("EHLO client.example.org", 250)
    client.command("XFORWARD NAME=host.example.net ADDR=198.51.100.1", 250)
    client.command("XFORWARD PROTO=ESMTP HELO=first.example.net", 250)
    deliver(client, maildir, f"([{relay}])")


def told_again(port, maildir, relay, proxy):
    """After the XCLIENT of a proxy, its client speaks on the connection
    (threat V51)."""
    for address in "192.0.2.9", "[UNAVAILABLE]", "IPV6:2001:db8::9", proxy:
        client = Client(port, source=relay)
        client.greet()
        client.command(f"XCLIENT ADDR={address} LOGIN=[UNAVAILABLE]", 220)
        client.command("XCLIENT LOGIN=admin ADDR=10.0.0.1", "550 5.7.0 ")
        offered = keywords(client)
        check(not {"XCLIENT", "XFORWARD"} & set(offered), address, offered)
        for line in ("XCLIENT LOGIN=admin ADDR=10.0.0.1",
                     "XFORWARD ADDR=10.0.0.1"):
            client.command(line, "550 5.7.0 ")
        client.deliver(b"Subject: test\r\n\r\ntext\r\n")
        client.command("QUIT", 221)
        field = received(maildir)
        check("10.0.0.1" not in field and relay not in field, field)

    # A client that is itself in --xclient-from (in IPv4 or IPv6 form) may use
    # XCLIENT again.
    client = Client(port, source=relay)
    client.greet()
    client.command(f"XCLIENT ADDR=IPV6:::ffff:{relay}", 220)
    offered = keywords(client)
    check({"XCLIENT", "XFORWARD"} <= set(offered), offered)
    client.command("XFORWARD ADDR=198.51.100.1", 250)
    client.command("XCLIENT ADDR=192.0.2.9", 220)
    client.command("XCLIENT ADDR=10.0.0.1", "550 5.7.0 ")
    client.command("EHLO client.example.org", 250)
    deliver(client, maildir, "([192.0.2.9])")


def told_by_stranger(port, maildir, stranger):
    client = Client(port, source=stranger)
    client.expect(220)
    offered = keywords(client)
    check(not {"XCLIENT", "XFORWARD"} & set(offered), offered)
    for line in ("XCLIENT ADDR=192.0.2.9", "XFORWARD ADDR=192.0.2.9",
                 "PROXY TCP4 192.0.2.7 192.0.2.1 4567 25"):
        client.command(line, "5")
    deliver(client, maildir, f"([{stranger}])")


def main():
    port, maildir, proxy, relay, *strangers = sys.argv[1:]
    port, maildir = int(port), pathlib.Path(maildir)
    behind_proxy(port, maildir, proxy)
    malformed(port, proxy)
    silent(port, proxy)
    told_by_xclient(port, maildir, relay)
    told_again(port, maildir, relay, proxy)
    for stranger in strangers:
        told_by_stranger(port, maildir, stranger)


if __name__ == "__main__":
    main()
