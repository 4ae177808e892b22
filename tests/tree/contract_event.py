# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Send a message to the program examples/receive, whose name is the argument.
The program must print it."""

import smtplib
import socket
import subprocess
import sys
import time

with socket.create_server(("127.0.0.1", 0)) as listener:
    port = listener.getsockname()[1]
with subprocess.Popen([sys.argv[1], f"127.0.0.1:{port}"],
                      stdout=subprocess.PIPE) as process:
    try:
        for left in range(100, 0, -1):
            try:
                client = smtplib.SMTP("127.0.0.1", port, timeout=20)
                break
            except ConnectionRefusedError:
                if left == 1:
                    raise
                time.sleep(0.1)
        client.sendmail("ann@example.net", ["bob@example.org"],
                        b"A: 1\r\n\r\n.\r\n")
        client.quit()
        printed = process.stdout.read(11)
    finally:
        process.kill()
if printed != b"A: 1\r\n\r\n.\r\n":
    raise SystemExit(f"printed: {printed!r}")
