# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Deliver to a server whose second move of a file to new/ fails.

    unmoved.py NAME PORT MAILDIR
"""

import pathlib
import sys

from rawsmtp import Client, check

TEXT = b"Subject: moved\r\n\r\ntext\r\n"
BOTH = ["ann@example.org", "bob@example.org"]


def stored(root):
    """Return how many messages each new/ has; there are no other files."""
    files = [path for path in root.rglob("*") if path.is_file()]
    places = [path.parent.relative_to(root) for path in files]
    check(all(place.name == "new" for place in places), files)
    return {place.parent.name: places.count(place) for place in places}


def one(port, root):
    client = Client(port)
    client.greet()
    client.deliver(TEXT)
    client.deliver(TEXT, 451)
    check(stored(root) == {"": 1}, stored(root))
    client.deliver(TEXT)
    check(stored(root) == {"": 2}, stored(root))


def smtp(port, root):
    """The first copy is in new/ already.  The server removes it, because the
    client will send the message to both recipients again."""
    client = Client(port)
    client.greet()
    client.deliver(TEXT, 451, recipients=BOTH)
    check(stored(root) == {}, stored(root))
    client.deliver(TEXT, recipients=BOTH)
    check(stored(root) == {"ann": 1, "bob": 1}, stored(root))


def lmtp(port, root):
    """In LMTP the first copy stays, because its recipient has got its own
    250."""
    client = Client(port)
    client.expect(220)
    client.command("LHLO client.example.org", 250)
    client.begin(recipients=BOTH)
    client.send(TEXT + b".\r\n")
    client.expect(250)
    client.expect(451)
    check(stored(root) == {"ann": 1}, stored(root))
    client.begin(recipients=BOTH[1:])
    client.send(TEXT + b".\r\n")
    client.expect(250)
    check(stored(root) == {"ann": 1, "bob": 1}, stored(root))


if __name__ == "__main__":
    globals()[sys.argv[1]](int(sys.argv[2]), pathlib.Path(sys.argv[3]))
