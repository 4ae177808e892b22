# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Turn the plain comments of a header into comments that Doxygen reads.

The headers follow these rules:

- A comment after code in the same line is about that code.
- A comment in a line of its own is about the declarations after it, up to the
  next blank line or comment, or a declaration with a comment in its line.
- A comment before a blank line is about the whole header.
- A comment like "---- Input ----" begins a section of the header.

Doxygen sees the text of each comment as it is, within @verbatim, so no
character in it means anything to Doxygen.
"""
import re

SECTION = re.compile(r"-{4} (.*?) -{2,}\Z", re.S)
LICENCE = re.compile(r"Copyright \(c\)")


def text_of(comment):
    """Return the text of a comment, without the asterisks at the left."""
    lines = comment[2:-2].split("\n")
    rest = [re.sub(r"^[ \t]*(\*[ ]?)?", "", line).rstrip()
            for line in lines[1:]]
    return "\n".join([lines[0].strip()] + rest).strip("\n ")


def block(text, mark="/**"):
    """Return a comment for Doxygen with this text."""
    return "%s @verbatim\n%s\n@endverbatim */" % (mark, text)


def end_of_declaration(text, start):
    """Return the offset after the ";" or "," of a declaration, or after a "{".

    Parentheses count, since arguments have commas between them.
    """
    depth = 0
    for at in range(start, len(text)):
        if text[at] == "(":
            depth += 1
        elif text[at] == ")":
            depth -= 1
        elif depth == 0 and text[at] in ";,{}":
            return at + 1
    return len(text)


def shared(text, at, about):
    """Return the text from at on, with the comment before each declaration of
    the group, and the offset of the rest.

    A group ends at a blank line, at a comment, at a struct or an enum, and
    before a declaration that has a comment of its own in its line.
    """
    out = ""
    while True:
        end = end_of_declaration(text, at)
        out += "\n" + block(about) + text[at:end]
        if text[end - 1] != ";" or \
                not re.match(r"\n[ \t]*[a-zA-Z]", text[end:]) or \
                re.match(r"[ \t]*/\*",
                         text[end_of_declaration(text, end):]):
            return out, end
        at = end


def sections(text):
    """Return the section of each function of a header that is in one."""
    found, section = {}, None
    for comment, code in re.findall(r"(/\*.*?\*/)|((?:(?!/\*).)+)", text, re.S):
        title = SECTION.match(text_of(comment)) if comment else None
        if title:
            section = title.group(1)
        for name in re.findall(r"\b(mailin_\w+)\(", code):
            found[name] = section
    return found


def annotate(text, name):
    """Return a header with comments for Doxygen, and the texts about the whole
    header: pairs of a section, or None, and a text."""
    out, essays, section, at = "", [], None, 0
    for found in re.finditer(r"/\*.*?\*/", text, re.S):
        if found.start() < at:
            raise ValueError("%s: a comment within a declaration: %s" %
                             (name, found.group()))
        out += text[at:found.start()]
        at = found.end()
        about = text_of(found.group())
        line = out[out.rfind("\n") + 1:]
        if LICENCE.match(about):
            continue
        if line.strip() and not line.lstrip().startswith("#include"):
            out += block(about, "/**<")
        elif SECTION.match(about):
            section = SECTION.match(about).group(1)
        elif line.strip():
            continue
        elif re.match(r"[ \t]*\n[ \t]*(\n|#(end|un|if|else))|[ \t]*\Z",
                      text[at:]):
            essays.append((section, about))
        elif re.match(r"\n[ \t]*#[ \t]*define", text[at:]):
            out += block(about)
        else:
            more, at = shared(text, at, about)
            out += more
    # Doxygen leaves out the members of a union without a name.
    return re.sub(r"\bunion \{", "union inner {", out + text[at:]), essays
