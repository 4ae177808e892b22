# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Test examples/scram."""

import base64
import hashlib
import hmac
import os

from example_program import connected, running
from rawsmtp import check


def challenge(client):
    return base64.b64decode(client.expect(334)[4:]).decode()


def respond(client, text, command=""):
    encoded = base64.b64encode(text.encode()).decode()
    client.send(f"{command}{encoded}\r\n".encode())


def scram(client, name, password, initial=True, last="", begin="n,,"):
    """Do AUTH SCRAM-SHA-256 (RFC 5802, RFC 7677).  Return the reply that ends
    it."""
    ours = base64.b64encode(os.urandom(18)).decode()
    bare = f"n={name},r={ours}"
    if initial:
        respond(client, begin + bare, "AUTH SCRAM-SHA-256 ")
    else:
        client.command("AUTH SCRAM-SHA-256", "334 ")
        respond(client, begin + bare)
    first = challenge(client)
    fields = dict(field.split("=", 1) for field in first.split(","))
    check(fields["r"].startswith(ours), "the nonce")
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(),
                                 base64.b64decode(fields["s"]),
                                 int(fields["i"]))

    def mac(key, text):
        return hmac.digest(key, text.encode(), "sha256")

    header = base64.b64encode(begin.encode()).decode()
    final = f"c={header},r={fields['r']}"
    signed = f"{bare},{first},{final}"
    key = mac(salted, "Client Key")
    signature = mac(hashlib.sha256(key).digest(), signed)
    proof = bytes(a ^ b for a, b in zip(key, signature))
    respond(client, f"{final},p={base64.b64encode(proof).decode()}")
    reply = client.reply()
    if not reply.startswith("334"):
        return reply
    server = base64.b64encode(mac(mac(salted, "Server Key"), signed))
    check(base64.b64decode(reply[4:]).decode() == f"v={server.decode()}",
          "the server does not know the password")
    respond(client, last)
    return client.reply()


def test_scram():
    with running("examples/scram", "--listen", "0", "--user", "alice:secret",
                 "--user", "bob:pass:word") as (port, process):
        for name, password in ("alice", "wrong"), ("carol", "secret"):
            with connected(port) as client:
                reply = scram(client, name, password)
                check(reply.startswith("535 5.7.8"), reply)
                client.command("MAIL FROM:<alice@example.org>", 530)
        with connected(port) as client:
            reply = scram(client, "alice", "secret", last="more")
            check(reply.startswith("535"), reply)
            reply = scram(client, "alice", "secret", begin="n,a=bob,")
            check(reply.startswith("535"), "alice may act as bob")
        with connected(port) as client:
            respond(client, "x", "AUTH SCRAM-SHA-256 ")
            client.expect(535)
            client.command("AUTH SCRAM-SHA-256", "334 ")
            client.command("", 535)
        with connected(port) as client:
            client.command("AUTH SCRAM-SHA-256", "334 ")
            respond(client, "n,,n=alice,r=abc")
            client.expect(334)
            client.command("*", 501)
        for name, password, initial in (("alice", "secret", True),
                                        ("bob", "pass:word", False)):
            with connected(port) as client:
                reply = scram(client, name, password, initial)
                check(reply.startswith("235 2.7.0"), reply)
                client.deliver(b"Subject: hello\r\n\r\n..\r\n")
                client.command("QUIT", 221)
                check(client.closed(), "open after QUIT")
            shown = b"".join(process.stdout.readline() for _ in range(5))
            check(shown == b"---- from <alice@example.org> to "
                  b"<bob@example.org> by ESMTPA as %s\nSubject: hello\r\n"
                  b"\r\n.\r\n----\n" % name.encode(), shown)
