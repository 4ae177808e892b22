# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Read the output of strace -f -y for the delivery of one message.  Each of these
steps must end before the next one begins: the file is written; it is synced;
it is moved to new/; new/ is synced; the client gets 250.

    durability_trace.py FILE MAILDIR
"""

import re
import sys


def steps(maildir):
    tmp = r"\(\d+<" + re.escape(maildir) + r"/tmp/[^>]+>"
    new = r"\(\d+<" + re.escape(maildir) + r"/new>"
    return (
        ("write", r"p?writev?(64)?" + tmp + r".* = [1-9]"),
        ("sync of the file", r"f(data)?sync" + tmp + r"\) = 0"),
        ("move to new/", r"(rename|link)(at|at2)?\(.*/new\b.* = 0"),
        ("sync of new/", r"fsync" + new + r"\) = 0"),
        ("250", r"(send|sendto|sendmsg|writev?)\(.*\"250 2\.0\.0 .* = "),
    )


def calls(lines):
    """Return each call as a triple: the line where it begins, the line where
    it ends, and its text."""
    begun = {}
    for number, line in enumerate(lines):
        thread, call = line.split(None, 1)
        begin = number
        if call.endswith("<unfinished ...>"):
            begun[thread] = number, call.removesuffix("<unfinished ...>")
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>", call)
        if resumed:
            begin, text = begun.pop(thread, (number, ""))
            call = text.rstrip() + call[resumed.end():]
        yield begin, number, re.sub(r"\)\s+= ", ") = ", call)


def main():
    trace, maildir = sys.argv[1:]
    with open(trace, encoding="latin-1") as file:
        seen = list(calls(file.read().splitlines()))
    over = -1
    for name, pattern in steps(maildir):
        found = [call for call in seen if re.match(pattern, call[2])]
        if name == "sync of new/":      # skip the sync of new/ at the start
            found = [call for call in found if call[0] > over]
        if not found:
            sys.exit(f"{name}: not seen")
        if min(found)[0] <= over:
            sys.exit(f"{name}: too early, {min(found)[2]}")
        over = max(call[1] for call in found)
    print("in order: " + ", ".join(name for name, _ in steps(maildir)))


main()
