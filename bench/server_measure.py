# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Functions that the benchmarks of servers share: to start a server, to send
mail to it with Postfix's smtp-source, and to read the processor time that it
used."""

import os
import shutil
import signal
import socket
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")
CLIENTS = 10  # concurrent clients


class Missing(Exception):
    """Raised if a program is not installed, or cannot run here."""


def find(name, *places):
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *places])
    found = shutil.which(name, path=path)
    if found is None:
        raise Missing(f"{name} is missing")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_greeting(port, seconds=10):
    """Wait until the server sends its greeting; then all its processes are
    running."""
    end = time.monotonic() + seconds
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as client:
                if client.recv(3) == b"220":
                    client.sendall(b"QUIT\r\n")
                    while client.recv(512):
                        pass
                    return
        except OSError:
            pass
        if time.monotonic() > end:
            raise Missing(f"nothing greets on port {port}")
        time.sleep(0.05)


def tree(pid):
    """Return the process and its descendants.  For each there is the list of
    fields of /proc/PID/stat, from the state on."""
    stats = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="ascii",
                      errors="replace") as file:
                # The name, before the state, may contain blanks and ")".
                stats[int(entry)] = file.read().rpartition(")")[2].split()
        except OSError:
            pass
    wanted = {pid}
    while True:
        more = {one for one, fields in stats.items()
                if int(fields[1]) in wanted} - wanted
        if not more:
            return [stats[one] for one in wanted if one in stats]
        wanted |= more


def cpu_ticks(pid):
    """Return the user and system time of all these processes, even ended
    ones."""
    times = [[int(field) for field in fields[11:15]] for fields in tree(pid)]
    return (sum(user + ended for user, _, ended, _ in times),
            sum(system + ended for _, system, _, ended in times))


class Server:
    """A running server, in its own process group."""

    def __init__(self, command, port, env=None):
        self.port = port
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True, env=env)
        try:
            await_greeting(port)
        except BaseException:
            self.stop()
            raise

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def load(server, messages, size, kept):
    """Send the messages, and return what they cost."""
    command = [find("smtp-source"), "-s", str(CLIENTS), "-m", str(messages),
               "-l", str(size), "-f", "alice@example.net",
               "-t", "bob@example.org", f"127.0.0.1:{server.port}"]
    if kept:
        command.insert(1, "-d")
    before = cpu_ticks(server.process.pid)
    begin = time.monotonic()
    subprocess.run(command, check=True, timeout=120,
                   stdin=subprocess.DEVNULL)
    seconds = time.monotonic() - begin
    after = cpu_ticks(server.process.pid)
    user, system = [(end - start) * 1e9 / TICKS / messages
                    for start, end in zip(before, after)]
    return {"messages_s": messages / seconds, "cpu_ns": user + system,
            "user_ns": user, "system_ns": system}
