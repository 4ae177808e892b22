# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Measure the processor time that mailin-server uses for a TLS handshake: for a
full one, and for one that resumes a session.

    server_tls.py MAILIN-SERVER [HANDSHAKES]

A connection with TLS and a connection in clear, both closed after the 220, are
compared.  Needs the openssl command.
"""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

ROUNDS = 10
TICKS = os.sysconf("SC_CLK_TCK")
KINDS = {"RSA-2048": ["rsa:2048"],
         "ECDSA P-256": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]}
VERSIONS = {"TLS 1.2": ssl.TLSVersion.TLSv1_2, "TLS 1.3": ssl.TLSVersion.TLSv1_3}


def make_certificate(folder, kind):
    path = os.path.join(folder, "pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", *kind, "-nodes",
                    "-days", "30", "-subj", "/CN=x", "-keyout", path + ".key",
                    "-out", path], check=True, stderr=subprocess.DEVNULL)
    return path


class Server:
    def __init__(self, program, certificate):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [program, "--discard", "--hostname", "x", "--threads", "1",
             "--listen", "127.0.0.1:0", "--listen-tls", "127.0.0.1:0",
             "--tls-certificate", certificate,
             "--tls-key", certificate + ".key"],
            stdout=self.log, stderr=self.log)
        while len(self.lines()) < 2:
            time.sleep(0.05)
            if self.process.poll() is not None:
                sys.exit("the server did not start")
        self.port, self.tls_port = (
            int(line.split("127.0.0.1:")[1].split(",")[0].split()[0])
            for line in self.lines())

    def lines(self):
        self.log.seek(0)
        return [line for line in self.log if "listening on" in line]

    def microseconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000000 / TICKS

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def connect(port, context=None, session=None):
    """Connect and read the 220.  Return the TLS session, and whether it was
    resumed."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        if context is None:
            client.recv(512)
            return None, False
        with context.wrap_socket(client, session=session) as tls:
            tls.recv(512)
            return tls.session, tls.session_reused


def cost(server, count, step):
    """Return the time for each of count connections: the least of ten rounds,
    since other work on the machine can only add time."""
    least = float("inf")
    for _ in range(ROUNDS):
        before = server.microseconds()
        for _ in range(count // ROUNDS):
            step()
        least = min(least, server.microseconds() - before)
    return least / (count // ROUNDS)


def measure(server, version, count):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    held = [connect(server.tls_port, context)[0]]

    def resume():
        held[0], resumed = connect(server.tls_port, context, held[0])
        if not resumed:
            sys.exit("the session was not resumed")
    clear = cost(server, count, lambda: connect(server.port))
    full = cost(server, count, lambda: connect(server.tls_port, context))
    return clear, full, cost(server, count, resume)


def main():
    if shutil.which("openssl") is None:
        print("SKIP: TLS: the openssl command is missing")
        return
    program, count = sys.argv[1], int((sys.argv[2:] or ["5000"])[0])
    print("microseconds of the server for a connection that ends after the 220")
    print(f"{'':22}{'in clear':>10}{'full':>10}{'resumed':>10}")
    for name, kind in KINDS.items():
        with tempfile.TemporaryDirectory() as folder:
            server = Server(program, make_certificate(folder, kind))
            for text, version in VERSIONS.items():
                times = measure(server, version, count)
                print(f"{name}, {text}".ljust(22) +
                      "".join(f"{time:10.0f}" for time in times))
            server.end()


if __name__ == "__main__":
    main()
