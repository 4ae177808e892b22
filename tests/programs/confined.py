# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Check which rights a running server has, and that it still serves.

    confined.py NAME ARGUMENT...
"""

import grp
import pathlib
import pwd
import stat
import subprocess
import sys

from rawsmtp import Client, check
from server import Server


def tasks(pid):
    """Return the status of each thread, as the kernel reports it."""
    threads = list(pathlib.Path(f"/proc/{pid}/task").iterdir())
    check(threads, "no thread")
    for thread in threads:
        yield dict(line.split(":\t", 1) for line in
                   (thread / "status").read_text().splitlines())


def sandboxed(pid, mode):
    """Check the mode of seccomp: 2 means that a filter is installed, 0
    that no filter is installed.  No thread may gain rights, in either mode."""
    for task in tasks(pid):
        check(task["Seccomp"] == mode, task["Name"], task["Seccomp"])
        check(task["NoNewPrivs"] == "1", task["Name"])


def dropped(pid, text):
    """Check that the process runs as the user, and has no rights of root
    left."""
    name, _, group = text.partition(":")
    user = pwd.getpwuid(int(name)) if name.isdigit() else pwd.getpwnam(name)
    gid = int(group) if group else user.pw_gid
    groups = {gid} | {entry.gr_gid for entry in grp.getgrall()
                      if user.pw_name in entry.gr_mem}
    for task in tasks(pid):
        check(task["Uid"].split() == 4 * [str(user.pw_uid)], task["Uid"])
        check(task["Gid"].split() == 4 * [str(gid)], task["Gid"])
        check(set(map(int, task["Groups"].split())) == groups, task["Groups"])
        for kind in "CapInh", "CapPrm", "CapEff", "CapAmb":
            check(int(task[kind], 16) == 0, kind, task[kind])
        check(task["NoNewPrivs"] == "1", task["Name"])


def deliver(port, host="127.0.0.1"):
    client = Client(int(port), host=host)
    client.greet()
    client.deliver(b"Subject: test\r\n\r\ntext\r\n")
    client.command("QUIT", 221)


def owned(maildir, name):
    """Check that others can neither read nor write anything in the Maildir."""
    uid = pwd.getpwnam(name).pw_uid
    files = 0
    for path in [pathlib.Path(maildir), *pathlib.Path(maildir).rglob("*")]:
        facts = path.lstat()
        check(facts.st_uid == uid, path, facts.st_uid)
        mode = 0o700 if stat.S_ISDIR(facts.st_mode) else 0o600
        check(stat.S_IMODE(facts.st_mode) == mode, path, oct(facts.st_mode))
        files += stat.S_ISREG(facts.st_mode)
    check(files > 0, "no message")


def stdio_sandboxed(server, maildir):
    with subprocess.Popen([server, "--stdio", "--maildir", maildir],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
        check(one.stdout.readline().startswith(b"220 "), "no greeting")
        sandboxed(one.pid, "2")
        one.stdin.write(b"QUIT\r\n")
        one.stdin.close()
        check(one.stdout.readline().startswith(b"221 "), "no 221")
    check(one.returncode == 0, one.returncode)


def refused_files(scratch, port, pid, tls_port, text):
    test = Server(scratch, port, pid, tls_port)
    test.refused(text)
    test.client().log_in("joe")


def main():
    name, *arguments = sys.argv[1:]
    globals()[name](*arguments)


if __name__ == "__main__":
    main()
