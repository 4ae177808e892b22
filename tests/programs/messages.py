# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Write the messages that the clients of interop.sh and peers.sh send."""

import pathlib
import sys

HEADER = (b"From: Alice <alice@example.org>\r\n"
          b"To: Bob <bob@example.org>\r\n"
          b"Message-ID: <1@example.org>\r\n"
          b"Date: Thu, 01 Jan 2026 00:00:00 +0000\r\n"
          b"Subject: %s\r\n"
          b"MIME-Version: 1.0\r\n"
          b"Content-Type: text/plain; charset=utf-8\r\n"
          b"Content-Transfer-Encoding: 8bit\r\n"
          b"\r\n")

DOTS = (b".\r\n..\r\n.a dot before text\r\ntext\r\n.\r\n\r\n"
        b"a dot at the end.\r\n...\r\n. \r\n")

EIGHT_BIT = "Grüße, \u20ac, \U0001f4e7\r\n.\u00fc\r\n".encode()


def big():
    line = b"0123456789abcdefghijklmnopqrstuvwxyz" * 2 + b"\r\n"
    return b".\r\n" + line * (2 ** 20 // len(line) + 1)


def main():
    directory = pathlib.Path(sys.argv[1])
    for name, subject, body in (("dots", "dots", DOTS), ("big", "big", big()),
                                ("short", "short", b"text\r\n"),
                                ("eight", "eight bit", EIGHT_BIT),
                                ("utf8", "Grüße", EIGHT_BIT)):
        message = HEADER % subject.encode() + body
        (directory / name).write_bytes(message)
        # swaks appends a CR LF
        (directory / (name + ".swaks")).write_bytes(message[:-2])


if __name__ == "__main__":
    main()
