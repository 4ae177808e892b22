#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The run_of_ actions skip only octets that the machine would read in a loop.

A transition with such an action leads to a state.  The octets that the action
may skip must lead back to this state, and no other action may be taken on the
way, except run_of_ actions.  The action must be the last one of its
transition, so that no other action sees the octet to which it has skipped.
"""
import argparse
import pathlib
import re
import subprocess
import sys

from machine import Machine
from words import Automaton

HERE = pathlib.Path(__file__).parent
MACHINES = ('strict', 'relaxed')

# For each action: the words that one step of its loop may skip.  Each octet of
# a word is given as a class of src/octet/ascii.h or as a set of octets.  See
# src/command/fast/fast.h and run.c.
RUNS = {
    'run_of_atoms': [['ATEXT'], [b'.', 'ATEXT']],
    'run_of_domain': [['ALNUM'], [b'.-', 'ALNUM']],
    'run_of_vchar': [['VCHAR']],
    'run_of_xchar': [['XCHAR']],
    'run_of_qtext': [['QTEXT']],
    'run_of_dcontent': [['DCONTENT']],
    'run_of_addr_type': [['ALNUM']],
    'run_of_base64': [['BASE64'] * 4],
    'mechanism': [['LDH']],
}
# The faults to plant: for each action, words that replace those of RUNS.
FAULTS = {
    'run_of_atoms': [[b'.']],
    'run_of_domain': [[b'-']],
    'run_of_vchar': [[b' ']],
    'run_of_xchar': [['VCHAR']],
    'run_of_qtext': [[b'"']],
    'run_of_dcontent': [[b']']],
    'run_of_addr_type': [['VCHAR']],
    'run_of_base64': [['BASE64'] * 3],
    'mechanism': [['ATEXT']],
}


def read_classes(program):
    done = subprocess.run([program], capture_output=True, text=True, check=True)
    return {line.split()[0].removeprefix('ASCII_'):
            bytes(map(int, line.split()[1:]))
            for line in done.stdout.splitlines()}


class Proof:
    def __init__(self, automata, classes, sources, runs):
        self.automata, self.classes, self.runs = automata, classes, runs
        self.sources = sources
        self.held = self.failed = 0

    def claim(self, what, found, cases):
        if found is None and cases > 0:
            self.held += 1
            print(f'proved: {what} ({cases} cases)')
            return
        self.failed += 1
        print(f'failed: {what}: counterexample: {found or "no case at all"}')

    def leads_back(self, automaton, state, pieces, names):
        """Return None if each word of pieces leads back to the state."""
        states = {state: b''}
        for piece in pieces:
            after = {}
            octets = piece if isinstance(piece, bytes) else self.classes[piece]
            for at, word in states.items():
                for octet in octets:
                    move = automaton.table[at][octet]
                    if move is None or not names.issuperset(move[1]):
                        return word + bytes([octet])
                    after.setdefault(move[0], word + bytes([octet]))
            states = after
        return next((word for at, word in states.items() if at != state), None)

    def run_of(self, name, machine):
        """Check each transition that has the action."""
        automaton, found, cases = self.automata[machine], None, 0
        # A run_of_ action inside the loop does no harm: it skips octets of the
        # same kind.
        names = {run for run in RUNS}
        for state, transitions in enumerate(automaton.machine.states):
            for _, _, target, actions in transitions:
                if name not in actions:
                    continue
                cases += 1
                if actions[-1] != name:
                    found = f'state {state}: {actions} go on after it'
                for pieces in self.runs[name]:
                    word = self.leads_back(automaton, target, pieces, names)
                    if word is not None:
                        found = f'from state {target} {word!r} leads elsewhere'
        self.claim(f'{machine}: {name} skips a loop', found, cases)

    def all_named(self):
        """Check that the actions of the grammar are those of RUNS."""
        named = set(re.findall(r'\brun_of_\w+', self.sources))
        known = {run for run in RUNS if run.startswith('run_of_')}
        missing = sorted(named ^ known)
        self.claim('each run_of_ action is looked at',
                   ', '.join(missing) or None, len(named))

    def run(self):
        self.all_named()
        for machine in MACHINES:
            for name in self.runs:
                self.run_of(name, machine)
        return self.failed == 0


def main():
    parser = argparse.ArgumentParser(
        description='Decide whether the runs skip only loops.')
    parser.add_argument('--ragel', default='ragel')
    parser.add_argument('--grammar', default=str(HERE.parent / 'grammar'))
    parser.add_argument('--mutants', action='store_true',
                        help='plant a fault in each run: it must break')
    parser.add_argument('classes', help='the program proof/classes')
    arguments = parser.parse_args()
    automata = {name: Automaton(Machine(arguments.ragel, arguments.grammar,
                                        name)) for name in MACHINES}
    classes = read_classes(arguments.classes)
    actions = pathlib.Path(arguments.grammar, 'actions.rl').read_text(
        encoding='ascii')
    if not arguments.mutants:
        proof = Proof(automata, classes, actions, RUNS)
        proof.run()
        print(f'{proof.held} proved, {proof.failed} failed')
        return 0 if proof.failed == 0 else 1
    alive = 0
    for name, pieces in FAULTS.items():
        print(f'fault: {name} skips {pieces}')
        if Proof(automata, classes, actions, {name: pieces}).run():
            print(f'failed: {name}: the fault breaks no claim')
            alive += 1
    print(f'{len(FAULTS) - alive} of {len(FAULTS)} faults break a claim')
    return 0 if alive == 0 else 1


if __name__ == '__main__':
    sys.exit(main())
