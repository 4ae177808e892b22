# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Make a manual page of each function, struct, enum and header."""
import re
import textwrap

from mdoc import Writer, blocks, escape, sentences

# The maximum length of a one-line description, in characters.
MOST = 74

# A description is never shortened to such a text, which would not say when the
# function returns true.
CONDITION = re.compile(r"return true( if the local part)?\Z")


def first_sentence(text):
    for kind, lines in blocks(text):
        if kind == "text":
            return sentences("\n".join(lines))[0]
    return ""


def summary(text):
    """Return the one-line description of a page, from its comment."""
    said = re.sub(r" \([^()]*\)", "", first_sentence(text))
    said = re.sub(r"^libmailin(-event)?: ", "", said)
    said = re.sub(r"^Returns ", "return ", said).rstrip(".:")
    for cut in (" of the present message", ": ", "; ", ", which ", ", with ",
                ", such as ", ", or ", ", if ", ", as ", ", and ", ", ",
                " if ", " that "):
        if len(said) <= MOST:
            break
        rest = said.split(cut)[0]
        if not CONDITION.match(rest):
            said = rest
    if re.match(r"[A-Z][a-z ]", said) and not re.match(r"RFC|TLS", said):
        said = said[0].lower() + said[1:]
    return said


def wrapped(indent, text):
    """Return the lines of a declaration, with at most 72 columns."""
    lines = textwrap.wrap(text, 72 - 8 * len(indent), break_long_words=False,
                          break_on_hyphens=False)
    return [indent + ("" if number == 0 else "    ") + one
            for number, one in enumerate(lines)]


def argument_lines(function):
    """Return the macros of a function's arguments.

    groff breaks no line between the name of a function and its first argument,
    unless it is told that it may.
    """
    texts = [one.declaration().strip() for one in function.members]
    if len(function.name) + len(texts[0]) > 64:
        texts[0] = "\\:" + texts[0]
    return ['.Fa "%s"' % text for text in texts]


def page_name(header):
    """Return the name of a header's page: mailin(3), mailin_session.h(3)."""
    return "mailin" if header == "mailin.h" else header.replace("/", "_")


def labels_of(thing, enums):
    """Return the labels of results in the comment of a function, such as
    ARGUMENT, each with the enumerator that it means."""
    kind = thing.type.replace("enum ", "")
    if not thing.type.startswith("enum ") or kind not in enums:
        return {}
    return {re.sub(r"^MAILIN_(ERROR_|PROXY_)?", "", value.name): value.name
            for value in enums[kind].members}


def split_comment(text, labels):
    """Split the comment of a function: into the description, the sentences
    about the result, and a dictionary of results with their sentences."""
    description, result, errors, faults = [], [], {}, []
    for kind, lines in blocks(text):
        if kind != "text":
            prefix = "\t" if kind == "literal" else ""
            description.append("\n".join(prefix + row for row in lines))
            continue
        rest, present, returns = [], [], False
        for one in sentences("\n".join(lines)):
            found = re.match(r"([A-Z]+(?:, [A-Z]+)*): (.*)", one)
            names = found.group(1).split(", ") if found else []
            if names and all(name in labels for name in names):
                present = [errors.setdefault(name, []) for name in names]
                one = found.group(2)
            if present:
                for error in present:
                    error.append(one)
            elif one.startswith("Fault: ") or faults and not rest:
                faults.append(one.replace("Fault: ", ""))
            elif returns or one.startswith("Returns "):
                returns = True
                result.append(one)
            else:
                rest.append(one)
        if rest:
            description.append("  ".join(rest))
    return description, result, errors, faults


def capital(text, group):
    """Begin a sentence with a capital, unless it begins with the name of an
    argument of these functions."""
    names = {one.name for thing in group for one in thing.members}
    first = re.match(r"([a-z]+)[ ,]", text)
    if first and first.group(1) not in names:
        return text[0].upper() + text[1:]
    return text


class Pages:
    """All pages.  headers are those of read.py, date is for all pages."""

    def __init__(self, headers, date):
        self.headers = headers
        self.date = date
        self.enums = {thing.name: thing for header in headers.values()
                      for thing in header.things if thing.kind == "enum"}
        for header in headers.values():
            for thing in header.things:
                if thing.opaque and not thing.text and header.essays:
                    thing.text = first_sentence(header.essays[0][1])
        self.groups = []
        pages = {page_name(name): page_name(name) for name in headers
                 if name != "mailin/export.h"}
        pages["mailin.h"] = "mailin"
        for header in headers.values():
            for group in self.group(header.things):
                self.groups.append(group)
                pages.update({thing.name: group[0].name for thing in group})
        self.names = pages
        self.writer = Writer(pages)
        self.core = self.included_by("mailin.h")

    def group(self, things):
        """Yield the things that share a page: those that share a comment."""
        group = []
        for thing in things:
            if thing.kind == "macro":
                continue
            if group and thing.kind == "function" and thing.text and \
                    group[0].kind == "function" and \
                    group[0].text == thing.text:
                group.append(thing)
                continue
            if group:
                yield group
            group = [thing]
        if group:
            yield group

    def included_by(self, name):
        """Return the headers that a header includes, and itself."""
        found, ahead = set(), [name]
        while ahead:
            one = ahead.pop()
            if one in self.headers and one not in found:
                found.add(one)
                ahead += self.headers[one].includes
        return found

    def include(self, header):
        """Return the header that a program includes for a public header."""
        if header in self.core:
            return "mailin.h"
        event = "mailin/event.h"
        if event in self.headers and header in self.included_by(event):
            return event
        return header

    def library(self, header):
        if self.include(header) == "mailin/event.h":
            return "libmailin-event (pkg-config mailin-event)"
        return "libmailin (pkg-config mailin)"

    def head(self, names, about, header):
        yield '.\\" Made from the comments of the headers by doc/reference.'
        yield ".Dd " + self.date
        yield ".Dt %s 3" % names[0].upper()
        yield ".Os libmailin"
        yield ".Sh NAME"
        for name in names[:-1]:
            yield ".Nm %s ," % name
        yield ".Nm " + names[-1]
        yield ".Nd " + escape(about)
        yield ".Sh LIBRARY"
        yield self.library(header)
        yield ".Sh SYNOPSIS"
        yield ".In " + self.include(header)

    def see_also(self, names, header, body):
        """Return the section SEE ALSO.  It lists the pages of all things that
        this page names, and the page of its header."""
        found = {name for name in re.findall(r"mailin_\w+(?:\.h)?",
                                             "\n".join(body))
                 if name in self.names}
        found |= {page_name(header), "mailin"}
        # Functions that share a comment share a page, so list this page once.
        found = sorted({self.names[name] for name in found} - set(names))
        lines = [".Xr %s 3 ," % name for name in found]
        return [".Sh SEE ALSO"] + lines + [".Xr mailin 7"]

    def function(self, group):
        first = group[0]
        own = {thing.name: "function" for thing in group}
        names = [thing.name for thing in group]
        about, result, errors, faults = split_comment(
            first.text, labels_of(first, self.enums))
        body = list(self.head(names, summary(first.text), first.header))
        for thing in group:
            body.append('.Ft "%s"' % thing.type)
            body.append(".Fo " + thing.name)
            body += argument_lines(thing)
            body.append(".Fc")
        body.append(".Sh DESCRIPTION")
        body += self.description(about, own, first)
        if result or first.type != "void":
            body.append(".Sh RETURN VALUES")
            body += self.result(result, errors, own, first)
        if errors or faults:
            body.append(".Sh ERRORS")
            body += self.errors(errors, faults, own, group)
        return body + self.see_also(names, first.header, body)

    def description(self, about, own, first):
        if about:
            yield from self.writer.text("\n\n".join(about), own)
            return
        # The whole comment is in the section RETURN VALUES.  Describe here the
        # section of the header to which the function belongs.
        header = self.headers[first.header]
        section = header.sections.get(first.name)
        texts = [text for title, text in header.essays
                 if section and title == section]
        if section and not texts:
            texts = self.subjects(first)
        if not texts and header.essays:
            texts = ["\n".join(next(blocks(header.essays[0][1]))[1])]
        if not texts or texts[0].endswith(":"):
            texts = [first.text]
        yield from self.writer.text("\n\n".join(texts), own)

    def subjects(self, function):
        """Return the comments of the structs in the first argument of a
        function: of one struct, or of none."""
        first = function.members[0].declaration()
        return [thing.text for header in self.headers.values()
                for thing in header.things
                if thing.kind == "struct" and thing.text and
                re.search(r"\bstruct %s\b" % thing.name, first)]

    def result(self, result, errors, own, first):
        if result:
            yield from self.writer.text("  ".join(result), own)
        elif errors:
            enum = first.type.replace("enum ", "")
            yield "Returns"
            yield ".Dv %s ," % self.enums[enum].members[0].name
            yield "or one of the values below."
        else:
            yield "See the description."

    def errors(self, errors, faults, own, group):
        first = group[0]
        if first.type == "enum mailin_error":
            yield "After an error nothing has changed, except where the page " \
                "says otherwise."
        labels = labels_of(first, self.enums)
        if errors:
            yield ".Bl -tag -width Ds"
            for label, said in errors.items():
                yield ".It Dv " + labels[label]
                yield from self.writer.text(
                    "  ".join([capital(said[0], group)] + said[1:]), own)
            yield ".El"
        if faults:
            yield from self.writer.text("  ".join(faults), own)

    def members(self, thing, own):
        """Yield the list of members of a struct or an enum.

        Adjacent members with the same comment share it.
        """
        named = [one for one in thing.members if one.name]
        if not named:
            return
        yield ".Bl -tag -width Ds"
        for one, after in zip(named, named[1:] + [None]):
            macro = "Dv" if thing.kind == "enum" else "Va"
            yield ".It %s %s" % (macro, one.name)
            if one.text and not (after and after.text == one.text):
                yield from self.writer.text(one.text, own)
        yield ".El"

    def definition(self, thing):
        """Yield the definition of a struct or an enum, without comments."""
        yield ".Bd -literal"
        if thing.opaque:
            yield "struct %s;" % thing.name
        else:
            yield "%s %s {" % (thing.kind, thing.name)
            end = ";" if thing.kind == "struct" else ","
            for one in thing.members:
                last = "" if one.type.endswith("{") else end
                yield from wrapped("\t" * (one.depth + 1),
                                   one.declaration().strip() + last)
            yield "};"
        yield ".Ed"

    def users(self, thing):
        """Return the functions that take or return a struct or an enum."""
        word = re.compile(r"%s %s\b" % (thing.kind, thing.name))
        return [one for header in self.headers.values()
                for one in header.things if one.kind == "function" and
                word.search(" ".join([one.type] + [
                    member.declaration() for member in one.members]))]

    def type_page(self, thing):
        """Return the page of a struct or an enum."""
        own = {thing.name: thing.kind}
        about = thing.text
        body = list(self.head([thing.name], summary(about), thing.header))
        if thing.opaque:
            about += "\n\nThe members of this struct are private."
        body += self.definition(thing)
        body.append(".Sh DESCRIPTION")
        body += self.writer.text(about, own)
        body += self.members(thing, own)
        more = self.see_also([thing.name], thing.header, body)
        users = self.users(thing)
        if users:
            body.append(".Ss Functions that take or return it")
            body += self.list_of(users)
        return body + more

    def list_of(self, things):
        yield ".Bl -tag -width Ds -compact"
        for thing in things:
            yield ".It Xr %s 3" % thing.name
            yield escape(summary(thing.text))
        yield ".El"

    def macros(self, things):
        yield ".Bl -tag -width Ds"
        for one, after in zip(things, things[1:] + [None]):
            names = ", ".join(member.name for member in one.members)
            yield ".It Dv " + one.name + ("( %s )" % names).replace(" ", "") \
                * bool(names)
            if one.text and not (after and after.text == one.text):
                yield from self.writer.text(one.text, {})
        yield ".El"

    def about(self, header):
        """Return the one-line description of a header."""
        return summary(([text for _, text in header.essays] + [
            thing.text for thing in header.things if thing.text])[0])

    def header_page(self, header):
        """Return the page of a header."""
        name = page_name(header.name)
        essays = header.essays
        body = list(self.head([name], self.about(header), header.name))
        body[-1] = ".In " + header.name
        body.append(".Sh DESCRIPTION")
        for section, text in essays:
            if section:
                body.append(".Ss " + section)
            body += self.writer.text(text, {name: "header"})
        more = self.see_also([name], header.name, body)
        if name == "mailin":
            body.append(".Ss Headers")
            body.append(".Bl -tag -width Ds -compact")
            for one in self.headers.values():
                if page_name(one.name) in self.names and one != header:
                    body.append(".It Xr %s 3" % page_name(one.name))
                    body.append(escape(self.about(one)))
            body.append(".El")
        for title, kind in (("Functions", "function"), ("Structs", "struct"),
                            ("Enums", "enum")):
            things = [one for one in header.things if one.kind == kind]
            if things:
                body.append(".Ss " + title)
                body += self.list_of(things)
        macros = [one for one in header.things if one.kind == "macro" and
                  one.text]
        if macros:
            body.append(".Ss Macros")
            body += self.macros(macros)
        return body + more

    def all(self):
        """Yield the name and the text of each page."""
        for group in self.groups:
            page = self.function(group) if group[0].kind == "function" \
                else self.type_page(group[0])
            yield group[0].name, page
            for thing in group[1:]:
                yield thing.name, [".so man3/%s.3" % group[0].name]
        for name in self.headers:
            if name in self.names or page_name(name) in self.names:
                yield page_name(name), self.header_page(self.headers[name])
