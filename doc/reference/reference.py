#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Make the manual pages of section 3 from the comments of the headers.

reference.py OVERVIEW OUTPUT FOLDER...

FOLDER has public headers.  OVERVIEW is mailin(7), whose date the pages get.
DOXYGEN in the environment is the command of Doxygen.
"""
import os
import re
import sys

from pages import Pages
from read import read_headers


def write_pages(overview, output, folders):
    with open(overview, encoding="utf-8") as file:
        date = re.search(r"^\.Dd (.*)$", file.read(), re.M).group(1)
    headers = read_headers(folders, os.environ.get("DOXYGEN") or "doxygen")
    os.makedirs(output, exist_ok=True)
    written = set()
    for name, lines in Pages(headers, date).all():
        with open(os.path.join(output, name + ".3"), "w",
                  encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        written.add(name + ".3")
    # Remove pages of an earlier run whose function or type no longer exists.
    for name in os.listdir(output):
        if name.endswith(".3") and name not in written:
            os.remove(os.path.join(output, name))


def main(arguments):
    if len(arguments) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        write_pages(arguments[0], arguments[1], arguments[2:])
    except (OSError, ValueError) as error:
        print("reference.py: %s" % error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
