# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Test examples/receive."""

import subprocess
import time

from free_port import free_port
from rawsmtp import Client, check


def test_receive():
    """The example prints the octets of each message.  If it cannot listen, it
    says why."""
    port = free_port()
    message = b"A: 1\r\n\r\n" + b"..\r\n.x\r\n" * 1000
    with subprocess.Popen(["examples/receive", f"127.0.0.1:{port}"],
                          stdout=subprocess.PIPE) as process:
        try:
            for _ in range(100):
                try:
                    client = Client(port)
                    break
                except ConnectionRefusedError:
                    time.sleep(0.1)
            for other in range(3):
                client.greet()
                client.deliver(message.replace(b"\r\n.", b"\r\n.."))
                client.command("QUIT", 221)
                check(client.closed(), "open after QUIT")
                client.close()
                check(process.stdout.read(len(message)) == message, "octets")
                client = Client(port)
            for address, words in (
                    (f"127.0.0.1:{port}", "Address already in use"),
                    ("192.0.2.1:25", "Cannot assign requested address"),
                    ("localhost:25", "no address such as 127.0.0.1:2525"),
                    ("127.0.0.1:65536", "no address such as"),
                    ("", "no address such as")):
                ended = subprocess.run(["examples/receive", address],
                                       stderr=subprocess.PIPE, timeout=20)
                check(ended.returncode == 1 and
                      words in ended.stderr.decode() and
                      ended.stderr.startswith(b"receive: cannot listen on "),
                      (address, ended))
        finally:
            process.kill()
