# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The clients of clients.py: a row for each, with its package and its call."""

import functools
import json
import os
import pathlib
import shutil
import subprocess
import urllib.parse

from commands import (by_curl, by_esmtp, by_git, by_mailutils, by_msmtp,
                      by_mutt, by_nmh, by_s_nail, by_sendemail, by_swaks)
from servers import (UNPACKED, by_exim, by_nullmailer, by_postfix, by_ssmtp)

from relays import (by_dma, by_dovecot, by_opensmtpd, by_sendmail,
                    by_smtp, can_mount)

HERE = pathlib.Path(__file__).parent
TLS = ("starttls", "tls", "auth")  # it uses STARTTLS wherever it can
ALL = ("clear", "starttls", "tls", "auth")
PYTHON = "/usr/bin/python3"  # Debian's own
FOLDERS = ("maildir", "maildirs")
GO = "/usr/lib/go-1.19/bin/go"


def by_program(*command):
    """A program of this folder, or one that was built from it."""
    def send(job):
        job.run(*command, job.mode, job.port, job.certificate, job.file,
                job.sender, *job.recipients)
    return send


@functools.lru_cache
def built(home, *command):
    """Compile a program once."""
    subprocess.run([str(word) for word in command], check=True,
                   env=dict(os.environ, GOCACHE=f"{home}/cache"))


def by_go(job):
    place = job.home / "send"
    built(job.home, GO, "build", "-o", place, HERE / "send.go")
    by_program(place)(job)


def by_java(name, jars):
    path = ":".join(f"/usr/share/java/{jar}.jar" for jar in jars)

    def send(job):
        built(job.home, "javac", "-cp", path, "-d", job.home,
              HERE / f"{name}.java")
        by_program("java", "-XX:TieredStopAtLevel=1", "-cp",
                   f"{path}:{job.home}", name)(job)
    return send


class Row:
    """send: a function that gets a job.  one_by_one: the client can be told to
    send to one recipient at a time.  mounts: it gets a file tree of its own.
    Packages that would start a server, or replace another one, are only
    unpacked."""

    def __init__(self, name, package, command, send, modes=ALL, utf8=False,
                 file=None, one_by_one=False, mounts=False):
        self.name, self.package, self.command = name, package, command
        self.send, self.modes, self.utf8 = send, modes, utf8
        self.file, self.one_by_one, self.mounts = file, one_by_one, mounts

    def modes_of(self, recipients):
        """Return how the client sends to these recipients.  If the back end
        speaks LMTP, a transaction has one recipient."""
        return (*self.modes, *["lmtp"] * (self.one_by_one or
                                          len(recipients) == 1), *FOLDERS)

    def missing(self):
        """Return why the client cannot be tried, or None."""
        if shutil.which(self.command) is None or self.version() is None or \
                self.file and not pathlib.Path(self.file).exists():
            return f"it is missing (package {self.package})"
        if self.mounts and not can_mount():
            return "it needs mounts of its own (unshare --mount)"
        return None

    def version(self):
        """Return the version of the package, or None if it is missing."""
        done = subprocess.run(["dpkg-query", "-Wf", "${Version}",
                               self.package], capture_output=True, text=True)
        return done.stdout or version_of_unpacked(self.package)


def version_of_unpacked(package):
    """Return the version of a package that was only unpacked, or None."""
    for file in UNPACKED.glob(f"{package}_*.deb"):
        return urllib.parse.unquote(file.name.split("_")[1])
    file = UNPACKED / "node_modules" / package / "package.json"
    if file.exists():
        return json.loads(file.read_text())["version"] + " (npm)"
    return None


def interpreted(name, package, command, file, **rest):
    return Row(name, package, command.split()[0],
               by_program(*command.split(), HERE / file), **rest)


ROWS = [
    Row("swaks", "swaks", "swaks", by_swaks, utf8=False),
    Row("curl", "curl", "curl", by_curl, utf8=True),
    Row("msmtp", "msmtp", "msmtp", by_msmtp),
    Row("s-nail", "s-nail", "s-nail", by_s_nail),
    Row("mutt", "mutt", "mutt", by_mutt("mutt")),
    Row("neomutt", "neomutt", "neomutt", by_mutt("neomutt")),
    Row("sendEmail", "sendemail", "sendemail", by_sendemail,
        modes=("clear", "starttls", "auth")),
    Row("git send-email", "git-email", "git", by_git),
    interpreted("smtplib", "python3", PYTHON, "std.py", utf8=True),
    interpreted("aiosmtplib", "python3-aiosmtplib", PYTHON, "aio.py",
                utf8=True),
    interpreted("Twisted", "python3-twisted", PYTHON, "twist.py",
                modes=TLS),
    interpreted("Net::SMTP", "perl", "perl", "send.pl"),
    interpreted("Email::Sender", "libemail-sender-perl", "perl", "sender.pl"),
    interpreted("Net::SMTP of Ruby", "ruby", "ruby", "send.rb"),
    interpreted("mail of Ruby", "ruby-mail", "ruby", "mail.rb", modes=TLS),
    interpreted("PHPMailer", "libphp-phpmailer", "php", "phpmailer.php"),
    interpreted("Symfony Mailer", "php-symfony-mailer", "php", "symfony.php",
                modes=TLS),
    interpreted("Net_SMTP of PEAR", "php-net-smtp", "php", "pear.php"),
    interpreted("Swift Mailer", "php-swiftmailer", "php", "swift.php"),
    interpreted("Nodemailer", "nodemailer", "node", "send.js", utf8=True),
    interpreted("emailjs", "emailjs", "node", "emailjs.mjs"),
    interpreted("smtp-client", "smtp-client", "node", "channel.js"),
    interpreted("Tcllib", "tcllib", "tclsh", "send.tcl",
                modes=("clear", "starttls", "auth")),
    interpreted("LuaSocket", "lua-socket", "lua5.4", "send.lua",
                modes=("clear",)),
    Row("Go", "golang-1.19-go", GO, by_go),
    Row("Jakarta Mail", "libjakarta-mail-java", "javac", by_java(
        "Jakarta", ["jakarta-mail", "jakarta-activation"])),
    Row("Commons Net", "libcommons-net-java", "javac", by_java(
        "Commons", ["commons-net"])),
    # With smtps: it did not end within 30 seconds.
    Row("mail of Mailutils", "mailutils", "mail.mailutils", by_mailutils,
        modes=("clear", "starttls", "auth")),
    # With TLS 1.3, libesmtp 1.1.0 waits for ever if a ticket comes early.
    Row("esmtp", "esmtp", "esmtp", by_esmtp, modes=("clear",)),
    Row("ssmtp", "ssmtp", UNPACKED / "usr/sbin/ssmtp", by_ssmtp),
    Row("nullmailer", "nullmailer", UNPACKED / "usr/lib/nullmailer/smtp",
        by_nullmailer),
    Row("nmh", "nmh", "/usr/lib/mh/post", by_nmh),
    Row("Exim", "exim4-daemon-light", UNPACKED / "usr/sbin/exim4", by_exim,
        one_by_one=True),
    Row("Postfix", "postfix", "postfix", by_postfix, utf8=True,
        one_by_one=True),
    Row("Sendmail", "sendmail-bin", UNPACKED / "usr/libexec/sendmail/sendmail",
        by_sendmail, modes=("clear", "starttls", "auth"), one_by_one=True,
        mounts=True),
    Row("dma", "dma", UNPACKED / "usr/sbin/dma", by_dma, one_by_one=True,
        mounts=True),
    Row("smtp of OpenSMTPD", "opensmtpd", UNPACKED / "usr/bin/smtp", by_smtp),
    # With LMTP, it keeps the second recipient for later.
    Row("OpenSMTPD", "opensmtpd", UNPACKED / "usr/sbin/smtpd", by_opensmtpd,
        mounts=True),
    Row("Dovecot submission", "dovecot-submissiond", "dovecot", by_dovecot,
        file="/usr/lib/dovecot/submission"),
]
