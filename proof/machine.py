# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Read the automata that Ragel makes of grammar/*.rl, from its XML.

A word of an entry is what the machine reads there up to an action that ends
the word.  The octet on which this action is taken does not belong to the word.
The action "accepted" is an exception: it is taken on the LF of the line, which
belongs to the word.
"""
import re
import shlex
import subprocess
import tempfile
import xml.etree.ElementTree as xml

from automata import Nfa


class Machine:
    def __init__(self, ragel, folder, name):
        with tempfile.TemporaryDirectory() as scratch:
            output = f'{scratch}/{name}.xml'
            # The variable RAGEL of the makefile may contain several words.
            subprocess.run([*shlex.split(ragel), '-x', '-I', folder, '-o',
                            output, f'{folder}/{name}.rl'], check=True)
            machine = xml.parse(output).find('ragel_def/machine')
        actions = [action.get('name', f'#{action.get("id")}')
                   for action in machine.find('action_list')]
        tables = [[actions[int(number)] for number in table.text.split()]
                  for table in machine.find('action_table_list')]
        self.entries = {entry.get('name'): int(entry.text)
                        for entry in machine.find('entry_points')}
        self.final = {int(state.get('id'))
                      for state in machine.find('state_list')
                      if state.get('final') == 't'}
        self.error = int(machine.findtext('error_state'))
        self.states = [self.transitions(state, tables, self.error)
                       for state in machine.find('state_list')]

    @staticmethod
    def transitions(state, tables, error):
        result = []
        for text in state.find('trans_list'):
            first, last, target, table = re.split(r'\s+', text.text.strip())
            if target == 'x' or int(target) == error:
                continue
            result.append((int(first), int(last), int(target),
                           tables[int(table)] if table != 'x' else []))
        return result

    def actions(self, entry):
        """Return all actions that can be taken from an entry on."""
        found, todo, names = {self.entries[entry]}, [self.entries[entry]], set()
        while todo:
            for _, _, target, actions in self.states[todo.pop()]:
                names.update(actions)
                if target not in found:
                    found.add(target)
                    todo.append(target)
        return names

    def language(self, entry, ends=(), whole=False, within=None):
        """Return the Dfa of the words of an entry.

        A word ends before the octet on which an action of ends is taken, or
        after that octet if whole is true.  Without ends it ends in a final
        state.  Some actions run another machine, which reads the next octets.
        For each of them within has the Dfa of the words that the other machine
        reads.  If within has a pair (Dfa, end), the other machine reads up to
        a transition with the action end.
        """
        within = within or {}
        nfa = Nfa()
        names = [nfa.state() for _ in self.states]
        end = nfa.state()
        for state, transitions in enumerate(self.states):
            for first, last, target, actions in transitions:
                name = names[state]
                hit = [action for action in actions if action in ends]
                if hit and not whole:
                    nfa.link(name, end)
                elif hit:
                    nfa.edges[name].append((first, last, end))
                else:
                    self.follow(nfa, names, name, (first, last, target),
                                actions, within)
        if not ends:
            for state in self.final:
                nfa.link(names[state], end)
        return nfa.determinize((names[self.entries[entry]], end))

    def follow(self, nfa, names, name, edge, actions, within):
        first, last, target = edge
        for action in actions:
            if action not in within:
                continue
            inner, until = within[action], None
            if isinstance(inner, tuple):
                inner, until = inner
            piece = nfa.include(inner)
            nfa.link(name, piece[0])
            if until is None:  # the action reads all octets of its word
                nfa.link(piece[1], names[target])
            else:
                self.leave(nfa, names, piece[1], target, until)
            return
        nfa.edges[name].append((first, last, names[target]))

    def leave(self, nfa, names, source, state, until):
        """Give source an edge for each transition that has the action until,
        and that can be reached from state."""
        found, todo = {state}, [state]
        while todo:
            for first, last, target, actions in self.states[todo.pop()]:
                if until in actions:
                    nfa.edges[source].append((first, last, names[target]))
                elif target not in found:
                    found.add(target)
                    todo.append(target)
