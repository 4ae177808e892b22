# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Run a program of examples/, and connect a client to it."""

import contextlib
import re
import subprocess

from rawsmtp import Client


@contextlib.contextmanager
def running(*command, said="stderr"):
    """Run the program, which prints the port on which it listens.  Return the
    port and the process."""
    pipes = {"stdout": subprocess.PIPE, said: subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        try:
            line = getattr(process, said).readline().decode()
            found = re.match(r"listening on .*?:(\d+)\b", line)
            if not found:
                raise AssertionError(f"{command}: {line!r}")
            yield int(found[1]), process
            if process.poll() is not None:
                raise AssertionError(f"{command}: ended by itself")
        finally:
            process.kill()


@contextlib.contextmanager
def connected(port):
    client = Client(port)
    try:
        client.greet()
        yield client
    finally:
        client.close()
