#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""send.py [--tls CAFILE] [--login FILE] HOST PORT MESSAGE SENDER RECIPIENT:
send the message in a file by SMTP, and print the replies.  With --tls the
message and the login go through STARTTLS, and the certificate of the server
must come from an authority in CAFILE.  The file of --login has one line,
user:password.  The exit status is 1 if the server refuses something."""
import getopt
import os
import socket
import ssl
import sys

import mailin


class Refused(Exception):
    def __init__(self, code):
        super().__init__("refused")
        self.code = code


class Connection:
    def __init__(self, host, port):
        self.host = host
        self.socket = socket.create_connection((host, port), timeout=300)
        self.client = mailin.Client("localhost")

    def step(self):
        """Send what is queued, and print the replies."""
        code = 0
        while self.client.output():
            self.client.sent(self.socket.send(self.client.output()))
        while self.client.awaited():
            octets = self.socket.recv(65536)
            if not octets:
                self.client.eof()
            for reply in self.client.feed(octets):
                code = reply.code
                words = [reply.of.name, str(code), reply.enhanced.decode(),
                         (reply.text or b"").decode().replace("\n", ", ")]
                print(" ".join(filter(None, words)))
        if code >= 400:
            raise Refused(code)

    def start_tls(self, authorities):
        self.client.starttls()
        self.step()
        context = ssl.create_default_context(cafile=authorities)
        self.socket = context.wrap_socket(self.socket,
                                          server_hostname=self.host)
        self.client.tls_started()
        self.client.hello()
        self.step()

    def login(self, file):
        with open(file, encoding="utf-8") as lines:
            user, _, password = lines.read().rstrip("\n").partition(":")
        self.client.auth_plain(user, password)
        self.step()

    def send(self, message, sender, recipient):
        body = mailin.BodyType["7BIT" if message.isascii() else "8BITMIME"]
        self.client.mail(sender, size=len(message), body=body)
        self.step()
        self.client.rcpt(recipient)
        self.step()
        self.client.data()
        self.step()
        self.socket.sendall(self.client.body(message))
        self.client.body_end()
        self.step()


def run(options, host, port, file, sender, recipient):
    """Return False if the server has refused something."""
    with open(file, "rb") as lines:
        message = lines.read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    connection = Connection(host, int(port))
    try:
        connection.step()
        connection.client.hello()
        connection.step()
        if "--tls" in options:
            connection.start_tls(options["--tls"])
        if "--login" in options:
            connection.login(options["--login"])
        connection.send(message, os.fsencode("<%s>" % sender),
                        os.fsencode("<%s>" % recipient))
        sent = True
    except Refused as refused:
        if refused.code == 421:  # the server closes the connection
            return False
        sent = False
    connection.client.quit()
    connection.step()
    return sent


def main():
    try:
        options, words = getopt.getopt(sys.argv[1:], "", ["tls=", "login="])
        options = dict(options)
        if len(words) != 5:
            raise getopt.GetoptError("not five arguments")
        if "--login" in options and "--tls" not in options:
            raise getopt.GetoptError("--login needs --tls")
    except getopt.GetoptError as error:
        sys.exit("send: %s\n%s" % (error, __doc__.partition(":\n")[0]))
    try:
        sys.exit(0 if run(options, *words) else 1)
    except (OSError, ValueError, Refused, mailin.Error,
            mailin.ServerFault) as error:
        sys.exit("send: %s" % error)


if __name__ == "__main__":
    main()
