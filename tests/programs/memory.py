# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The memory of a server, which must not grow while the server does the same
work again."""

from rawsmtp import check


def kibibytes(pid, name):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise AssertionError(f"no {name}")


def resident(pid):
    return kibibytes(pid, "VmRSS")


def check_growth(pid, before, limit):
    """The server must have less than limit KiB more than before.

    Do not measure a server with AddressSanitizer, which keeps freed memory for
    its own use.  Such a server maps terabytes.  AddressSanitizer itself reports
    lost memory when the server ends.
    """
    if kibibytes(pid, "VmSize") > 1 << 30:
        return
    grown = resident(pid) - before
    check(grown < limit, "KiB more", grown)
