# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The Maildirs of a mailin-server, read as if they were a back end."""

import re

# What mailin-server writes before a message.
TRACE = re.compile(rb"Return-Path: (<[^\n]*>)\n"
                   rb"Received: [^\n]*\n(?:[ \t][^\n]*\n)*"
                   rb"((?:X-Envelope-To: <[^\n]*>\n)+)")


class Folders:
    """root: a Maildir, or if "each" is true, the directory in which each
    recipient has a Maildir, DOMAIN/USER."""

    words = "No such mailbox"  # about a recipient that is refused

    def __init__(self, root, each):
        self.root, self.each = root, each

    def files(self):
        return [path for path in self.root.rglob("*") if path.is_file()]

    def clear(self):
        for path in self.files():
            path.unlink()

    @property
    def messages(self):
        """(sender, recipients, octets) of each file, with CR LF at the end of
        each line.  If something is wrong with a file, one of the three shows
        it."""
        return [self.read(path) for path in self.files()]

    def read(self, path):
        octets = path.read_bytes()
        place = str(path.parent.relative_to(self.root))
        trace = TRACE.match(octets)
        if trace is None:
            return "<no trace>", [place], octets
        sender, to = trace[1].decode(), re.findall("<.*>", trace[2].decode())
        return (sender, [one if place == self.place(one) else
                         f"{one} in {place}" for one in to],
                octets[trace.end():].replace(b"\n", b"\r\n"))

    def place(self, recipient):
        """Return where the message for a recipient must be."""
        local, _, domain = recipient[1:-1].partition("@")
        return f"{domain}/{local.partition('+')[0]}/new" if self.each \
            else "new"
