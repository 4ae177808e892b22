# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""How to start each of the servers.  All of them listen on the loopback.
Those that store mail have their own directory.  All end with the benchmark."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile

from server_measure import Missing, Server, find, free_port

# Postfix, configured to accept mail into its queue.  Each message is put on
# hold, so that only its acceptance is measured.  There is no queue manager and
# no delivery.
MAIN_CF = """\
compatibility_level = 3.6
config_directory = {0}/conf
queue_directory = {0}/spool
data_directory = {0}/data
command_directory = {1}
daemon_directory = {2}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.org
mydestination = example.org
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
maillog_file_prefixes = {0}
maillog_file = {0}/log
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_data_restrictions = check_client_access static:HOLD
"""
MASTER_CF = """\
127.0.0.1:{} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
postlog unix-dgram n - n - 1 postlogd
"""


RAM = "/dev/shm"

# If root starts the server, an option must say that the server stays root.
WITHOUT_SANDBOX = ["--sandbox", "off"] + (
    ["--user", "root"] if os.getuid() == 0 else [])


def has_sandbox(program):
    """Return whether a mailin-server has a sandbox on this machine."""
    return subprocess.run(
        [program, "--check-config", "--sandbox", "on", "--discard"],
        check=False, capture_output=True).returncode == 0


def directory_in_ram(directory):
    """Return a temporary directory in RAM, or in this directory if the system
    has no file system in RAM.  Programs of other users can use it."""
    found = tempfile.TemporaryDirectory(
        dir=RAM if os.path.isdir(RAM) else directory,
        ignore_cleanup_errors=True)
    os.chmod(found.name, 0o755)
    return found


def count_files(directory):
    return sum(len(files) for _, _, files in os.walk(directory))


class MailinServer:
    """A mailin-server.  With --discard it has one event loop, because the other
    servers that discard mail have one process."""

    def __init__(self, name, program, *options):
        if program is None or not os.path.exists(program):
            raise Missing(f"{name}: there is no such program")
        self.name = name
        self.command = [program, *options]

    def start(self, listen="--listen"):
        port = free_port()
        return Server([*self.command, listen, f"127.0.0.1:{port}"], port,
                      greets=listen == "--listen")


class Discarding(MailinServer):
    def __init__(self, name, program, *options):
        super().__init__(name, program, "--discard", "--threads", "1",
                         *options)


class Storing(MailinServer):
    def __init__(self, name, program, directory, *options):
        self.maildir = os.path.join(directory, name)
        super().__init__(name, program, "--maildir", self.maildir, *options)

    def stored(self):
        return count_files(os.path.join(self.maildir, "new"))

    def empty(self):
        shutil.rmtree(self.maildir, ignore_errors=True)


class Logging(Storing):
    """mailin-server that stores mail.  It writes its log to a file beside the
    Maildir."""

    def start(self):
        port = free_port()
        with open(self.maildir + ".log", "wb") as log:
            return Server([*self.command, "--threads", "1", "--listen",
                           f"127.0.0.1:{port}"], port, log=log)


class GoSmtp:
    """The peer in bench/peers: the library go-smtp, with one processor."""
    name = "go-smtp"

    def __init__(self, directory):
        self.program = os.path.join(directory, self.name)
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                              "peers", "go_smtp.go")
        done = subprocess.run(
            [find("go"), "build", "-o", self.program, source], check=False,
            capture_output=True, text=True, cwd=directory,
            env={**os.environ, "GO111MODULE": "off",
                 "GOPATH": "/usr/share/gocode",
                 "GOCACHE": os.path.join(directory, "go-cache")})
        if done.returncode != 0:
            raise Missing("go-smtp cannot be built (Debian: "
                          "golang-github-emersion-go-smtp-dev "
                          "golang-github-emersion-go-sasl-dev)")

    def start(self):
        port = free_port()
        return Server([self.program, f"127.0.0.1:{port}"], port,
                      {**os.environ, "GOMAXPROCS": "1"})


class SmtpSink:
    name = "smtp-sink"

    def __init__(self):
        self.program = find("smtp-sink")

    def start(self):
        port = free_port()
        command = [self.program, f"127.0.0.1:{port}", "1024"]
        if os.getuid() == 0:  # aiosmtpd refuses to run as root
            command[1:1] = ["-u", "nobody"]
        return Server(command, port)


class Aiosmtpd:
    name = "aiosmtpd"

    def __init__(self):
        for python in (sys.executable, "/usr/bin/python3"):
            if os.path.exists(python) and subprocess.run(
                    [python, "-c", "import aiosmtpd"], check=False,
                    stderr=subprocess.DEVNULL).returncode == 0:
                self.python = python
                return
        raise Missing("aiosmtpd is missing (Debian: python3-aiosmtpd)")

    def start(self):
        port = free_port()
        return Server([self.python, "-m", "aiosmtpd", "-n",
                       "-c", "aiosmtpd.handlers.Sink",
                       "-l", f"127.0.0.1:{port}"], port)


class Postfix:
    name = "postfix"

    def __init__(self, directory):
        self.directory = os.path.join(directory, "postfix")
        if os.getuid() != 0:
            raise Missing("Postfix can be started by root alone")
        self.commands = os.path.dirname(find("postfix"))
        self.daemons = subprocess.run(
            [find("postconf"), "-dh", "daemon_directory"], check=True,
            capture_output=True, text=True).stdout.strip()
        try:
            owner = pwd.getpwnam("postfix").pw_uid
        except KeyError:
            raise Missing("there is no user postfix") from None
        for name in ("conf", "spool", "data"):
            os.makedirs(os.path.join(self.directory, name))
        os.chown(os.path.join(self.directory, "data"), owner, -1)

    def write(self, name, text):
        with open(os.path.join(self.directory, "conf", name), "w",
                  encoding="ascii") as file:
            file.write(text)

    def start(self):
        port = free_port()
        conf = os.path.join(self.directory, "conf")
        self.write("main.cf", MAIN_CF.format(
            self.directory, self.commands, self.daemons))
        self.write("master.cf", MASTER_CF.format(port))
        # Let Postfix create the missing parts of its queue.
        done = subprocess.run([find("postfix"), "-c", conf, "check"],
                              check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise Missing("Postfix cannot be started: " + done.stderr)
        # Run it in the foreground, so that it ends with the benchmark.
        return Server([os.path.join(self.daemons, "master"), "-c", conf,
                       "-d"], port)

    def stored(self):
        return count_files(os.path.join(self.directory, "spool", "hold"))

    def empty(self):
        hold = os.path.join(self.directory, "spool", "hold")
        for folder, _, names in os.walk(hold):
            for name in names:
                os.remove(os.path.join(folder, name))
