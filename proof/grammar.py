#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Decide whether the STRICT grammar is that of the RFCs.

usage: proof/grammar.py [--ragel COMMAND] [--grammar FOLDER] [--mutant NUMBER]

For each entry of the machines, the language that Ragel made of it is compared
with the rule of the RFC, for words of any length.  If they differ, a shortest
word that only one of them accepts is shown.  The last line counts the claims;
the exit status is 0 if all of them hold.

--mutant changes one rule of the RFCs first, so that the claims about it must
fail: a proof that cannot fail proves nothing. --mutants tries all mutants.
"""
import argparse
import pathlib
import sys
import time

from abnf import Grammar
from automata import Nfa, combine, decimal, difference, excess, of_words
from machine import Machine

HERE = pathlib.Path(__file__).resolve().parent


# ---- Rules that the RFCs state in words ---------------------------------

def both(one, other):
    return combine(one, other, lambda a, b: a and b)


def without(one, other):
    return combine(one, other, lambda a, b: a and not b)


def numbers(first, last, widths):
    """Return a constraint: a decimal number with this number of digits."""
    nfa = Nfa()
    words = nfa.determinize(nfa.choice(
        [nfa.include(decimal(last, width)) for width in widths]))
    if first > 0:
        words = without(words, of_words(
            {b'%0*d' % (width, number) for width in widths
             for number in range(first)}))
    return lambda dfa: both(dfa, words)


def at_most_runs(most):
    """Return a constraint: at most this many runs of hexadecimal digits."""
    counter = Grammar({})
    counter.read(HERE / 'abnf/core.abnf')
    mark = '( ":" / "." )'
    runs = counter.expression(
        f'*{mark} *{most - 1}( 1*HEXDIG 1*{mark} ) [ 1*HEXDIG *{mark} ]')
    return lambda dfa: both(dfa, runs)


def printable(first, last):
    """Return the Dfa of all hexchars that encode these octets, in upper and
    lower case."""
    words = of_words({b'+' + text for octet in range(first, last + 1)
                      for high in {b'%X' % (octet >> 4), b'%x' % (octet >> 4)}
                      for low in {b'%X' % (octet & 15), b'%x' % (octet & 15)}
                      for text in [high + low]})
    return lambda dfa: both(dfa, words)


def zero_bits(dfa):
    """Drop words in which a bit that the padding does not use is not zero (RFC
    4648 3.5)."""
    digits = (b'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
              b'0123456789+/')
    any_digit = '( ALPHA / DIGIT / "+" / "/" )'
    grammar = Grammar({})
    grammar.read(HERE / 'abnf/core.abnf')

    def one_of(step):
        return ' / '.join(f'%x{digits[i]:02X}' for i in range(0, 64, step))
    canonical = grammar.expression(
        f'{any_digit} ( {one_of(16)} ) "==" / '
        f'2{any_digit} ( {one_of(4)} ) "="')
    return both(dfa, canonical)


def no_control(dfa):
    """Drop words in which an EmbeddedUnicodeChar encodes a control character
    (RFC 6533 3)."""
    controls = of_words({text for number in [*range(0x20), 0x7f]
                         for text in (b'%02X' % number, b'%02x' % number)})
    return without(dfa, controls)


CONSTRAINTS = {
    # "representing a decimal integer value in the range 0 through 255"
    'Snum': numbers(0, 255, (1, 2, 3)),
    # "no more than 6 groups in addition to the '::' may be present"; before an
    # IPv4 address, which has four numbers, no more than 4
    'IPv6-comp': at_most_runs(6),
    'IPv6v4-comp': at_most_runs(8),
    # "Standardized-tag MUST be specified in a Standards-Track RFC": "IPv6" is
    # excluded, because it has a rule of its own
    'Standardized-tag': lambda dfa: without(dfa, of_words(spellings(b'IPv6'))),
    # RFC 3461 4.2, 4.4: only printable characters are encoded
    'hexchar': printable(0x20, 0x7e),
    # RFC 4954 8: a mailbox has no control characters, but perhaps UTF-8 (RFC
    # 6531)
    'any-hexchar': lambda dfa: without(
        dfa, of_words({b'+' + text for octet in [*range(0x20), 0x7f]
                       for high in {b'%X' % (octet >> 4), b'%x' % (octet >> 4)}
                       for low in {b'%X' % (octet & 15), b'%x' % (octet & 15)}
                       for text in [high + low]})),
    # an esmtp-value has no "="
    'orcpt-char': lambda dfa: without(dfa, of_words({b'='})),
    'base64-terminal': zero_bits,
    'HEXPOINT': no_control,
    'date-month': numbers(1, 12, (2,)),
    'date-mday': numbers(1, 31, (2,)),
    'time-hour': numbers(0, 23, (2,)),
    'time-minute': numbers(0, 59, (2,)),
    'time-second': numbers(0, 60, (2,)),
    # "0 to 65535"
    'port': numbers(0, 65535, (1, 2, 3, 4, 5)),
}


def spellings(word):
    """Return the set of all spellings of a word in upper and lower case."""
    result = {b''}
    for octet in word:
        pair = {bytes([octet]).lower(), bytes([octet]).upper()}
        result = {head + tail for head in result for tail in pair}
    return result


# ---- The claims ---------------------------------------------------------

VERBS = {
    'name_follows': '"HELO" / "EHLO" / "LHLO"',
    'from_follows': '"MAIL"',
    'to_follows': '"RCPT"',
    'line_ends': '"DATA" / "RSET" / "STARTTLS"',
    'quit_follows': '"QUIT"',
    'text_follows': '"NOOP" / "HELP"',
    'query_follows': '"VRFY" / "EXPN"',
    'chunk_follows': '"BDAT"',
    'mechanism_follows': '"AUTH"',
    'queue_follows': '"ETRN"',
    'uri_follows': '"BURL"',
    'attribute_follows': '"XCLIENT" / "XFORWARD"',
}

# For each value: the entry of the machine, the rule, and the section of its
# RFC.
VALUES = [
    ('size_value', 'size-value', 'RFC 1870 5'),
    ('body_value', 'body-value', 'RFC 6152 2, RFC 3030 3'),
    ('ret_value', 'ret-value', 'RFC 3461 4.3'),
    ('envid_value', 'envid-value', 'RFC 3461 4.4'),
    ('auth_value', 'auth-value', 'RFC 4954 5'),
    ('by_value', 'by-value', 'RFC 2852 4'),
    ('holdfor_value', 'holdfor-value', 'RFC 4865 3'),
    ('mt_priority_value', 'priority-value', 'RFC 6710 6'),
    ('mtrk_follows', 'mtrk-rest', 'RFC 3885 3'),
    ('solicit_value', 'solicit-value', 'RFC 3865 2.3'),
    ('notify_value', 'notify-value', 'RFC 3461 4.1'),
    ('orcpt_follows', 'xtext', 'RFC 3461 4.2'),
    ('orcpt_utf8_follows', 'utf-8-address', 'RFC 6533 3'),
    ('date_value', 'date-value', 'RFC 7293 3.1, RFC 4865 3'),
    ('unknown_value', 'uesmtp-value', 'RFC 5321 4.1.2, RFC 6531 3.3'),
]

LINES = [
    ('name_follows', 'ehlo-argument line-end', 'RFC 5321 4.1.1.1'),
    ('line_ends', 'line-end', 'RFC 5321 4.1.1'),
    ('quit_follows', 'line-end', 'RFC 5321 4.1.1.10'),
    ('chunk_follows', 'bdat-argument line-end', 'RFC 3030 2'),
    ('queue_follows', 'etrn-argument line-end', 'RFC 1985 5'),
    ('uri_follows', 'burl-argument line-end', 'RFC 4468 3.2'),
    ('attribute_follows', 'attributes line-end', 'XCLIENT_README'),
]

# Entries whose rules are looser than those of the RFCs on purpose.  Each must
# accept all words of the RFC's rule, and exactly the words of the rule here.
LOOSER = [
    ('text_follows', 'noop-argument line-end',
     '[ SP 1*VCHAR *( 1*SP 1*VCHAR ) ] line-end',
     'RFC 5321 4.1.1.8, 4.1.1.9: any printable text'),
    ('query_follows', 'vrfy-argument line-end',
     'SP 1*utext *( 1*SP 1*utext ) line-end',
     'RFC 5321 4.1.1.6, 4.1.1.7: any printable text, UTF-8 by RFC 6531 3.7.4'),
]


class Machines:
    """The languages that Ragel made of the grammar.  Each is computed only
    once."""

    def __init__(self, ragel, folder, lines='strict'):
        self.lines = Machine(ragel, folder, lines)
        self.literal = Machine(ragel, folder, 'literal').language('main')
        self.proxy = Machine(ragel, folder, 'proxy').language(
            'main', ['end'], whole=True)
        self.utf8 = Machine(ragel, folder, 'utf8').language('main')
        self.reply = Machine(ragel, folder, 'reply')
        self.within = {'character': self.utf8,
                       'literal_s': (self.literal, 'literal_e')}
        self.languages = {}

    def entry(self, name, ends, whole=False):
        key = (name, tuple(ends), whole)
        if key not in self.languages:
            self.languages[key] = self.lines.language(name, ends, whole,
                                                      self.within)
        return self.languages[key]


class Proof:
    def __init__(self, machines, mutant=None):
        self.machines = machines
        self.entry = machines.entry
        self.ascii = self.read('core rfc5321 rfc3629 extensions proxy', mutant)
        self.utf8_grammar = self.read(
            'core rfc5321 rfc3629 rfc6531 extensions', mutant)
        self.failed = self.held = 0

    @staticmethod
    def read(names, mutant):
        grammar = Grammar(CONSTRAINTS)
        for name in names.split():
            grammar.read(HERE / f'abnf/{name}.abnf')
        if mutant is not None:
            rule, text = MUTANTS[mutant]
            if rule in CONSTRAINTS and text is None:
                del grammar.constraints[rule.lower()]
            else:
                changed = Grammar({})
                changed.read_text(f'{rule} = {text}\n')
                grammar.rules[rule.lower()] = changed.rules[rule.lower()]
        return grammar

    def claim(self, what, section, machine, rule, found):
        if machine.is_empty() or rule.is_empty():
            found = b'(an empty language proves nothing)'
        if found is None:
            self.held += 1
            print(f'proved: {what} = {section} ({machine.size()} states)')
            return
        self.failed += 1
        side = 'the grammar' if machine.accepts(found) else 'the RFC'
        print(f'failed: {what}, {section}: only {side} takes {found!r}')

    def equal(self, what, section, machine, rule):
        self.claim(what, section, machine, rule, difference(machine, rule))

    def verbs(self):
        for follows, rule in VERBS.items():
            self.equal(f'the verbs before {follows}', 'RFC 5321 4.1.1',
                       self.entry('verb', [follows], whole=True),
                       self.ascii.expression(rule))

    def paths(self):
        # An action decides that a path without a domain is Postmaster, and for
        # which verbs each path is allowed.
        rule = 'Path / "<>" / "<" Dot-string ">"'
        path = self.utf8_grammar.expression(rule)
        self.equal('a path', 'RFC 5321 4.1.2, RFC 6531 3.3',
                   self.entry('path_alone', ['path_ends']), path)
        self.equal('a mailbox', 'RFC 5321 4.1.2, RFC 6531 3.3',
                   self.entry('mailbox_alone', ['path_ends']),
                   self.utf8_grammar.dfa('Mailbox'))
        for entry, rule in (('from_follows', 'mail-argument'),
                            ('to_follows', 'rcpt-argument')):
            self.equal(entry, 'RFC 5321 4.1.1.2, 4.1.1.3',
                       self.entry(entry, ['path_follows'], whole=True),
                       self.ascii.dfa(rule))
        self.equal('what is between the colon and the path',
                   'RFC 5321 4.1.1.2',
                   self.entry('path_follows', ['path_begins']),
                   self.ascii.expression('""'))

    def parameters(self):
        self.equal('a keyword', 'RFC 5321 4.1.2',
                   self.entry('parameter_follows', ['keyword_ends']),
                   self.ascii.expression('SP esmtp-keyword'))
        self.equal('the end of a line of parameters', 'RFC 5321 4.1.1',
                   self.entry('parameter_follows', ['accepted'], whole=True),
                   self.ascii.dfa('line-end'))
        for entry, rule, section in VALUES:
            self.equal(entry, section, self.entry(entry, ['value_ends']),
                       self.utf8_grammar.dfa(rule))
        self.equal('orcpt_value', 'RFC 3461 4.2',
                   self.entry('orcpt_value', ['orcpt_follows']),
                   self.ascii.dfa('orcpt-type'))
        self.equal('mtrk_certifier', 'RFC 3885 3, RFC 4954 8',
                   self.entry('mtrk_certifier', ['base64_ends']),
                   self.ascii.dfa('base64'))

    def lines(self):
        for entry, rule, section in LINES:
            self.equal(entry, section,
                       self.entry(entry, ['accepted'], whole=True),
                       self.ascii.expression(rule))
        self.utf8_grammar.read_text('utext = VCHAR / UTF8-non-ascii\n')
        for entry, least, most, section in LOOSER:
            machine = self.entry(entry, ['accepted'], whole=True)
            self.equal(entry, section, machine,
                       self.utf8_grammar.expression(most))
            rule = self.ascii.expression(least)
            self.claim(f'{entry} takes all of the rule', section, machine,
                       rule, excess(rule, machine))
        self.equal('mechanism_follows', 'RFC 4954 4, RFC 4422 3.1',
                   self.entry('mechanism_follows',
                              ['accepted', 'initial_follows'], whole=True),
                   self.ascii.expression('SP sasl-mech '
                                         '( SP / CRLF / HTAB line-end )'))
        self.equal('what may follow a mechanism and a blank', 'RFC 5321 4.1.1',
                   self.entry('initial_response', ['accepted'], whole=True),
                   self.ascii.dfa('line-end'))
        self.equal('initial_response', 'RFC 4954 4',
                   self.entry('initial_response', ['base64_ends']),
                   self.ascii.dfa('initial-response'))

    def others(self):
        self.equal('a character of UTF-8', 'RFC 3629 4', self.machines.utf8,
                   self.ascii.expression('UTF8-2 / UTF8-3 / UTF8-4'))
        self.equal('an address literal', 'RFC 5321 4.1.3',
                   self.machines.literal,
                   self.ascii.expression(
                       'IPv4-address-literal / IPv6-address-literal / '
                       'General-address-literal'))
        self.equal('a PROXY line', 'proxy-protocol.txt 2.1',
                   self.machines.proxy,
                   self.ascii.dfa('proxy-line'))

    def replies(self):
        reply = self.machines.reply.language
        for what, section, machine, grammar, rule in (
                ('the code of a reply', 'RFC 5321 4.2',
                 reply('main', ['text_follows', 'line_ends'], whole=True),
                 self.ascii, 'Reply-code ( "-" / SP / CRLF )'),
                ('the text of a reply', 'RFC 5321 4.2',
                 reply('ascii_text', ['line_ends'], whole=True),
                 self.ascii, '[ textstring ] CRLF'),
                ('the text of a reply in UTF-8', 'RFC 6531 3.7.4.2',
                 reply('utf8_text', ['line_ends'], whole=True),
                 self.utf8_grammar,
                 '*( textstring / UTF8-non-ascii ) CRLF'),
                ('the text of a reply in RELAXED', 'any octet above 127',
                 reply('any_text', ['line_ends'], whole=True),
                 self.ascii, '*( textstring / %x80-FF ) CRLF')):
            self.equal(what, section, machine, grammar.expression(rule))
        for entry in ('ascii_text', 'utf8_text', 'any_text'):
            self.equal(f'an enhanced code in {entry}', 'RFC 2034 4',
                       reply(entry, ['enhanced']),
                       self.ascii.dfa('status-code'))

    def run(self):
        for part in (self.others, self.replies, self.verbs, self.paths,
                     self.parameters, self.lines):
            part()
        return self.failed == 0


# For each mutant: a rule of the RFCs, and the text that replaces it.  If the
# text is None, the mutant drops the constraint of the rule.
MUTANTS = [
    ('Snum', None),
    ('IPv6-comp', None),
    ('Standardized-tag', None),
    ('hexchar', None),
    ('base64-terminal', None),
    ('time-second', None),
    ('port', None),
    ('Dot-string', 'Atom *("." *atext)'),
    ('Quoted-string', 'DQUOTE 1*QcontentSMTP DQUOTE'),
    ('quoted-pairSMTP', '%d92 %d33-126'),
    ('Ldh-str', '*( ALPHA / DIGIT / "-" )'),
    ('A-d-l', 'At-domain *( [","] At-domain )'),
    ('line-end', 'CRLF'),
    ('chunk-size', '*DIGIT'),
    ('UTF8-3', '%xE0-EF 2UTF8-tail'),
    ('notify-value', '( "NEVER" / notify-list-element ) '
                     '*( "," notify-list-element )'),
    ('priority-value', '["-"] DIGIT'),
    ('Reply-code', '%x32-35 2DIGIT'),
    ('textstring', '1*( %x20-7E )'),
    ('status-number', '*3DIGIT'),
]


def try_mutants(machines):
    """Check that each mutant makes a claim fail."""
    alive = 0
    for number, (rule, text) in enumerate(MUTANTS):
        print(f'mutant {number}: {rule} = {text or "(no constraint)"}')
        if Proof(machines, number).run():
            print(f'failed: mutant {number} breaks no claim')
            alive += 1
    print(f'{len(MUTANTS) - alive} of {len(MUTANTS)} mutants break a claim')
    return alive == 0


def main():
    parser = argparse.ArgumentParser(
        description='Decide whether the STRICT grammar is that of the RFCs.')
    parser.add_argument('--ragel', default='ragel')
    parser.add_argument('--grammar', default=str(HERE.parent / 'grammar'))
    parser.add_argument('--mutant', type=int, choices=range(len(MUTANTS)))
    parser.add_argument('--mutants', action='store_true')
    arguments = parser.parse_args()
    start = time.monotonic()
    machines = Machines(arguments.ragel, arguments.grammar)
    if arguments.mutants:
        return 0 if try_mutants(machines) else 1
    proof = Proof(machines, arguments.mutant)
    proof.run()
    print(f'{proof.held} proved, {proof.failed} failed, '
          f'{time.monotonic() - start:.1f} s')
    return 0 if proof.failed == 0 and proof.held > 0 else 1


if __name__ == '__main__':
    sys.exit(main())
