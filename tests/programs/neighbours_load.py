# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send many messages through servers that are killed, and look for them.

    neighbours_load.py send PORT SCRATCH NUMBER
    neighbours_load.py arrived SCRATCH MAILDIR NUMBER
    neighbours_load.py same FILE MAILDIR
    neighbours_load.py number MAILDIR NUMBER
"""

import collections
import pathlib
import queue
import re
import sys
import threading
import time

from rawsmtp import Client

TEXT = "".join(f"line {i} of a message\n" for i in range(400))
LAST = "the last line\n"

# The name of mailin-server and the id of the message, in its Received field.
OWN_LINE = r"by (mx|door\d)\.example\.org\s+with\s+\S+\s+id\s+\S+"


def unix(octets):
    return octets.replace(b"\r\n", b"\n")


def message(number):
    return (f"Subject: load\nX-Number: {number}\n\n{TEXT}{LAST}"
            .replace("\n", "\r\n").encode())


class Sender(threading.Thread):
    """Sends until no message is left.  A message is sent again until it gets a
    reply of class 2.  The number of a message is written to "unsure" each time
    before its end is sent. connect returns a new client."""

    def __init__(self, connect, numbers, acknowledged, unsure):
        super().__init__()
        self.connect, self.numbers = connect, numbers
        self.acknowledged, self.unsure = acknowledged, unsure
        self.client = None

    def attempt(self, number):
        if self.client is None:
            self.client = self.connect()
            self.client.greet()
        if self.client.unasked().startswith(b"2"):
            raise RuntimeError("a second reply to a message")
        self.client.begin()
        self.client.send(message(number))
        self.unsure.write(f"{number}\n")
        self.client.send(b".\r\n")
        reply = self.client.reply()
        if reply[:1] != "2":
            raise AssertionError(reply)

    def deliver(self, number):
        for _ in range(300):
            try:
                return self.attempt(number)
            except (AssertionError, OSError):
                if self.client is not None:
                    self.client.close()
                self.client = None
                time.sleep(0.1)
        raise AssertionError(f"{number}: never accepted")

    def run(self):
        while True:
            try:
                number = self.numbers.get_nowait()
            except queue.Empty:
                return
            self.deliver(number)
            self.acknowledged.write(f"{number}\n")


def send_by(connects, scratch, numbers):
    """Send the messages whose numbers are in the queue.  There is one client
    for each function in connects, which connects it."""
    scratch = pathlib.Path(scratch)
    with open(scratch / "acknowledged", "a", 1) as acknowledged, \
            open(scratch / "unsure", "w", 1) as unsure:
        senders = [Sender(connect, numbers, acknowledged, unsure)
                   for connect in connects]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()


def send(port, scratch, count):
    numbers = queue.Queue()
    for number in range(int(count)):
        numbers.put(number)
    send_by([lambda: Client(int(port), 20)] * 8, scratch, numbers)


def files(maildir):
    folders = [pathlib.Path(maildir) / part / "new"
               for part in (".", "Maildir")]
    return [file for folder in folders if folder.is_dir()
            for file in folder.iterdir()]


def numbers_in(maildir):
    """Return how often each number has arrived.  Each message must be whole.
    Each message that mailin-server has received must have been handed on once.
    If Postfix is killed, it may deliver the same message of its queue again:
    both copies have the same lines of Postfix, and count as one."""
    heads = set()
    for file in files(maildir):
        text = unix(file.read_bytes()).decode()
        if "\nX-Number: " not in text:
            continue
        head, body = text.split("Subject: load\nX-Number: ")
        number = int(body.split("\n")[0])
        if not text.endswith(unix(message(number)).decode()):
            raise AssertionError(f"{file}: {number} is not whole")
        heads.add((number, head))
    received = [re.search(OWN_LINE, head).group() for _, head in heads]
    if len(set(received)) != len(received):
        raise AssertionError("mailin-server has handed on a message twice")
    return collections.Counter(number for number, _ in heads)


def arrived(scratch, maildir, count):
    scratch = pathlib.Path(scratch)
    acknowledged, unsure = (
        collections.Counter(int(line) for line in
                            (scratch / name).read_text().splitlines())
        for name in ("acknowledged", "unsure"))
    if set(acknowledged) != set(range(int(count))):
        raise AssertionError(f"{len(acknowledged)} of {count} were accepted")
    for _ in range(300):
        found = numbers_in(maildir)
        if set(acknowledged) <= set(found):
            break
        time.sleep(0.1)
    lost = set(acknowledged) - set(found)
    doubled = {number: times for number, times in found.items()
               if times > unsure[number]}
    print(f"{len(acknowledged)} accepted, {sum(unsure.values())} attempts, "
          f"{sum(found.values())} arrived")
    if lost or doubled:
        raise AssertionError(f"lost: {lost}, doubled: {doubled}")


def number(maildir, count):
    """Wait until this number of messages has arrived.  Remove them."""
    for _ in range(200):
        if len(files(maildir)) >= int(count):
            break
        time.sleep(0.1)
    found = files(maildir)
    for file in found:
        file.unlink()
    if len(found) != int(count):
        raise AssertionError(f"{len(found)} of {count}")


def same(file, maildir):
    """There is one message, which ends with these octets.  Remove it."""
    for _ in range(100):
        found = files(maildir)
        if found:
            break
        time.sleep(0.1)
    one, = found
    octets = unix(one.read_bytes())
    text = unix(pathlib.Path(file).read_bytes())
    one.unlink()
    if not octets.endswith(b"\n" + text):
        raise AssertionError(octets[:2000])
    head = octets[:-len(text)]
    if b"by mx.example.org" not in head:
        raise AssertionError(head)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
