# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send mail through HAProxy and several mailin-servers.  NET is the network of the
test, such as 127.1.2.

    scale.py send|arrived|hammer|crowd NET SCRATCH
    scale.py cut SCRATCH DOOR
    scale.py is_up SCRATCH NUMBER
    scale.py logs NET SCRATCH postfix|dovecot
"""

import collections
import itertools
import pathlib
import queue
import re
import socket
import sys
import time

import neighbours_load as load
from rawsmtp import Client, check

CLIENTS = range(101, 109)
A_MINUTE, AT_ONCE = 60, 20  # the rates in doc/scale.md
SMALL = b"Subject: small\r\n\r\ntext\r\n"


class Slow(Client):
    """Pauses in the middle of a message, so that most kills interrupt
    messages."""

    def send(self, octets):
        half = len(octets) // 2
        if half > 1000:
            super().send(octets[:half])
            time.sleep(0.1)
            octets = octets[half:]
        super().send(octets)


def connect(net, number):
    """Connect to HAProxy as the client with this number."""
    return Slow(2525, 20, f"{net}.{number}", f"{net}.1")


class Numbers:
    """A queue with all numbers, which ends when there is a file with the name
    "enough"."""

    def __init__(self, scratch):
        self.numbers = itertools.count()
        self.enough = pathlib.Path(scratch) / "enough"

    def get_nowait(self):
        if self.enough.exists():
            raise queue.Empty
        return next(self.numbers)


def send(net, scratch):
    load.send_by([lambda number=number: connect(net, number)
                  for number in CLIENTS], scratch, Numbers(scratch))


def mailbox(scratch):
    return pathlib.Path(scratch) / "back1/mail/bob"


def arrived(net, scratch):
    """Each message arrives, and names the client that has sent it."""
    lines = (pathlib.Path(scratch) / "acknowledged").read_text().splitlines()
    load.arrived(scratch, mailbox(scratch), len(lines))
    clients = collections.Counter()
    doors = set()
    for file in load.files(mailbox(scratch)):
        text = load.unix(file.read_bytes()).decode()
        door, = re.findall(load.OWN_LINE, text)
        client, = re.findall(r"^Received: from client\.example\.org "
                             r"\(\[([0-9.]+)\]\)", text, re.M)
        doors.add(door)
        if "X-Number: " in text:
            clients[client] += 1
    check(set(clients) == {f"{net}.{number}" for number in CLIENTS}, clients)
    check(doors == {"door1", "door2", "door3"}, doors)


def visit(net, number):
    """Return a client that was greeted, or None if it was refused."""
    try:
        client = connect(net, number)
        return client if client.line().startswith(b"220 ") else None
    except ConnectionError:
        return None


def closed_of(scratch, address):
    """Return the numbers of sessions of the client: one number for the log of
    each door."""
    return [(door / "log").read_text().count(f" client={address} ")
            for door in sorted(pathlib.Path(scratch).glob("door?"))]


def hammer(net, scratch):
    """The connections of one client are counted at all doors together.  When it
    has reached its rate, it is refused; another client is not."""
    for number in range(A_MINUTE + 30):
        client = visit(net, 66)
        check((client is not None) == (number < A_MINUTE), number)
        if client is not None:
            client.command("QUIT", 221)
            client.close()
    client = connect(net, 68)
    client.greet()
    client.deliver(SMALL)
    client.command("QUIT", 221)
    client.close()
    for _ in range(100):
        shares = closed_of(scratch, f"{net}.66")
        if sum(shares) == A_MINUTE:
            break
        time.sleep(0.1)
    check(sum(shares) == A_MINUTE and min(shares) > 0, shares)


def crowd(net, scratch):
    """One client cannot have more than AT_ONCE connections at the same time."""
    del scratch
    clients = [visit(net, 67) for _ in range(AT_ONCE)]
    check(None not in clients, "not all are accepted")
    check(visit(net, 67) is None, "one more is accepted")
    check(visit(net, 68) is not None, "another client is refused")


def ask_haproxy(scratch, command):
    with socket.socket(socket.AF_UNIX) as admin:
        admin.settimeout(20)
        admin.connect(f"{scratch}/haproxy/admin.sock")
        admin.sendall(command.encode() + b"\n")
        parts = []
        while octets := admin.recv(65536):
            parts.append(octets)
    return b"".join(parts).decode()


def cut(scratch, door):
    """Let HAProxy break all connections to a door."""
    reply = ask_haproxy(scratch, f"shutdown sessions server doors/{door}")
    check(reply.strip() == "", reply)


def is_up(scratch, count):
    """HAProxy must find this number of doors healthy."""
    lines = ask_haproxy(scratch, "show stat doors 4 -1").splitlines()
    up = [line for line in lines if ",UP," in line and "L7OK" in line]
    sys.exit(len(up) != int(count))


def logs(net, scratch, kind):
    """The logs name the client, and never HAProxy."""
    scratch = pathlib.Path(scratch)
    clients = {f"{net}.{number}" for number in CLIENTS}
    seen = set()
    for door in scratch.glob("door?"):
        text = (door / "log").read_text()
        check(f"client={net}.1 " not in text, door)
        seen |= set(re.findall(r"event=message .* client=(\S+) ", text))
    check(clients <= seen, seen)
    if kind == "postfix":
        text = "".join((scratch / back / "log").read_text()
                       for back in ("back1", "back2"))
        told = set(re.findall(r"client=unknown\[([0-9.]+)\]", text))
        check(clients <= told, told)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
