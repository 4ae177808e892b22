# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Test examples/pool."""

import subprocess
import threading
import time

from example_program import connected, running
from rawsmtp import Client, check


def test_pool():
    with running("examples/pool", "--listen", "0") as (port, _):
        def mail():
            with connected(port) as client:
                client.deliver(b"A: 1\r\n\r\n")
                client.command("QUIT", 221)
                check(client.closed(), "open after QUIT")
                served.append(client)

        served = []
        clients = [threading.Thread(target=mail) for _ in range(20)]
        begin = time.monotonic()
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        took = time.monotonic() - begin
        check(len(served) == 20, f"{len(served)} of 20 clients were served")
        check(took < 20 * 0.15 / 2, f"20 clients took {took:.2f} s")
        pool_answers_a_half_close(port)
        pool_survives_clients_that_go(port)
    pool_ends_gracefully()


def pool_ends_gracefully():
    """After SIGTERM a message that is being stored still gets its reply."""
    with subprocess.Popen(["examples/pool", "--listen", "0"],
                          stderr=subprocess.PIPE) as process:
        port = int(process.stderr.readline().rsplit(b":", 1)[1])
        idle = Client(port)
        idle.greet()
        client = Client(port)
        client.greet()
        client.begin()
        client.send(b"A: 1\r\n\r\n.\r\n")
        time.sleep(0.03)
        process.terminate()
        client.expect(250)
        client.expect("421 4.3.2")
        idle.expect("421 4.3.2")
        check(client.closed() and idle.closed(), "open after SIGTERM")
        client.close()
        idle.close()
        check(process.wait(20) == 0, "the status after SIGTERM")


def pool_answers_a_half_close(port):
    """A client that has sent everything may shut down its sending side.  It
    still reads the replies."""
    client = Client(port)
    client.greet()
    client.send(b"MAIL FROM:<alice@example.org>\r\n"
                b"RCPT TO:<bob@example.org>\r\n"
                b"BDAT 8 LAST\r\nA: 1\r\n\r\nQUIT\r\n")
    client.socket.shutdown(1)
    for code in 250, 250, 250, 221:
        client.expect(code)
    check(client.closed(), "open after QUIT")
    client.close()


def pool_survives_clients_that_go(port):
    for ending in Client.close, Client.reset:
        for _ in range(20):
            client = Client(port)
            client.greet()
            client.send(b"MAIL FROM:<alice@example.org>\r\n"
                        b"RCPT TO:<bob@example.org>\r\n")
            client.expect(250)
            ending(client)
    with connected(port) as client:
        client.send(b"MAIL FROM:<alice@example.org>\r\n"
                    b"RCPT TO:<nobody@example.org>\r\n"
                    b"RCPT TO:<bob@example.org>\r\nDATA\r\n")
        for code in 250, "550 5.1.1", 250, 354:
            client.expect(code)
        client.send(b".\r\n")
        client.expect(250)
