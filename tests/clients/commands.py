# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""How the clients that are commands are called."""

# Options of most sendmail commands for DSN.
DSN = ["-N", "success,delay", "-R", "hdrs", "-V", "QQ+314159"]


def by_swaks(job):
    tls = {"clear": [], "tls": ["--tls-on-connect"]}.get(job.mode, ["--tls"])
    login = ["--auth", "PLAIN", "--auth-user", "joe", "--auth-password",
             "secret"] if job.mode == "auth" else []
    file = job.home / "swaks"
    file.write_bytes(job.file.read_bytes()[:-2])  # swaks appends a CR LF
    job.run("swaks", "--server", "127.0.0.1", "--port", job.port, "--helo",
            "client.example.org", "--from", job.sender, "--to",
            ",".join(job.recipients), "--data", f"@{file}", *tls, *login)


def by_curl(job):
    scheme = "smtps" if job.mode == "tls" else "smtp"
    to = [word for one in job.recipients for word in ("--mail-rcpt", one)]
    login = ["--user", "joe:secret"] if job.mode == "auth" else []
    job.run("curl", "-sv", f"{scheme}://127.0.0.1:{job.port}/c.example.org",
            "--cacert", job.certificate, *["--ssl-reqd"] * job.secure,
            "--mail-rcpt-allowfails", "--mail-from", job.sender, *to, *login,
            "--upload-file", job.file)


def by_msmtp(job):
    job.run("msmtp", "--debug", "--file=/dev/null", "--host=127.0.0.1",
            f"--port={job.port}", f"--from={job.sender}",
            f"--tls={'off' if job.mode == 'clear' else 'on'}",
            f"--tls-starttls={'on' if job.secure else 'off'}",
            f"--tls-trust-file={job.certificate}",
            *(["--auth=plain", "--user=joe", "--passwordeval=echo secret"]
              if job.mode == "auth" else ["--auth=off"]),
            *["--dsn-notify=success,delay", "--dsn-return=headers"] *
            job.extended, "--", *job.recipients, stdin=job.unix)


def by_s_nail(job):
    scheme = "smtps" if job.mode == "tls" else "smtp"
    login = "joe:secret@" if job.mode == "auth" else ""
    job.run("s-nail", "-:/", "-v", "-v", "-Smta=" +
            f"{scheme}://{login}127.0.0.1:{job.port}", "-Sv15-compat",
            f"-Ssmtp-auth={'plain' if login else 'none'}",
            *["-Ssmtp-use-starttls"] * job.secure, "-Stls-verify=ignore",
            f"-Sfrom={job.sender}", "-Ssendwait", "-Smime-encoding=8bit",
            "-Ssendcharsets=utf-8", "-Shostname=client.example.org",
            "-s", job.name, *job.recipients, stdin=job.body)


def by_mutt(command):
    def send(job):
        scheme = "smtps" if job.mode == "tls" else "smtp"
        login = "joe:secret@" if job.mode == "auth" else ""
        settings = job.write("muttrc", "\n".join((
            f'set smtp_url="{scheme}://{login}127.0.0.1:{job.port}"',
            f"set from={job.sender} use_envelope_from=yes",
            f"set ssl_force_tls={'yes' if job.mode != 'clear' else 'no'}",
            f"set ssl_starttls={'yes' if job.secure else 'no'}",
            "set ssl_verify_host=no ssl_verify_dates=no allow_8bit=yes",
            "set use_8bitmime=yes send_charset=utf-8 charset=utf-8",
            "set hostname=client.example.org copy=no",
            *["set dsn_notify='success,delay' dsn_return=hdrs"] * job.extended,
            f"set certificate_file={job.certificate}")))
        job.run(command, "-d", "2", "-F", settings, "-n", "-s", job.name,
                *job.recipients, stdin=job.body, TERM="dumb")
    return send


def by_sendemail(job):
    to = [word for one in job.recipients for word in ("-t", one)]
    tls = "yes" if job.secure else "no"
    login = ["-xu", "joe", "-xp", "secret"] if job.mode == "auth" else []
    job.run("sendemail", "-v", "-v", "-f", job.sender, *to, "-s",
            f"127.0.0.1:{job.port}", "-o", "message-format=raw", "-o",
            f"tls={tls}", "-o", "fqdn=client.example.org", *login,
            stdin=job.unix)


def by_git(job):
    header, text = job.unix.read_text().split("\n\n", 1)
    patch = job.write("one.patch", f"From 0 Mon Sep 17 00:00:00 2001\n{header}"
                      f"\n\n{text}")
    kind = {"clear": [], "tls": ["--smtp-encryption=ssl"]}.get(
        job.mode, ["--smtp-encryption=tls"])
    login = ["--smtp-user=joe", "--smtp-pass=secret"] \
        if job.mode == "auth" else ["--smtp-auth=none"]
    job.run("git", "send-email", "--smtp-server=127.0.0.1",
            f"--smtp-server-port={job.port}", *kind,
            f"--smtp-ssl-cert-path={job.certificate}", "--smtp-debug=1",
            "--smtp-domain=client.example.org", "--confirm=never",
            "--suppress-cc=all", f"--from={job.sender}", *login,
            *[f"--to={one}" for one in job.recipients], "--no-validate",
            "--force", patch, GIT_CONFIG_NOSYSTEM="1",
            GIT_CEILING_DIRECTORIES="/")


def by_mailutils(job):
    scheme = "smtps" if job.mode == "tls" else "smtp"
    login = "joe:secret;auth=plain@" if job.mode == "auth" else ""
    url = f"{scheme}://{login}127.0.0.1:{job.port}" + \
        ("" if job.secure else ";notls")
    job.run("mail.mailutils", "-n", "-E", f'set sendmail="{url}"', "-E",
            "set emptystart", "-r", job.sender, "-s", job.name,
            "--debug-level=smtp.trace7,mailer.trace7", *job.recipients,
            stdin=job.body)


def by_esmtp(job):
    login = "username = \"joe\"\npassword = \"secret\"\n" \
        if job.mode == "auth" else ""
    settings = job.write("esmtprc", f"hostname = 127.0.0.1:{job.port}\n"
                         f"{login}starttls = "
                         f"{'required' if job.secure else 'disabled'}\n")
    job.run("esmtp", "-C", settings, "-v", "-X", job.home / "log", "-f",
            job.sender, *DSN[:4] * job.extended, "--", *job.recipients,
            stdin=job.unix)  # its own -V fails
    job.read("log")


def by_nmh(job):
    draft = job.write("draft", f"From: {job.sender}\nTo: "
                      f"{', '.join(job.recipients)}\nSubject: {job.name}\n\n"
                      + job.body.read_text())
    kind = {"clear": "-notls", "tls": "-initialtls"}.get(job.mode, "-tls")
    login = ["-sasl", "-saslmech", "plain", "-user", "joe"] \
        if job.mode == "auth" else []
    job.write(".netrc", "machine 127.0.0.1 login joe password secret\n")
    job.write(".mh_profile", "Path: Mail\ncredentials: file:.netrc\n")
    job.run("/usr/lib/mh/post", "-snoop", "-mts", "smtp", "-server",
            "127.0.0.1", "-port", job.port, kind, "-nocertverify", *login,
            draft)
