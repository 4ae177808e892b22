# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The server that server.sh has started: its clients, its files, and SIGHUP."""

import os
import pathlib
import signal
import time

from rawsmtp import Client, check

READ = 'level=info msg="read the files again"'


def wait(done, *what):
    """Wait until done() returns something true.  Return it."""
    end = time.monotonic() + 30
    while not (found := done()):
        check(time.monotonic() < end, "not in 30 seconds", *what)
        time.sleep(0.005)
    return found


class Server:
    def __init__(self, scratch, port, pid, tls_port=0):
        self.scratch = pathlib.Path(scratch)
        self.port, self.pid, self.tls_port = int(port), int(pid), int(tls_port)

    def client(self, **how):
        client = Client(self.port, **how)
        client.greet()
        return client

    def lines(self, name="log"):
        """Return the lines of the log, or ("errors") of standard error."""
        return (self.scratch / name).read_text().splitlines()

    def logged(self, *texts, after=0):
        """Wait for a line of the log that contains all these texts.  Return all
        such lines.  Leave out the first lines of the log, as many as after
        says."""
        return wait(lambda: [line for line in self.lines()[after:]
                             if all(text in line for text in texts)], texts)

    def count(self, text):
        """Return how many lines of the log and of standard error have it."""
        return sum(text in line
                   for line in self.lines() + self.lines("errors"))

    def hang_up(self, text=READ):
        """Send SIGHUP, and wait for one more line that contains the text.
        Return the new lines of standard error."""
        count, errors = self.count(text), len(self.lines("errors"))
        os.kill(self.pid, signal.SIGHUP)
        wait(lambda: self.count(text) > count, text)
        return self.lines("errors")[errors:]

    def read_again(self):
        """Let the server read its files again.  It must find no fault."""
        errors = self.hang_up()
        check(not errors, errors)

    def refused(self, text):
        """Check that the new files are refused, in one line with this text."""
        reads, errors = self.count(READ), len(self.lines("errors"))
        self.hang_up(text)
        time.sleep(0.1)
        line, = self.lines("errors")[errors:]
        check(text in line, line)
        check(self.count(READ) == reads, "files were read")
