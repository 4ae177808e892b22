# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Make hashes of passwords, and log in with them.

    passwords.py logins PORT yes|no
    passwords.py terminal PROGRAM
    passwords.py scram_form PROGRAM
"""

import base64
import hashlib
import hmac
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

from rawsmtp import Client
from server import wait


def logins(port, scram):
    client = Client(int(port))
    client.greet()
    users = [("crypt", "secret"), ("again", "secret"),
             ("accents", 'sécret "x" $1'), ("long", "0" * 511),
             ("unended", "secret")]
    if scram == "yes":
        # RFC 4013 maps U+2168, the Roman numeral nine, to IX.
        users += [("scram", "secret"), ("accents-scram", 'sécret "x" $1'),
                  ("prepared", "IX"), ("lower", "secret")]
        client.log_in("locked", "secret", 535)
    for user, password in users:
        client.log_in(user, password + "x", 535)
        client.log_in(user, password[:-1], 535)
    for user, password in users:
        client = Client(int(port))
        client.greet()
        client.log_in(user, password)


class Terminal:
    """A program that runs at a terminal."""

    def __init__(self, program, option):
        pid, self.file = pty.fork()
        if pid == 0:
            os.execv(program, [program, option])
        self.pid, self.text = pid, b""

    def wait(self, text):
        while text not in self.text:
            ready, _, _ = select.select([self.file], [], [], 10)
            try:
                octets = os.read(self.file, 1000) if ready else b""
            except OSError:
                octets = b""
            if not octets:
                raise AssertionError(f"no {text!r} in {self.text!r}")
            self.text += octets

    def echoes(self):
        return bool(termios.tcgetattr(self.file)[3] & termios.ECHO)

    def asked(self, prompt):
        """Wait for the question; the terminal must not show the answer."""
        self.wait(prompt + b": ")
        wait(lambda: not self.echoes(), "echo is on")

    def answer(self, prompt, password):
        self.asked(prompt)
        os.write(self.file, password + b"\n")

    def ended(self):
        while True:
            try:
                octets = os.read(self.file, 1000)
            except OSError:
                break
            if not octets:
                break
            self.text += octets
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)


def terminal(program):
    program = os.path.abspath(program)
    client = Terminal(program, "--hash-password")
    client.answer(b"Password", b"secret")
    client.answer(b"Once more", b"secret")
    client.wait(b"$")
    assert client.ended() == 0
    assert b"secret" not in client.text, client.text

    client = Terminal(program, "--hash-password")
    client.answer(b"Password", b"secret")
    client.answer(b"Once more", b"Secret")
    assert client.ended() == 1
    assert b"the two passwords differ" in client.text, client.text
    assert b"$" not in client.text, client.text

    # A signal ends the program, and the terminal is then as before.  A shell
    # that runs this test in the background may have made it ignore signals.
    for number in signal.SIGINT, signal.SIGTERM:
        signal.signal(number, signal.SIG_DFL)
        client = Terminal(program, "--hash-password")
        client.asked(b"Password")
        assert not client.echoes()
        end = os.dup(client.file)
        time.sleep(0.1)
        os.kill(client.pid, number)
        wait(lambda: termios.tcgetattr(end)[3] & termios.ECHO,
             "echo stays off")
        assert client.ended() == -number


def scram_form(program):
    """The hash has the keys that RFC 5802 3 defines."""
    password = "pässword"
    line = subprocess.run([program, "--hash-scram"], check=True,
                          input=password.encode() + b"\n",
                          stdout=subprocess.PIPE).stdout.decode()
    assert line.startswith("{SCRAM-SHA-256}") and line.endswith("=\n"), line
    iterations, *fields = line[len("{SCRAM-SHA-256}"):].strip().split(",")
    salt, stored, server = map(base64.b64decode, fields)
    assert len(salt) == 16 and int(iterations) >= 4096, line
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt,
                                 int(iterations))
    client = hmac.digest(salted, b"Client Key", "sha256")
    assert stored == hashlib.sha256(client).digest(), line
    assert server == hmac.digest(salted, b"Server Key", "sha256"), line


def main():
    name, *arguments = sys.argv[1:]
    globals()[name](*arguments)


if __name__ == "__main__":
    main()
