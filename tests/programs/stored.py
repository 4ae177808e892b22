# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Compare the only message in new/ of a Maildir with the file that was sent.
After its trace header, the message must equal the file, octet for octet.  Then
remove the message.

    stored.py MAILDIR FILE SENDER RECIPIENT...

HOPS=2 in the environment: another server has handed the message on.
"""

import os
import pathlib
import re
import sys


RECEIVED = rb"Received: from .+\r\n(?:[ \t].+\r\n)*"


def trace_header(sender, recipients):
    fields = [b"Return-Path: <%s>\r\n" % re.escape(sender.encode()), RECEIVED]
    fields += [b"X-Envelope-To: <%s>\r\n" % re.escape(recipient.encode())
               for recipient in recipients]
    if os.environ.get("HOPS") == "2":
        fields.append(RECEIVED)
    return re.compile(b"".join(fields))


def check(maildir, sent, sender, recipients):
    """Return what is wrong, or None."""
    left = list((maildir / "tmp").iterdir())
    files = list((maildir / "new").iterdir())
    if left or len(files) != 1:
        return f"{len(files)} files in new, {len(left)} in tmp"
    content = files[0].read_bytes()
    files[0].unlink()
    header = trace_header(sender, recipients).match(content)
    if header is None:
        return f"the trace header is {content[:600]!r}"
    body = content[header.end():]
    if body == sent:
        return None
    at = next((i for i, pair in enumerate(zip(body, sent))
               if pair[0] != pair[1]), min(len(body), len(sent)))
    return (f"{len(body)} octets instead of {len(sent)}, the first that "
            f"differs is {at}: {body[at:at + 20]!r} for "
            f"{sent[at:at + 20]!r}")


def main():
    maildir, file, sender, *recipients = sys.argv[1:]
    fault = check(pathlib.Path(maildir), pathlib.Path(file).read_bytes(),
                  sender, recipients)
    if fault:
        sys.exit(fault)


main()
