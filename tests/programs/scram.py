# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Clients that use SCRAM-SHA-256 (RFC 5802, RFC 7677), honest and dishonest ones.

    scram.py NAME SCRATCH PORT PID TLS-PORT
"""

import base64
import hashlib
import hmac
import ssl
import subprocess
import sys

from memory import check_growth, resident
from rawsmtp import Client, check
from server import Server
from tls_client import TlsClient

PLAIN, PLUS = "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"
REFUSED = "535 5.7.8"


def b64(octets):
    return base64.b64encode(octets).decode()


class Exchange:
    """The client's side of an exchange.  A test may change each member before
    a step."""

    def __init__(self, client, user="joe", password="secret", flag="n",
                 act_as="", mechanism=PLAIN, binding=b""):
        self.client, self.password = client, password
        self.mechanism, self.binding = mechanism, binding
        act_as = act_as and "a=" + act_as
        self.gs2 = f"{flag},{act_as},"
        name = user.replace("=", "=3D").replace(",", "=2C")
        self.bare = f"n={name},r=rOprNGfwEbeRWgbNEkqO"
        self.initial = True

    def challenge(self, line):
        reply = self.client.command(line, 334)
        return base64.b64decode(reply[4:]).decode()

    def first(self):
        text = b64((self.gs2 + self.bare).encode())
        if self.initial:
            self.server_first = self.challenge(
                f"AUTH {self.mechanism} {text}")
        else:
            self.client.command("AUTH " + self.mechanism, "334 ")
            self.server_first = self.challenge(text)
        fields = dict(field.split("=", 1)
                      for field in self.server_first.split(","))
        self.nonce, self.iterations = fields["r"], int(fields["i"])
        self.salt = base64.b64decode(fields["s"], validate=True)
        check(self.nonce.startswith("rOprNGfwEbeRWgbNEkqO") and
              len(self.nonce) > 36, self.nonce)
        return self

    def final(self):
        """Return client-final.  Also computes the signature that the server
        must send."""
        salted = hashlib.pbkdf2_hmac("sha256", self.password.encode(),
                                     self.salt, self.iterations)
        key = hmac.digest(salted, b"Client Key", "sha256")
        final = f"c={b64(self.gs2.encode() + self.binding)},r={self.nonce}"
        message = f"{self.bare},{self.server_first},{final}".encode()
        signature = hmac.digest(hashlib.sha256(key).digest(), message,
                                "sha256")
        proof = bytes(a ^ b for a, b in zip(key, signature))
        self.expected = "v=" + b64(hmac.digest(
            hmac.digest(salted, b"Server Key", "sha256"), message, "sha256"))
        return f"{final},p={b64(proof)}"

    def run(self, code=235):
        self.first()
        final = b64(self.final().encode())
        if code != 235:
            self.client.command(final, code)
            return
        check(self.challenge(final) == self.expected, "the server's proof")
        self.client.command("", 235)


class Test(Server):
    def exchange(self, **how):
        return Exchange(self.client(), **how)

    def offers(self, client=None):
        if client is None:
            client = Client(self.port)
            client.expect(220)
        client.send(b"EHLO client.example.org\r\n")
        offered = []
        while True:
            line = client.line().decode()
            if line[4:].startswith("AUTH "):
                offered = line[9:].split(" ")
            if line[3:4] == " ":
                return offered


def offered_in_clear(test):
    """In clear PLUS is not offered: there is no TLS to bind to."""
    check(test.offers() == ["PLAIN", "LOGIN", PLAIN], test.offers())
    test.client().command(f"AUTH {PLUS}", "538 5.7.11")


def not_offered(test):
    check(test.offers() == ["PLAIN", "LOGIN"], test.offers())
    test.client().command(f"AUTH {PLAIN}", "504 5.5.4")


def only_without_plus(test):
    """A client that supports PLUS, but was not offered it, says so (RFC 5802
    6)."""
    check(test.offers() == ["PLAIN", PLAIN], test.offers())
    test.exchange(flag="y").run()


def logs_in(test):
    test.exchange().run()
    exchange = test.exchange()
    exchange.initial = False
    exchange.run()
    test.exchange(flag="y").run()
    test.exchange(act_as="joe").run()
    test.exchange(user="a,b=c").run()
    test.exchange(user="jürgen").run()
    # A login succeeds in a session in which another one has failed.
    client = test.client()
    Exchange(client, password="wrong").run(REFUSED)
    client.command("AUTH " + PLAIN, "334 ")
    client.command("*", "501")
    Exchange(client).run()


def refused(test):
    client = test.client()
    for how in {"password": "Secret"}, {"user": "nobody"}, {"user": "Joe"}, \
            {"user": "joe\u00ad"}, {"user": "locked"}, {"user": "shut"}, \
            {"binding": b"x"}:
        Exchange(client, **how).run(REFUSED)
    # No user may act as another one, even with the right password.
    for act_as in "a=2Cb=3Dc", "root", "Joe":
        exchange = Exchange(client, act_as=act_as).first()
        exchange.challenge(b64(exchange.final().encode()))
        client.command("", REFUSED)
    # A proof is valid in one exchange only.
    exchange = Exchange(client).first()
    final = b64(exchange.final().encode())
    client.command("*", "501")
    exchange.first()
    client.command(final, REFUSED)
    # After the right proof the client must send an empty response.
    exchange.first()
    exchange.challenge(b64(exchange.final().encode()))
    client.command(b64(b"x"), REFUSED)
    # A client may not try two proofs in one exchange.
    exchange.first()
    client.command(b64(exchange.final()[:-8].encode() + b"AAAAAAA="), REFUSED)
    client.command(b64(exchange.final().encode()), 500)
    client.command("MAIL FROM:<joe@example.org>", 250)


def malformed(test):
    client = test.client()
    for text in "", "n", "n,,", "n,,n=joe", "n,,r=x", "n,,n=,r=x", \
            "x,,n=joe,r=x", ",,n=joe,r=x", "n,joe,n=joe,r=x", \
            "n,,m=x,n=joe,r=x", "n,,n=joe,r=", \
            "n,,n=joe\0,r=x", "n,,n=joe,r=x\0", "p=,,n=joe,r=x", \
            "p=tls-unique,,n=joe,r=x", "p=tls-exporter,,n=joe,r=x", \
            "n,,n=\1,r=x":
        if text:
            try:
                client.command(f"AUTH {PLAIN} {b64(text.encode())}", REFUSED)
            except AssertionError as error:
                raise AssertionError(text) from error
    client.command(f"AUTH {PLAIN} {b64(bytes([0xff, 0x2c]))}", REFUSED)
    client.command(f"AUTH {PLAIN} =", "334 ")
    client.command("", REFUSED)
    for change in (lambda text: "", lambda text: text + "\0",
                   lambda text: "p=" + text, lambda text: text[2:],
                   lambda text: text.replace("r=", "r=x"),
                   lambda text: text.replace("c=", "c=!"),
                   lambda text: text.replace("c=", "c=biws"),
                   lambda text: text.split(",p=")[0],
                   lambda text: text.split(",p=")[0] + ",p=",
                   lambda text: text.split(",p=")[0] + ",p=AAAA",
                   lambda text: text.split(",p=")[0] + ",p=" + b64(bytes(32))):
        exchange = Exchange(client).first()
        client.command(b64(change(exchange.final()).encode()), REFUSED)
    Exchange(client).run()


def pretence(test):
    """For a client, a name without a hash looks like a name with a hash
    (threat V54): it has a salt of its own, which is always the same, even after
    SIGHUP."""
    salts = {}
    for _ in range(2):
        client = test.client()
        for user in "joe", "locked", "shut", "nobody", "nobody2", "x" * 300:
            exchange = Exchange(client, user=user).first()
            client.command("*", "501")
            seen = len(exchange.salt), exchange.iterations
            check(seen == (16, 10000), user, seen)
            check(salts.setdefault(user, exchange.salt) == exchange.salt, user)
        test.hang_up()
    check(len(set(salts.values())) == len(salts), salts)


def secret(test):
    """With a secret in the file, the salts of all names stay the same even
    when the server is started again, and with another secret they change."""
    salts = [Exchange(test.client(), user=user).first().salt.hex()
             for user in ("joe", "nobody", "{SCRAM-SECRET}")]
    check(len(set(salts)) == len(salts), salts)
    with open(test.scratch / "salts", "a", encoding="ascii") as file:
        print(*salts, file=file)


def locked(test):
    """The salt of a locked hash is not shown."""
    joe, other = test.exchange().first(), test.exchange(user="locked").first()
    check(joe.salt != other.salt, "the salt of a locked user")


def crypt_user(test):
    """A user without a hash for SCRAM looks like a user that does not exist."""
    exchange = test.exchange(user="crypt").first()
    check((len(exchange.salt), exchange.iterations) == (16, 10000), exchange)
    exchange.client.command(b64(exchange.final().encode()), REFUSED)


def senders(test):
    client = test.client()
    Exchange(client).run()
    client.command("MAIL FROM:<a@example.org>", "553 5.7.1")
    client.command("MAIL FROM:<joe@example.org>", 250)


def often(test):
    """The memory of unfinished exchanges is freed."""
    client = test.client()

    def begin(count):
        for _ in range(count):
            Exchange(client).first()
            client.command("*", "501")

    begin(200)
    before = resident(test.pid)
    begin(2000)
    check_growth(test.pid, before, 2000)


def secure(test, version):
    """Return a client inside TLS, and its channel binding, if Python can get
    it."""
    client = TlsClient(test.tls_port, test.scratch / "cert.pem",
                       version=version)
    check(client.socket.tls.version() == {
        ssl.TLSVersion.TLSv1_2: "TLSv1.2",
        ssl.TLSVersion.TLSv1_3: "TLSv1.3"}[version])
    client.expect(220)
    return client


class CommandClient(Client):
    """A client that talks through openssl s_client. openssl prints the channel
    binding tls-exporter (RFC 9266), which Python cannot get."""

    def __init__(self, port):
        self.process = subprocess.Popen(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{port}",
             "-ign_eof", "-tls1_3", "-keymatexport",
             "EXPORTER-Channel-Binding", "-keymatexportlen", "32"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        self.printed = b""

    def send(self, octets):
        self.process.stdin.write(octets)
        self.process.stdin.flush()

    def line(self):
        """Return a line.  Lines of the server end in CR LF, lines of openssl in
        LF."""
        while True:
            line = self.process.stdout.readline()
            if line.endswith(b"\r\n"):
                return line[:-2]
            if not line:
                raise AssertionError(self.printed)
            self.printed += line

    def binding(self):
        text = self.printed.split(b"Keying material: ")[1].split(b"\n")[0]
        return bytes.fromhex(text.decode())

    def end(self):
        self.process.kill()
        self.process.communicate()


def exporter(test):
    first, second = (CommandClient(test.tls_port) for _ in range(2))
    for client in first, second:
        client.expect(220)
        test.offers(client)
    binding = first.binding()
    check(len(binding) == 32, binding)
    for bad in bytes(32), binding[:-1], binding + b"x", b"", second.binding():
        Exchange(first, flag="p=tls-exporter", mechanism=PLUS,
                 binding=bad).run(REFUSED)
    Exchange(first, flag="p=tls-exporter", mechanism=PLUS,
             binding=binding).run()
    for client in first, second:
        client.end()


def plus(test):
    client = secure(test, ssl.TLSVersion.TLSv1_2)
    check(test.offers(client) == ["PLAIN", "LOGIN", PLUS, PLAIN])
    unique = client.socket.tls.get_channel_binding("tls-unique")
    for bad in bytes(12), unique + b"x", unique[:-1], b"":
        Exchange(client, flag="p=tls-unique", mechanism=PLUS,
                 binding=bad).run(REFUSED)
    Exchange(client, flag="p=tls-unique", mechanism=PLUS,
             binding=unique).run()
    client = secure(test, ssl.TLSVersion.TLSv1_2)
    test.offers(client)
    # An attacker who relays the exchange would send the binding of another
    # connection.
    Exchange(client, flag="p=tls-unique", mechanism=PLUS,
             binding=unique).run(REFUSED)
    Exchange(client).run()


def plus_refused(test):
    for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
        client = secure(test, version)
        check(test.offers(client) == ["PLAIN", "LOGIN", PLUS, PLAIN])

        def refuse(mechanism, text):
            client.command(f"AUTH {mechanism} {b64(text.encode())}", REFUSED)

        # This is a client from which somebody has hidden PLUS (RFC 5802 6).
        refuse(PLAIN, "y,,n=joe,r=x")
        refuse(PLUS, "y,,n=joe,r=x")
        refuse(PLUS, "n,,n=joe,r=x")
        refuse(PLUS, "p=tls-server-end-point,,n=joe,r=x")
        refuse(PLUS, "p=,,n=joe,r=x")
        other = "exporter" if version == ssl.TLSVersion.TLSv1_2 else "unique"
        refuse(PLUS, f"p=tls-{other},,n=joe,r=x")
        Exchange(client).run()


if __name__ == "__main__":
    globals()[sys.argv[1]](Test(*sys.argv[2:]))
