#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""address.py [--relaxed] [--path] TEXT...: print the parts of each address, or
a caret under the first octet that is wrong.  With --path an address is a path
in angle brackets.  The exit status is 1 if an address is wrong."""
import os
import sys

import mailin


def shown(octets):
    """Return the octets in a printable form.  Each octet takes one column."""
    return "".join(chr(o) if 32 <= o < 127 else "?" for o in octets or b"")


def check(parse, octets, syntax):
    print(shown(octets))
    try:
        path = parse(octets, syntax)
    except mailin.AddressError as error:
        print(" " * error.at + "^ " + str(error))
        return False
    print("    kind %s, domain %s" % (path.kind.name.lower(),
                                      path.domain_kind.name.lower()))
    print("    local part [%s] domain [%s]" % (shown(path.local),
                                               shown(path.domain)))
    return True


def main():
    texts = sys.argv[1:]
    parse, syntax = mailin.parse_mailbox, mailin.Syntax.STRICT
    while texts and texts[0].startswith("--"):
        option = texts.pop(0)
        if option == "--path":
            parse = mailin.parse_path
        elif option == "--relaxed":
            syntax = mailin.Syntax.RELAXED
        elif option == "--":
            break
        else:
            sys.exit("address: unknown option " + shown(os.fsencode(option)))
    if not texts:
        sys.exit("usage: address [--relaxed] [--path] TEXT...")
    valid = [check(parse, os.fsencode(text), syntax) for text in texts]
    sys.exit(0 if all(valid) else 1)


if __name__ == "__main__":
    main()
