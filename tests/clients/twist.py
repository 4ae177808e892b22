# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Twisted: twist.py MODE PORT CA FILE SENDER RECIPIENT..."""

import io
import pathlib
import sys

from twisted.internet import defer, reactor, ssl
from twisted.mail.smtp import ESMTPSenderFactory


def main():
    mode, port, ca, file, sender, *recipients = sys.argv[1:]
    authority = ssl.Certificate.loadPEM(pathlib.Path(ca).read_text())
    options = ssl.optionsForClientTLS("door.example.org", authority)
    done = defer.Deferred()
    done.addBoth(print)
    done.addBoth(lambda _: reactor.stop())
    login = (b"joe", b"secret") if mode == "auth" else (None, None)
    factory = ESMTPSenderFactory(
        *login, sender, recipients, io.BytesIO(pathlib.Path(file).read_bytes()
                                               .replace(b"\r\n", b"\n")),
        done, contextFactory=options, hostname="127.0.0.1", retries=0,
        requireAuthentication=mode == "auth",
        requireTransportSecurity=mode in ("starttls", "auth"))
    if mode == "tls":
        reactor.connectSSL("127.0.0.1", int(port), factory, options)
    else:
        reactor.connectTCP("127.0.0.1", int(port), factory)
    reactor.run()


main()
