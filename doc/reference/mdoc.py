# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Write the text of comments in the language of manual pages, mdoc(7)."""
import re

LIST = re.compile(r" {0,2}- |\(\d+\) ")
NAME = re.compile(r"^([(\"]?)(mailin(?:_\w+|(?:/\w+)?\.h))([).,:;?\"]*)"
                  r"((?:'s)?)([).,:;?\"]*)$")


def escape(text):
    return text.replace("\\", "\\e")


def line(text):
    """Return a line of text, which is no macro."""
    text = escape(text)
    return "\\&" + text if text[:1] in (".", "'") else text


def sentences(paragraph):
    """Return the sentences of a paragraph, each in one line.

    Two blanks, or a line end, are between sentences.
    """
    joined = re.sub(r"(?<=[.:?!])\n(?=[\"*(A-Z0-9]|[a-z_]+[ ,])", "  ",
                    paragraph)
    joined = re.sub(r"\s*\n\s*", " ", joined)
    return [" ".join(part.split())
            for part in re.split(r"(?<=[.?!])  +|(?<=[.?!]\))  +", joined)]


def blocks(text):
    """Yield the blocks of a comment: pairs of a kind and its lines.

    The kinds are "text", "list" and "literal".
    """
    kind, lines = None, []
    for row in text.split("\n"):
        if row.startswith("\t"):
            new, row = "literal", row[1:]
        elif LIST.match(row):
            new = "list"
        elif not row:
            new = "literal" if kind == "literal" else None
        elif kind == "list" and (row.startswith(" ") or lines):
            new = "list"
        else:
            new = "text"
        if new != kind:
            if lines:
                yield kind, lines
            kind, lines = new, []
        if new:
            lines.append(row)
    if lines:
        yield kind, lines


def list_items(lines):
    """Return the items of a list: pairs of a label, or "", and a text."""
    items = []
    for row in lines:
        if LIST.match(row):
            label = re.match(r"\(\d+\)", row)
            items.append((label.group() if label else "",
                          LIST.sub("", row, count=1)))
        else:
            items[-1] = (items[-1][0], items[-1][1] + "\n" + row)
    return items


class Writer:
    """Writes pages.  pages maps the name of each thing to that of its page."""

    def __init__(self, pages):
        self.pages = pages

    def name(self, word, own):
        """Return the macro for a word that names a thing, or None."""
        found = NAME.match(word)
        if not found:
            return None
        before, name, after, owner, end = found.groups()
        name = name.replace("/", "_")
        if name in own:
            macro = ["Fn" if own[name] == "function" else "Vt", name]
        elif name in self.pages:
            macro = ["Xr", name, "3"]
        else:
            return None
        if owner:
            macro += list(after) + ["Ns", owner] + list(end)
        else:
            macro += list(after)
        quoted = ['"\\&""' if part == '"' else part for part in macro]
        if before:
            quoted = ["Pf", "(" if before == "(" else '"\\&""'] + quoted
        return "." + " ".join(quoted)

    def sentence(self, text, own):
        """Yield the lines of a sentence; a name is a line of its own."""
        plain = []
        for word in text.split(" "):
            macro = self.name(word, own)
            if macro is None:
                plain.append(word)
                continue
            if plain:
                yield line(" ".join(plain))
                plain = []
            yield macro
        if plain:
            yield line(" ".join(plain))

    def paragraph(self, lines, own):
        for one in sentences("\n".join(lines)):
            yield from self.sentence(one, own)

    def text(self, text, own):
        """Yield the lines of a comment, with a macro before each paragraph
        but the first."""
        for number, (kind, lines) in enumerate(blocks(text)):
            if kind == "literal":
                yield ".Bd -literal -offset indent"
                while not lines[-1]:
                    lines.pop()
                yield from (line(row.expandtabs(8)) for row in lines)
                yield ".Ed"
            elif kind == "list":
                items = list_items(lines)
                labels = bool(items[0][0])
                if number > 0:
                    yield ".Pp"
                yield ".Bl -%s -width Ds -compact" % \
                    ("tag" if labels else "bullet")
                for label, item in items:
                    yield ".It " + label if labels else ".It"
                    yield from self.paragraph(item.split("\n"), own)
                yield ".El"
            else:
                if number > 0:
                    yield ".Pp"
                yield from self.paragraph(lines, own)
