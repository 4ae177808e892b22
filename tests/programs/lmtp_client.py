# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Deliver a file by LMTP.  No line of the file may begin with a dot.  (Python's
smtplib.LMTP waits for only one reply, however many recipients there are.)

    lmtp_client.py PORT FILE SENDER RECIPIENT...
"""

import pathlib
import sys

from rawsmtp import Client


def main():
    port, file, sender, *recipients = sys.argv[1:]
    client = Client(int(port))
    client.expect(220)
    client.command("LHLO client.example.org", 250)
    client.begin(sender=sender, recipients=recipients)
    client.send(pathlib.Path(file).read_bytes() + b".\r\n")
    for _ in recipients:
        client.expect(250)
    client.command("QUIT", 221)


main()
