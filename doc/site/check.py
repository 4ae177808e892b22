#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Check the links of a site: check.py FOLDER

- A link leads to a file of the site, and its anchor is there.
- A page loads nothing from elsewhere.  Links to other sites are allowed, but
  not followed.
- Each page can be reached from index.html.
- An id is in a page only once, and a picture has a text in its place.
"""
import os
import re
import sys
from html.parser import HTMLParser
from urllib.parse import unquote

# Attributes whose value the browser loads, and elements that load something.
LOADED = {("img", "src"), ("script", "src"), ("link", "href"),
          ("iframe", "src"), ("source", "src"), ("object", "data"),
          ("image", "href"), ("use", "href")}
ELSEWHERE = re.compile(r"[a-zA-Z][\w+.-]*:|//")


class Page(HTMLParser):
    """The links and ids of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.loaded, self.ids, self.faults = [], [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            if given["id"] in self.ids:
                self.faults.append("the id %s is there twice" % given["id"])
            self.ids.add(given["id"])
        if tag == "img" and not given.get("alt"):
            self.faults.append("a picture without a text: %s" %
                               given.get("src"))
        for name, value in attrs:
            if (tag, name) in LOADED:
                self.loaded.append(value or "")
            elif name in ("href", "src"):
                self.links.append(value or "")
            elif name == "style" and "url(" in (value or ""):
                self.faults.append("a style with url()")


def read_site(folder):
    """Return the pages of a site by their paths, and the other files."""
    pages, files = {}, set()
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            files.add(os.path.relpath(path, folder))
            if name.endswith(".html"):
                with open(path, encoding="utf-8") as file:
                    pages[os.path.relpath(path, folder)] = Page(file.read())
    return pages, files


def check_link(page, link, pages, files):
    """Return the file that a link leads to, and what is wrong with it."""
    path, _, anchor = link.partition("#")
    target = page if not path else os.path.normpath(
        os.path.join(os.path.dirname(page), unquote(path)))
    if target not in files:
        return None, "a dead link: " + link
    if anchor and target in pages and unquote(anchor) not in \
            pages[target].ids:
        return target, "a missing anchor: " + link
    return target, None


def check(folder):
    """Yield what is wrong with a site."""
    pages, files = read_site(folder)
    leads = {}
    for name, page in sorted(pages.items()):
        leads[name] = set()
        for fault in page.faults:
            yield "%s: %s" % (name, fault)
        for link in page.links + page.loaded:
            if ELSEWHERE.match(link):
                if link in page.loaded:
                    yield "%s: loads from elsewhere: %s" % (name, link)
                continue
            target, fault = check_link(name, link, pages, files)
            leads[name].add(target)
            if fault:
                yield "%s: %s" % (name, fault)
    for name in sorted(files):
        if name.endswith(".css"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                if re.search(r"@import|url\(", file.read()):
                    yield "%s: loads something" % name
    if "index.html" not in pages:
        yield "no index.html"
        return
    reached, ahead = set(), ["index.html"]
    while ahead:
        one = ahead.pop()
        if one not in reached:
            reached.add(one)
            ahead += [name for name in leads.get(one, ()) if name]
    for name in sorted(set(pages) - reached):
        yield "%s: no way leads there from index.html" % name


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    faults = list(check(arguments[0]))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
