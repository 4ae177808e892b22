# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
A client talks to the mail proxy of nginx, which passes commands on to
mailin-server.

    nginx.py PORT MAILDIR FOLDER MODULE

PORT is the port of mailin-server.  FOLDER is created for nginx.  MODULE is the
file of nginx's mail proxy, or empty if the proxy is built in.
"""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys

from proxies import deliver, keywords
from rawsmtp import Client, check

CONFIG = """
{module}
daemon off;
pid {folder}/pid;
error_log {folder}/log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{ports[0]};
        location / {{
            add_header Auth-Status OK;
            add_header Auth-Server 127.0.0.1;
            add_header Auth-Port {port};
            return 200;
        }}
    }}
}}
mail {{
    server_name nginx.example.org;
    auth_http 127.0.0.1:{ports[0]}/;
    xclient on;
    server {{
        listen 127.0.0.1:{ports[1]};
        protocol smtp;
        smtp_auth none;
    }}
    server {{
        listen 127.0.0.1:{ports[2]};
        protocol smtp;
        smtp_auth plain;
    }}
}}
"""


@contextlib.contextmanager
def start(folder, module, port):
    """Run nginx with sockets that it inherits, as it does when its program is
    replaced.  So no other program can take their ports.  Yields the ports of
    its two mail proxies."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    ports = [listener.getsockname()[1] for listener in listeners]
    fds = [listener.fileno() for listener in listeners]
    folder.mkdir()
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(
        module=f"load_module {module};" if os.path.exists(module) else "",
        folder=folder, port=port, ports=ports))
    environment = dict(os.environ,
                       NGINX="".join(f"{fd};" for fd in fds))
    with subprocess.Popen(["nginx", "-e", folder / "log", "-c", config],
                          env=environment, pass_fds=fds) as process:
        try:
            for listener in listeners:
                listener.close()
            yield ports[1:]
        finally:
            process.terminate()
            process.wait(20)


def say_again(client, maildir):
    """nginx sends XCLIENT.  After it, the client of nginx (127.0.0.9) speaks on
    the same connection."""
    for _ in range(2):
        for line in ("XCLIENT LOGIN=admin ADDR=10.0.0.1",
                     "xclient addr=10.0.0.1", "XFORWARD ADDR=10.0.0.1"):
            client.command(line, "550 5.7.0 ")
        client.command("RSET", 250)
        offered = keywords(client)
        check(not {"XCLIENT", "XFORWARD"} & set(offered), offered)
    deliver(client, maildir, "[127.0.0.9]")


def main():
    port, maildir, folder, module = sys.argv[1:]
    maildir = pathlib.Path(maildir)
    with start(pathlib.Path(folder), module, port) as (nobody, user):
        # nginx connects to mailin-server at the first RCPT.
        client = Client(nobody, source="127.0.0.9")
        client.greet()
        client.envelope()
        say_again(client, maildir)

        client = Client(user, source="127.0.0.9")
        client.greet()
        client.log_in("alice")
        say_again(client, maildir)


if __name__ == "__main__":
    main()
