# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""How the clients that are mail servers, or replace their command sendmail, are
called.  Those that would replace another server are only unpacked."""

import atexit
import functools
import os
import pathlib
import shutil
import subprocess

from commands import DSN

UNPACKED = pathlib.Path("clients").absolute()  # in the build folder


def by_ssmtp(job):
    settings = job.write("ssmtp.conf", f"""mailhub=127.0.0.1:{job.port}
hostname=client.example.org
FromLineOverride=YES
UseTLS={'no' if job.mode == 'clear' else 'yes'}
UseSTARTTLS={'yes' if job.secure else 'no'}
TLS_CA_File={job.certificate}
""" + ("AuthUser=joe\nAuthPass=secret\nAuthMethod=LOGIN\n"
       if job.mode == "auth" else ""))
    job.run(UNPACKED / "usr/sbin/ssmtp", "-v", "-C", settings, "-f",
            job.sender, *job.recipients, stdin=job.unix)


def by_nullmailer(job):
    """The program that nullmailer starts for each message."""
    file = job.home / "queued"
    file.write_bytes("\n".join([job.sender, *job.recipients, "", ""])
                     .encode() + job.unix.read_bytes())
    options = {"clear": [], "starttls": ["--starttls"], "tls": ["--tls"],
               "auth": ["--starttls", "--auth-login", "--user=joe",
                        "--pass=secret"]}
    job.run("sh", "-c", 'exec "$@" 3<queued', "sh",
            UNPACKED / "usr/lib/nullmailer/smtp", f"--port={job.port}",
            "--host=127.0.0.1", f"--x509cafile={job.certificate}",
            *options[job.mode], HELOHOST="client.example.org")


def by_exim(job):
    home = job.home / "exim"
    home.mkdir(exist_ok=True)
    os.chown(home, 65534, 65534)
    users = job.write("exim.passwd", "root:x:0:0::/:/bin/sh\n"
                      "Debian-exim:x:65534:65534::/:/bin/sh\n", 0o644)
    groups = job.write("exim.group", "root:x:0:\nmail:x:8:\n"
                       "Debian-exim:x:65534:\n", 0o644)
    tls = {"clear": "hosts_avoid_tls = *", "tls": "protocol = smtps"}.get(
        job.mode, "hosts_require_tls = *")
    login = "require" if job.mode == "auth" else "try"
    login = f"hosts_{login}_auth = {'*' if login == 'require' else ''}"
    settings = job.write("exim.conf", f"""
primary_hostname = client.example.org
spool_directory = {home}
log_file_path = {home}/%slog
keep_environment =
smtputf8_advertise_hosts =
dsn_advertise_hosts = *
acl_smtp_rcpt = all
never_users =
untrusted_set_sender = *
local_from_check = false
keep_malformed = 1s
begin acl
all:
  accept
begin routers
one:
  driver = manualroute
  transport = one
  route_list = * 127.0.0.1
  self = send
begin transports
one:
  driver = smtp
  port = {job.port}
  allow_localhost
  max_rcpt = {1 if job.route == "lmtp" else 100}
  {tls}
  tls_verify_certificates = {job.certificate}
  {login}
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  client_send = ^joe^secret
""", 0o644)
    variables = {
        "LD_PRELOAD":
            f"{UNPACKED}/usr/lib/x86_64-linux-gnu/libnss_wrapper.so",
        "NSS_WRAPPER_PASSWD": users, "NSS_WRAPPER_GROUP": groups}
    exim = (UNPACKED / "usr/sbin/exim4", "-C", settings, "-v")
    shutil.rmtree(home / "input", ignore_errors=True)
    if job.extended:
        # By its command line, Exim does not take parameters of DSN.
        commands = home / "commands"
        commands.write_bytes(("\n".join([
            "EHLO client.example.org",
            f"MAIL FROM:<{job.sender}> RET=HDRS ENVID=QQ+2B314159",
            *[f"RCPT TO:<{to}> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;{to}"
              for to in job.recipients], "DATA", ""])).encode() +
            job.unix.read_bytes().replace(b"\n.", b"\n..") + b".\nQUIT\n")
        job.run(*exim, "-odq", "-bs", stdin=commands, **variables)
    else:
        job.run(*exim, "-odq", "-oi", "-f", job.sender, "--", *job.recipients,
                stdin=job.unix, **variables)
    for path in (home / "input").glob("*-H"):
        job.run(*exim, "-Mc", path.name[:-2], **variables)


@functools.lru_cache
def start_postfix(home, certificate, routes):
    """Start Postfix.  The sender says how to send: alice+ROUTE."""
    for name in ("etc", "spool", "data"):
        (home / name).mkdir(parents=True)
    home.chmod(0o711)
    shutil.chown(home / "data", "postfix")
    (home / "etc/senders").write_text("".join(
        f"/\\+{name}@/ {name}:[127.0.0.1]:{port}\n" for name, port in routes))
    (home / "etc/main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
maillog_file = {home}/log
maillog_file_prefixes = {home}
myhostname = client.example.org
mydestination =
alias_maps =
alias_database =
inet_interfaces = loopback-only
inet_protocols = ipv4
smtp_dns_support_level = disabled
smtputf8_enable = yes
default_transport = discard:
transport_maps = regexp:{home}/etc/senders
lmtp_destination_recipient_limit = 1
sender_dependent_default_transport_maps = regexp:{home}/etc/senders
smtp_tls_CAfile = {certificate}
smtp_sasl_password_maps = static:joe:secret
smtp_sasl_security_options = noanonymous
""")
    (home / "etc/master.cf").write_text("""
pickup   unix       n - n 60    1 pickup
cleanup  unix       n - n -     0 cleanup
qmgr     unix       n - n 300   1 qmgr
rewrite  unix       - - n -     - trivial-rewrite
bounce   unix       - - n -     0 bounce
defer    unix       - - n -     0 bounce
trace    unix       - - n -     0 bounce
proxymap unix       - - n -     - proxymap
tlsmgr   unix       - - n 1000? 1 tlsmgr
direct   unix       - - n -     - smtp
lmtp     unix       - - n -     - smtp
maildir  unix       - - n -     - smtp
maildirs unix       - - n -     - smtp
clear    unix       - - n -     - smtp
starttls unix       - - n -     - smtp -o smtp_tls_security_level=encrypt
tls      unix       - - n -     - smtp -o smtp_tls_security_level=encrypt
  -o smtp_tls_wrappermode=yes
auth     unix       - - n -     - smtp -o smtp_tls_security_level=encrypt
  -o smtp_sasl_auth_enable=yes
error    unix       - - n -     - error
retry    unix       - - n -     - error
discard  unix       - - n -     - discard
postlog  unix-dgram n - n -     1 postlogd
""")
    command = ["postfix", "-c", home / "etc"]
    subprocess.run([*command, "start"], check=True, capture_output=True)
    atexit.register(subprocess.run, [*command, "stop"], capture_output=True)


def by_postfix(job):
    home = job.home / "postfix"
    start_postfix(home, job.certificate, job.routes)
    (home / "log").write_text("")
    job.run("sendmail", "-C", home / "etc", "-i", "-f",
            f"alice+{job.route}@example.org", *DSN * job.extended, "--",
            *job.recipients,
            stdin=job.unix)
    # Postfix also mails a report to the sender, on the same way.
    messages = 1 + (job.name == "refused")
    job.wait_for(home / "log", "(?s)" + r"\bqmgr[^\n]*: removed.*" * messages)
    job.read("postfix/log")
