# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Turn Augmented BNF (RFC 5234, RFC 7405) into automata.

A file in abnf/ has rules as a document prints them, section by section.  If
the document restricts a rule in words, such as "0 through 255", the rule has a
constraint: a function that takes the Dfa of the rule and returns a narrower
one.
"""
import re

from automata import Nfa

TOKEN = re.compile(r'''
    (?P<string>%[si]"[^"]*"|"[^"]*")
  | (?P<number>%[xdb][0-9A-Fa-f]+(?:-[0-9A-Fa-f]+|(?:\.[0-9A-Fa-f]+)+)?)
  | (?P<repeat>[0-9]*\*[0-9]*|[0-9]+)
  | (?P<name>[A-Za-z][A-Za-z0-9-]*)
  | (?P<mark>[()\[\]/])
''', re.X)
BASES = {'x': 16, 'd': 10, 'b': 2}


class Grammar:
    """A set of rules by name.  A name may be in any case (RFC 5234 2.1)."""

    def __init__(self, constraints):
        self.rules = {}
        self.constraints = {name.lower(): narrow
                            for name, narrow in constraints.items()}
        self.made = {}

    def read(self, path):
        with open(path, encoding='ascii') as file:
            self.read_text(file.read())

    def read_text(self, text):
        text = without_comments(text)
        for name, sign, body in re.findall(
                r'^([A-Za-z][A-Za-z0-9-]*)\s*(=/?)((?:.*\n(?=\s))*.*)', text,
                re.M):
            name = name.lower()
            alternatives = Parser(body).parse()
            if sign == '=/':
                alternatives = ('choice', [self.rules[name], alternatives])
            elif name in self.rules:
                raise ValueError(f'{name} is defined twice')
            self.rules[name] = alternatives

    def dfa(self, name):
        """Return the Dfa of a rule, with its constraint."""
        name = name.lower()
        if name not in self.made:
            self.made[name] = None  # being made: a rule may not need itself
            nfa = Nfa()
            dfa = nfa.determinize(self.build(nfa, self.rules[name]))
            if name in self.constraints:
                dfa = self.constraints[name](dfa)
            self.made[name] = dfa
        if self.made[name] is None:
            raise ValueError(f'{name} is recursive')
        return self.made[name]

    def expression(self, text):
        """Return the Dfa of an expression in ABNF."""
        nfa = Nfa()
        return nfa.determinize(self.build(nfa, Parser(text).parse()))

    def build(self, nfa, node):
        kind, value = node[0], node[1]
        if kind == 'rule':
            return nfa.include(self.dfa(value))
        if kind == 'octets':
            return nfa.octets(*value)
        if kind == 'sequence':
            return nfa.sequence([self.build(nfa, part) for part in value])
        if kind == 'choice':
            return nfa.choice([self.build(nfa, part) for part in value])
        least, most = node[2]
        parts = [self.build(nfa, value) for _ in range(least)]
        if most is None:
            parts.append(nfa.star(self.build(nfa, value)))
        else:
            parts += [nfa.choice([nfa.nothing(), self.build(nfa, value)])
                      for _ in range(most - least)]
        return nfa.sequence(parts)


def without_comments(text):
    """Remove a comment, which begins with a ";" outside of quotes."""
    return re.sub(r'("[^"\n]*")|;.*', lambda found: found.group(1) or '', text)


class Parser:
    def __init__(self, text):
        self.tokens, at = [], 0
        text = text.strip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None:
                raise ValueError(f'not ABNF: {text[at:at + 40]!r}')
            self.tokens.append((match.lastgroup, match.group()))
            at = match.end()
            while at < len(text) and text[at].isspace():
                at += 1
        self.at = 0

    def peek(self):
        return (self.tokens[self.at] if self.at < len(self.tokens)
                else ('end', ''))

    def take(self):
        token = self.peek()
        self.at += 1
        return token

    def parse(self):
        node = self.alternation()
        if self.peek()[0] != 'end':
            raise ValueError(f'not ABNF: {self.peek()[1]!r}')
        return node

    def alternation(self):
        parts = [self.concatenation()]
        while self.peek() == ('mark', '/'):
            self.take()
            parts.append(self.concatenation())
        return parts[0] if len(parts) == 1 else ('choice', parts)

    def concatenation(self):
        parts = []
        while self.peek()[0] != 'end' and self.peek()[1] not in ('/', ')', ']'):
            parts.append(self.repetition())
        return parts[0] if len(parts) == 1 else ('sequence', parts)

    def repetition(self):
        if self.peek()[0] != 'repeat':
            return self.element()
        text = self.take()[1]
        least, star, most = text.partition('*')
        if not star:
            most = least
        return ('repeat', self.element(),
                (int(least or 0), int(most) if most else None))

    def element(self):
        kind, text = self.take()
        if text == '(':
            node = self.alternation()
            self.take()
            return node
        if text == '[':
            node = self.alternation()
            self.take()
            return ('repeat', node, (0, 1))
        if kind == 'name':
            return ('rule', text)
        if kind == 'string':
            return literal(text)
        if kind == 'number':
            return number(text)
        raise ValueError(f'not ABNF: {text!r}')


def literal(text):
    exact = text.startswith('%s')
    parts = []
    for char in text[text.index('"') + 1:-1]:
        either = {char} if exact else {char.lower(), char.upper()}
        parts.append(('choice', [('octets', (ord(c), ord(c)))
                                 for c in sorted(either)]))
    return ('sequence', parts)


def number(text):
    base = BASES[text[1].lower()]
    first, dash, last = text[2:].partition('-')
    if dash:
        return ('octets', (int(first, base), int(last, base)))
    return ('sequence', [('octets', (int(octet, base),) * 2)
                         for octet in text[2:].split('.')])
