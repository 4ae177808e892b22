# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""How the mail servers are called that take mail by SMTP alone, or have files
at fixed places.  The latter are given a file tree of their own."""

import atexit
import functools
import shutil
import smtplib
import socket
import subprocess
import time

from commands import DSN
from servers import UNPACKED

# $0 is the root of the file tree.  Mounts that are made here are seen by this
# process and its children alone, and end with them.
ENTER = """
set -e
root=$0
for name in usr dev proc "$1" "$2"; do
	mkdir -p "$root/$name"
	mount --bind "/$name" "$root/$name"
done
shift 2
exec chroot "$root" "$@"
"""
USERS = """root:x:0:0::/:/bin/sh
mail:x:8:8::/:/bin/sh
nobody:x:65534:65534::/:/bin/sh
opensmtpd:x:65533:65533::/var/lib/opensmtpd/empty:/bin/sh
opensmtpq:x:65532:65532::/var/lib/opensmtpd/empty:/bin/sh
"""
GROUPS = """root:x:0:
mail:x:8:
nogroup:x:65534:
opensmtpd:x:65533:
opensmtpq:x:65532:
"""


@functools.lru_cache
def can_mount():
    """Return whether this process may have mounts of its own."""
    return shutil.which("unshare") is not None and subprocess.run(
        ["unshare", "--mount", "sh", "-c", "mount --bind /tmp /tmp"],
        capture_output=True).returncode == 0


def make_tree(root):
    """Make a file tree that has the programs of this machine, and its own users
    and settings.  Return the words that run a command in it."""
    for name in ("etc", "tmp", "run", "var"):
        (root / name).mkdir(parents=True)
    (root / "var/run").symlink_to("../run")
    for name in ("bin", "lib", "lib64", "sbin"):
        (root / name).symlink_to(f"usr/{name}")
    root.chmod(0o755)
    (root / "etc/passwd").write_text(USERS)
    (root / "etc/group").write_text(GROUPS)
    host = socket.gethostname()
    (root / "etc/hosts").write_text(
        f"127.0.0.1 localhost {host}.example.org {host}\n")
    (root / "etc/nsswitch.conf").write_text("hosts: files\n")
    return ["unshare", "--mount", "sh", "-c", ENTER, str(root),
            str(root.parent)[1:], str(UNPACKED)[1:]]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def start(command, log, port):
    """Start a server that stays in the foreground, until it listens."""
    with open(log, "wb") as file:
        process = subprocess.Popen([str(word) for word in command],
                                   stdin=subprocess.DEVNULL, stdout=file,
                                   stderr=subprocess.STDOUT)

    def end():
        process.terminate()
        process.wait()
    atexit.register(end)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)
    print(log.read_text(errors="replace"))


def submit(job, port, sender, user=None):
    """Send the message to a server that relays it."""
    client = smtplib.SMTP("127.0.0.1", port, "client.example.org", 30)
    client._print_debug = lambda *words: \
        setattr(job, "output", f"{job.output}{words}\n")
    client.set_debuglevel(1)
    try:
        if user:
            client.login(user, "secret")
        client.sendmail(sender, job.recipients, job.file.read_bytes(),
                        ["BODY=8BITMIME", *["RET=HDRS", "ENVID=QQ+2B314159"] *
                         job.extended],
                        ["NOTIFY=SUCCESS,DELAY"] * job.extended)
        client.quit()
    except (smtplib.SMTPException, OSError) as error:
        job.output += f"{error!r}\n"


# ---- dma ----

@functools.lru_cache
def tree_of_dma(root):
    enter = make_tree(root)
    (root / "etc/dma").mkdir()
    spool = root / "var/spool/dma"
    spool.mkdir(parents=True)
    shutil.chown(spool, "mail", "mail")
    spool.chmod(0o2775)
    return enter


def by_dma(job):
    root = job.home / "dma"
    enter = tree_of_dma(root)
    (root / "etc/dma/auth.conf").write_text(
        "joe|127.0.0.1:secret\n" if job.mode == "auth" else "")
    (root / "etc/dma/dma.conf").write_text(
        f"SMARTHOST 127.0.0.1\nPORT {job.port}\nNULLCLIENT\n"
        "MAILNAME client.example.org\nSPOOLDIR /var/spool/dma\n"
        "AUTHPATH /etc/dma/auth.conf\n"
        + ("" if job.mode == "clear" else "SECURETRANSFER\n")
        + ("STARTTLS\n" if job.secure else ""))
    # dma 0.13 refuses a line of 998 octets.
    octets = job.unix.read_bytes().replace(b"y" * 998, b"y" * 997)
    (job.home / "message.dma").write_bytes(octets)
    job.run(*enter, UNPACKED / "usr/sbin/dma", "-D", "-i", "-f", job.sender,
            *job.recipients, stdin=job.home / "message.dma")


# ---- Sendmail ----

SENDMAIL = """\
V10
Djclient.example.org
O QueueDirectory=/queue
O ServiceSwitchFile=/etc/service.switch
O DeliveryMode=i
O ErrorMode=p
O EightBitMode=p
O DefaultUser=65534:65534
O LogLevel=0
O CACertFile={certificate}
Troot
Mlocal, P=[IPC], F=mDFMuXa8, E=\\r\\n, T=DNS/RFC822/SMTP, A=TCP $h {port}
Mprog, P=[IPC], A=TCP $h {port}
Mrelay, P=[IPC], F={flags}, S=10, R=10, E=\\r\\n, L=2048,
	T=DNS/RFC822/SMTP, A=TCP $h {port}
S3
R$* < $* > $*	$2
S0
R$*	$# relay $@ [127.0.0.1] $: $1
S10
{rules}
"""
RULES = {"clear": "Stry_tls\nR$*\t$# error $@ 5.7.1 $: no TLS here",
         "auth": 'Sauthinfo\nR$*\t$# "U:joe" "I:joe" "P:secret" "M:PLAIN"'}


@functools.lru_cache
def tree_of_sendmail(root):
    enter = make_tree(root)
    (root / "queue").mkdir(mode=0o700)
    (root / "etc/service.switch").write_text("hosts files\n")
    return enter


def by_sendmail(job):
    root = job.home / "sendmail"
    enter = tree_of_sendmail(root)
    settings = root / "etc/sendmail.cf"
    settings.write_text(SENDMAIL.format(
        certificate=job.certificate, port=job.port,
        flags=("" if job.route == "lmtp" else "m") + "DFMuXa8",
        rules=RULES.get(job.mode, "")))
    job.run(*enter, UNPACKED / "usr/libexec/sendmail/sendmail",
            "-C/etc/sendmail.cf", "-v", "-i", "-f", job.sender,
            *DSN * job.extended, "--",
            *job.recipients, stdin=job.unix)


# ---- OpenSMTPD ----

@functools.lru_cache
def start_opensmtpd(root, certificate, routes):
    """Start OpenSMTPD.  The sender says how to send: alice+ROUTE."""
    enter = make_tree(root)
    for name in ("spool/smtpd", "lib/opensmtpd/empty"):
        (root / "var" / name).mkdir(parents=True)
        (root / "var" / name).chmod(0o711)
    (root / "etc/ssl/certs").mkdir(parents=True)
    shutil.copy(certificate, root / "etc/ssl/certs/ca-certificates.crt")
    (root / "etc/secrets").write_text("joe joe:secret\n")
    port = free_port()
    kinds = {"starttls": "smtp+tls://", "tls": "smtps://",
             "auth": "smtp+tls://joe@"}
    lines = ["mta limit conn-delay-route 0", "mta limit reconn-delay-route 0",
             "table secrets file:/etc/secrets",
             f"listen on 127.0.0.1 port {port} hostname client.example.org"]
    for name, to in routes:
        url = f"{kinds.get(name, 'smtp+notls://')}127.0.0.1:{to}"
        auth = " auth <secrets>" if name == "auth" else ""
        address = f'"alice+{name}@example.org"'
        # The second rule is for what OpenSMTPD tells the sender.
        lines += [f'action "{name}" relay host "{url}"{auth} '
                  "helo client.example.org",
                  f'match from any mail-from {address} for any action "{name}"',
                  f'match from any for rcpt-to {address} action "{name}"']
    (root / "etc/smtpd.conf").write_text("\n".join(lines) + "\n")
    start([*enter, UNPACKED / "usr/sbin/smtpd", "-d", "-f", "/etc/smtpd.conf"],
          root / "log", port)
    return port


def by_opensmtpd(job):
    root = job.home / "opensmtpd"
    port = start_opensmtpd(root, job.certificate, job.routes)
    begin = (root / "log").stat().st_size
    submit(job, port, f"alice+{job.route}@example.org")
    # One line for each recipient, and one for the message to the sender.
    lines = len(job.recipients) + (job.name == "refused")
    job.wait_for(root / "log", "(?s)" + r"\bdelivery .*?result=.*" * lines,
                 begin)
    job.output += (root / "log").read_text()[begin:]


def by_smtp(job):
    """The command smtp of OpenSMTPD."""
    kind = {"clear": "smtp+notls://", "tls": "smtps://"}.get(
        job.mode, "smtp+tls://")
    login = "joe:secret@" if job.mode == "auth" else ""
    job.run(UNPACKED / "usr/bin/smtp", "-C", "-v", "-v", "-H",
            "client.example.org", "-F", job.sender, "-s",
            f"{kind}{login}127.0.0.1:{job.port}", *job.recipients,
            stdin=job.unix)


# ---- Dovecot submission ----

@functools.lru_cache
def start_dovecot(home, certificate, routes):
    """Start Dovecot.  The user who logs in says how to send: the name of the
    route."""
    for name in ("run", "state", "mail"):
        (home / name).mkdir(parents=True)
    home.chmod(0o711)
    shutil.chown(home / "mail", "nobody")
    port = free_port()
    kinds = {"starttls": "starttls", "auth": "starttls", "tls": "smtps"}
    users = []
    for name, to in routes:
        login = " userdb_submission_relay_user=joe " \
            "userdb_submission_relay_password=secret" if name == "auth" else ""
        users.append(f"{name}:{{PLAIN}}secret:65534:65534::{home}/mail::"
                     f"userdb_submission_relay_port={to} "
                     "userdb_submission_relay_ssl="
                     f"{kinds.get(name, 'no')}{login}\n")
    (home / "users").write_text("".join(users))
    (home / "conf").write_text(f"""
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = submission
ssl = no
disable_plaintext_auth = no
default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = 1
hostname = client.example.org
mail_location = maildir:~/Maildir
submission_relay_host = 127.0.0.1
ssl_client_ca_file = {certificate}
passdb {{
  driver = passwd-file
  args = {home}/users
}}
userdb {{
  driver = passwd-file
  args = {home}/users
}}
service submission-login {{
  inet_listener submission {{
    address = 127.0.0.1
    port = {port}
  }}
}}
""")
    start(["dovecot", "-F", "-c", home / "conf"], home / "started", port)
    return port


def by_dovecot(job):
    home = job.home / "dovecot"
    port = start_dovecot(home, job.certificate, job.routes)
    submit(job, port, job.sender, job.route)
    job.read("dovecot/log")
