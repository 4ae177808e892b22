# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Test mailin-server under stress, and look for secrets that it might reveal.

    stress.py times PORT PID USER... (all take the same time)
    stress.py mixed PORT PID (fast and slow are users; others are not)
    stress.py descriptors PORT COUNT
    stress.py refused PORT COUNT
    stress.py memory PORT PID [TLS-PORT CERTIFICATE]
    stress.py forgotten PORT PID PASSWORD-FILE
    stress.py signals PORT PID
"""

import array
import base64
import contextlib
import itertools
import os
import pathlib
import re
import signal
import ssl
import sys
import time

from rawsmtp import Client, check


def encode(*fields):
    return base64.b64encode("\0".join(fields).encode()).decode()


# ---- The time of a login ----


def processor_time(pid):
    """Return the processor time of all threads of the process, in
    nanoseconds."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat",
                  encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total


def cost(port, pid, user, rounds=3):
    """Return the least processor time that a wrong password takes."""
    least = None
    for _ in range(rounds):
        client = Client(port)
        client.greet()
        before = processor_time(pid)
        client.log_in(user, "wrong", 535)
        took = processor_time(pid) - before
        least = took if least is None else min(least, took)
        client.close()
    return least


# A session without a login takes 0.1 to 0.2 milliseconds; a hash takes a
# millisecond or more.
NOISE = 300_000


def times(port, pid, *users):
    """A wrong password takes the same time for each user, except for noise."""
    costs = {}
    for _ in range(6):
        for user in users:
            took = cost(port, pid, user, 1)
            costs[user] = min(took, costs.get(user, took))
    check(max(costs.values()) < 2 * min(costs.values()) + NOISE, costs)


def mixed(port, pid):
    """The file uses two hash methods.  Some unknown names take the time of the
    first one, some that of the second one.  Each name always takes the same
    time."""
    fast, slow = (cost(port, pid, user) for user in ("fast", "slow"))
    border = (fast * slow) ** 0.5
    check(slow > 4 * fast, (fast, slow))
    names = [f"nobody{number}" for number in range(24)]
    kinds = [cost(port, pid, name) > border for name in names]
    check(3 <= sum(kinds) <= 21, kinds)
    check(kinds == [cost(port, pid, name) > border for name in names],
          "a name that changes its kind")
    costs = [cost(port, pid, name, 1) for name in names]
    check(max(costs) > slow / 2, "not as slow as a user")


# ---- The descriptors ----


def descriptors(port, count):
    """COUNT clients are served, each with a message in a file.  Further
    clients get 421."""
    clients = []
    for _ in range(count):
        client = Client(port)
        client.greet()
        client.begin()
        client.send(b"a line of text\r\n" * 4096)
        clients.append(client)
    for _ in range(3):
        other = Client(port)
        other.expect("421 4.3.2")
        check(other.closed(), "more after 421")
    for client in clients:
        client.send(b".\r\n")
    for client in clients:
        client.expect("250 2.0.0")
    for client in clients:
        client.close()
    for _ in range(50):
        client = Client(port)
        if client.reply().startswith("220"):
            return
        time.sleep(0.1)
    raise AssertionError("no place became free")


def refused(port, count):
    """Refused clients that stay take no descriptor from a client that is
    served."""
    clients = [Client(port) for _ in range(count)]
    for client in clients:
        client.greet()
    others = []
    for _ in range(40):
        others.append(Client(port))
        others[-1].expect("421 4.3.2")
        clients[-1].deliver(b"a line of text\r\n" * 4096)


# ---- The memory ----

PASSWORD = "Oez4quaiphaeGh5ieSh8"
SECRETS = [PASSWORD, encode(PASSWORD), encode("", "bob", PASSWORD),
           encode("bob", "bob", PASSWORD)]


def parts():
    """Return pieces of the secret.  No piece may be found, so not even half of
    the secret."""
    for secret in SECRETS:
        yield secret[-14:].encode()
        yield secret[-26:-10].encode()


# A mapping of this size is the shadow memory of AddressSanitizer, which holds
# no octets of the program.
SHADOW = 1 << 32
PAGE = os.sysconf("SC_PAGE_SIZE")


def used_pages(pagemap, begin, end):
    """Return the parts of a mapping that have been written or read; the others
    are 0.  See proc_pid_pagemap(5)."""
    pagemap.seek(begin // PAGE * 8)
    entries = array.array("Q", pagemap.read((end - begin) // PAGE * 8))
    at = begin
    for used, group in itertools.groupby(entry >> 62 != 0
                                         for entry in entries):
        size = len(list(group)) * PAGE
        if used:
            yield at, size
        at += size


def memory_of(pid):
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, \
         open(f"/proc/{pid}/pagemap", "rb", 0) as pagemap, \
         open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            found = re.match(r"(\w+)-(\w+) rw", line)
            if not found:
                continue
            begin, end = (int(number, 16) for number in found.groups())
            if end - begin > SHADOW:
                continue
            for at, size in used_pages(pagemap, begin, end):
                with contextlib.suppress(OSError):
                    memory.seek(at)
                    yield memory.read(size)


def is_clean(pid, when):
    for octets in memory_of(pid):
        for part in parts():
            check(part not in octets, f"{part} in the memory, {when}")


class TlsClient(Client):
    def __init__(self, port, certificate):
        super().__init__(port)
        context = ssl.create_default_context(cafile=certificate)
        context.check_hostname = False
        self.socket = context.wrap_socket(self.socket)


PLAIN = encode("", "bob", PASSWORD)


def say(*lines):
    """Return a client that sends these lines of a login, and waits for each
    reply."""
    def talk(client):
        for line in lines:
            client.send(line.encode() + b"\r\n")
            client.reply()
    return talk


def in_pieces(client):
    client.send(b"AUTH PLAIN " + PLAIN[:-9].encode())
    time.sleep(0.2)
    client.send(PLAIN[-9:].encode() + b"\r\n")
    client.reply()


def with_a_message(client):
    """Send the login together with a long message."""
    client.send(f"AUTH PLAIN {PLAIN}\r\nMAIL FROM:<>\r\nRCPT TO:<b@example.org>"
                "\r\nBDAT 30000\r\n".encode() + b"a line of text\r\n" * 1875)
    for _ in range(4):
        client.reply()


def early(client):
    """Send the login while another one is being verified, so that it has to
    wait."""
    client.send(f"AUTH PLAIN {encode('', 'bob', 'wrong')}\r\n"
                f"AUTH PLAIN {PLAIN}\r\n".encode())
    client.reply()
    client.reply()


LOGINS = [
    say("AUTH PLAIN " + PLAIN),
    say("AUTH PLAIN " + encode("bob", "bob", PASSWORD)),
    say("AUTH PLAIN", PLAIN),
    say("AUTH LOGIN", encode("bob"), encode(PASSWORD)),
    say("AUTH PLAIN " + encode("", "nobody", PASSWORD)),
    say("AUTH PLAIN " + PLAIN + "!"),
    say("AUTH PLAIN", PLAIN + "!"),
    say("AUTH CRAM-MD5 " + PLAIN),
    say("AUTHPLAIN " + PLAIN),
    say(PLAIN),
    in_pieces,
    with_a_message,
    early,
]


def memory(port, pid, tls_port=None, certificate=None):
    """No password stays in memory, neither while the client is connected nor
    later."""
    makers = [lambda: Client(port)]
    if tls_port is not None:
        makers.append(lambda: TlsClient(int(tls_port), certificate))
    for make in makers:
        for number, login in enumerate(LOGINS):
            client = make()
            client.greet()
            login(client)
            time.sleep(0.05)
            is_clean(pid, f"login {number}, connected, {client.socket}")
            client.command("QUIT", (("221", "250", "50", "421")))
            client.close()
            time.sleep(0.05)
            is_clean(pid, f"login {number}, closed")


def forgotten(port, pid, passwd):
    """After SIGHUP no hash of the former password file stays in memory."""
    path = pathlib.Path(passwd)
    hashes = [line.split(":")[1][-40:].encode()
              for line in path.read_text().splitlines()]
    client = Client(port)
    client.greet()
    client.command("AUTH PLAIN " + PLAIN, 235)
    client.command("QUIT", 221)
    client.close()
    check(all(any(one in octets for octets in memory_of(pid))
              for one in hashes), "the hashes are not there")
    path.write_text("joe:!\n")
    os.kill(pid, signal.SIGHUP)
    time.sleep(1)
    client = Client(port)
    client.greet()
    for octets in memory_of(pid):
        for one in hashes:
            check(one[:20] not in octets and one[20:] not in octets,
                  "a hash stays in the memory")


# ---- Signals ----


def signals(port, pid):
    """Signals that have no meaning for the server change nothing."""
    client = Client(port)
    client.greet()
    names = ("USR1", "USR2", "ALRM", "VTALRM", "PROF", "IO", "PWR", "STKFLT",
             "PIPE", "XFSZ", "WINCH", "CHLD", "URG", "CONT")
    numbers = [getattr(signal, f"SIG{name}") for name in names
               if hasattr(signal, f"SIG{name}")]
    numbers += range(signal.SIGRTMIN, signal.SIGRTMAX + 1)
    for number in numbers:
        os.kill(pid, number)
        time.sleep(0.02)
        client.command("NOOP", 250)
    Client(port).greet()


def main():
    name, port, *rest = sys.argv[1:]
    if rest:
        rest[0] = int(rest[0])
    {"times": times, "mixed": mixed, "descriptors": descriptors,
     "refused": refused, "memory": memory, "forgotten": forgotten,
     "signals": signals}[name](
         int(port), *rest)


main()
