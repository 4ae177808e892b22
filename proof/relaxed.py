#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""RELAXED is STRICT with the named leniencies, and nothing else.

Each leniency changes a few rules of the RFCs.  For each entry of the RELAXED
machine three claims are decided, for words of any length.  First, it accepts
all that STRICT accepts.  Second, it accepts exactly what the rules with all
leniencies accept.  Third, it accepts all that the rules with a single leniency
accept.  --without leaves out each of the leniencies in turn, and each time some
claim must fail.
"""
import argparse
import pathlib
import sys
import time

from abnf import Grammar
from automata import Nfa, difference, excess
from grammar import CONSTRAINTS, VALUES, VERBS, HERE, Machines

# The rules that leniencies change, as they are in STRICT.
STRICT_RULES = '''
gap        = SP
path-start = ""
inner      = ""
mail-domain = Domain
any-mailbox = Local-part "@" ( mail-domain / address-literal )
name       = Dot-string
bracketed  = "<" inner [ A-d-l ":" ] any-mailbox inner ">" / "<" inner ">" /
             "<" inner name inner ">"
any-path   = bracketed
helo-name  = Domain / address-literal
quit-text  = ""
blank      = SP
text       = 1*VCHAR *( 1*SP 1*VCHAR )
loose-name = 1*( VCHAR / %x80-FF ) *( 1*SP 1*( VCHAR / %x80-FF ) )
lower-hex  = "+" 2HEXDIG
'''

# The leniencies of grammar/relaxed_address.rl and relaxed_command.rl.
LENIENCIES = {
    'white space of any length, where STRICT has one blank': '''
gap        = 1*WSP
blank      = WSP
path-start = *WSP
''',
    'white space within the angle brackets': '''
inner      = *WSP
''',
    'a path without angle brackets': '''
any-path   = bracketed / any-mailbox / name-alone
''',
    'dots in odd places of a local part': '''
Dot-string = 1*( atext / "." )
''',
    'an underscore in a domain': '''
U-letter   = Let-dig / UTF8-non-ascii / "_"
''',
    'a dot at the end of a domain': '''
mail-domain = Domain [ "." ]
''',
    'a local part without a domain': '''
name       = Local-part
name-alone = name
''',
    'a name after HELO that is no domain': '''
helo-name  = Domain / address-literal / loose-name
''',
    'xtext with lower-case digits in ENVID and ORCPT': '''
hexchar    = lower-hex
''',
    'text after QUIT': '''
quit-text  = [ 1*WSP text ]
''',
}

# The leniencies that also change the rules for ASCII.
IN_ASCII = ('gap', 'blank', 'path-start', 'helo-name', 'quit-text')

# Rules that take long to make, and that no leniency changes.
UNCHANGED = ('address-literal', 'date-value', 'utf-8-address', 'base64',
             'solicit-value')
made = {}


def read_rules(names, leniencies, is_ascii):
    grammar = Grammar({**CONSTRAINTS, 'lower-hex': CONSTRAINTS['hexchar']})
    for name in names.split():
        grammar.read(HERE / f'abnf/{name}.abnf')
    grammar.read_text(STRICT_RULES)
    # Without the leniency "a local part without a domain", a path without
    # brackets is a mailbox.
    grammar.read_text('name-alone = any-mailbox\n')
    for leniency in leniencies:
        changed = Grammar({})
        changed.read_text(LENIENCIES[leniency])
        for rule, body in changed.rules.items():
            if not is_ascii or rule in IN_ASCII:
                grammar.rules[rule] = body
    for rule in UNCHANGED:
        if rule not in made:
            made[rule] = grammar.dfa(rule).minimize()
        grammar.made[rule] = made[rule]
    return grammar


def entry_of(machines, key):
    """Return the language of an entry.  A mechanism may end the line in two
    ways: at once, or after a blank, where the next machine expects a
    response."""
    entry, ends, whole = key
    if entry == 'name_follows' and machines.lines.is_lenient:
        # RELAXED accepts any text in the brackets: see src/command/scan.c.
        return machines.lines.language(entry, ends, whole,
                                       {'character': machines.utf8})
    if entry != 'mechanism_alone':
        return machines.entry(entry, ends, whole)
    nfa = Nfa()
    first = [nfa.include(machines.entry('mechanism_follows', [end], True))
             for end in ('initial_follows', 'accepted')]
    rest = nfa.include(machines.entry('initial_response', ends, True))
    return nfa.determinize(nfa.choice(
        [nfa.sequence([first[0], rest]), first[1]]))


def rules_of(leniencies):
    """Return the Dfa of the rules for each (entry, actions that end it,
    whole)."""
    text = read_rules('core rfc5321 rfc3629 extensions', leniencies, True)
    utf8 = read_rules('core rfc5321 rfc3629 rfc6531 extensions', leniencies,
                      False)
    utf8.read_text('utext = VCHAR / UTF8-non-ascii\n')
    attributes = read_rules('core rfc5321 rfc3629 extensions', [], True)
    result = {('verb', (follows,), True): text.expression(rule)
              for follows, rule in VERBS.items()}
    for entry, rule in (('from_follows', 'gap "FROM:"'),
                        ('to_follows', 'gap "TO:"')):
        result[entry, ('path_follows',), True] = text.expression(rule)
    result['path_follows', ('path_begins',), False] = \
        text.expression('path-start')
    result['path_alone', ('path_ends',), False] = utf8.dfa('any-path')
    result['mailbox_alone', ('path_ends',), False] = utf8.dfa('any-mailbox')
    result['parameter_follows', ('keyword_ends',), False] = \
        text.expression('gap esmtp-keyword')
    for entry, rule, _ in VALUES:
        result[entry, ('value_ends',), False] = utf8.dfa(rule)
    result['orcpt_value', ('orcpt_follows',), False] = text.dfa('orcpt-type')
    result['mtrk_certifier', ('base64_ends',), False] = text.dfa('base64')
    result['initial_response', ('base64_ends',), False] = \
        text.expression('path-start initial-response')
    result['mechanism_follows', ('initial_follows',), True] = \
        text.expression('gap sasl-mech blank')
    result['mechanism_alone', ('accepted',), True] = \
        text.expression('gap sasl-mech line-end')
    accepted = {
        'name_follows': 'gap helo-name line-end',
        'line_ends': 'line-end',
        'parameter_follows': 'line-end',
        'initial_response': 'line-end',
        'quit_follows': 'quit-text line-end',
        'chunk_follows': 'gap chunk-size [ gap end-marker ] line-end',
        'queue_follows': 'gap ( ["@"] Domain / "#" 1*( atext / "." ) ) '
                         'line-end',
        'uri_follows': 'gap absolute-URI [ gap end-marker ] line-end',
        'text_follows': '[ gap text ] line-end',
    }
    for entry, rule in accepted.items():
        result[entry, ('accepted',), True] = text.expression(rule)
    result['query_follows', ('accepted',), True] = utf8.expression(
        'gap 1*utext *( 1*SP 1*utext ) line-end')
    result['attribute_follows', ('accepted',), True] = attributes.expression(
        'attributes line-end')
    return result


class Proof:
    def __init__(self, strict, relaxed):
        self.strict, self.relaxed = strict, relaxed
        self.held = self.failed = 0
        self.quiet = False

    def claim(self, what, found, cases):
        if found is None and cases > 0:
            self.held += 1
            if not self.quiet:
                print(f'proved: {what} ({cases} entries)')
            return
        self.failed += 1
        print(f'failed: {what}: counterexample: {found or "no case at all"}')

    def compare(self, what, rules, compare):
        """Compare each entry; compare(machine, rules) returns a word or
        None."""
        for key, rule in rules.items():
            machine = entry_of(self.relaxed, key)
            if rule.is_empty() or machine.is_empty():
                self.claim(what, f'{key[0]} is empty', 0)
                return
            word = compare(machine, rule)
            if word is not None:
                self.claim(what, f'{key[0]} {word!r}', 1)
                return
        self.claim(what, None, len(rules))

    def exact(self, leniencies):
        self.compare('RELAXED is the RFCs with the leniencies',
                     rules_of(leniencies), difference)

    def run(self):
        strict_rules = rules_of([])
        self.compare('RELAXED takes all that STRICT takes',
                     {key: entry_of(self.strict, key) for key in strict_rules},
                     lambda machine, rule: excess(rule, machine))
        self.exact(LENIENCIES)
        for leniency in LENIENCIES:
            rules = rules_of([leniency])
            added = {key: excess(rule, entry_of(self.strict, key))
                     for key, rule in rules.items()}
            shown = [f'{key[0]} {word!r}' for key, word in added.items()
                     if word is not None]
            self.compare(f'part of RELAXED: {leniency}, such as '
                         f'{shown[0] if shown else "nothing"}', rules,
                         lambda machine, rule: excess(rule, machine))
            if not shown:
                self.claim(leniency, 'it adds nothing to STRICT', 0)
        return self.failed == 0


def try_without(proof):
    """Check that each leniency is needed: without it a claim fails."""
    alive = 0
    proof.quiet = True
    for leniency in LENIENCIES:
        print(f'without: {leniency}')
        failed = proof.failed
        proof.exact([other for other in LENIENCIES if other != leniency])
        if proof.failed == failed:
            print(f'failed: {leniency}: no claim fails without it')
            alive += 1
    print(f'{len(LENIENCIES) - alive} of {len(LENIENCIES)} leniencies are '
          'needed')
    return alive == 0


def main():
    parser = argparse.ArgumentParser(
        description='Decide whether RELAXED is STRICT and the leniencies.')
    parser.add_argument('--ragel', default='ragel')
    parser.add_argument('--grammar', default=str(
        pathlib.Path(HERE).parent / 'grammar'))
    parser.add_argument('--without', action='store_true',
                        help='leave out each leniency: a claim must fail')
    arguments = parser.parse_args()
    start = time.monotonic()
    strict = Machines(arguments.ragel, arguments.grammar)
    relaxed = Machines(arguments.ragel, arguments.grammar, 'relaxed')
    strict.lines.is_lenient, relaxed.lines.is_lenient = False, True
    proof = Proof(strict, relaxed)
    if arguments.without:
        return 0 if try_without(proof) else 1
    proof.run()
    print(f'{proof.held} proved, {proof.failed} failed, '
          f'{time.monotonic() - start:.1f} s')
    return 0 if proof.failed == 0 else 1


if __name__ == '__main__':
    sys.exit(main())
