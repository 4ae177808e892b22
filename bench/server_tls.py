#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Measure the processor time that mailin-server uses for a TLS handshake: for a
full one, and for one that resumes a session.

    server_tls.py MAILIN-SERVER [HANDSHAKES]

This is the time of a connection that closes after the 220 in TLS, minus the
time of a connection in clear.  Needs the openssl command.
"""

import os
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile

from server_measure import Server, clock, free_port, say

ROUNDS = 10
KINDS = {"RSA-2048": ["rsa:2048"],
         "ECDSA P-256": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]}
VERSIONS = {"TLS 1.2": ssl.TLSVersion.TLSv1_2,
            "TLS 1.3": ssl.TLSVersion.TLSv1_3}


def make_certificate(folder, kind):
    path = os.path.join(folder, "pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", *kind, "-nodes",
                    "-days", "30", "-subj", "/CN=x", "-keyout", path + ".key",
                    "-out", path], check=True, stderr=subprocess.DEVNULL)
    return path


def start(program, certificate):
    """Return the server and its port for TLS."""
    port, tls_port = free_port(), free_port()
    return Server(
        [program, "--discard", "--hostname", "x", "--threads", "1",
         "--listen", f"127.0.0.1:{port}",
         "--listen-tls", f"127.0.0.1:{tls_port}",
         "--tls-certificate", certificate, "--tls-key", certificate + ".key"],
        port), tls_port


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
    """Return the processor time of the server for one connection, in
    nanoseconds: the average of count connections."""
    before = clock(server.process.pid)
    for _ in range(count):
        step()
    return (clock(server.process.pid) - before) / count


def measure_version(server, port, version, count):
    """Return the costs of full and of resumed handshakes, one for each round.
    The cost of a connection in clear is subtracted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    held = [connect(port, context)[0]]

    def resume():
        held[0], resumed = connect(port, context, held[0])
        if not resumed:
            sys.exit("the session was not resumed")

    rounds = {"full": [], "resumed": []}
    for _ in range(ROUNDS):
        clear = cost(server, count, lambda: connect(server.port))
        rounds["full"].append(
            cost(server, count, lambda: connect(port, context)) - clear)
        rounds["resumed"].append(cost(server, count, resume) - clear)
    return rounds


def measure(program, count):
    """Return a row for each kind of handshake.  Each kind is done about count
    times."""
    rows = []
    if shutil.which("openssl") is None:
        say("left out: TLS: the openssl command is missing")
        return rows
    for kind, key in KINDS.items():
        with tempfile.TemporaryDirectory() as folder:
            server, port = start(program, make_certificate(folder, key))
            for text, version in VERSIONS.items():
                say(f"handshakes: {kind}, {text}")
                found = measure_version(server, port, version, count // ROUNDS)
                rows += [{"name": f"tls/{kind}/{text}/{how}",
                          "unit": "handshake", "ns": statistics.median(ns),
                          "least_ns": min(ns), "rounds": ns}
                         for how, ns in found.items()]
            server.stop()
    return rows


def main():
    print("microseconds of the server for a handshake: median, least")
    for row in measure(sys.argv[1], int((sys.argv[2:] or ["2000"])[0])):
        print(f"{row['name']:36}{row['ns'] / 1000:8.0f}"
              f"{row['least_ns'] / 1000:8.0f}")


if __name__ == "__main__":
    main()
