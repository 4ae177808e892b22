# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""
Send to recipients who have a Maildir each.

    maildirs.py NAME ROOT PORT
"""

import pathlib
import re
import sys
import time

from rawsmtp import Client, check

SMALL = b"Subject: small\r\n\r\ntext\r\n"
LARGE = b"Subject: large\r\n\r\n" + (b"y" * 70 + b"\r\n") * 2000


def take(root):
    """Return {Maildir: content} of all messages, and remove them.  No other
    files may be below the root."""
    found = {}
    for file in [path for path in root.rglob("*") if path.is_file()]:
        if file.name == "in-the-way":
            continue
        check(file.parent.name == "new", "not in new/", file)
        name = str(file.parent.parent.relative_to(root))
        check(name not in found, "two copies", name)
        found[name] = file.read_bytes()
        file.unlink()
    return found


def recipients(content):
    header = content.split(b"\nSubject:")[0].decode()
    return re.findall("^X-Envelope-To: <(.*)>$", header, re.M)


def send(port, octets, *names, code=250):
    client = Client(port)
    client.greet()
    client.deliver(octets, code, recipients=names, parameters=" SMTPUTF8")
    client.command("QUIT", 221)


def delivers(port, root, octets, **expected):
    """Send to all at once.  Each Maildir must have one copy, which names only
    the recipients whose Maildir it is."""
    names = [name for row in expected.values() for name in row[1]]
    send(port, octets, *names)
    found = take(root)
    check(sorted(found) == sorted(row[0] for row in expected.values()), found)
    for directory, own in expected.values():
        content = found[directory]
        check(recipients(content) == own, content[:1000], own)
        check(content.endswith(octets.replace(b"\r\n", b"\n")), directory)
        check(b"\r" not in content, directory)
        for name in set(names) - set(own):
            check(name.encode() not in content, directory, name)


def copies(port, root):
    for octets in SMALL, LARGE:
        delivers(port, root, octets,
                 bob=("example.org/bob",
                      ["bob@example.org", "bob@EXAMPLE.ORG",
                       "bob+tag@example.org", '"b\\ob+x y"@example.org']),
                 ann=("example.org/ann", ["ann@example.org"]),
                 postmaster=("mx.example.org/postmaster",
                             ["PostMaster"]),
                 theirs=("example.org/postmaster",
                         ["POSTMASTER@example.org"]))


def hostile(port, root):
    """Send to names that look odd, or that might lead to another directory."""
    long = "ü" * 120
    rows = {".": "%2E", "..": "%2E.", "../../x": "%2E.%2F..%2Fx",
            "a/b": "a%2Fb", "/etc": "%2Fetc", ".ssh": "%2Essh",
            "-rf": "%2Drf", "tmp": "tmp", "a b": "a%20b", "a%2Fb": "a%252Fb",
            "+x": "+x", "%u": "%25u", "~": "%7E", long: long}
    for local, name in rows.items():
        address = f'"{local}"@all.example'
        delivers(port, root, SMALL, one=(f"all.example/{name}", [address]))
    # These addresses cannot be made into names of directories, or have no
    # mailbox.
    client = Client(port)
    client.greet()
    client.command("MAIL FROM:<> SMTPUTF8", 250)
    for local in '""', '"' + "/" * 86 + '"', "ü" * 150, '"\0"':
        client.command(f"RCPT TO:<{local}@all.example>",
                       ("550 5.1.1", "501", "500", "553"))
    for local in "eve", "eve+bob", "bo", '"bob/../ann"', "BOB":
        client.command(f"RCPT TO:<{local}@example.org>", "550 5.1.1")
    client.command("RCPT TO:<bob@other.example>", "550 5.7.1")
    check(not take(root), "stored")
    check(sorted(path.name for path in root.iterdir()) ==
          ["all.example", "example.org", "mx.example.org"], "directories")


def ignored_case(port, root):
    delivers(port, root, SMALL,
             bob=("example.org/bob", ["BoB@example.org", "bob@example.org"]))


def in_the_way(root):
    """Let ann have no Maildir: a file is in its place."""
    (root / "example.org").mkdir(parents=True, exist_ok=True)
    (root / "example.org" / "in-the-way").touch()


def smtp(port, root):
    """If one copy cannot be stored, no copy is stored."""
    in_the_way(root)
    for octets in SMALL, LARGE:
        for names in (("bob", "in-the-way"), ("in-the-way", "bob")):
            send(port, octets, *(f"{name}@example.org" for name in names),
                 code="451")
            check(not take(root), "stored", names)
    delivers(port, root, SMALL,
             bob=("example.org/bob", ["bob@example.org"]))


def lmtp(port, root):
    """Each recipient has a verdict of his own."""
    in_the_way(root)
    for octets in SMALL, LARGE:
        client = Client(port)
        client.expect(220)
        client.command("LHLO client.example.org", 250)
        client.begin(recipients=[f"{name}@example.org" for name in
                                 ("bob", "in-the-way", "ann", "bob+x")])
        client.send(octets + b".\r\n")
        for code in 250, 451, 250, 250:
            client.expect(code)
        client.command("QUIT", 221)
        found = take(root)
        check(sorted(found) == ["example.org/ann", "example.org/bob"], found)
        check(recipients(found["example.org/bob"]) ==
              ["bob@example.org", "bob+x@example.org"], found)


def full(port, root):
    """The disk has room for one copy, but not for two, so nothing is stored."""
    send(port, LARGE, "bob@example.org", "ann@example.org", code="452")
    check(not take(root), "stored")
    send(port, SMALL, "bob@example.org", "ann@example.org")
    check(sorted(take(root)) == ["example.org/ann", "example.org/bob"],
          "later")


def many(port, root):
    """The time to find the Maildirs grows no faster than the recipients.  If
    it grew with their square, DATA would take many seconds."""
    names = [f"bob+{i}@example.org" for i in range(40000)]
    client = Client(port)
    client.greet()
    client.command("MAIL FROM:<alice@example.org>", 250)
    for i in range(0, len(names), 500):
        client.send(b"".join(b"RCPT TO:<%s>\r\n" % name.encode()
                             for name in names[i:i + 500]))
        for _ in range(500):
            client.expect(250)
    begin = time.monotonic()
    client.command("DATA", 354)
    check(time.monotonic() - begin < 2, time.monotonic() - begin)
    client.send(SMALL + b".\r\n")
    client.expect(250)
    client.command("QUIT", 221)
    found = take(root)
    check(list(found) == ["example.org/bob"] and
          recipients(found["example.org/bob"]) == names, list(found))


def main():
    name, root, port = sys.argv[1:]
    {test.__name__: test for test in
     (copies, hostile, ignored_case, smtp, lmtp, full, many)}[name](
         int(port), pathlib.Path(root))


main()
