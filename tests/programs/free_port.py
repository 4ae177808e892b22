# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Print the number of a TCP port at which a test can listen several times.  The
system gives this port to no other socket: it is below the range from which
outgoing connections get their ports.
"""

import random
import socket


def free_port():
    while True:
        port = random.randrange(10000, 32000)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port


if __name__ == "__main__":
    print(free_port())
