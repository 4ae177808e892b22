# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send mail to a server that keeps connections to one or several back ends.

    door_connections.py NAME SCRATCH PORT PID TLS-PORT
"""

import os
import signal
import socket
import sys
import time

from back_end import SILENCE
from door import Test
from rawsmtp import check
from server import wait


def kept(test):
    """Connections are kept for the next message, if the back end sends nothing
    on them (V67)."""
    with test.back_end() as back:
        client = test.client()
        for _ in range(20):
            client.deliver(b"x\r\n")
        client.envelope()
        client.command("RSET", 250)
        client.deliver(b"x\r\n")
        # If the reply to RSET has not come yet, the message takes another
        # connection.
        check(back.connections <= 2, back.connections)
        wait(lambda: "RSET" in back.commands)
        # If the back end sends something on a kept connection, or closes it,
        # the connection is not used again.
        for end in (lambda s: s.sendall(b"250 2.0.0 More\r\n"),
                    lambda s: s.shutdown(socket.SHUT_RDWR),
                    lambda s: s.sendall(b"421 4.3.2 Bye\r\n")):
            count, opened = len(back.messages), back.connections
            for connection in back.sockets:
                try:
                    end(connection)
                except OSError:
                    pass
            client.deliver(b"x\r\n")
            check(len(back.messages) == count + 1, back.messages)
            check(back.connections == opened + 1, back.connections)


def blameless(test):
    """A connection is not used again after five refusals since the last
    message: the back end would punish the next client for them."""
    good = b"250 2.1.5 Ok\r\n"

    def refuse(back, client, times):
        back.script["RCPT"] = b"550 5.1.1 Nobody\r\n"
        client.command("MAIL FROM:<a@x.example>", 250)
        for _ in range(times):
            client.command("RCPT TO:<b@x.example>", "550 5.1.1 Nobody")
        done = back.commands.count("RSET") + 1
        client.command("RSET", 250)
        wait(lambda: back.commands.count("RSET") == done)
        back.script["RCPT"] = good
        time.sleep(0.05)

    with test.back_end() as back:
        client = test.client()
        for _ in range(2):
            refuse(back, client, 4)
            client.deliver(b"x\r\n")
        check(back.connections == 1, back.connections)
        refuse(back, client, 2)
        refuse(back, client, 3)
        wait(lambda: back.commands[-1] == "QUIT")
        client.deliver(b"x\r\n")
        check(back.connections == 2, back.connections)


def spent(test):
    """A connection has no more transactions than MAILMAX says."""
    with test.back_end(EHLO=b"250-x\r\n250 LIMITS MAILMAX=3\r\n") as back:
        client = test.client()
        for number in range(7):
            client.deliver(b"x\r\n")
            check(back.connections == number // 3 + 1, number,
                  back.connections)
            wait(lambda: back.commands.count("QUIT") == (number + 1) // 3)


def turns(test):
    """Two back ends get messages in turn.  If one is away, the other gets all
    messages."""
    with test.back_end("back") as one, test.back_end("other") as two:
        client = test.client()
        for _ in range(6):
            client.deliver(b"x\r\n")
        check(len(one.messages) == len(two.messages) == 3, one.messages)
        two.kill()
        for _ in range(6):
            client.deliver(b"x\r\n")
        check(len(one.messages) == 9, one.messages)
        check(len([line for line in test.lines()
                   if "event=back-end" in line and "other" in line]) <= 3,
              test.lines())
    # If all back ends are away, MAIL gets 451 at once.  When they are back,
    # mail arrives again.
    client.command("MAIL FROM:<a@x.example>", "451 4.4.1")
    with test.back_end("back"), test.back_end("other"):
        time.sleep(3.1)
        client.deliver(b"x\r\n")


def exchanged(test):
    """After SIGHUP the next message goes to the new back end, even if its
    client connected before."""
    conf = test.scratch / "conf"
    with test.back_end("back") as one, test.back_end("other") as two:
        client = test.client()
        client.deliver(b"x\r\n")
        client.begin()
        conf.write_text(f"\nsmtp = unix:{test.scratch}/other\n")
        test.hang_up()
        # One thread writes warnings and another one the other lines, so the
        # warning may come later than the line above.
        warning, = wait(lambda: [
            line for line in test.lines("errors")
            if "hands on mail from anyone" in line and "time=" in line])
        check("level=warning" in warning and "conf: smtp hands" in warning,
              warning)
        # A message that began before SIGHUP still goes to the old back end.
        client.send(b"y\r\n.\r\n")
        client.expect(250)
        check((len(one.messages), len(two.messages)) == (2, 0), two.messages)
        client.deliver(b"z\r\n")
        check((len(one.messages), len(two.messages)) == (2, 1), one.messages)
        # The server sends QUIT on each connection to the old back end.
        wait(lambda: one.commands.count("QUIT") == one.connections)
        conf.write_text("\n")
        test.hang_up("smtp or lmtp was added or removed")
        client.deliver(b"z\r\n")
        check(len(two.messages) == 2, two.messages)


def goodbye(test):
    """When the server ends, it sends QUIT once on each connection to a back
    end.  It does not wait for the replies."""
    with test.back_end(QUIT=SILENCE) as back:
        clients = [test.client() for _ in range(3)]
        for client in clients:
            client.begin()
        for client in clients:
            client.send(b"x\r\n.\r\n")
            client.expect(250)
        os.kill(test.pid, signal.SIGTERM)
        wait(lambda: back.commands.count("QUIT") == back.connections)
        check(back.connections == 3 and len(back.messages) == 3,
              back.connections)


if __name__ == "__main__":
    globals()[sys.argv[1]](Test(*sys.argv[2:]))
