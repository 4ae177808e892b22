# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Functions that the benchmarks of servers share: to start a server, to send
mail to it with Postfix's smtp-source, and to read the processor time that it
used."""

import os
import shutil
import signal
import socket
import subprocess
import sys
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


def await_greeting(port, greets=True, seconds=10):
    """Wait until the server sends its greeting; by then all its processes
    run.  A server that waits for TLS does not greet."""
    end = time.monotonic() + seconds
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as client:
                if not greets:
                    return
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
    """Return {PID: fields} for the process and its descendants.  The fields are
    those of /proc/PID/stat from the state on."""
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
            return {one: stats[one] for one in wanted if one in stats}
        wanted |= more


def clock(pid):
    """Return the processor time of a process in nanoseconds, or 0 if the
    process has ended.  The clock id is the one that clock_getcpuclockid(3)
    returns."""
    try:
        return time.clock_gettime_ns((~pid << 3) | 2)
    except OSError:
        return 0


def used(pid):
    """Return the processor time of the process and its descendants, and their
    user and system time, in nanoseconds.  Only the processor time is exact.
    For descendants that have ended, all three come from ticks of the kernel."""
    total = user = system = 0
    for one, fields in tree(pid).items():
        times = [int(field) * 1000000000 // TICKS for field in fields[11:15]]
        total += clock(one) + times[2] + times[3]
        user += times[0] + times[2]
        system += times[1] + times[3]
    return total, user, system


def resident(pid):
    """Return the memory of a process that is in RAM, in octets."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    return 0


def say(text):
    """Print the progress of the benchmark."""
    print(text, file=sys.stderr, flush=True)


class Server:
    """A running server, in its own process group."""

    def __init__(self, command, port, env=None, log=subprocess.DEVNULL,
                 greets=True):
        self.port = port
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log,
            stderr=subprocess.DEVNULL, start_new_session=True, env=env)
        try:
            await_greeting(port, greets)
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


def load(server, messages, size, kept, clients=CLIENTS, lmtp=False):
    """Send the messages, and return what they cost."""
    command = [find("smtp-source"), "-s", str(clients), "-m", str(messages),
               "-l", str(size), "-f", "alice@example.net",
               "-t", "bob@example.org", f"127.0.0.1:{server.port}"]
    if kept:
        command.insert(1, "-d")
    if lmtp:
        command.insert(1, "-L")
    before = used(server.process.pid)
    begin = time.monotonic()
    subprocess.run(command, check=True, timeout=120,
                   stdin=subprocess.DEVNULL)
    seconds = time.monotonic() - begin
    after = used(server.process.pid)
    cpu, user, system = [(end - start) / messages
                         for start, end in zip(before, after)]
    return {"messages_s": messages / seconds, "cpu_ns": cpu, "user_ns": user,
            "system_ns": system}
