# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send mail through a server that looks up the names of back ends slowly.

    door_names.py NAME SCRATCH PORT PID TLS-PORT
"""

import os
import signal
import sys
import time

import door
import shutdown
from rawsmtp import check
from server import READ, wait


class Test(door.Test):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.back_port = int(os.environ["BACK"])

    def back_end(self):
        return door.BackEnd(self.back_port)

    def begin_to_read(self, place):
        """Send SIGHUP, and return when the thread looks the name up."""
        (self.scratch / "conf").write_text(f"smtp = {place}\n")
        os.kill(self.pid, signal.SIGHUP)
        time.sleep(0.3)


def serves(test):
    """Mail goes on while the name is looked up, and afterwards."""
    with test.back_end() as back:
        client = test.client()
        test.begin_to_read(f"localhost:{test.back_port}")
        client.deliver(b"x\r\n")
        test.client().deliver(b"y\r\n")
        check(test.count(READ) == 0, "clients have waited")
        wait(lambda: test.count(READ))
        client.deliver(b"z\r\n")
        check(len(back.messages) == 3, back.messages)
        # A name without an address changes nothing.
        test.begin_to_read("host.invalid:25")
        client.deliver(b"x\r\n")
        wait(lambda: test.count("host.invalid:25: "))
        client.deliver(b"x\r\n")
        check(test.count(READ) == 1 and len(back.messages) == 5, back.messages)


def latest(test):
    """SIGHUP during a look-up: the settings of the last one are used."""
    with test.back_end() as back:
        test.begin_to_read("localhost:1")
        for _ in range(3):
            test.begin_to_read(f"localhost:{test.back_port}")
        wait(lambda: test.count(READ))
        client = test.client()
        client.deliver(b"x\r\n")
        check(test.count(READ) == 1 and len(back.messages) == 1, back.messages)


def ends(test):
    """SIGTERM during a look-up does not wait for its end."""
    with test.back_end():
        test.client().deliver(b"x\r\n")
        test.begin_to_read(f"localhost:{test.back_port}")
        begin = time.monotonic()
        os.kill(test.pid, signal.SIGTERM)
        wait(lambda: shutdown.is_zombie(test.pid))
        check(time.monotonic() - begin < 2, "it has waited")


def ends_at_once(test):
    """The thread takes none of the signals that come while the server ends."""
    with test.back_end():
        test.client().deliver(b"x\r\n")
        test.begin_to_read(f"localhost:{test.back_port}")
        shutdown.often(test.port, test.pid)


if __name__ == "__main__":
    globals()[sys.argv[1]](Test(*sys.argv[2:]))
