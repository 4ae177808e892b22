# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Let a server read its files again while it has clients.

    reload.py NAME SCRATCH PORT PID TLS-PORT
"""

import os
import shutil
import signal
import ssl
import sys
import threading
import time

from memory import check_growth, resident
from rawsmtp import check
from server import READ, Server, wait
from tls_client import TlsClient

MESSAGE = b"Subject: test\r\n\r\ntext\r\n"


class Test(Server):
    def warned(self, text):
        """The new files are used, and one line of the log is a warning."""
        errors = len(self.lines("errors"))
        self.hang_up()
        line, = wait(lambda: self.lines("errors")[errors:])
        check(" level=warning " in line and text in line, line)

    def use(self, kind, name):
        shutil.copy(self.scratch / f"{kind}.{name}",
                    self.scratch / {"pem": "mx.pem"}.get(name, name))

    def write(self, name, text):
        (self.scratch / name).write_bytes(text.encode())

    def secure(self, kind):
        """Connect with TLS.  The server must have a certificate with this kind
        of key."""
        client = TlsClient(self.tls_port, self.scratch / f"{kind}.pem")
        client.greet()
        return client

    def resumed(self, client):
        """Return True if the server lets a client resume its session."""
        client.context.check_hostname = False
        client.context.verify_mode = ssl.CERT_NONE
        other = TlsClient(self.tls_port, None, resumes=client)
        other.greet()
        return other.resumed()

    def started(self, kind):
        client = TlsClient(self.port, self.scratch / f"{kind}.pem", tls=False)
        client.start_tls()
        client.command("EHLO client.example.org", 250)
        return client


def password(test):
    """Sessions that began before SIGHUP keep the old passwords."""
    old, sender = test.client(), test.client()
    sender.begin()
    sender.send(MESSAGE)
    test.use("new", "passwd")
    test.read_again()
    old.log_in("joe", "changed", 535)
    old.log_in("joe")
    sender.send(b".\r\n")
    sender.expect(250)
    new = test.client()
    new.log_in("joe", "secret", 535)
    new.log_in("joe", "changed")


def broken_passwords(test):
    """If a new file is wrong, the present passwords stay.  The message names
    the line, but shows no secret."""
    path = test.scratch / "passwd"
    good = path.read_text()
    for text, fault in (
            ("# users\njoe\n", f"{path}:2: not user:hash"),
            (good + "ann:changed\n", f"{path}:2: not a hash of crypt(5)"),
            (good + good, f"{path}:2: the user is named twice"),
            ("ann:!\0:@example.org\n", f"{path}:1: a NUL or a CR"),
            ("ann:!\r:@example.org\n", f"{path}:1: a NUL or a CR"),
            ("", f"{path}: no user in it")):
        test.write("passwd", text)
        test.refused(fault)
        test.client().log_in("joe", "changed")
    path.unlink()
    test.refused(f"{path}: No such file or directory")
    test.client().log_in("joe", "changed")
    test.write("passwd", good)
    test.read_again()


def stopping(test):
    """A server that is ending reads no files, and SIGHUP does not kill it."""
    sender = test.client()
    sender.begin()
    sender.send(MESSAGE)
    idle = test.client()
    os.kill(test.pid, signal.SIGTERM)
    idle.expect("421 4.3.2")
    reads = test.count(READ)
    for _ in range(20):
        os.kill(test.pid, signal.SIGHUP)
        time.sleep(0.01)
    sender.send(b".\r\n")
    sender.expect(250)
    sender.expect("421 4.3.2")
    check(test.count(READ) == reads, "files were read")


def nothing_to_read(test):
    client = test.client()
    test.read_again()
    client.deliver(MESSAGE)
    test.client().deliver(MESSAGE)


def certificate(test):
    """No session is cut; later clients get the new certificate."""
    clients = [test.secure("old"), test.started("old")]
    check(test.resumed(clients[0]), "not resumed")
    before = TlsClient(test.port, test.scratch / "old.pem", tls=False)
    before.greet()
    for client in clients:
        client.begin()
        client.send(MESSAGE)
    test.use("new", "pem")
    test.read_again()
    for client in clients:
        client.send(b".\r\n")
        client.expect(250)
        client.deliver(MESSAGE)
    before.command("STARTTLS", "220 2.0.0")
    before.handshake()
    before.command("EHLO client.example.org", 250)
    for client in test.secure("new"), test.started("new"):
        client.deliver(MESSAGE)
    # A resumed TLS session would not show the new certificate.
    check(not test.resumed(clients[0]), "resumed with the old certificate")
    try:
        test.secure("old")
    except ssl.SSLError:
        return
    raise AssertionError("the old certificate is still there")


def expires_soon(test):
    """A certificate that expires soon is used, with a warning."""
    test.use("soon", "pem")
    test.warned("mx.pem: the certificate expires in 13 days")
    test.secure("soon").close()
    test.use("old", "pem")


def self_signed(test):
    test.warned("--tls-self-signed: clients cannot verify this server")


def broken_certificate(test):
    path = test.scratch / "mx.pem"
    good = path.read_text()
    old = (test.scratch / "old.pem").read_text()
    key, end = old.split("-----BEGIN CERTIFICATE-----")
    for text, fault in (
            ("", "no certificate in it"),
            ("-----BEGIN CERTIFICATE-----\n", ""),
            (good.replace(good.split("-----BEGIN CERTIFICATE-----")[0], key),
             "the key is not that of"),
            ("-----BEGIN CERTIFICATE-----" + end, "no private key")):
        test.write("mx.pem", text)
        test.refused(f"{path}: {fault}")
        test.secure("new").deliver(MESSAGE)
        test.started("new").deliver(MESSAGE)
    test.write("mx.pem", good)


def pipes(test):
    """A file that has become a pipe does not stop the server, whether or not
    the pipe has a writer."""
    for name in "passwd", "mx.pem", "mx.key", "ca.pem", "list":
        path = test.scratch / name
        good = path.read_text()
        path.unlink()
        os.mkfifo(path)
        test.refused(f"{path}: not a regular file")
        writer = os.open(path, os.O_RDWR)
        test.refused(f"{path}: not a regular file")
        for _ in range(10):
            test.client().close()
        os.close(writer)
        path.unlink()
        test.write(name, good)
    test.read_again()


def first_pipe(test):
    """The file was a pipe at the start.  It is not read again."""
    test.client().deliver(MESSAGE)
    test.refused(f"{test.scratch}/pipe: not a regular file")
    test.client().deliver(MESSAGE)


def all_or_nothing(test):
    """If one file is wrong, the other new files are not used, either."""
    test.use("old", "passwd")
    test.write("mx.pem", "")
    test.refused("no certificate in it")
    test.secure("new").log_in("joe")
    test.use("new", "passwd")
    test.refused("no certificate in it")
    test.secure("new").log_in("joe")
    test.use("new", "pem")
    test.read_again()
    test.secure("new").log_in("joe", "changed")


def load(test, done, faults):
    try:
        while not done.is_set():
            client = test.secure("new")
            client.log_in("joe", "changed")
            client.deliver(MESSAGE)
            client.command("QUIT", 221)
    except (AssertionError, OSError) as fault:
        faults.append(fault)


def often(test):
    """Read the files many times under load: no client is cut, and old files
    that no session uses are freed."""
    done, faults = threading.Event(), []
    clients = [threading.Thread(target=load, args=(test, done, faults))
               for _ in range(4)]
    for client in clients:
        client.start()
    try:
        for _ in range(40):
            test.read_again()
    finally:
        done.set()
        for client in clients:
            client.join()
    check(not faults, faults)
    before = resident(test.pid)
    for _ in range(100):
        test.read_again()
    check_growth(test.pid, before, 1000)


if __name__ == "__main__":
    globals()[sys.argv[1]](Test(*sys.argv[2:]))
