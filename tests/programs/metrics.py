# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Read the counters of a server with a strict parser, and try to misuse its HTTP.

    metrics.py NAME PORT METRICS-PORT PID ERRORS
"""

import json
import os
import re
import resource
import signal
import socket
import sys
import time

from rawsmtp import Client, check
from server import wait

MESSAGE = b"Subject: test\r\n\r\ntext\r\n"
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SAMPLE = re.compile(rf'({NAME})(?:{{((?:{NAME}="[^"\\\n]*",?)*)}})? (\S+)')


class Server:
    def __init__(self, port, metrics, pid, errors):
        self.port, self.metrics, self.pid = int(port), int(metrics), int(pid)
        self.errors = errors

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.metrics), 20)

    def ask(self, octets):
        """Send octets.  Return the status and the body of the reply; the
        connection must end."""
        with self.connect() as one:
            one.sendall(octets)
            answer = b""
            while piece := one.recv(65536):
                answer += piece
        head, _, body = answer.partition(b"\r\n\r\n")
        return (int(head.split()[1]) if head else 0), body.decode()

    def get(self, path):
        return self.ask(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())

    def scrape(self):
        status, body = self.get("/metrics")
        check(status == 200, status)
        return parse(body)


def parse(text):
    """Return the samples of a text in Prometheus' format.  Check that each
    family has HELP and TYPE before its samples and is in one piece, and that
    no sample comes twice."""
    check(text.endswith("\n"), "no newline at the end")
    samples, types, family, helped = {}, {}, None, None
    for line in text.split("\n")[:-1]:
        if line.startswith("# HELP "):
            helped = line.split(" ", 3)[2]
            check(line.split(" ", 3)[3], line)
        elif line.startswith("# TYPE "):
            family, kind = line.split(" ")[2:]
            check(family == helped and family not in types, line)
            check(kind in ("counter", "gauge", "histogram"), line)
            check((kind == "counter") == family.endswith("_total"), line)
            types[family] = kind
        else:
            match = SAMPLE.fullmatch(line)
            check(match, line)
            name, labels, value = match.groups()
            base = name
            if types[family] == "histogram":
                base = re.sub("_(bucket|sum|count)$", "", name)
            check(base == family, line)
            key = (name, labels or "")
            check(key not in samples, line)
            samples[key] = float(value)
            check(samples[key] >= 0, line)
    for family, kind in types.items():
        if kind == "histogram":
            check_histogram(family, samples)
    return samples


def check_histogram(family, samples):
    """Check that the bounds and counts of the buckets rise, and that the last
    bucket counts everything."""
    bounds = [(float(labels[4:-1]), value)
              for (name, labels), value in samples.items()
              if name == family + "_bucket"]
    check(bounds == sorted(bounds), bounds)
    counts = [value for _, value in bounds]
    check(counts == sorted(counts), counts)
    check(bounds[-1][0] == float("inf"), bounds)
    check(counts[-1] == samples[family + "_count", ""], counts)


def counts(server):
    before = server.scrape()
    client = Client(server.port)
    client.greet()
    check(server.scrape()["mailin_sessions", ""] ==
          before["mailin_sessions", ""] + 1, "a session at present")
    client.log_in("joe", "wrong", 535)
    client.log_in("joe")
    client.deliver(MESSAGE)
    client.command("MAIL FROM:<a@example.org>", 250)
    client.command("RCPT TO:<b@elsewhere.example>", 550)
    client.command("RCPT TO:<c@elsewhere.example>", 550)
    client.command('NONSENSE{x="1"} 7', 500)
    client.command("QUIT", 221)
    client.line()

    def more(name, labels=""):
        key = "mailin_" + name, labels
        return after.get(key, 0) - before.get(key, 0)

    for _ in range(400):
        after = server.scrape()
        if more("sessions_ended_total", 'reason="QUIT"'):
            break
        time.sleep(0.02)
    for name, labels, expected in (
            ("connections_total", "", 1),
            ("sessions", "", 0),
            ("sessions_ended_total", 'reason="QUIT"', 1),
            ("messages_total", 'result="ok"', 1),
            ("messages_total", 'result="refused"', 0),
            ("logins_total", 'result="ok"', 1),
            ("logins_total", 'result="refused"', 1),
            ("refusals_total", 'command="RCPT",code="550"', 2),
            ("refusals_total", 'command="AUTH",code="535"', 1),
            ("refusals_total", 'command="UNKNOWN",code="500"', 1),
            ("message_seconds_count", "", 1),
            ("store_seconds_count", "", 1)):
        check(more(name, labels) == expected, name, labels, more(name, labels))
    check(more("received_bytes_total") > len(MESSAGE), "received")
    check(more("sent_bytes_total") > 100, "sent")
    check(0 < more("store_seconds_sum") <= more("message_seconds_sum"),
          "seconds")
    check(not any("nonsense" in key[1].lower() for key in after), "a label")


def dashboard(server):
    """The dashboard for Grafana asks only for what the server counts."""
    path = os.path.join(os.environ.get("srcdir", "."),
                        "contrib/grafana/mailin-server.json")
    with open(path, encoding="utf-8") as file:
        targets = [target for panel in json.load(file)["panels"]
                   for target in panel["targets"]]
    has = {}
    for name, labels in server.scrape():
        has.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
    check(len(targets) > 10, targets)
    for target in targets:
        expression, legend = target["expr"], target["legendFormat"]
        names = re.findall(r"mailin_\w+", expression)
        by = re.findall(r"\w+", "".join(re.findall(r"by \((.*?)\)",
                                                   expression)))
        check(len(names) == 1 and names[0] in has, expression)
        check(set(by) <= has[names[0]], expression)
        check(set(re.findall(r"{{(\w+)}}", legend)) == set(by) - {"le"},
              expression, legend)


def requests(server):
    """Only short requests, by GET or HEAD and for one of two paths, are
    answered."""
    check(server.get("/health") == (200, "ok\n"), server.get("/health"))
    check(server.ask(b"HEAD /metrics HTTP/1.0\r\n\r\n") == (200, ""), "HEAD")
    for path in "/", "/metrics/", "/../metrics", "/health/x":
        check(server.get(path)[0] == 404, path)
    for octets in (b"POST /metrics HTTP/1.1\r\nContent-Length: 1\r\n\r\nx",
                   b"PUT /health HTTP/1.1\r\n\r\n",
                   b"DELETE /metrics HTTP/1.1\r\n\r\n",
                   b"OPTIONS * HTTP/1.1\r\n\r\n",
                   b"CONNECT x:25 HTTP/1.1\r\n\r\n",
                   b"EHLO x\r\n\r\n",
                   b"\0" * 100 + b"\r\n\r\n",
                   b"GET /metrics HTTP/1.1\r\nContent-Length: 9\r\n\r\n"
                   b"123456789",
                   b"GET /metrics HTTP/1.1\r\nX: " + 5000 * b"x" +
                   b"\r\n\r\n"):
        status, _ = server.ask(octets)
        check(status == 0 or status >= 400, octets[:50], status)
    status, _ = server.ask(b"GET /metrics HTTP/1.1\r\nHost: x\r\nX: " +
                           3000 * b"x" + b"\r\n\r\n")
    check(status == 200, status)


def crowd(server):
    """Clients that send nothing, or a little at a time, are cut off; then
    others are served again.  Meanwhile mail is accepted as usual."""
    begin = time.monotonic()
    crowd = [server.connect() for _ in range(40)]
    slow, gone = crowd[0], crowd[1:]
    slow.sendall(b"GET /metrics HTTP/1.1\r\n")
    with open(f"/proc/{server.pid}/limits") as _:
        files = len(os.listdir(f"/proc/{server.pid}/fd"))
    client = Client(server.port)
    client.greet()
    client.deliver(MESSAGE)
    ended = False
    while not ended and time.monotonic() - begin < 15:
        try:
            slow.sendall(b"X")
            slow.settimeout(0.3)
            ended = slow.recv(1) == b""
        except TimeoutError:
            pass
        except OSError:
            ended = True
    check(ended, "a client that sends an octet at a time stays")
    for one in gone:
        one.close()
    check(server.get("/health")[0] == 200, "no health after the crowd")
    check(time.monotonic() - begin < 30, "too late")
    check(files < 80, "descriptors", files)


def exhausted(server):
    """If no descriptor is left, the server waits before it tries again to
    accept clients.  It does not try all the time."""
    kind = resource.RLIMIT_NOFILE
    used = [int(name) for name in os.listdir(f"/proc/{server.pid}/fd")]
    free = min(set(range(len(used) + 1)) - set(used))
    before = resource.prlimit(server.pid, kind)
    resource.prlimit(server.pid, kind, (free, before[1]))
    client = server.connect()
    time.sleep(2)
    resource.prlimit(server.pid, kind, before)
    client.sendall(b"GET /health HTTP/1.0\r\n\r\n")
    check(client.recv(100).startswith(b"HTTP/1.0 200 "), "no health later")
    with open(server.errors, encoding="utf-8") as file:
        lines = file.read().splitlines()
    check(2 <= sum("clients of the metrics" in line for line in lines) <= 6 and
          len(lines) < 20, len(lines), lines[:3])


def drains(server):
    client = Client(server.port)
    client.greet()
    client.begin()
    os.kill(server.pid, signal.SIGTERM)
    wait(lambda: server.get("/health") == (503, "draining\n"))
    server.scrape()
    client.send(MESSAGE + b".\r\n")
    client.expect(250)


def discarded(server):
    before = server.scrape()
    client = Client(server.port)
    client.greet()
    client.deliver(MESSAGE)
    key = "mailin_messages_total", 'result="ok"'
    check(server.scrape()[key] == before[key] + 1, "a discarded message")


def print_scrape(server):
    sys.stdout.write(server.get("/metrics")[1])


def main():
    name, *arguments = sys.argv[1:]
    globals()[{"print": "print_scrape"}.get(name, name)](Server(*arguments))


if __name__ == "__main__":
    main()
