#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Compare the comment of each public function with the code.

If a function returns an error code, its comment must name each error that the
code can return, and no other.  For any other function, the comment must say
which value it returns if it cannot do its work.  headers.sh runs this program
in the root of the source.
"""
import glob
import re
import sys

ERRORS = ("ARGUMENT", "RANGE", "MEMORY", "STATE", "BUSY", "STALE", "SYNTAX",
          "WAIT", "UNOFFERED")

# For each type of result, the words that a comment must have.
WORDS = (
    (r"enum mailin_error", r"\b(" + "|".join(ERRORS) + r")\b"),
    (r"enum mailin_reply", r"INTERNAL_ERROR\b|standard reply\b"),
    (r"enum mailin_proxy_result", r"\bMALFORMED\b"),
    (r"enum mailin_verb", r"\bUNKNOWN\b"),
    (r"enum mailin_client_event", r"\bFAULT\b"),
    (r"enum mailin_client_(step|fault)", r"\bNONE\b"),
    (r"enum mailin_extension", r"\bMAILIN_EXTENSION_COUNT\b"),
    (r"bool", r"[Ff]alse\b"),
    (r".*\*", r'\bNULL\b|"\?"|""'),
    (r"struct mailin_span", r"\babsent\b"),
    (r"(size_t|uint64_t|unsigned|int)", r"\b0\b"),
    (r"int64_t", r"\bINT64_MAX\b"),
    (r"enum mailin_want", r"\bReturns\b"),
    (r"struct mailin_facts", r"\b0\b"),
    (r"void", r"."),
)


def declarations(text):
    """Yield the comment, type and name of each public function."""
    comment, used = "", False
    pattern = r"/\*.*?\*/|MAILIN_EXPORT\s+(.*?)\b(mailin_\w+)\(.*?;|\n\s*\n"
    for found in re.finditer(pattern, text, re.S):
        if found.group(2):
            used = True
            yield comment, " ".join(found.group(1).split()), found.group(2)
        elif found.group().startswith("/*"):
            comment = " ".join(re.sub(r"\n\s*\*", " ", found.group()).split())
            used = False
        elif used:
            # Several declarations may share one comment, up to a blank line.
            comment = ""


def definitions(text):
    """Yield the name and body of each function that returns an error."""
    pattern = r"^(?:static |inline |RARE |NOINLINE )*enum mailin_error\n" \
        r"(\w+)\(.*?\)\n\{\n(.*?)^\}"
    for found in re.finditer(pattern, text, re.S | re.M):
        yield found.group(1), found.group(2)


def errors_of(name, bodies, path, seen):
    """Return the errors that a function and those that it calls return."""
    key = (path, name) if (path, name) in bodies else (None, name)
    if key not in bodies or key in seen:
        return set()
    seen.add(key)
    path, body = bodies[key]
    found = set(re.findall(r"\bMAILIN_ERROR_(\w+)", body))
    for called in re.findall(r"\b(\w+)\(", body):
        found |= errors_of(called, bodies, path, seen)
    return found


def read_bodies(folder):
    """Return the bodies: public ones by name, static ones by file and name."""
    bodies = {}
    for path in glob.glob(folder + "/**/*.[ch]", recursive=True):
        with open(path, encoding="ascii") as file:
            for name, body in definitions(file.read()):
                public = name.startswith("mailin_")
                bodies[(None if public else path, name)] = (path, body)
    return bodies


def faults(comment, kind, name, bodies):
    """Yield what is wrong with the comment of a function."""
    if not comment:
        yield "has no comment"
        return
    word = [word for type_, word in WORDS if re.fullmatch(type_, kind)]
    if not word:
        yield "returns %s, which this test does not know" % kind
    elif not re.search(word[0], comment):
        yield "returns %s, and its comment does not say what if it fails" % kind
    if kind != "enum mailin_error":
        return
    if (None, name) not in bodies:
        yield "has no body in src/"
        return
    named = {error for error in ERRORS if re.search(r"\b%s\b" % error, comment)}
    returned = errors_of(name, bodies, None, set())
    for error in sorted(returned - named):
        yield "returns %s, which its comment does not name" % error
    for error in sorted(named - returned):
        yield "does not return %s, which its comment names" % error


def main():
    """Print the faults of all headers."""
    bodies = read_bodies("src")
    count = status = 0
    for path in sorted(glob.glob("include/mailin/*.h*")):
        with open(path, encoding="ascii") as file:
            text = file.read()
        for comment, kind, name in declarations(text):
            count += 1
            for fault in faults(comment, kind, name, bodies):
                print("%s: %s %s" % (path, name, fault))
                status = 1
    if count < 80 or len(bodies) < 20:
        print("only %d functions and %d bodies found" % (count, len(bodies)))
        status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
