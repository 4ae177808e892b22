# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Clients for the picture of the dashboard.  Their number first grows, then
falls.  For a while, some of them guess passwords and recipients."""

import random
import smtplib
import ssl
import threading
import time

SENDERS = 12
GUESSERS = 4
DOMAIN = "example.org"
MESSAGE = "Subject: test\r\n\r\n" + "a line of the message\r\n" * 20


def context():
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    return unchecked


class Clients:
    def __init__(self, port, user, password, seconds):
        self.port, self.user, self.password = port, user, password
        self.begin, self.seconds = time.monotonic(), seconds
        works = [self.send] * SENDERS + [self.guess] * GUESSERS
        self.threads = [threading.Thread(target=self.run, args=(work, i))
                        for i, work in enumerate(works)]
        for thread in self.threads:
            thread.start()

    def part(self):
        """Return the fraction of the time that has passed."""
        return (time.monotonic() - self.begin) / self.seconds

    def run(self, work, number):
        while self.part() < 1:
            try:
                work(number)
            except (OSError, smtplib.SMTPException):
                time.sleep(0.2)

    def connect(self, number):
        client = smtplib.SMTP("127.0.0.1", self.port, timeout=20)
        client.ehlo("client.example.net")
        if number % 3 != 0:
            client.starttls(context=context())
            client.ehlo("client.example.net")
        return client

    def send(self, number):
        """Send mail.  A client with a higher number begins later and ends
        sooner."""
        share = number / SENDERS
        if not share * 0.5 <= self.part() <= 1 - share * 0.4:
            time.sleep(0.1)
            return
        with self.connect(number) as client:
            if number % 3 == 1:
                client.login(self.user, self.password)
            for _ in range(random.randint(1, 8)):
                client.sendmail("alice@example.net", [f"bob@{DOMAIN}"],
                                MESSAGE * random.randint(1, 8))
                time.sleep(random.uniform(0.01, 0.06))

    def guess(self, number):
        if not 0.55 <= self.part() <= 0.8:
            time.sleep(0.1)
            return
        with self.connect(1) as client:
            if number % 2 == 0:
                client.login(self.user, "guess")
            client.mail("spam@example.com")
            for _ in range(5):
                client.rcpt(f"user{random.randint(0, 999)}@{DOMAIN}")
                time.sleep(0.05)

    def end(self):
        for thread in self.threads:
            thread.join()
