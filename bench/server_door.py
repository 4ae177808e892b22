# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
mailin-server as a front door: what a message of 4 KiB costs on its way to
another server, compared with HAProxy in TCP mode and with nginx's mail proxy;
and the memory that the server needs for the messages that it is passing on.

    server_door.py MAILIN-SERVER [ROUNDS]

All three have one thread or one worker, and hand the messages of Postfix's
smtp-source to Postfix's smtp-sink.  mailin-server also hands them to Dovecot by
LMTP, which stores them in RAM.
"""

import http.server
import os
import pwd
import shutil
import socket
import statistics
import sys
import tempfile
import threading
import time

import server_programs as programs
from server_loads import present, result
from server_measure import (Missing, Server, find, free_port, load, resident,
                            say, used)
from server_promises import DOOR_MEBIBYTES

# nginx gets fewer messages, because it needs long for each: not to compute, but
# to wait, because it leaves Nagle's algorithm on.
MESSAGES = {"mailin-server": 20000, "haproxy": 20000, "nginx": 1000}
LMTP_MESSAGES = 2000
MIB = 1 << 20
UNDER_WAY = 20  # messages at the same time

HAPROXY = """\
global
    nbthread 1
defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
listen smtp
    bind 127.0.0.1:{port}
    server sink 127.0.0.1:{sink}
"""

NGINX = """\
{module}
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/log;
events {{ }}
mail {{
    server_name mx.example.org;
    auth_http 127.0.0.1:{auth}/;
    xclient off;
    smtp_capabilities 8BITMIME;
    server {{
        listen 127.0.0.1:{port};
        protocol smtp;
        smtp_auth none;
    }}
}}
"""

DOVECOT = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = lmtp
ssl = no
default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = 1
mail_location = maildir:~/Maildir
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {port}
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
"""


# ---- The servers in front of the back end ----

class Door:
    name = "mailin-server"

    def __init__(self, program, *options):
        self.command = [program, "--threads", "1", *options]

    def start(self, back_end, option="--smtp"):
        port = free_port()
        return Server([*self.command, "--listen", f"127.0.0.1:{port}", option,
                       f"127.0.0.1:{back_end}"], port)


class Haproxy:
    name = "haproxy"

    def __init__(self, directory):
        self.program = find("haproxy")
        self.file = os.path.join(directory, "haproxy.cfg")

    def start(self, back_end):
        port = free_port()
        with open(self.file, "w", encoding="ascii") as file:
            file.write(HAPROXY.format(port=port, sink=back_end))
        return Server([self.program, "-db", "-f", self.file], port)


class Approval(http.server.BaseHTTPRequestHandler):
    """Allows nginx to pass on mail.  It asks once for each connection."""
    protocol_version = "HTTP/1.1"
    back_end = 0

    def do_GET(self):
        self.send_response(200)
        for name, value in (("Auth-Status", "OK"), ("Content-Length", "0"),
                            ("Auth-Server", "127.0.0.1"),
                            ("Auth-Port", str(self.back_end))):
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_):
        pass


class Nginx:
    name = "nginx"

    def __init__(self, directory):
        # If nginx is not installed, quickstart unpacks it.
        unpacked = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "build", "nginx", "usr", "sbin")
        self.program = os.path.realpath(find("nginx", unpacked))
        root = self.program.removesuffix("/usr/sbin/nginx")
        module = f"{root}/usr/lib/nginx/modules/ngx_mail_module.so"
        self.module = (f"load_module {module};" if os.path.exists(module)
                       else "")
        self.folder = os.path.join(directory, "nginx")
        os.makedirs(self.folder)
        self.approvals = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), type("Bound", (Approval,), {}))
        threading.Thread(target=self.approvals.serve_forever,
                         daemon=True).start()

    def start(self, back_end):
        port = free_port()
        self.approvals.RequestHandlerClass.back_end = back_end
        file = os.path.join(self.folder, "conf")
        with open(file, "w", encoding="ascii") as out:
            out.write(NGINX.format(
                module=self.module, folder=self.folder, port=port,
                auth=self.approvals.server_address[1]))
        return Server([self.program, "-c", file, "-p", self.folder], port)


# ---- Dovecot ----

class Dovecot:
    name = "dovecot"

    def __init__(self, directory):
        self.program = find("dovecot")
        if os.getuid() != 0:
            raise Missing("Dovecot can be started by root alone")
        if not os.path.exists("/usr/lib/dovecot/lmtp"):
            raise Missing("Dovecot has no LMTP (Debian: dovecot-lmtpd)")
        self.folder = os.path.join(directory, "dovecot")
        user = pwd.getpwnam("nobody")
        for name in ("run", "state", "mail"):
            os.makedirs(os.path.join(self.folder, name))
        os.chmod(self.folder, 0o755)
        os.chown(os.path.join(self.folder, "mail"), user.pw_uid, user.pw_gid)
        self.values = {"folder": self.folder, "uid": user.pw_uid,
                       "gid": user.pw_gid}

    def start(self):
        port = free_port()
        file = os.path.join(self.folder, "conf")
        with open(file, "w", encoding="ascii") as out:
            out.write(DOVECOT.format(port=port, **self.values))
        return Server([self.program, "-F", "-c", file], port)

    def stored(self):
        return programs.count_files(
            os.path.join(self.folder, "mail", "Maildir", "new"))

    def empty(self):
        shutil.rmtree(os.path.join(self.folder, "mail", "Maildir"))


# ---- Processor time ----

def to_sink(middles, size, number, results):
    """Run each server in front of smtp-sink."""
    for middle in middles if number % 2 == 0 else reversed(middles):
        sink = programs.SmtpSink().start()
        try:
            running = middle.start(sink.port)
            try:
                figures = load(running, MESSAGES[middle.name], size, True)
            finally:
                running.stop()
        finally:
            sink.stop()
        results.setdefault(f"door/sink/{middle.name}", []).append(figures)
        say(f"  to smtp-sink by {middle.name}: {figures['messages_s']:.0f} "
            f"messages/s, {figures['cpu_ns'] / 1000:.1f} us")


def run_with_dovecot(middle, dovecot, size):
    """Measure the server in front of Dovecot, and Dovecot itself at the same
    time.  The client of mailin-server speaks SMTP, the client of HAProxy speaks
    LMTP."""
    is_door = isinstance(middle, Door)
    count = LMTP_MESSAGES
    back = dovecot.start()
    try:
        running = middle.start(back.port, *["--lmtp"] * is_door)
        try:
            before = used(back.process.pid)
            figures = load(running, count, size, True, lmtp=not is_door)
            # This includes the processes of Dovecot that have ended.
            after = used(back.process.pid)
        finally:
            running.stop()
    finally:
        back.stop()
    if dovecot.stored() != count:
        raise SystemExit(f"Dovecot stored {dovecot.stored()} of {count}")
    dovecot.empty()
    own = dict(zip(("cpu_ns", "user_ns", "system_ns"),
                   ((end - start) / count
                    for start, end in zip(before, after))))
    own["messages_s"] = figures["messages_s"]
    return figures, own


def to_dovecot(middles, dovecot, size, results):
    """Run each server in front of Dovecot."""
    for middle in middles:
        if middle.name == "nginx":  # it speaks no LMTP
            continue
        figures, own = run_with_dovecot(middle, dovecot, size)
        results.setdefault(f"door/lmtp/{middle.name}", []).append(figures)
        if isinstance(middle, Door):
            results.setdefault("door/lmtp/dovecot", []).append(own)
        say(f"  by LMTP: {middle.name} {figures['cpu_ns'] / 1000:.1f} us, "
            f"Dovecot {own['cpu_ns'] / 1000:.1f} us")


# ---- Memory ----

class Stalled:
    """A mail server that reads no octet of a message until the benchmark lets
    it."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.go_on = threading.Event()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=[client],
                             daemon=True).start()

    def serve(self, client):
        try:
            self.talk(client)
        except ConnectionResetError:
            pass        # the server has ended

    def talk(self, client):
        with client, client.makefile("rb") as lines:
            client.sendall(b"220 stalled.example.org\r\n")
            for line in lines:
                if line[:4].upper() != b"DATA":
                    client.sendall(b"250 2.0.0 Ok\r\n")
                    continue
                client.sendall(b"354 Go on\r\n")
                self.go_on.wait()
                while lines.readline() != b".\r\n":
                    pass
                client.sendall(b"250 2.0.0 Ok\r\n")

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def talk(client, command, code):
    client.sendall(command)
    reply = client.recv(4096)
    if not reply.startswith(code):
        raise SystemExit(f"{code!r} expected, but {reply!r}")


def begin(port):
    """Return a client that may send a message."""
    client = socket.create_connection(("127.0.0.1", port), 60)
    talk(client, b"", b"220")
    for command, code in ((b"EHLO client.example.net", b"250"),
                          (b"MAIL FROM:<alice@example.net>", b"250"),
                          (b"RCPT TO:<bob@example.org>", b"250"),
                          (b"DATA", b"354")):
        talk(client, command + b"\r\n", code)
    return client


def send(client, mebibytes):
    client.sendall((b"x" * 62 + b"\r\n") * (mebibytes * MIB // 64) + b".\r\n")


def growth(program, mebibytes):
    """Return by how many octets the memory of the server grows for each message
    that is being sent, while the back end reads nothing."""
    back = Stalled()
    server = Door(program).start(back.port)
    try:
        clients = [begin(server.port) for _ in range(UNDER_WAY)]
        before = resident(server.process.pid)
        threads = [threading.Thread(target=send, args=(client, mebibytes))
                   for client in clients]
        for thread in threads:
            thread.start()
        time.sleep(1)  # all buffers are full
        most = resident(server.process.pid)
        back.go_on.set()
        for thread, client in zip(threads, clients):
            while thread.is_alive():
                most = max(most, resident(server.process.pid))
                thread.join(0.05)
            talk(client, b"", b"250")
        return (most - before) / UNDER_WAY
    finally:
        server.stop()
        back.close()


def memory(program):
    rows = []
    for mebibytes in DOOR_MEBIBYTES:
        octets = statistics.median(growth(program, mebibytes)
                                   for _ in range(3))
        say(f"  a message of {mebibytes} MiB under way: {octets / 1024:.0f} "
            "KiB of memory")
        rows.append({"name": f"door/memory/{mebibytes}", "unit": "message",
                     "octets": octets})
    return rows


def measure(program, directory, size, rounds):
    """Return the rows of the front door."""
    find("smtp-source")
    with programs.directory_in_ram(directory) as ram:
        middles = [Door(program), *present([(Haproxy, ram), (Nginx, ram)])]
        dovecots = present([(Dovecot, ram)])
        results = {}
        for number in range(rounds):
            say(f"the front door, round {number + 1} of {rounds}")
            to_sink(middles, size, number, results)
            for dovecot in dovecots:
                to_dovecot(middles, dovecot, size, results)
    return [result(name, figures, LMTP_MESSAGES if "/lmtp/" in name
                   else MESSAGES[name.split("/")[2]])
            for name, figures in results.items()] + memory(program)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o755)
        for row in measure(os.path.abspath(sys.argv[1]), scratch, 4096,
                           int(sys.argv[2]) if sys.argv[2:] else 3):
            row.pop("rounds", None)
            print(row)
