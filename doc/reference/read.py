# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Read the public headers: Doxygen parses them, and this module reads the XML
that Doxygen writes."""
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as tree
from dataclasses import dataclass, field

from annotate import annotate, sections

DOXYFILE = """
PROJECT_NAME = libmailin
INPUT = "%s"
RECURSIVE = YES
FILE_PATTERNS = *.h
OUTPUT_DIRECTORY = "%s"
GENERATE_HTML = NO
GENERATE_LATEX = NO
GENERATE_XML = YES
XML_PROGRAMLISTING = NO
OPTIMIZE_OUTPUT_FOR_C = YES
TAB_SIZE = 8
EXTRACT_ALL = YES
MACRO_EXPANSION = YES
EXPAND_ONLY_PREDEF = YES
PREDEFINED = "MAILIN_EXPORT=" "MAILIN_FORMAT(a,b)="
SORT_MEMBER_DOCS = NO
HAVE_DOT = NO
QUIET = YES
WARN_IF_UNDOCUMENTED = NO
"""


@dataclass
class Member:
    """A member of a struct, an enumerator, or a parameter of a function."""
    name: str
    type: str = ""
    after: str = ""      # text after the name: arguments, or "[16]"
    text: str = ""
    depth: int = 0       # 1: in a union within the struct

    def declaration(self):
        space = "" if self.type.endswith("*") or not self.name else " "
        return self.type + space + self.name + self.after


@dataclass
class Thing:
    """A function, a struct, an enum or a macro."""
    kind: str            # "function", "struct", "enum", "macro"
    name: str
    header: str          # "mailin/session.h"
    line: int
    text: str
    type: str = ""       # the result of a function
    value: str = ""      # of a macro
    members: list = field(default_factory=list)
    opaque: bool = False


@dataclass
class Header:
    """A public header."""
    name: str            # "mailin/session.h"
    includes: list
    essays: list         # pairs of a section, or None, and a text
    sections: dict       # the section of each function, or None
    things: list = field(default_factory=list)


def flat(node):
    """Return the text of an XML element in one line."""
    return " ".join("".join(node.itertext()).split()) if node is not None \
        else ""


def comment_of(node):
    """Return the comment of an element, or "" if it has none.

    Doxygen makes blanks of the tab that marks a literal line.
    """
    found = node.find("detaileddescription//verbatim")
    return "" if found is None else re.sub(
        r"^ {8}", "\t", (found.text or "").strip("\n "), flags=re.M)


def type_of(node):
    text = flat(node.find("type")).replace("(*", " (*")
    return re.sub(r" +", " ", text)


def name_of(path, folder):
    return os.path.relpath(path, folder).replace(os.sep, "/")


class Reader:
    """Reads the XML files of a run of Doxygen."""

    def __init__(self, xml, source):
        self.source = source
        self.compounds = {}
        for name in sorted(os.listdir(xml)):
            if name.endswith(".xml") and name not in ("index.xml",
                                                      "Doxyfile.xml"):
                for node in tree.parse(os.path.join(xml, name)).iter(
                        "compounddef"):
                    self.compounds[node.get("id")] = node

    def place(self, node):
        at = node.find("location")
        return name_of(at.get("file"), self.source), int(at.get("line") or 0)

    def thing(self, kind, node, **more):
        header, line = self.place(node)
        name = flat(node.find("compoundname")) or flat(node.find("name"))
        return Thing(kind, name, header, line, comment_of(node), **more)

    def struct_members(self, node, depth=0):
        """Yield the members in their order, those of unions with them."""
        parts = node.findall("sectiondef/memberdef")
        parts += [self.compounds[union.get("refid")]
                  for union in node.findall("innerclass")]
        for part in sorted(parts, key=lambda one: self.place(one)[1]):
            if part.get("kind") == "union":
                yield Member("", "union {", depth=depth)
                yield from self.struct_members(part, depth + 1)
                yield Member("", "}", depth=depth)
            else:
                yield Member(flat(part.find("name")), type_of(part),
                             flat(part.find("argsstring")), comment_of(part),
                             depth)

    def things(self):
        """Yield all things of all headers."""
        for node in self.compounds.values():
            if node.get("kind") == "struct":
                yield self.thing("struct", node,
                                 members=list(self.struct_members(node)))
            if node.get("kind") != "file":
                continue
            for member in node.findall("sectiondef/memberdef"):
                if member.get("kind") == "function":
                    yield self.thing("function", member, type=type_of(member),
                                     members=list(parameters(member)))
                elif member.get("kind") == "enum":
                    yield self.thing("enum", member,
                                     members=list(enumerators(member)))
                elif member.get("kind") == "define":
                    yield self.thing("macro", member,
                                     value=flat(member.find("initializer")),
                                     members=[Member(flat(name)) for name in
                                              member.findall("param/defname")])


def parameters(node):
    for param in node.findall("param"):
        name = flat(param.find("declname"))
        kind = type_of(param)
        array = flat(param.find("array"))
        if flat(node.find("argsstring")) == "(void)" or kind == "...":
            yield Member("", kind or "void")
        elif "(*" in kind:
            inside, rest = kind.split(")", 1)
            yield Member("", inside.rstrip() + name + ")" + rest)
        else:
            yield Member(name, kind, array)


def enumerators(node):
    for value in node.findall("enumvalue"):
        yield Member(flat(value.find("name")),
                     after=" " + flat(value.find("initializer"))
                     if value.find("initializer") is not None else "",
                     text=comment_of(value))


def opaque_structs(header, text):
    """Yield the structs that a header declares and does not define."""
    pattern = r"(?:/\*((?:(?!\*/).)*)\*/\n)?^struct (mailin_\w+);"
    for found in re.finditer(pattern, text, re.M | re.S):
        about = "" if found.group(1) is None else re.sub(
            r"\n[ \t]*\*[ ]?", "\n", found.group(1)).strip("\n ")
        yield Thing("struct", found.group(2), header,
                    text.count("\n", 0, found.end()), about, opaque=True)


def list_headers(folders):
    """Return the paths of the public headers by name."""
    found = {}
    for folder in folders:
        for where, _, names in os.walk(folder):
            for name in names:
                if name.endswith(".h"):
                    path = os.path.join(where, name)
                    found.setdefault(name_of(path, folder), path)
    return dict(sorted(found.items()))


def run_doxygen(doxygen, source, scratch):
    run = subprocess.run([doxygen, "-"], input=DOXYFILE % (source, scratch),
                         text=True, capture_output=True, check=False)
    if run.returncode != 0:
        raise OSError("doxygen: " + (run.stderr or run.stdout))
    return os.path.join(scratch, "xml")


def group_macros(things):
    """Macros in adjacent lines share the comment of the first one."""
    for before, after in zip(things, things[1:]):
        if before.kind == after.kind == "macro" and not after.text and \
                before.line + 1 == after.line:
            after.text = before.text


def read_headers(folders, doxygen="doxygen"):
    """Return the headers in the folders, by name."""
    headers, opaque = {}, []
    with tempfile.TemporaryDirectory() as scratch:
        source = os.path.join(scratch, "include")
        for name, path in list_headers(folders).items():
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for_doxygen, essays = annotate(text, name)
            copy = os.path.join(source, name)
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            with open(copy, "w", encoding="utf-8") as file:
                file.write(for_doxygen)
            headers[name] = Header(name, re.findall(
                r"#include <(mailin[\w/.]*)>", text), essays, sections(text))
            opaque += opaque_structs(name, text)
        reader = Reader(run_doxygen(doxygen, source, scratch), source)
        things = list(reader.things())
    known = {thing.name for thing in things if thing.kind == "struct"}
    for thing in sorted(opaque, key=lambda one: not one.text):
        if thing.name not in known:
            known.add(thing.name)
            things.append(thing)
            # Several headers may declare the struct.  Its page belongs to the
            # header with the same name, if there is one.
            named = thing.name.replace("_", "/", 1) + ".h"
            thing.header = named if named in headers else thing.header
    for thing in sorted(things, key=lambda one: one.line):
        headers[thing.header].things.append(thing)
    for header in headers.values():
        group_macros(header.things)
    return headers
