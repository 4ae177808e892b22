# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Run HAProxy with sockets on free ports of the loopback, which its configuration
calls fd@${SOCKET_0} and so on.  Print the ports first.

    haproxy.py CONFIG COUNT
"""

import os
import socket
import sys


def main():
    config, count = sys.argv[1], int(sys.argv[2])
    ports = []
    for index in range(count):
        listener = socket.create_server(("127.0.0.1", 0))
        ports.append(str(listener.getsockname()[1]))
        os.environ[f"SOCKET_{index}"] = str(listener.detach())
        os.set_inheritable(int(os.environ[f"SOCKET_{index}"]), True)
    print(*ports, flush=True)
    os.execvp("haproxy", ["haproxy", "-db", "-f", config])


main()
