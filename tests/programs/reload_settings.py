# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Let a server read its settings again while it has clients.

    reload_settings.py NAME SCRATCH PORT PID TLS-PORT
"""

import re
import socket
import sys

from memory import check_growth, resident
from rawsmtp import Client, check
from reload import MESSAGE, Test
from server import wait

SIZE = """
domain = example.org
tls = optional
[listener a]
listen = 127.0.0.1:0
message-size = {}
"""
USERS = """
[listener users]
listen = 127.0.0.1:0
passwd = {}/passwd
auth = required
"""


class Settings(Test):
    def use_settings(self, text):
        self.write("conf", text)
        self.read_again()

    def use_wrong(self, text, fault):
        self.write("conf", text)
        self.refused(fault)

    def announced(self):
        """Return the ports on which the server said that it listens."""
        found = (re.search(r"listening on \S*:(\d+),", line)
                 for line in self.lines())
        return [int(match[1]) for match in found if match]

    def closed(self, port):
        """Wait until nothing listens at the port."""
        def is_closed():
            try:
                socket.create_connection(("127.0.0.1", port), 5).close()
            except ConnectionRefusedError:
                return True
            return False

        wait(is_closed)

    def size(self, port=None):
        """Return the limit that EHLO shows to a new client."""
        client = Client(port or self.port)
        client.expect(220)
        client.send(b"EHLO client.example.org\r\n")
        text = ""
        while not text.startswith("250 "):
            text = client.line().decode()
            if text[4:].startswith("SIZE "):
                size = int(text[9:])
        client.command("QUIT", 221)
        return size


def policy(test):
    """Sessions that began before SIGHUP keep the old policy."""
    old, sender = test.client(), test.client()
    sender.begin()
    sender.send(MESSAGE)
    check(test.size() == 1000)
    test.use_settings(SIZE.format(2000).replace("org", "net"))
    check(test.size() == 2000)
    sender.send(b".\r\n")
    sender.expect(250)
    old.command("MAIL FROM:<a@example.org> SIZE=1500", 552)
    old.deliver(MESSAGE)
    new = test.client()
    new.command("MAIL FROM:<a@example.org> SIZE=1500", 250)
    new.command("RCPT TO:<bob@example.org>", 550)
    new.command("RCPT TO:<bob@example.net>", 250)
    test.use_settings(SIZE.format(1000))


def wrong(test):
    """If the new settings are wrong, the old ones stay, and one line names the
    place."""
    path = test.scratch / "conf"
    users = USERS.format("/nowhere")
    good = SIZE.format(3000)
    for text, fault in (
            (good + "threads", f"{path}:7: neither name = value"),
            (good + "lisen = 25", f"{path}:7: 'lisen' is no option"),
            (good + "errors = x", f"{path}:7: errors takes a number"),
            (good + "threads = 2", f"{path}:7: 'threads' concerns the whole"),
            (good + "[listener a]", f"{path}:7: there is a section"),
            (good + "[listener b]", f"{path}:7: [listener b] needs listen"),
            (good + "auth = required", f"{path}:4: auth required needs"),
            (good + users, "/nowhere/passwd: No such file"),
            (good + "listen = 192.0.2.1:25", "cannot listen on 192.0.2.1:25")):
        test.use_wrong(text, fault)
        check(test.size() == 1000)
        test.client().deliver(MESSAGE)
    path.unlink()
    test.refused(f"{path}: No such file")
    check(test.size() == 1000)
    test.use_settings(SIZE.format(1000))


def all_or_nothing(test):
    """If one address is in use, no other one is opened, either."""
    with socket.create_server(("127.0.0.1", 0)) as used, \
            socket.create_server(("127.0.0.1", 0)) as free:
        ports = [sock.getsockname()[1] for sock in (free, used)]
        free.close()
        test.use_wrong(
            SIZE.format(3000) + f"""
            [listener b]
            listen = 127.0.0.1:{ports[0]}
            listen = 127.0.0.1:{ports[1]}
            """, f"cannot listen on 127.0.0.1:{ports[1]}: Address already")
        test.closed(ports[0])
        check(test.size() == 1000)
    test.use_settings(SIZE.format(1000))


def overlap(test):
    """An address that includes an address where the server already listens is
    refused, even if it would replace that address."""
    for text in (SIZE.format(3000) + f"[listener b]\nlisten = *:{test.port}\n",
                 SIZE.format(3000).replace("127.0.0.1:0", f"*:{test.port}")):
        test.use_wrong(
            text, f"cannot listen on *:{test.port}: Address already in use")
        check(test.size() == 1000)
    test.use_settings(SIZE.format(1000))


def listeners(test):
    """Listeners are added and removed; no session is cut."""
    before = len(test.announced())
    sender = test.client()
    sender.begin()
    sender.send(MESSAGE)
    test.use_settings(SIZE.format(1000) + USERS.format(test.scratch))
    check(len(test.announced()) == before + 1, test.announced())
    port = test.announced()[-1]
    user = Client(port)
    user.greet()
    user.command("MAIL FROM:<a@example.org>", 530)
    user.log_in("joe", "changed", 535)
    user.log_in("joe")
    user.deliver(MESSAGE)
    client = test.client()
    client.command("AUTH PLAIN", 502)
    client.deliver(MESSAGE)

    # A section keeps its listener even if its name and its policy change.
    test.use_settings(USERS.format(test.scratch).replace("users]", "x]") +
                      "tls = optional\nmessage-size = 5000\n"
                      "domain = example.net\n")
    check(len(test.announced()) == before + 1, test.announced())
    check(test.size() == 5000)
    test.closed(port)
    check(test.count(f"listening on 127.0.0.1:{port} no longer"))
    for client in sender, user:
        if client is sender:
            client.send(b".\r\n")
            client.expect(250)
        client.deliver(MESSAGE)
    user = test.client()
    user.command("MAIL FROM:<a@example.org>", 530)
    user.log_in("joe")
    user.command("MAIL FROM:<a@example.org>", 250)
    user.command("RCPT TO:<bob@example.org>", 550)
    test.use_settings(SIZE.format(1000))
    check(test.size() == 1000)


def fixed(test):
    """Settings that cannot change while the server runs are reported.  The
    others are used."""
    for line, fault in (("threads = 3\n", "threads"),
                        ("maildir = /nowhere\n", None),
                        ("workers = 3\n", "workers"),
                        ("discard = yes\n", "discard"),
                        ("grace = 3\n", None)):
        errors = len(test.lines("errors"))
        size = 4000 + errors
        test.write("conf", line + SIZE.format(size))
        test.hang_up()
        check(test.size() == size)
        # Errors go to stderr and other lines to stdout, so the other lines may
        # come before the error.  Wait for the error, too.
        if fault:
            wait(lambda: len(test.lines("errors")) > errors)
        found = test.lines("errors")[errors:]
        check(len(found) == (1 if fault else 0), found)
        check(not fault or
              f"{fault} has changed: that needs a restart" in found[0], found)
        test.client().deliver(MESSAGE)
    test.use_settings(SIZE.format(1000))


def limits(test):
    """The limits for an address are those of the new settings."""
    test.client().deliver(MESSAGE)
    test.use_settings("exempt = none\naddress-connections = 1\n" +
                      SIZE.format(1000))
    first = test.client()
    second = Client(test.port)
    second.expect("421 4.7.0")
    test.use_settings(SIZE.format(1000))
    test.client().deliver(MESSAGE)
    first.deliver(MESSAGE)


def often(test):
    """Old settings that no session uses are freed."""
    texts = (SIZE.format(1000) + "domain = " + "x." * 80 + "example\n",
             SIZE.format(1000) + USERS.format(test.scratch))
    sender = test.client()
    sender.begin()
    for number in range(300):
        test.use_settings(texts[number % 2])
        if number % 20 == 0:
            client = test.client()
            client.command("RSET", 250)
        if number == 100:
            before = resident(test.pid)
    check_growth(test.pid, before, 1000)
    sender.send(MESSAGE + b".\r\n")
    sender.expect(250)
    test.use_settings(SIZE.format(1000))


if __name__ == "__main__":
    globals()[sys.argv[1]](Settings(*sys.argv[2:]))
