# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""smtplib: std.py MODE PORT CA FILE SENDER RECIPIENT..."""

import os
import pathlib
import smtplib
import ssl
import sys


def main():
    mode, port, ca, file, sender, *recipients = sys.argv[1:]
    context = ssl.create_default_context(cafile=ca)
    place = ("127.0.0.1", int(port), "client.example.org")
    client = smtplib.SMTP_SSL(*place, context=context) if mode == "tls" \
        else smtplib.SMTP(*place)
    with client:
        if mode in ("starttls", "auth"):
            client.starttls(context=context)
        if mode == "auth":
            client.login("joe", "secret")
        options = ["BODY=8BITMIME"]
        if not all(one.isascii() for one in recipients):
            options.append("SMTPUTF8")
        notify = []
        if os.environ["EXTENDED"]:
            options += ["RET=HDRS", "ENVID=QQ+2B314159"]
            notify = ["NOTIFY=SUCCESS,DELAY"]
        print(client.sendmail(sender, recipients,
                              pathlib.Path(file).read_bytes(), options, notify))


main()
