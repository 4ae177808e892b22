#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Print the dictionary of the fuzz targets, made from the sources.

The dictionary has each literal of grammar/*.rl that is longer than one octet,
each verb with the word that follows it, each attribute of XCLIENT and XFORWARD,
each ESMTP parameter and each AUTH mechanism.  It also has the values in VALUES,
because the grammar has only rules for them.  `make update-dictionary` writes
fuzz/smtp.dict.

    dictionary.py [FOLDER]      FOLDER is the top folder of the sources
"""
import pathlib
import re
import sys

HEAD = '''# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
#
# Words of SMTP for the fuzzing engine.  Do not edit: fuzz/dictionary.py makes
# this file from the sources (make update-dictionary).
'''

# Line ends, addresses, encoded octets, numbers at their limits, dates.
VALUES = [
    b'\r\n', b'\r\n.\r\n', b'\n.\n', b'\t', b'<a@b>', b'< a@b. >',
    b'<Postmaster>', b'<root>', b'@a,@b:', b'""@', b'\\"', b'[192.0.2.1]',
    b'[IPv6:', b'[x:y]', b'::1]', b'IPV6:', b'AUTH=<a@b>', b'+3c', b'+2B',
    b'+3D', b'+3C+3E', b'\\x{E9}', b' LAST', b';C', b';N', b';R', b'rfc822;',
    b'utf-8;', b'AAAA', b'AA==', b'=', b'EXTERNAL =', b'BURL imap://',
    b'[UNAVAILABLE]', b'[TEMPUNAVAIL]', b'+01:00', b'2024-02-29T23:59:60Z',
    b'18446744073709551615', b'18446744073709551616',
    b'\xe9', b'\xc3\xa9', b'\xe2\x82\xac', b'\xf0\x9f\x98\x80',
]

# The tokens of Ragel that matter.  A comment, a class or a brace is a token of
# its own, so a quote inside it does not begin a literal.
TOKEN = re.compile(r'''\#[^\n]*|\[(?:\\.|[^\]\\])*\]|[{}]
    |"(?:\\.|[^"\\])*"i?|'(?:\\.|[^'\\])*'i?''', re.X)


def ragel(text):
    """Return the parts of a file that are Ragel code, without comments."""
    parts = re.findall(r'%%\{\n(.*?)\n\}%%', text, re.S)
    rules = re.sub(r'\binclude \w+ "[\w.]+";', '', '\n'.join(parts))
    return TOKEN.sub(lambda match: '' if match[0][0] == '#' else match[0],
                     rules)


def literals(rules):
    """Yield the literals outside of code and classes."""
    depth = 0
    for token in TOKEN.findall(rules):
        depth += (token == '{') - (token == '}')
        if depth == 0 and token[0] in '"\'':
            octets = token.removesuffix('i')[1:-1]
            yield re.sub(r'\\(.)', r'\1', octets)


def verbs(rules):
    """Yield each verb, and with it the word that its machine begins with."""
    machines = dict(re.findall(r'action (\w+)\s+\{ fgoto (\w+); \}', rules))
    for verb, action in re.findall(
            r'"(\w+)"i\s+@\{ SCAN_IS\(\w+\); \}\s+@(\w+)', rules):
        machine = machines[action]
        gap, word = re.search(
            rf'\b{machine}\s*:=\s*(?:\(?(gap)\b(?: "([^"]+)"i)?)?',
            rules).groups()
        yield verb + ' ' * bool(gap) + (word or '')


def attributes(rules):
    for name in re.findall(r'"(\w+)"i %attribute_', rules):
        yield f' {name}='


def parameters(text):
    for name, value in re.findall(
            r'^ROW\(\w+,\s*"([\w-]+)",\s*\w+,\s*\w+,\s*(true|false)', text,
            re.M):
        yield f' {name}=' if value == 'true' else f' {name}'


def mechanisms(text):
    for name in re.findall(r'\[MAILIN_MECHANISM_\w+\]\s*= "(\w+)"', text):
        yield f'{name} '


def escaped(octets):
    return ''.join(f'\\x{octet:02x}' if not 0x20 <= octet < 0x7f else
                   '\\' * (octet in b'"\\') + chr(octet) for octet in octets)


def section(title, words, seen):
    """Return the lines for the words that no earlier section has."""
    words = [word.encode() if isinstance(word, str) else word
             for word in words]
    if not words:
        sys.exit(f'dictionary.py: the sources have no {title}')
    lines = []
    for word in words:
        if word not in seen:
            seen.add(word)
            lines.append(f'"{escaped(word)}"\n')
    return f'\n# {title}\n' + ''.join(lines)


def main():
    top = pathlib.Path(sys.argv[1] if len(sys.argv) > 1
                       else pathlib.Path(__file__).parent.parent)
    rules = {path.stem: ragel(path.read_text())
             for path in sorted((top / 'grammar').glob('*.rl'))}
    names = (top / 'src/command/parameter.c').read_text()
    settings = (top / 'src/config/settings.c').read_text()
    seen = set()
    sections = [HEAD, section('verbs', verbs(rules['command']), seen),
                section('attributes', attributes(rules['command']), seen),
                section('parameters', parameters(names), seen),
                section('mechanisms', mechanisms(settings), seen)]
    for name, text in rules.items():
        words = [word for word in literals(text) if len(word) > 1]
        if words and not {word.encode() for word in words} <= seen:
            sections.append(section(f'literals of {name}.rl', words, seen))
    sections.append(section('values', VALUES, seen))
    sys.stdout.buffer.write(''.join(sections).encode())


if __name__ == '__main__':
    main()
