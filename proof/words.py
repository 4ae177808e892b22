#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The C that Ragel generates does the same as the automaton that Ragel prints.

For each state of a machine this program makes words, as the W-method does
(with a set of words for each state: HSI).  A word leads to the state.  Then
comes an octet: each octet at the end of a range that the state accepts or
refuses.  Then comes a word that tells the next state from all others.  For
each word the automaton says whether the word is accepted, and where the
machine stops.  The program proof/words gets all this, and runs the words
through the compiled machines.
"""
import argparse
import collections
import pathlib
import struct
import subprocess
import sys
import time

from machine import Machine

HERE = pathlib.Path(__file__).parent

# The ways in which the program proof/words can run a word.
LINE, PATH, MAILBOX, PARAMETERS, LITERAL, UTF8, PROXY, REPLY_ASCII, \
    REPLY_UTF8, REPLY_ANY = range(10)

# Actions after which the machine continues at another entry.  After an action
# of GO_ON the entry begins with the next octet.  After an action of AGAIN it
# reads the same octet again.
GO_ON = {name: name for name in '''
    name_follows from_follows to_follows text_follows query_follows
    chunk_follows mechanism_follows queue_follows uri_follows
    attribute_follows quit_follows line_ends path_follows'''.split()}
GO_ON['initial_follows'] = 'initial_response'
AGAIN = {'path_begins': 'path_alone', 'value_ends': 'parameter_follows'}
# Actions whose next entry depends on the line.
DEPENDS = {'path_ends', 'base64_ends', 'keyword_ends', 'orcpt_follows'}

# For each of these entries: the octets that lead to it.  The entry reads such
# an octet again, so all words for the entry begin with one of them.
HELD = {'mtrk_follows': b' \t\r:'}

# The action that is taken after a verb, and the verb.  Some entries depend on
# the verb of the line.
VERBS = {'from_follows': 'mail', 'to_follows': 'rcpt',
         'mechanism_follows': 'auth'}

# For each verb and parameter, the entry of the machine that reads the
# parameter's value: see src/command/parameter.c.
VALUES = {
    'mail': {'SIZE': 'size_value', 'BODY': 'body_value', 'RET': 'ret_value',
             'ENVID': 'envid_value', 'AUTH': 'auth_value', 'BY': 'by_value',
             'HOLDFOR': 'holdfor_value', 'HOLDUNTIL': 'date_value',
             'MT-PRIORITY': 'mt_priority_value', 'MTRK': 'mtrk_certifier',
             'SOLICIT': 'solicit_value'},
    'rcpt': {'NOTIFY': 'notify_value', 'ORCPT': 'orcpt_value',
             'RRVS': 'date_value'},
}

# For each entry of the machine, the beginning of a line that leads to it.
MAIL, RCPT = b'MAIL FROM:<a@b>', b'RCPT TO:<a@b>'
ENTRIES = {
    'verb': b'', 'name_follows': b'EHLO', 'from_follows': b'MAIL',
    'to_follows': b'RCPT', 'path_follows': b'RCPT TO:',
    'path_alone': b'MAIL FROM:', 'text_follows': b'NOOP',
    'query_follows': b'VRFY', 'quit_follows': b'QUIT',
    'chunk_follows': b'BDAT', 'mechanism_follows': b'AUTH',
    'initial_response': b'AUTH PLAIN ', 'queue_follows': b'ETRN',
    'uri_follows': b'BURL', 'attribute_follows': b'XCLIENT',
    'line_ends': b'RSET', 'parameter_follows': MAIL,
    'size_value': MAIL + b' SIZE=', 'body_value': MAIL + b' BODY=',
    'ret_value': MAIL + b' RET=', 'envid_value': MAIL + b' ENVID=',
    'auth_value': MAIL + b' AUTH=', 'by_value': MAIL + b' BY=',
    'holdfor_value': MAIL + b' HOLDFOR=',
    'date_value': RCPT + b' RRVS=',
    'mt_priority_value': MAIL + b' MT-PRIORITY=',
    'mtrk_certifier': MAIL + b' MTRK=', 'mtrk_follows': MAIL + b' MTRK=YWJj',
    'solicit_value': MAIL + b' SOLICIT=', 'notify_value': RCPT + b' NOTIFY=',
    'orcpt_value': RCPT + b' ORCPT=',
    'orcpt_follows': RCPT + b' ORCPT=rfc822;',
    'orcpt_utf8_follows': RCPT + b' ORCPT=utf-8;',
    'unknown_value': MAIL + b' X=',
}


class Automaton:
    """A machine with a table for each state, which maps an octet to (target,
    actions)."""

    def __init__(self, machine):
        self.machine = machine
        self.table = []
        for transitions in machine.states:
            row = [None] * 256
            for first, last, target, actions in transitions:
                row[first:last + 1] = [(target, actions)] * (last - first + 1)
            self.table.append(row)
        self.classes = self.find_classes()
        self.seen = set()  # pairs (state, octet) that words have tried
        self.ends = set()  # states that the machine leaves at once
        self.names = {state: name for name, state in machine.entries.items()}

    def find_classes(self):
        """Return one octet of each class of octets.  Each state treats all
        octets of a class in the same way."""
        bounds = {0}
        for transitions in self.machine.states:
            for first, last, _, _ in transitions:
                bounds.update((first, last + 1))
        alike = {}
        for bound in sorted(bounds - {256}):
            key = tuple((move[0], tuple(move[1])) if move else None
                        for move in (row[bound] for row in self.table))
            alike.setdefault(key, bound)
        return sorted(alike.values())

    def ranges(self, state):
        """Yield ranges (first, last, move); move is None if the octets are
        refused."""
        row, first = self.table[state], 0
        for octet in range(1, 257):
            if octet == 256 or row[octet] != row[first]:
                yield first, octet - 1, row[first]
                first = octet

    def reach(self, start, leaves):
        """Return, for each state that can be reached without an action of
        leaves, a shortest word that leads there from start."""
        words, todo = {start: b''}, collections.deque([start])
        while todo:
            state = todo.popleft()
            for first, _, move in self.ranges(state):
                if move is None or leaves.intersection(move[1]):
                    continue
                if move[0] not in words:
                    words[move[0]] = words[state] + self.step(first, move)
                    todo.append(move[0])
        return words

    @staticmethod
    def step(octet, move):
        return character(octet) if 'character' in move[1] else bytes([octet])

    def outcome(self, state, octet, leaves):
        """Return what a step shows: (result, target or None)."""
        move = self.table[state][octet]
        if move is None:
            return 'stop', None
        for action in move[1]:
            if action in leaves or action == 'accepted':
                return action, None
        if 'character' in move[1]:  # it reads the next octets itself
            return 'character', None
        return 'go', move[0]

    def tell_apart(self, leaves):
        """Return, for each state, words that tell it from every other
        state."""
        leaf_of = [0] * len(self.table)
        words = [[] for _ in self.table]
        # Make a tree of sets of states: each node has its parent, and the word
        # that splits it.
        parents, node_words = [None], {}
        blocks, again = {0: set(range(len(self.table)))}, True
        while again:
            again = False
            for block, states in list(blocks.items()):
                if len(states) < 2:
                    continue
                found = self.find_split(states, leaf_of, parents, node_words,
                                        leaves)
                if found is None:
                    continue
                word, parts = found
                node_words[block] = word
                del blocks[block]
                for part in parts:
                    parents.append(block)
                    name = len(parents) - 1
                    blocks[name] = part
                    for state in part:
                        leaf_of[state] = name
                        words[state].append(word)
                again = True
        return words

    def find_split(self, states, leaf_of, parents, node_words, leaves):
        best = None
        for octet in self.classes:
            outs = {state: self.outcome(state, octet, leaves)
                    for state in states}
            kinds = collections.defaultdict(set)
            for state, (what, _) in outs.items():
                kinds[what].add(state)
            word = bytes([octet])
            if len(kinds) == 1 and 'go' in kinds:
                kinds, rest = self.split_next(outs, leaf_of, parents,
                                              node_words, leaves)
                word += rest
            if len(kinds) > 1:
                size = max(map(len, kinds.values()))
                if best is None or size < best[0]:
                    best = size, word, list(kinds.values())
        return best and best[1:]

    def split_next(self, outs, leaf_of, parents, node_words, leaves):
        """Split a set of states by a word that tells their next states
        apart."""
        nexts = {target for _, target in outs.values()}
        common = None
        for target in nexts:
            chain, node = [], leaf_of[target]
            while node is not None:
                chain.append(node)
                node = parents[node]
            common = chain if common is None else [
                node for node in common if node in chain]
        word = node_words.get(common[0])
        if len(nexts) < 2 or word is None:
            return {}, b''
        kinds = collections.defaultdict(set)
        for state, (_, target) in outs.items():
            kinds[self.trace(target, word, leaves)].add(state)
        return kinds, word

    def trace(self, state, word, leaves):
        seen = []
        for octet in word:
            what, state = self.outcome(state, octet, leaves)
            seen.append(what)
            if state is None:
                break
        return tuple(seen)


def character(first):
    """Return a character of UTF-8 that begins with this octet, or None."""
    if 0xc2 <= first <= 0xdf:
        return bytes([first, 0x80])
    if 0xe0 <= first <= 0xef:
        return bytes([first, 0xa0 if first == 0xe0 else 0x80, 0x80])
    if 0xf0 <= first <= 0xf4:
        return bytes([first, 0x90 if first == 0xf0 else 0x80, 0x80, 0x80])
    return bytes([first])


# ---- The result of the automaton for a word ----------------------------------

class Lines:
    """The machine of lines, with its gotos.  Each run returns whether the line
    is accepted, and where the machine stops."""

    def __init__(self, automaton, utf8):
        self.automaton, self.utf8 = automaton, utf8
        self.entries = automaton.machine.entries

    def run(self, entry, word, is_alone=False):
        automaton, at, verb = self.automaton, 0, 'mail'
        state, begins = self.entries[entry], 0
        while True:
            octet = word[at]
            automaton.seen.add((state, octet))
            move = automaton.table[state][octet]
            if move is None:
                return False, at
            state = move[0]
            for action in move[1]:
                if action == 'accepted':
                    return True, at + 1
                if action == 'character':
                    at = self.utf8.last(word, at)
                elif action in ('parameter_s', 'value_s'):
                    begins = at
                elif action in GO_ON:
                    verb = VERBS.get(action, verb)
                    state = self.entries[GO_ON[action]]
                    break
                elif action in AGAIN or action in DEPENDS:
                    name, again = self.decide(action, verb, octet,
                                              word[begins:at], is_alone)
                    state = self.entries[name]
                    at -= again
                    break
            at += 1

    @staticmethod
    def decide(action, verb, octet, piece, is_alone):
        if action in AGAIN:
            return AGAIN[action], 1
        if action == 'path_ends':
            return 'line_ends' if is_alone else 'parameter_follows', 1
        if action == 'base64_ends':
            return 'mtrk_follows' if verb == 'mail' else 'line_ends', 1
        if action == 'orcpt_follows':
            is_utf8 = piece.lower() == b'utf-8'
            return 'orcpt_utf8_follows' if is_utf8 else 'orcpt_follows', 0
        if octet != ord('='):
            return 'parameter_follows', 1
        name = piece.decode('ascii').upper()
        return VALUES.get(verb, {}).get(name, 'unknown_value'), 0


class Whole:
    """A machine that reads a text that is not in a line.  It stops in a final
    state."""

    ends_early = True

    def __init__(self, automaton):
        self.automaton = automaton
        self.start = automaton.machine.entries['main']
        if self.ends_early:
            automaton.ends = automaton.machine.final

    def stop(self, word, at=0):
        """Return the place where the machine stops, and its state there or
        None."""
        state = self.start
        while at < len(word):
            self.automaton.seen.add((state, word[at]))
            move = self.automaton.table[state][word[at]]
            if move is None:
                return at, None
            state, at = move[0], at + 1
            if state in self.automaton.ends:
                break
        return at, state

    def run(self, _, word):
        at, state = self.stop(word)
        return state in self.automaton.machine.final, at

    def last(self, word, at):
        """Return the place of the last octet that the machine reads from at
        on."""
        end, _ = self.stop(word, at)
        return max(end - 1, at)


class Literal(Whole):
    """A machine that must end where its text ends."""

    ends_early = False


class Reply:
    """The machine of replies.  The text has an entry of its own."""

    LEAVES = {'text_follows', 'line_ends'}

    def __init__(self, automaton, text):
        self.automaton, self.text = automaton, text
        self.entries = automaton.machine.entries

    def run(self, word):
        state = self.entries['main']
        for at, octet in enumerate(word):
            self.automaton.seen.add((state, octet))
            move = self.automaton.table[state][octet]
            if move is None:
                return False, at
            if 'line_ends' in move[1]:
                return True, at + 1
            state = move[0]
            if 'text_follows' in move[1]:
                state = self.entries[self.text]
        return False, len(word)


# ---- The words --------------------------------------------------------------

def words_of(automaton, start, leaves, apart, targets):
    """Yield words from a start.  Each word has three parts: octets that lead to
    a state; an octet of one of the ranges of this state; and octets that tell
    the next state from another state."""
    for state, access in automaton.reach(start, leaves).items():
        for first, last, move in automaton.ranges(state):
            for octet in {first, last}:
                if move is None:
                    yield access + bytes([octet])
                    continue
                target, again = move[0], False
                for action in move[1]:
                    if action in targets:
                        target, again = targets[action]
                word = access + automaton.step(octet, move)
                if 'character' in move[1]:
                    yield access + bytes([octet])
                    yield access + bytes([octet, 0xbf])
                yield word
                for rest in apart[target]:
                    if not again or rest[0] == octet:
                        yield word + rest[again:]


class Writer:
    """Write each word with its expected result, for the program
    proof/words."""

    def __init__(self, path):
        self.file = open(path, 'wb')
        self.count = 0

    def write(self, kind, is_relaxed, expected, word):
        accepted, place = expected
        self.file.write(struct.pack('=BBBHH', kind, is_relaxed, accepted,
                                    place, len(word)) + word)
        self.count += 1


def check_seen(name, automaton, entries, leaves):
    """Check that the words have tried each transition and each refused range.

    Some states are left out, since the machine cannot stay in them: the error
    state; the first state of main, which goes to an entry at once; and a state
    if each transition to it has an action that goes elsewhere.
    """
    reached = set()
    for entry in entries:
        reached.update(automaton.reach(automaton.machine.entries[entry],
                                       leaves))
    reached -= automaton.ends
    ranges = missing = 0
    for state in reached:
        held = HELD.get(automaton.names.get(state))
        for first, last, _ in automaton.ranges(state):
            if held and not any(first <= octet <= last for octet in held):
                continue
            ranges += 1
            if (state, first) not in automaton.seen and \
                    (state, last) not in automaton.seen:
                missing += 1
                print(f'{name}: state {state} has not read {first} to {last}')
    entered = reached | automaton.ends | {automaton.machine.error}
    if 'verb' in automaton.machine.entries:
        start = automaton.machine.entries['main']
        entered.add(start)
        entered.update(move[2] for move in automaton.machine.states[start])
    entered.update(target for state in reached
                   for _, _, target, actions in automaton.machine.states[state]
                   if leaves.intersection(actions))
    print(f'{name}: {len(reached)} states, {len(entered) - len(reached)} that '
          f'are not entered, of {len(automaton.table)}; {ranges - missing} of '
          f'{ranges} transitions and refused ranges')
    return missing == 0 and len(entered) == len(automaton.table)


def write_lines(writer, is_relaxed, automaton, utf8):
    leaves = set(GO_ON) | set(AGAIN) | DEPENDS | {'accepted'}
    lines = Lines(automaton, utf8)
    entries = automaton.machine.entries
    apart = automaton.tell_apart(leaves)
    targets = {action: (entries[name], False)
               for action, name in GO_ON.items()}
    targets.update((action, (entries[name], True))
                   for action, name in AGAIN.items())
    targets['path_ends'] = targets['value_ends']
    for name, prefix in ENTRIES.items():
        for word in words_of(automaton, entries[name], leaves, apart, targets):
            line = prefix + word + b'\r\n'
            writer.write(LINE, is_relaxed, lines.run('verb', line), line)
    for kind, name in ((PATH, 'path_alone'), (MAILBOX, 'mailbox_alone')):
        for word in words_of(automaton, entries[name], leaves, apart, targets):
            text = word + b'\r\n'
            writer.write(kind, is_relaxed, lines.run(name, text, True), text)
    for word in words_of(automaton, entries['parameter_follows'], leaves,
                         apart, targets):
        text = word + b'\r\n'
        writer.write(PARAMETERS, is_relaxed,
                     lines.run('parameter_follows', text), text)
    return check_seen('relaxed' if is_relaxed else 'strict', automaton,
                      list(ENTRIES) + ['mailbox_alone'], leaves)


def write_whole(writer, name, kind, machine):
    automaton = machine.automaton
    apart = automaton.tell_apart(set())
    for word in words_of(automaton, machine.start, set(), apart, {}):
        for text in (word, word + b'\r\n'):
            writer.write(kind, 0, machine.run(None, text), text)
    return check_seen(name, automaton, ['main'], set())


def write_replies(writer, automaton):
    apart = automaton.tell_apart(Reply.LEAVES)
    texts = {REPLY_ASCII: 'ascii_text', REPLY_UTF8: 'utf8_text',
             REPLY_ANY: 'any_text'}
    for kind, text in texts.items():
        reply = Reply(automaton, text)
        for entry, prefix in (('main', b''), (text, b'250 '), (text, b'250-')):
            for word in words_of(automaton, reply.entries[entry],
                                 Reply.LEAVES, apart, {}):
                line = prefix + word + b'\r\n'
                writer.write(kind, 0, reply.run(line), line)
    return check_seen('reply', automaton, ['main', *texts.values()],
                      Reply.LEAVES)


def main():
    parser = argparse.ArgumentParser(
        description='Run words of the W-method through the compiled machines.')
    parser.add_argument('--ragel', default='ragel')
    parser.add_argument('--grammar', default=str(HERE.parent / 'grammar'))
    parser.add_argument('--words', default='words.bin',
                        help='the file to write')
    parser.add_argument('program', help='proof/words')
    arguments = parser.parse_args()
    start = time.monotonic()
    read = {name: Automaton(Machine(arguments.ragel, arguments.grammar, name))
            for name in 'strict relaxed literal utf8 proxy reply'.split()}
    utf8 = Whole(read['utf8'])
    writer = Writer(arguments.words)
    complete = write_lines(writer, 0, read['strict'], utf8)
    complete &= write_lines(writer, 1, read['relaxed'], utf8)
    complete &= write_whole(writer, 'literal', LITERAL,
                            Literal(read['literal']))
    complete &= write_whole(writer, 'utf8', UTF8, utf8)
    complete &= write_whole(writer, 'proxy', PROXY, Whole(read['proxy']))
    complete &= write_replies(writer, read['reply'])
    writer.file.close()
    print(f'{writer.count} words, {time.monotonic() - start:.1f} s')
    if not complete:
        print('failed: all states and transitions: counterexample: see above')
    complete &= subprocess.run([arguments.program, arguments.words],
                               check=False).returncode == 0
    return 0 if complete else 1


if __name__ == '__main__':
    sys.exit(main())
