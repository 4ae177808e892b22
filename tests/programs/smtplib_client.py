# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Deliver a file with Python's smtplib.

    smtplib_client.py USER:PASSWORD PORT FILE SENDER RECIPIENT...

If the first argument is ":", the client does not log in.
"""

import pathlib
import smtplib
import sys


def main():
    login, port, file, sender, *recipients = sys.argv[1:]
    with smtplib.SMTP("127.0.0.1", int(port), "client.example.org") as client:
        if login != ":":
            client.login(*login.split(":"))
        client.sendmail(sender, recipients, pathlib.Path(file).read_bytes())


main()
