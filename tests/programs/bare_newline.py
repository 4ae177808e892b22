# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send a message with bare LF and bare CR by DATA and by BDAT.  (Most clients
would convert these octets.)  Check that the server treats them as the policy
says.

    bare_newline.py PORT POLICY MAILDIR
"""

import pathlib
import sys

from rawsmtp import Client

SENT = (b"Subject: bare\r\n\r\n"
        b"a\nb\n\n.\n.c\n.\r\nd\re\r\r\n\r.\r\nf\r\n.\n..g\r\n")
# DATA adds a dot only after a true CR LF.
STUFFED = SENT.replace(b"\r\n.", b"\r\n..")
NORMAL = (b"Subject: bare\r\n\r\n"
          b"a\r\nb\r\n\r\n.\r\n.c\r\n.\r\nd e \r\n .\r\nf\r\n.\r\n..g\r\n")

STORED = {"normalize": NORMAL, "preserve": SENT, "reject": None}


def by_data(client, code):
    return client.deliver(STUFFED, code)


def by_bdat(client, code):
    client.envelope()
    half = len(SENT) // 2
    client.send(b"BDAT %d\r\n" % half + SENT[:half])
    client.send(b"BDAT %d LAST\r\n" % (len(SENT) - half) + SENT[half:])
    if code == 250:
        client.expect(250)
    else:
        client.reply()
    return client.expect(code)


def take(maildir):
    """Return the bodies that were stored, and remove them."""
    bodies = []
    for file in (maildir / "new").iterdir():
        content = file.read_bytes()
        bodies.append(content[content.index(b"Subject: bare"):])
        file.unlink()
    return bodies


def main():
    port, policy, maildir = sys.argv[1:]
    expected = STORED[policy]
    client = Client(int(port))
    client.greet()
    for way in by_data, by_bdat:
        reply = way(client, 550 if expected is None else 250)
        if expected is None and not reply.startswith("550 5.5.2"):
            sys.exit(f"{way.__name__}: {reply}")
        bodies = take(pathlib.Path(maildir))
        if bodies != ([] if expected is None else [expected]):
            sys.exit(f"{way.__name__}: {bodies} for {expected}")
    client.command("QUIT", 221)


main()
