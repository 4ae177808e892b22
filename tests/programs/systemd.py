# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Start mailin-server as systemd does.

    systemd.py NAME SERVER MAILDIR SCRATCH
"""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

from rawsmtp import Client, check
from server import wait

MESSAGE = b"Subject: test\r\n\r\ntext\r\n"


def listen():
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    one.listen(16)
    return one


class Manager:
    def __init__(self, server, maildir, scratch):
        self.server, self.maildir = server, maildir
        self.scratch = pathlib.Path(scratch)
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        path = self.scratch / "notify"
        path.unlink(missing_ok=True)
        self.notify.bind(str(path))
        self.notify.settimeout(20)
        self.path = str(path)

    def environment(self, names, watchdog):
        result = dict(os.environ, NOTIFY_SOCKET=self.path)
        if names is not None:
            result.update(LISTEN_FDS=str(len(names)),
                          LISTEN_FDNAMES=":".join(names))
        if watchdog:
            result["WATCHDOG_USEC"] = str(watchdog)
        return result

    @contextlib.contextmanager
    def start(self, *options, sockets=(), names=None, watchdog=0, status=0):
        """Start the server with the sockets as descriptors 3 and up.  sh sets
        LISTEN_PID to the process that becomes the server."""
        def place():
            high = [os.dup2(one.fileno(), 100 + i, True)
                    for i, one in enumerate(sockets)]
            for i, fd in enumerate(high):
                os.dup2(fd, 3 + i, True)
                os.close(fd)

        command = ["sh", "-c", 'LISTEN_PID=$$ exec "$@"', "sh", self.server,
                   "--maildir", self.maildir, *options]
        with open(self.scratch / "errors", "wb") as errors, \
                open(self.scratch / "log", "wb") as log, \
                subprocess.Popen(command, stdout=log, stderr=errors,
                                 env=self.environment(names, watchdog),
                                 close_fds=False,
                                 preexec_fn=place) as process:
            try:
                yield process
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                check(process.wait(20) == status, process.returncode)
            finally:
                process.kill()

    def told(self):
        return self.notify.recv(4096).decode().split("\n")

    def expect(self, word):
        """Return the message with this word.  Signs of life before it are
        skipped."""
        while True:
            words = self.told()
            if words != ["WATCHDOG=1"]:
                check(word in words, word, words)
                return words

    def errors(self):
        return (self.scratch / "errors").read_text()


def deliver(one):
    client = Client(one.getsockname()[1])
    client.greet()
    client.deliver(MESSAGE)
    client.command("QUIT", 221)


def descriptors(manager):
    """Of the descriptors that systemd passes, only TCP sockets that listen can
    be used."""
    good = listen()
    idle = socket.socket()
    unix = socket.socket(socket.AF_UNIX)
    unix.bind(str(manager.scratch / "unix"))
    unix.listen(1)
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for one, text in ((idle, "Invalid argument"), (udp, "Invalid argument"),
                      (unix, "Address family not supported")):
        with manager.start("--listen", "fd:3", sockets=[one], status=1) as \
                server:
            server.wait(20)
        check(f"cannot listen on fd:3: {text}" in manager.errors(),
              manager.errors())
    for threads in "1", "3":
        with manager.start("--listen", "fd:3", "--threads", threads,
                           sockets=[good]):
            for _ in range(5):
                deliver(good)
    check(os.get_blocking(good.fileno()) is False, "blocking")


def sockets(manager):
    """Several sockets may have the same name."""
    ones = [listen() for _ in range(4)]
    names = ["smtp", "other", "smtp", "relay"]
    with manager.start("--listen", "systemd:smtp", "--listen",
                       "systemd:relay", "--threads", "2", sockets=ones,
                       names=names):
        manager.expect("READY=1")
        for i in 0, 2, 3:
            deliver(ones[i])
        ones[1].settimeout(5)
        late = socket.create_connection(ones[1].getsockname(), 5)
        late.settimeout(0.3)
        try:
            check(not late.recv(1), "the server serves a socket unasked")
        except TimeoutError:
            pass
    text = (manager.scratch / "log").read_text()
    check(text.count("listening on 127.0.0.1:") == 3, text)


def names(manager):
    """A socket that has another name, or that is for another process, is not
    used."""
    one = listen()
    with manager.start("--listen", "systemd:smtps", sockets=[one],
                       names=["smtp"], status=2) as server:
        server.wait(20)
    check("no socket of the name 'smtps'" in manager.errors(),
          manager.errors())
    manager.environment = lambda *_: dict(os.environ, LISTEN_FDS="1")
    with manager.start("--listen", "systemd:smtp", sockets=[one],
                       status=2) as server:
        server.wait(20)
    check("no socket of the name 'smtp'" in manager.errors(),
          manager.errors())


def told(manager):
    with manager.start("--listen", "127.0.0.1:0") as server:
        manager.expect("READY=1")
        before = time.monotonic_ns() // 1000
        server.send_signal(signal.SIGHUP)
        words = manager.expect("RELOADING=1")
        stamp, = (int(word.partition("=")[2]) for word in words
                  if word.startswith("MONOTONIC_USEC="))
        check(before <= stamp <= time.monotonic_ns() // 1000, before, stamp)
        manager.expect("READY=1")
        wait(lambda: " again" in (manager.scratch / "log").read_text())
        server.send_signal(signal.SIGTERM)
        manager.expect("STOPPING=1")


def watchdog(manager):
    """A loop that hangs sends no sign of life."""
    with manager.start("--listen", "127.0.0.1:0", watchdog=400000) as server:
        manager.expect("READY=1")
        begin = time.monotonic()
        for _ in range(5):
            check(manager.told() == ["WATCHDOG=1"], "no sign of life")
        check(0.5 < time.monotonic() - begin < 10, time.monotonic() - begin)
        server.send_signal(signal.SIGSTOP)
        manager.notify.settimeout(1)
        try:
            for _ in range(4):
                manager.told()
            check(False, "a server that is stopped gives signs of life")
        except TimeoutError:
            pass
        server.send_signal(signal.SIGCONT)
        manager.notify.settimeout(20)
        check(manager.told() == ["WATCHDOG=1"], "no sign of life")


def stopped(manager):
    """While sessions end, the server tells the manager so, and still sends
    signs of life."""
    one = listen()
    with manager.start("--listen", "systemd:smtp", sockets=[one],
                       names=["smtp"], watchdog=400000) as server:
        manager.expect("READY=1")
        client = Client(one.getsockname()[1])
        client.greet()
        client.begin()
        server.send_signal(signal.SIGTERM)
        manager.expect("STOPPING=1")
        check(manager.told() == ["WATCHDOG=1"], "no sign of life")
        client.send(MESSAGE + b".\r\n")
        client.expect(250)


def main():
    name, *arguments = sys.argv[1:]
    globals()[name](Manager(*arguments))


if __name__ == "__main__":
    main()
