# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
EHLO must offer the extensions that --extensions names, and the server must do
what it offers.

    extensions.py offers PORT KEYWORD...
    extensions.py binary PORT FILE    deliver FILE with BODY=BINARYMIME
    extensions.py refused PORT LINE...    each LINE gets 5yz after a MAIL
"""

import pathlib
import sys

from rawsmtp import Client


def offers(port, *keywords):
    client = Client(port)
    client.expect(220)
    client.send(b"EHLO client.example.org\r\n")
    offered = []
    while True:
        line = client.line().decode()
        offered.append(line[4:])
        if line[3:4] != "-":
            break
    if offered[1:] != list(keywords):
        raise AssertionError(offered)


def binary(port, name):
    content = pathlib.Path(name).read_bytes()
    client = Client(port)
    client.greet()
    client.envelope(parameters=" BODY=BINARYMIME")
    client.command("DATA", "503")
    for at in range(0, len(content), 1000):
        chunk = content[at:at + 1000]
        client.send(b"BDAT %d\r\n" % len(chunk) + chunk)
        client.expect(250)
    client.command("BDAT 0 LAST", 250)
    client.command("QUIT", 221)


def refused(port, *lines):
    client = Client(port)
    client.greet()
    for line in lines:
        client.command(line, "5")


def main():
    what, port, *rest = sys.argv[1:]
    globals()[what](int(port), *rest)


main()
