#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Build the site: build.py SOURCE BUILD OUTPUT

SOURCE is the root of the source, BUILD the folder of the build with doc/man3
and doc/rules.*, OUTPUT the folder of the site.  Pages lie where their sources
lie in the tree, so the links between documents are the same in both.
"""
import base64
import glob
import html
import os
import re
import shutil
import subprocess
import sys

from page import (NAVIGATION, anchors, frame, inline_picture, link_names,
                  slug, tables, way)

# The first documents of the site.  The documents to which they link are added.
DOCUMENTS = ("README.md", "HACKING.md", "NEWS", "doc/guide.md",
             "doc/benchmarks.md", "doc/assurance.md", "doc/campaigns.md",
             "doc/abi.md")
TOOLS = (("cmark-gfm", "cmark-gfm"), ("mandoc", "mandoc"),
         ("dot", "graphviz"))


def run(*command, text=None):
    done = subprocess.run(command, input=text, text=True, check=False,
                          capture_output=True, encoding="utf-8")
    if done.returncode != 0:
        raise OSError("%s: %s" % (command[0], done.stderr))
    return done.stdout


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class Site:
    """The site that is built."""

    def __init__(self, source, build, output):
        self.source = source
        self.build = build
        self.output = output
        found = re.search(r"AC_INIT\(\[libmailin\], \[([^]]*)\]",
                          read(os.path.join(source, "configure.ac")))
        self.version = found.group(1)
        self.names = {}
        self.wanted = list(DOCUMENTS)
        self.wasm = os.path.join(build, "playground/playground.wasm")
        self.more = []
        if os.path.isfile(self.wasm):
            self.more = [("Playground", "playground/index.html")]
        self.done = set()

    def write(self, page, title, text):
        path = os.path.join(self.output, page)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(frame(page, title, link_names(page, text, self.names),
                             self.version, self.more))

    # ---- Documents in Markdown, and plain files -------------------------

    def page_of(self, path):
        """Return the page of a file in the tree."""
        if path == "README.md":
            return "index.html"
        base, end = os.path.splitext(path)
        if end == ".md":
            return base + ".html"
        if end in (".svg", ".png"):
            return path
        if re.fullmatch(r"\.[1-8]", end):
            return "man/" + os.path.basename(path) + ".html"
        return path + ".html"

    def link(self, path, found):
        """Return a link or picture of a document as it is in the site."""
        attribute, target = found.groups()
        if re.match(r"[a-z]+:|#", target):
            return found.group(0)
        file, mark, anchor = target.partition("#")
        file = os.path.normpath(os.path.join(os.path.dirname(path), file))
        if os.path.isdir(os.path.join(self.source, file)):
            file = os.path.join(file, "README.md")
        if not os.path.isfile(os.path.join(self.source, file)):
            raise ValueError("%s: there is no %s" % (path, target))
        self.wanted.append(file)
        return '%s="%s"' % (attribute, way(self.page_of(path),
                                           self.page_of(file) + mark + anchor))

    def pictures(self, path, text):
        """Put the pictures of Graphviz into the page itself."""
        def picture(found):
            name = os.path.normpath(os.path.join(
                self.source, os.path.dirname(path), found.group(1)))
            if not os.path.isfile(name[:-4] + ".dot"):
                return found.group(0)
            svg = inline_picture(name).replace(
                "<svg ", '<svg aria-label="%s" ' % found.group(2), 1)
            return '<div class="picture" tabindex="0">%s</div>' % svg
        return re.sub(r'<img src="([^"]*\.svg)" alt="([^"]*)" />', picture,
                      text)

    def document(self, path):
        text = run("cmark-gfm", "--unsafe", "-e", "table",
                   os.path.join(self.source, path))
        text = re.sub(r"\A<!--.*?-->\s*", "", text, flags=re.S)
        text = self.pictures(path, text)
        text = re.sub(r'\b(href|src)="([^"]*)"',
                      lambda found: self.link(path, found), text)
        title = re.search(r"<h1>(.*?)</h1>", text, re.S)
        name = re.sub(r"<[^>]*>", "", title.group(1)) if title else path
        self.write(self.page_of(path), html.unescape(name),
                   tables(anchors(text)))

    def plain(self, path):
        """A file that is no document: show it as it is."""
        name = os.path.join(self.source, path)
        if self.page_of(path) == path:
            copy = os.path.join(self.output, path)
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            shutil.copyfile(name, copy)
        else:
            self.write(self.page_of(path), path,
                       "<h1>%s</h1>\n<pre>%s</pre>" % (
                           html.escape(path), html.escape(read(name))))

    def documents(self):
        while self.wanted:
            path = self.wanted.pop()
            if path in self.done:
                continue
            self.done.add(path)
            if path.endswith(".md"):
                self.document(path)
            elif not re.search(r"\.[1-8]$", path):
                self.plain(path)

    # ---- Manual pages ----------------------------------------------------

    def find_names(self, pages):
        """Find the page of each function, struct, enum, header and
        enumerator."""
        for path in pages:
            name = os.path.basename(path)[:-2]
            text = read(path)
            alias = re.match(r"\.so man3/(.*)\.3", text)
            target = "man/%s.3.html" % (alias.group(1) if alias else name)
            self.names[name] = target
            if re.search(r"^enum \w+ \{", text, re.M):
                for value in re.findall(r"^\.It Dv (\w+)$", text, re.M):
                    self.names[value] = target + "#" + value
            header = re.search(r"^\.In (mailin/\w+\.h)$", text, re.M)
            if header and name == header.group(1).replace("/", "_"):
                self.names[header.group(1)] = target
                for value in re.findall(r"^\.It Dv (\w+)(?: |$)", text, re.M):
                    self.names.setdefault(value, target + "#" + value)
        self.names["mailin.h"] = "man/mailin.3.html"
        for page in self.manuals:
            name, section = re.match(r"(.*)\.(\d)\.html", page).groups()
            self.names["%s(%s)" % (name, section)] = "man/" + page

    def manual(self, path):
        name = os.path.basename(path)
        text = read(path)
        alias = re.match(r"\.so man3/(.*)\n", text)
        if alias:
            text = read(os.path.join(os.path.dirname(path), alias.group(1)))
        text = run("mandoc", "-T", "html", "-O", "fragment,man=%N.%S.html",
                   text=text)
        # Remove links to manual pages of other projects, which are not part of
        # the site.
        known = self.manuals
        text = re.sub(r'<a class="Xr" href="([^"]*)">(.*?)</a>',
                      lambda found: found.group(0) if found.group(1) in known
                      else found.group(2), text, flags=re.S)
        text = re.sub(r'<a class="In" [^>]*>(.*?)</a>', r"\1", text)
        text = re.sub(r"<(/?)h([12])\b", lambda found: "<%sh%d" % (
            found.group(1), int(found.group(2)) + 1), text)
        title = "%s(%s)" % (name[:-2], name[-1])
        self.write("man/" + name + ".html", title,
                   "<h1>%s</h1>\n%s" % (title, text))

    def manual_pages(self):
        folder = os.path.join(self.build, "doc/man3")
        third = sorted(glob.glob(folder + "/*.3"))
        if not third:
            raise ValueError("there is no doc/man3 (needs Doxygen; Debian: "
                             "apt-get install doxygen)")
        pages = third + sorted(glob.glob(self.source + "/doc/*.[17]"))
        self.manuals = {os.path.basename(path) + ".html" for path in pages}
        self.find_names(third)
        for path in pages:
            self.manual(path)
        self.reference(third, pages)

    def reference(self, third, pages):
        """The list of all manual pages."""
        groups = {"Programs and overview": [], "Headers": [], "Functions": [],
                  "Structs and enums": []}
        for path in pages:
            text = read(path)
            name = os.path.basename(path)
            if text.startswith(".so "):
                text = read(os.path.join(os.path.dirname(path),
                                         text[9:].strip()))
            about = re.search(r"^\.Nd (.*)$", text, re.M).group(1)
            kind = "Functions" if "\n.Fo " in text else "Structs and enums"
            if path not in third or name == "mailin.3":
                kind = "Programs and overview"
            elif name.endswith(".h.3"):
                kind = "Headers"
            groups[kind].append(
                '<tr><td><a href="man/%s.html">%s(%s)</a></td><td>%s</td></tr>'
                % (name, name[:-2], name[-1], html.escape(
                    about.replace("\\e", "\\"))))
        text = "<h1>Reference</h1>\n<p>Each of these pages is a manual page, " \
            "too: <code>man mailin_session_feed</code>.</p>\n"
        text += "<ul>%s</ul>" % "".join(
            '<li><a href="#%s">%s</a></li>' % (slug(title), title)
            for title in groups)
        for title, rows in groups.items():
            text += "<h2>%s</h2>\n<table>\n%s\n</table>\n" % (
                title, "\n".join(rows))
        self.write("reference.html", "Reference", tables(anchors(text)))

    # ---- The table of states ---------------------------------------------

    def states(self):
        svg = os.path.join(self.build, "doc/rules.svg")
        text = "<h1>States</h1>\n<p>This is the table of states, " \
            "<code>src/config/rules.c</code>, as a picture and as a list. " \
            "The life of a session is in the " \
            '<a href="doc/guide.html#the-life-of-a-session">guide</a>.</p>\n'
        text += '<div class="picture states" tabindex="0">%s</div>\n' % \
            inline_picture(svg).replace(
                "<svg ", '<svg aria-label="The states of a session" ', 1)
        if self.more:
            text += '<p>In the <a href="playground/index.html">playground' \
                "</a> a session lights up its state.</p>\n"
        text += "<h2>The table</h2>\n<pre>%s</pre>" % html.escape(
            read(os.path.join(self.build, "doc/rules.txt")))
        self.write("states.html", "States", anchors(text))

    # ---- The playground --------------------------------------------------

    def playground(self):
        """The page that runs the library."""
        folder = os.path.join(self.source, "playground")
        svg = inline_picture(os.path.join(self.build, "doc/rules.svg"), True)
        text = read(os.path.join(folder, "page.html")).replace(
            "@STATES@", svg.replace(
                "<svg ", '<svg aria-label="The states of a session" ', 1))
        self.write("playground/index.html", "Playground", text)
        for name in ("library.js", "page.js", "page.css"):
            shutil.copyfile(os.path.join(folder, name),
                            os.path.join(self.output, "playground", name))
        # A page that is opened from a file may load scripts, but no other
        # files.
        with open(self.wasm, "rb") as file:
            code = base64.b64encode(file.read()).decode("ascii")
        with open(os.path.join(self.output, "playground/wasm.js"), "w",
                  encoding="ascii") as file:
            file.write('"use strict";\nconst WASM = "%s";\n' % code)

    def all(self):
        if os.path.isdir(self.output):
            # Remove an older site, and never anything else.
            if not os.path.isfile(os.path.join(self.output, "style.css")):
                raise ValueError("%s exists, and is no site" % self.output)
            shutil.rmtree(self.output)
        os.makedirs(self.output)
        shutil.copyfile(os.path.join(self.source, "doc/site/style.css"),
                        os.path.join(self.output, "style.css"))
        self.manual_pages()
        self.states()
        if self.more:
            self.playground()
        self.documents()
        missing = [target for _, target in NAVIGATION if not os.path.isfile(
            os.path.join(self.output, target.split("#")[0]))]
        if missing:
            raise ValueError("not made: " + ", ".join(missing))


def main(arguments):
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    lacking = ["%s (Debian: apt-get install %s)" % tool for tool in TOOLS
               if shutil.which(tool[0]) is None]
    if lacking:
        print("make site needs " + " and ".join(lacking), file=sys.stderr)
        return 1
    try:
        Site(*arguments).all()
    except (OSError, ValueError) as error:
        print("build.py: %s" % error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
