# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The frame of a page of the site, and the links in its text."""
import html
import os
import re

# The links at the top of every page: the title of a page, and the page.
NAVIGATION = (
    ("libmailin", "index.html"),
    ("Guide", "doc/guide.html"),
    ("Reference", "reference.html"),
    ("Settings", "doc/guide.html#settings"),
    ("Replies", "doc/guide.html#replies"),
    ("States", "states.html"),
    ("Server", "doc/server.html"),
    ("Benchmarks", "doc/benchmarks.html"),
    ("Assurance", "doc/assurance.html"),
    ("Campaigns", "doc/campaigns.html"),
    ("Build", "doc/build.html"),
    ("News", "NEWS.html"),
    ("Hacking", "HACKING.html"),
)

FRAME = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>%(title)s</title>
<link rel="stylesheet" href="%(top)sstyle.css">
</head>
<body>
<a class="skip" href="#page-text">To the text</a>
<nav aria-label="Site">
%(navigation)s
</nav>
<main id="page-text">
%(text)s
</main>
<footer>libmailin %(version)s.
Copyright (c) The libmailin authors; MIT.</footer>
</body>
</html>
"""

NAME = re.compile(r"\b(mailin(?:-\w+)?\(\d\)|mailin_\w+\.h\b|"
                  r"mailin(?:_\w+|/\w+\.h|\.h)\b|MAILIN_\w+\b)")


def way(page, target):
    """Return the relative link from a page to a target, which may have an
    anchor."""
    path, mark, anchor = target.partition("#")
    if path == page and mark:
        return "#" + anchor
    return os.path.relpath(path, os.path.dirname(page) or ".") + mark + anchor


def frame(page, title, text, version, more=()):
    """Return a whole page.  more are links after those of NAVIGATION."""
    links = ["<a href=\"%s\"%s>%s</a>" % (
        way(page, target), ' aria-current="page"' if target == page else "",
        name) for name, target in NAVIGATION + tuple(more)]
    return FRAME % {
        "title": html.escape(title), "top": "../" * page.count("/"),
        "navigation": "\n".join(links), "text": text, "version": version}


def link_names(page, text, names):
    """Make a link of each name in the text that has a page of its own.

    names maps a name to the target.  Text that is part of a link stays.
    """
    def link(found):
        target = names.get(found.group(1))
        if target is None or target == page:
            return found.group(0)
        return '<a href="%s">%s</a>' % (way(page, target), found.group(0))

    out, inside = [], 0
    for part in re.split(r"(<[^>]*>)", text):
        if re.match(r"<(a|svg|h[1-6]|title)\b", part):
            inside += 1
        elif re.match(r"</(a|svg|h[1-6]|title)\b", part):
            inside -= 1
        elif not part.startswith("<") and inside == 0:
            part = NAME.sub(link, part)
        out.append(part)
    return "".join(out)


def slug(heading):
    """Return the anchor of a heading, as forges make it."""
    text = html.unescape(re.sub(r"<[^>]*>", "", heading)).lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(text):
    """Give each heading an anchor."""
    used = {}

    def mark(found):
        name = slug(found.group(2))
        used[name] = used.get(name, -1) + 1
        if used[name]:
            name += "-%d" % used[name]
        return '<h%s id="%s">%s</h%s>' % (found.group(1), name, found.group(2),
                                         found.group(1))
    return re.sub(r"<h([1-6])>(.*?)</h\1>", mark, text, flags=re.S)


def tables(text):
    """Let a wide table scroll on its own, so that the page never does."""
    return text.replace("<table>", '<div class="wide" tabindex="0"><table>') \
        .replace("</table>", "</table></div>")


def inline_picture(path, name_nodes=False):
    """Return a picture of Graphviz as part of a page, in the page's colours.

    If name_nodes is true, each node gets its name as data-state.
    """
    with open(path, encoding="utf-8") as file:
        text = file.read()
    text = text[text.index("<svg"):]
    text = re.sub(r"<!--.*?-->\n?", "", text, flags=re.S)
    if name_nodes:
        text = re.sub(r'class="node">\n<title>(.*?)</title>',
                      r'class="node" data-state="\1">', text)
    text = re.sub(r"<title>.*?</title>\n?", "", text, flags=re.S)
    # Remove ids: two pictures in one page would have the same ids.
    text = re.sub(r' id="[^"]*"', "", text)
    text = re.sub(r' (fill|stroke)="(black|white|none|transparent)"', "", text)
    return re.sub(r'<svg width="(\d+)pt" height="\d+pt"',
                  r'<svg role="img" style="max-width:\1pt"', text)
