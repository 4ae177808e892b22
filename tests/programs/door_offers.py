# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Ask a server what it offers when it hands mail on to a back end of the test.

    door_offers.py NAME SCRATCH PORT PID TLS-PORT
"""

import sys

from door import Test
from rawsmtp import Client, check
from server import wait


def keywords_of(test):
    """Return the lines of a reply to EHLO."""
    client = Client(test.port)
    client.expect(220)
    client.send(b"EHLO x\r\n")
    keywords = []
    while not keywords or keywords[-1][3:4] == b"-":
        keywords.append(client.line())
    client.close()
    return [line[4:].decode() for line in keywords]


def offers(test):
    """EHLO offers what both sides can do."""
    with test.back_end(EHLO=b"250-x\r\n250-SIZE 1000\r\n"
                            b"250-BINARYMIME\r\n250 CHUNKING\r\n") as back:
        client = Client(test.port)
        client.expect(220)
        client.send(b"EHLO x\r\n")
        keywords = set()
        while (line := client.line())[3:4] == b"-":
            keywords.add(line[4:])
        keywords.add(line[4:])
        check(b"SIZE 1000" in keywords and b"PIPELINING" in keywords, keywords)
        check(b"SIZE" not in keywords, keywords)
        for keyword in b"8BITMIME", b"DSN", b"SMTPUTF8", b"BINARYMIME":
            check(keyword not in keywords, keywords)
        # Without 8BITMIME only ASCII may be handed on.
        client.deliver(b"\xc3\xa9\r\n", "554 5.6.3",
                       parameters=" BODY=8BITMIME")
        wait(lambda: len(back.broken) == 1)
        client.deliver(b"e\r\n", parameters=" BODY=8BITMIME")
        check(back.starting("MAIL")[-1] == "FROM:<alice@example.org>",
              back.commands)


def offers_no_other(test):
    """Although all extensions are on, EHLO offers only those of the back end,
    and those that concern only this server."""
    with test.back_end(EHLO=b"250-x\r\n250-8BITMIME\r\n250-DSN\r\n"
                            b"250 BINARYMIME\r\n"):
        keywords = {line.split()[0] for line in keywords_of(test)[1:]}
        check(keywords == {"8BITMIME", "CHUNKING", "DSN",
                           "ENHANCEDSTATUSCODES", "ETRN", "EXPN", "LIMITS",
                           "PIPELINING", "SIZE", "VRFY"}, keywords)


def limits(test):
    """LIMITS has the smaller limit of both sides.  If the back end gives 0, or
    a number that RFC 9422 does not allow, it has no such limit."""
    rows = (
        ("", "LIMITS RCPTMAX=1000 MAILMAX=7"),
        ("LIMITS RCPTMAX=1001 MAILMAX=8", "LIMITS RCPTMAX=1000 MAILMAX=7"),
        ("LIMITS RCPTMAX=999 MAILMAX=6 RCPTDOMAINMAX=2",
         "LIMITS RCPTMAX=999 MAILMAX=6 RCPTDOMAINMAX=2"),
        ("LIMITS RCPTDOMAINMAX=999999",
         "LIMITS RCPTMAX=1000 MAILMAX=7 RCPTDOMAINMAX=999999"),
        ("LIMITS RCPTDOMAINMAX=1000000 RCPTMAX=0 MAILMAX=x",
         "LIMITS RCPTMAX=1000 MAILMAX=7"),
    )
    for offered, shown in rows:
        with test.back_end(EHLO=f"250-x\r\n250 {offered}\r\n".encode()):
            # Each row has a back end of its own.  SIGHUP makes the server
            # forget the extensions of the back end before it.
            test.hang_up()
            found = [line for line in keywords_of(test) if "LIMITS" in line]
            check(found == [shown], offered, found)


def one_at_a_time(test):
    """A client that speaks SMTP is told that LMTP takes one recipient for each
    message."""
    with test.back_end(lmtp=True):
        check("LIMITS RCPTMAX=1" in keywords_of(test), keywords_of(test))


if __name__ == "__main__":
    globals()[sys.argv[1]](Test(*sys.argv[2:]))
