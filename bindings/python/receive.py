#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""receive.py [HOSTNAME]: serve one session of SMTP on standard input and
output.  Each message for a recipient at HOSTNAME (default: localhost) goes to
standard error, after a line with its envelope."""
import os
import sys

import mailin

INPUT, OUTPUT, MESSAGES = 0, 1, 2


def write_all(file, octets):
    while octets:
        octets = octets[os.write(file, octets):]


class Receiver(mailin.Handler):
    def __init__(self, hostname):
        self.hostname = hostname.encode().lower()
        self.clear()

    def clear(self):
        self.sender = b""
        self.recipients = []
        self.message = bytearray()

    def mail(self, session, mail):
        self.sender = mail.path.text
        return mailin.Reply.OK

    def rcpt(self, session, rcpt):
        if (rcpt.path.domain or b"").lower() != self.hostname:
            return session.reply(550, "5.1.2", "Only mail for " +
                                 self.hostname.decode())
        self.recipients.append(rcpt.path.text)
        return mailin.Reply.OK

    def data(self, session, octets):
        self.message += octets
        return mailin.Reply.OK

    def data_end(self, session, rcpt):
        write_all(MESSAGES, b"%s -> %s\n%s" % (
            self.sender, b" ".join(self.recipients), self.message))
        return mailin.Reply.OK

    def reset(self, session, reason):
        self.clear()

    def delivered(self, session):
        self.clear()


def send(session):
    while session.output():
        session.sent(os.write(OUTPUT, session.output()))


def serve(session):
    unread = b""
    send(session)
    while session.want() != mailin.Want.CLOSE:
        unread = unread or os.read(INPUT, 65536)
        if not unread:
            session.eof()
        unread = unread[session.feed(unread):]
        send(session)


def main():
    hostname = sys.argv[1] if len(sys.argv) > 1 else "localhost"
    try:
        config = mailin.Config(hostname)
        with mailin.Session(config, Receiver(hostname)) as session:
            serve(session)
    except (OSError, ValueError) as error:
        sys.exit("receive: %s" % error)


if __name__ == "__main__":
    main()
