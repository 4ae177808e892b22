# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Deliver from 127.0.0.9 through each front of haproxy_tls.sh.

    through_haproxy_tls.py MAILDIR KEYS PORT...
"""

import pathlib
import sys

from proxies import deliver, keywords
from rawsmtp import Client, check
from tls_client import TlsClient



class Mail:
    def __init__(self, maildir, keys):
        self.maildir, self.keys = pathlib.Path(maildir), pathlib.Path(keys)

    def client(self, port, name=None, **rules):
        client = TlsClient(port, self.keys / "mx.crt", tls=False,
                           source="127.0.0.9", **rules)
        if name:
            client.context.load_cert_chain(self.keys / f"{name}.pem")
        client.handshake()
        client.expect(220)
        return client

    def by_tls(self, client, cipher=" with cipher TLS_"):
        """The client can log in and send mail, and is not offered STARTTLS."""
        offered = keywords(client)
        check("AUTH" in offered and "STARTTLS" not in offered, offered)
        client.command("STARTTLS", 503)
        client.log_in("joe")
        deliver(client, self.maildir, "([127.0.0.9])",
                "\r\n\t(using TLSv1.3" + cipher)


def main():
    maildir, keys, ends_ssl, ends_cn, again, through, clear = sys.argv[1:]
    mail = Mail(maildir, keys)
    # HAProxy sends the cipher only if its configuration says so.
    mail.by_tls(mail.client(int(ends_ssl)), ")")
    for name in None, "alice", "mallory":
        mail.by_tls(mail.client(int(ends_cn), name, protocols=["smtp"]))
    mail.by_tls(mail.client(int(again)))
    mail.by_tls(mail.client(int(through)))
    # Without TLS, HAProxy's header says that the client has no TLS.
    client = Client(int(clear), source="127.0.0.9")
    client.expect(220)
    offered = keywords(client)
    check("AUTH" not in offered and "STARTTLS" in offered, offered)
    client.command("MAIL FROM:<alice@example.org>", 530)
    client.command("QUIT", 221)


main()
