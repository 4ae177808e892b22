# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
What a server whose days last a fifth of a second says about certificates.

    expiry.py NAME SCRATCH PORT PID TLS-PORT
"""

import datetime
import re
import shutil
import ssl
import subprocess
import sys
import time
import urllib.request

from rawsmtp import check
from server import Server, wait

DAY = 0.2
GAUGE = "mailin_certificate_expiry_timestamp_seconds"
MESSAGE = b"Subject: test\r\n\r\ntext\r\n"


class Test(Server):
    def about(self, text):
        """Return the lines of the running server that contain the text."""
        return [line for line in self.lines("errors")
                if text in line and line.startswith("time=")]

    def replace(self, name, by):
        """Copy a file over one that the server uses, and send SIGHUP."""
        shutil.copy(self.scratch / by, self.scratch / name)
        self.hang_up()

    def gauge(self):
        """Return when the first certificate expires, by the metrics; None if
        they do not say it."""
        url, = re.findall(r"metrics at (http:\S+)",
                          (self.scratch / "log").read_text())
        with urllib.request.urlopen(url, timeout=20) as reply:
            text = reply.read().decode()
        found = re.findall(rf"^{GAUGE} (-?\d+)$", text, re.M)
        check(len(found) == text.count(f"\n{GAUGE}"), text)
        return int(found[0]) if found else None

    def expires(self, name):
        """The metrics say that the certificate in this file is the first."""
        if "metrics at" not in (self.scratch / "log").read_text():
            return
        end = subprocess.run(
            ["openssl", "x509", "-noout", "-enddate", "-in",
             self.scratch / name], check=True, stdout=subprocess.PIPE,
            text=True).stdout.strip().partition("=")[2]
        check(self.gauge() == ssl.cert_time_to_seconds(end), name,
              self.gauge())


def time_of(line):
    text = line.split(" ")[0].partition("=")[2].replace("Z", "+00:00")
    return datetime.datetime.fromisoformat(text).timestamp()


def repeated(test, text, level="warning"):
    """The line comes at least twice more, at most once a day."""
    text = f"{test.scratch}/{text}"
    known = len(test.about(text))
    lines = wait(lambda: test.about(text)[known:][1:] and
                 test.about(text)[known:], text)
    check(all(f" level={level} " in line for line in lines), lines)
    check(len({line.partition(" ")[2] for line in lines}) == 1, lines)
    days = (time_of(lines[-1]) - time_of(lines[0])) / DAY
    check(len(lines) - 1 <= days + 1, lines)


def again(test):
    """Certificates that expire soon are reported at the start, and each day."""
    for name, days in ("mx", 3), ("other", 5):
        text = f"{name}.pem: the certificate expires in {days} days"
        check(f"mailin-server: {test.scratch}/{text}" in test.lines("errors"),
              text, test.lines("errors"))
        repeated(test, text)
    check(not test.about("ca.pem"), test.lines("errors"))
    test.expires("mx.pem")


def renewed(test):
    """After a reload with a fresh certificate it is reported no more."""
    check(test.about("mx.pem"), "not reported")
    test.replace("mx.pem", "30.pem")
    repeated(test, "other.pem: the certificate expires in 5 days")
    known = len(test.about("mx.pem"))
    repeated(test, "other.pem: the certificate expires in 5 days")
    check(len(test.about("mx.pem")) == known, test.about("mx.pem"))
    test.expires("other.pem")


def authority(test):
    test.replace("ca.pem", "2.pem")
    repeated(test, "ca.pem: a certificate expires in 2 days")
    test.expires("ca.pem")


def expired(test):
    test.replace("mx.pem", "late.pem")
    repeated(test, "mx.pem: the certificate has expired", "error")
    test.expires("mx.pem")
    test.client().deliver(MESSAGE)


def new_day(test):
    """A reload reports the certificates, and is the beginning of a day."""
    for _ in range(60):
        before, times = len(test.about("other.pem")), [time.monotonic()]
        for _ in range(15):
            test.hang_up()
            times.append(time.monotonic())
            time.sleep(DAY / 5)
        wait(lambda: len(test.about("other.pem")) >= before + 15, "SIGHUP")
        told = len(test.about("other.pem")) - before
        gaps = [two - one for one, two in zip(times, times[1:])]
        if max(gaps) < DAY * 0.8 and time.monotonic() - times[-1] < DAY * 0.8:
            check(told in (15, 16), told, gaps)
            return
    raise AssertionError("this machine is too slow")


def no_timer(test):
    """Without memory for the timer the server serves, and SIGHUP reports."""
    soon = "mx.pem: the certificate expires in 3 days"
    check(test.count(soon) == 1, test.lines("errors"))
    check(test.count("no memory: until the next SIGHUP") == 1,
          test.lines("errors"))
    test.client().deliver(MESSAGE)
    test.expires("mx.pem")
    test.hang_up()
    wait(lambda: test.count(soon) == 2, "SIGHUP")
    time.sleep(3 * DAY)
    check(test.count(soon) == 2, test.lines("errors"))
    test.replace("mx.pem", "30.pem")
    test.expires("other.pem")
    test.client().deliver(MESSAGE)


def without_tls(test):
    check(test.gauge() is None, test.gauge())


if __name__ == "__main__":
    globals()[sys.argv[1]](Test(*sys.argv[2:]))
