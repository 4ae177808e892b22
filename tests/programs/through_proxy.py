# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Deliver a message from 127.0.0.9 through a proxy.  The Received field must name
this client.

    through_proxy.py PORT MAILDIR
"""

import pathlib
import sys

from rawsmtp import Client

MESSAGE = b"Subject: test\r\n\r\ntext\r\n"


def main():
    port, maildir = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    client = Client(port, source="127.0.0.9")
    client.greet()
    client.deliver(MESSAGE)
    client.command("QUIT", 221)
    file, = (maildir / "new").iterdir()
    content = file.read_bytes()
    file.unlink()
    if b"Received: from client.example.org ([127.0.0.9])\r\n" not in content:
        sys.exit(f"not from 127.0.0.9: {content!r}")
    if not content.endswith(b"\r\n" + MESSAGE):
        sys.exit(f"another message: {content!r}")


main()
