# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Finite automata over octets.

An Nfa is built from pieces, and a Dfa is made from an Nfa.  Two Dfas can be
compared: the result is None if their languages are equal, otherwise a shortest
word that only one of them has.  A transition has a range of octets, first to
last.
"""
from collections import deque


class Nfa:
    """An automaton made of pieces.  States are numbers; a piece is a pair
    (start, end)."""

    def __init__(self):
        self.edges = []  # for each state, a list of (first, last, target)
        self.empty = []  # for each state, a list of targets

    def state(self):
        self.edges.append([])
        self.empty.append([])
        return len(self.edges) - 1

    def link(self, source, target):
        self.empty[source].append(target)

    def octets(self, first, last):
        start, end = self.state(), self.state()
        self.edges[start].append((first, last, end))
        return start, end

    def nothing(self):
        start, end = self.state(), self.state()
        self.link(start, end)
        return start, end

    def sequence(self, pieces):
        start, end = self.nothing()
        for piece in pieces:
            self.link(end, piece[0])
            end = piece[1]
        return start, end

    def choice(self, pieces):
        start, end = self.state(), self.state()
        for piece in pieces:
            self.link(start, piece[0])
            self.link(piece[1], end)
        return start, end

    def star(self, piece):
        start, end = self.nothing()
        self.link(end, piece[0])
        self.link(piece[1], end)
        return start, end

    def include(self, dfa):
        """Return a copy of a Dfa as a piece."""
        names = [self.state() for _ in dfa.edges]
        end = self.state()
        for state, edges in enumerate(dfa.edges):
            self.edges[names[state]] = [
                (first, last, names[target]) for first, last, target in edges]
            if state in dfa.final:
                self.link(names[state], end)
        return names[0], end

    def closure(self, states):
        found, todo = set(states), list(states)
        while todo:
            for target in self.empty[todo.pop()]:
                if target not in found:
                    found.add(target)
                    todo.append(target)
        return frozenset(found)

    def determinize(self, piece):
        """Return the Dfa of a piece, without states from which no final state
        can be reached."""
        first_state = self.closure([piece[0]])
        names, todo = {first_state: 0}, deque([first_state])
        edges, final = [[]], set()
        while todo:
            states = todo.popleft()
            name = names[states]
            if piece[1] in states:
                final.add(name)
            for first, last, targets in split(
                    [edge for state in states for edge in self.edges[state]]):
                target = self.closure(targets)
                if target not in names:
                    names[target] = len(edges)
                    edges.append([])
                    todo.append(target)
                edges[name].append((first, last, names[target]))
        return Dfa(edges, final)


def split(edges):
    """Yield ranges that do not overlap, each with the set of its targets."""
    cuts = sorted({cut for first, last, _ in edges
                   for cut in (first, last + 1)})
    for low, high in zip(cuts, cuts[1:]):
        targets = {target for first, last, target in edges
                   if first <= low <= last}
        if targets:
            yield low, high - 1, targets


def merged(edges):
    """Join neighbouring ranges that have the same target, in order."""
    result = []
    for first, last, target in sorted(edges):
        if result and result[-1][1] + 1 == first and result[-1][2] == target:
            first = result.pop()[0]
        result.append((first, last, target))
    return tuple(result)


class Dfa:
    """A deterministic automaton.  State 0 is the start.  An octet without a
    transition is refused."""

    def __init__(self, edges, final):
        self.edges = edges
        self.final = set(final)
        self.trim()

    def trim(self):
        """Drop the transitions to states from which no final state can be
        reached."""
        before = {}
        for state, edges in enumerate(self.edges):
            for _, _, target in edges:
                before.setdefault(target, set()).add(state)
        alive, todo = set(self.final), list(self.final)
        while todo:
            for state in before.get(todo.pop(), ()):
                if state not in alive:
                    alive.add(state)
                    todo.append(state)
        self.edges = [[edge for edge in edges if edge[2] in alive]
                      for edges in self.edges]

    def minimize(self):
        """Return the smallest Dfa of the same language."""
        group = [int(state in self.final) for state in range(len(self.edges))]
        count = len(set(group))
        while True:
            names = {}
            following = []
            for state, edges in enumerate(self.edges):
                key = (group[state], merged(
                    (first, last, group[target])
                    for first, last, target in edges))
                following.append(names.setdefault(key, len(names)))
            group = following
            if len(names) == count:
                break
            count = len(names)
        order = [group[0]] + [name for name in range(count)
                              if name != group[0]]
        number = {name: at for at, name in enumerate(order)}
        edges = [[] for _ in order]
        for state, here in enumerate(self.edges):
            edges[number[group[state]]] = [
                (first, last, number[target]) for first, last, target in merged(
                    (first, last, group[target])
                    for first, last, target in here)]
        return Dfa(edges, {number[group[state]] for state in self.final})

    def step(self, state, octet):
        if state is None:
            return None
        for first, last, target in self.edges[state]:
            if first <= octet <= last:
                return target
        return None

    def accepts(self, word):
        state = 0
        for octet in word:
            state = self.step(state, octet)
        return state in self.final

    def is_empty(self):
        return not self.final or not (self.edges[0] or 0 in self.final)

    def size(self):
        """Return the number of states that words of the language reach."""
        found, todo = {0}, [0]
        while todo:
            for _, _, target in self.edges[todo.pop()]:
                if target not in found:
                    found.add(target)
                    todo.append(target)
        return len(found)


def search(left, right, wanted):
    """Return a shortest word for which wanted(is in left, is in right) is true,
    or None."""
    start = (0, 0)
    origin, todo = {start: None}, deque([start])
    while todo:
        pair = todo.popleft()
        here = [name in dfa.final if name is not None else False
                for name, dfa in zip(pair, (left, right))]
        if wanted(*here):
            return word_to(pair, origin)
        edges = []
        for side, dfa in enumerate((left, right)):
            if pair[side] is not None:
                edges += [(first, last, (side, target))
                          for first, last, target in dfa.edges[pair[side]]]
        for first, _, targets in split(edges):
            after = dict(targets)
            following = (after.get(0), after.get(1))
            if following not in origin:
                origin[following] = (pair, first)
                todo.append(following)
    return None


def word_to(pair, origin):
    word = []
    while origin[pair] is not None:
        pair, octet = origin[pair]
        word.append(octet)
    return bytes(reversed(word))


def difference(left, right):
    """Return a shortest word that only one of them accepts, or None."""
    return search(left, right, lambda a, b: a != b)


def excess(left, right):
    """Return a shortest word of left that right does not accept, or None."""
    return search(left, right, lambda a, b: a and not b)


def combine(left, right, wanted):
    """Return the Dfa of all words for which wanted(is in left, is in right) is
    true.

    wanted(False, False) must be false."""
    names, todo = {(0, 0): 0}, deque([(0, 0)])
    edges, final = [[]], set()
    while todo:
        pair = todo.popleft()
        if wanted(pair[0] in left.final if pair[0] is not None else False,
                  pair[1] in right.final if pair[1] is not None else False):
            final.add(names[pair])
        both = []
        for side, dfa in enumerate((left, right)):
            if pair[side] is not None:
                both += [(first, last, (side, target))
                         for first, last, target in dfa.edges[pair[side]]]
        for first, last, targets in split(both):
            after = dict(targets)
            following = (after.get(0), after.get(1))
            if following not in names:
                names[following] = len(edges)
                edges.append([])
                todo.append(following)
            edges[names[pair]].append((first, last, names[following]))
    return Dfa(edges, final).minimize()


def of_words(words):
    """Return the Dfa of a finite set of words."""
    edges, final = [{}], set()
    for word in words:
        state = 0
        for octet in word:
            if octet not in edges[state]:
                edges[state][octet] = len(edges)
                edges.append({})
            state = edges[state][octet]
        final.add(state)
    return Dfa([[(octet, octet, target)
                 for octet, target in sorted(targets.items())]
                for targets in edges], final).minimize()


def decimal(last, width):
    """Return the Dfa of the numbers 0 to last, with this number of digits."""
    most = b'%0*d' % (width, last)
    if len(most) > width:
        most = b'9' * width
    # In state 2i, the i digits read so far equal the first i digits of "last".
    # In state 2i + 1 they are a smaller number.
    edges = []
    for digit in most:
        at = len(edges)
        edges.append([(48, digit - 1, at + 3)] * (digit > 48) +
                     [(digit, digit, at + 2)])
        edges.append([(48, 57, at + 3)])
    return Dfa(edges + [[], []], {len(edges), len(edges) + 1})
