# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Listen on the loopback, write the port to a file, and run a command with the
first client as its standard input and output.

    bindings_accept.py FILE COMMAND...
"""
import os
import socket
import sys


def main():
    name, *command = sys.argv[1:]
    listener = socket.create_server(("127.0.0.1", 0))
    with open(name + ".new", "w", encoding="ascii") as file:
        file.write("%d\n" % listener.getsockname()[1])
    os.rename(name + ".new", name)  # nobody reads half a number
    client, _ = listener.accept()
    for number in 0, 1:
        os.dup2(client.fileno(), number)
    os.execvp(command[0], command)


main()
