# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""How to start each of the servers.  All of them listen on the loopback.
Those that store mail have their own directory.  All end with the benchmark."""

import os
import pwd
import subprocess
import sys

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


def count_files(directory):
    return sum(len(files) for _, _, files in os.walk(directory))


class MailinServer:
    name = "mailin-server"

    def __init__(self, program, directory):
        self.program = program
        self.maildir = os.path.join(directory, "maildir")

    def start(self, *options):
        port = free_port()
        return Server([self.program, "--listen", f"127.0.0.1:{port}",
                       *options], port)


class Discarding(MailinServer):
    """Use one event loop, since the other servers have one process."""

    def start(self):
        return super().start("--discard", "--threads", "1")


class Storing(MailinServer):
    def start(self):
        return super().start("--maildir", self.maildir)

    def stored(self):
        return count_files(os.path.join(self.maildir, "new"))


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
