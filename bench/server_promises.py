# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Compare the measured speed of mailin-server with the promised speed."""

import statistics

LOG_US = 3
RESUMED_US = 200
IDLE_CLIENTS = 5000
IDLE_MB = 40
CHANGE = 0.03       # compared with --before, in the same run
SLOW_CHANGE = 0.10  # with 200 slow clients, compared with none
# The highest ratio of processor time: mailin-server as a front door, divided by
# the other server.
DOOR_HAPROXY = 1.5
DOOR_NGINX = 0.5
DOOR_DOVECOT = 0.05
DOOR_KIB = 256      # of memory, for a message of any size
DOOR_MEBIBYTES = (1, 10, 50)
DOOR_OTHERS = {"haproxy": "HAProxy", "nginx": "nginx's mail proxy",
               "dovecot": "Dovecot"}
DOORS = {"sink": "to smtp-sink", "lmtp": "to Dovecot by LMTP"}
LOADS = {"kept": "--discard, kept connections",
         "new": "--discard, new connections",
         "stored": "a Maildir on disk", "memory": "a Maildir in RAM"}


class Results:
    def __init__(self, rows):
        self.rows = {row["name"]: row for row in rows}

    def pairs(self, name, base, key):
        """Return the figures of two rows, round by round."""
        one, two = self.rows.get(name), self.rows.get(base)
        if one is None or two is None:
            return []
        return [(a[key], b[key])
                for a, b in zip(one["rounds"], two["rounds"])]

    def change(self, name, base, key):
        """Return the relative difference of a figure from that of base, such as
        0.03."""
        pairs = self.pairs(name, base, key)
        return statistics.median(a / b for a, b in pairs) - 1 if pairs else None

    def difference(self, name, base, key):
        pairs = self.pairs(name, base, key)
        return statistics.median(a - b for a, b in pairs) if pairs else None

    def get(self, name, key):
        return self.rows.get(name, {}).get(key)


def promise(text, value, unit, least=None, most=None):
    """Return a row.  If least and most are None, nothing is promised."""
    asked = (None if least is None and most is None else
             f"at least {show(least, unit)}" if most is None else
             f"at most {show(most, unit)}")
    met = (least is None or value is not None and value >= least) and (
        most is None or value is not None and value <= most)
    return {"text": text, "value": value, "unit": unit, "asked": asked,
            "met": met if asked and value is not None else None}


def show(value, unit):
    if value is None:
        return "not measured"
    if unit == "change":
        return f"{value:+.1%}".replace("%", " %")
    if unit == "times":
        return f"{value:.2f} times"
    return f"{value:.1f} {unit}"


def changes(results, text, name, base, limit):
    """Return two rows: the change of messages a second, and of processor
    time."""
    return [
        promise(f"{text}: messages/s", results.change(name, base, "messages_s"),
                "change", least=None if limit is None else -limit),
        promise(f"{text}: processor time",
                results.change(name, base, "cpu_ns"), "change", most=limit)]


def of_loads(results):
    rows = []
    for test, text in LOADS.items():
        rows += changes(results, f"{text}, since the server before",
                        f"server/{test}/mailin-server", f"server/{test}/before",
                        CHANGE)
    for test in ("kept", "new"):
        rows += changes(results, f"{LOADS[test]}, by the sandbox",
                        f"server/{test}/mailin-server",
                        f"server/{test}/no-sandbox", None)
    log = results.difference("server/memory/mailin-server",
                             "server/memory/mute", "cpu_ns")
    return rows + [promise("the log, for a message",
                           None if log is None else log / 1000, "us",
                           most=LOG_US)]


def of_handshakes(results):
    rows = []
    for how, most in (("full", None), ("resumed", RESUMED_US)):
        for name, row in results.rows.items():
            if name.startswith("tls/") and name.endswith("/" + how):
                _, kind, version, _ = name.split("/")
                rows.append(promise(f"a {how} handshake, {version}, {kind}",
                                    row["ns"] / 1000, "us", most=most))
    return rows


def of_crowds(results):
    rows = []
    for how, limit in (("clear", IDLE_MB), ("tls", None)):
        name = f"idle/{how}/{IDLE_CLIENTS}"
        octets = results.get(name, "octets")
        rows.append(promise(
            f"memory of {IDLE_CLIENTS} idle clients, "
            f"{'in clear' if how == 'clear' else 'in TLS'}",
            None if octets is None else octets / 1e6, "MB", most=limit))
    for how, text in (("discard", "--discard"),
                      ("maildir", "a Maildir in RAM")):
        rows += changes(results, f"{text}, by 200 slow clients",
                        f"slow/{how}/200", f"slow/{how}/0", SLOW_CHANGE)
    return rows


def of_door(results):
    def part(to, other, most):
        change = results.change(f"door/{to}/mailin-server",
                                f"door/{to}/{other}", "cpu_ns")
        return promise(f"processor time, divided by that of "
                       f"{DOOR_OTHERS[other]}, {DOORS[to]}",
                       None if change is None else change + 1, "times",
                       most=most)
    rows = [part("sink", "haproxy", DOOR_HAPROXY),
            part("sink", "nginx", DOOR_NGINX),
            part("lmtp", "haproxy", None),
            part("lmtp", "dovecot", DOOR_DOVECOT)]
    for mebibytes in DOOR_MEBIBYTES:
        octets = results.get(f"door/memory/{mebibytes}", "octets")
        rows.append(promise(
            f"memory of a message of {mebibytes} MiB that is handed on",
            None if octets is None else octets / 1024, "KiB", most=DOOR_KIB))
    return [{**row, "part": "door"} for row in rows]


def promises(rows):
    results = Results(rows)
    return (of_loads(results) + of_handshakes(results) + of_crowds(results) +
            of_door(results))


def print_promises(found):
    width = max(len(row["text"]) for row in found)
    print(f"\n{'':{width}}{'measured':>12}  {'asked':18}")
    for row in found:
        if row["value"] is not None:
            verdict = {True: "met", False: "NOT MET", None: ""}[row["met"]]
            value = show(row["value"], row["unit"])
            print(f"{row['text']:{width}}{value:>12}  "
                  f"{row['asked'] or '':18}{verdict}".rstrip())
