# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Clients of a server whose settings have sections.

    settings.py NAME PORT...
"""

import sys

from rawsmtp import Client, check


class Session(Client):
    """A session after EHLO, with the reply of the server."""

    def __init__(self, port):
        super().__init__(port)
        self.banner = self.expect("220 ")
        self.send(b"EHLO client.example.org\r\n")
        self.keywords = []
        while True:
            line = self.line().decode()
            self.keywords.append(line[4:])
            if line[3:4] == " ":
                break

    def has(self, keyword):
        return any(line.split()[0] == keyword for line in self.keywords)

    def accepts(self, **domains):
        """For each domain, send a recipient and expect the code."""
        self.command("MAIL FROM:<a@example.org>", 250)
        for name, code in domains.items():
            self.command(f"RCPT TO:<bob@{name}.example>", code)
        self.command("RSET", 250)


def inherited(top, users, others, mx):
    """Each listener has the settings of its section, and none of another
    section."""
    for port in top, mx:
        client = Session(port)
        check(client.banner.startswith("220 cmd.example "), client.banner)
        check(not client.has("AUTH"), client.keywords)
        check("SIZE 1048576" in client.keywords, client.keywords)
        client.log_in("joe", code=("502", "503", "504", "530"))
        client.accepts(top=250, users=550, others=550, more=550)

    client = Session(users)
    check(client.banner.startswith("220 users.example "), client.banner)
    check("SIZE 2048" in client.keywords, client.keywords)
    client.command("MAIL FROM:<a@example.org>", 530)
    client.log_in("ann", code=535)
    client.log_in("joe")
    client.accepts(top=250, others=550)

    client = Session(others)
    check(client.banner.startswith("220 cmd.example "), client.banner)
    check("SIZE 1048576" in client.keywords, client.keywords)
    client.log_in("joe", code=535)
    client.accepts(top=550, others=250, more=250)
    client.log_in("ann")

    # Only one of the sections allows commands before the reply to EHLO.
    for port, code in (others, 250), (top, 554), (users, 554), (mx, 554):
        client = Client(port)
        client.expect(220)
        client.send(b"EHLO client.example.org\r\nNOOP\r\n")
        client.expect(250)
        client.expect(code)


def main():
    name, *ports = sys.argv[1:]
    globals()[name](*(int(port) for port in ports))


if __name__ == "__main__":
    main()
