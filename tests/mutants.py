#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Plant mutants in the library: does a test notice each of them?

    tests/mutants.py                    a random choice, after the table cells
                                        and mutants_always.txt
    tests/mutants.py --names            do the lists fit the sources?
    tests/mutants.py --file src/x.c     all mutants of a file
    tests/mutants.py --grammar          a random choice of the grammar
    tests/mutants.py --grammar --all    all mutants of the grammar

A mutant is one small change: another sign, a constant that is one more or
less, a missing statement, a negated condition, another cell of a table.  Only
the files that depend on the changed one are compiled again, into one shared
library that all test programs use.  The tests that run the changed line (by
gcov) come first, and of them the quick ones.  If all tests miss a mutant, it
is compiled with sanitizers and tried again.

A mutant is not counted if the compiler makes the same code of it, or if
mutants.txt says why no test can notice it.  mutants_always.txt lists mutants
that the tests once missed. --work keeps the builds; a mutant that has been
tried there is not tried again.  With --part, several runs at the same time
share the mutants; each needs a --work of its own.
"""
import argparse
import collections
import hashlib
import json
import pathlib
import random
import re
import sys
import time

import mutants_build
import mutants_c
import mutants_grammar

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIST = ROOT / 'tests/mutants.txt'
ALWAYS = ROOT / 'tests/mutants_always.txt'


def squeeze(text):
    return ' '.join(text.split())


def name_of(text, mutant):
    """Return the name of a mutant in mutants.txt: the line before and after
    the change."""
    begin = text.rfind('\n', 0, mutant.start) + 1
    end = text.find('\n', max(mutant.end, mutant.start + 1))
    line = text[begin:end]
    changed = text[begin:mutant.start] + mutant.text + text[mutant.end:end]
    function = ''
    for match in re.finditer(r'^(\w+)\(', text[:begin], re.M):
        function = match.group(1)
    return f'{function}: {squeeze(line)} => {squeeze(changed)}'


def rows_of(path):
    """Return a list as {(file, name of a mutant): its reason}."""
    rows, file, name = {}, None, None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith('#') or not line.strip():
            continue
        if not line.startswith('\t'):
            file = line.strip()
        elif not line.startswith('\t\t'):
            name = line.strip()
            if ' => ' not in name and not name.endswith(' =>'):
                sys.exit(f'{path}:{number}: not a mutant')
            rows[file, name] = ''
        else:
            rows[file, name] += line.strip() + ' '
    # A row that has no reason of its own has the reason of the next row.
    reason = ''
    for key in reversed(list(rows)):
        rows[key] = reason = rows[key] or reason
    return rows


def names_fit():
    """Return True if each row of the lists is a mutant of the present
    sources."""
    fit = True
    for path in (LIST, ALWAYS):
        texts = {}
        for file, name in rows_of(path):
            if file not in texts:
                text = (ROOT / file).read_text()
                texts[file] = {
                    mutants_grammar.name_of(text, mutant, squeeze)
                    for mutant in mutants_grammar.mutants(text)} if \
                    file.startswith('grammar/') else {
                        name_of(text, mutant)
                        for mutant in mutants_c.mutants(text, file)}
            if name not in texts[file]:
                print(f'{path.name}: {file}: not a mutant any more: {name}')
                fit = False
    return fit


def chosen(arguments):
    """Return the mutants to try as [(file, its text, mutant)]."""
    found, listed = [], rows_of(ALWAYS)
    for path in sorted((ROOT / 'src').glob('**/*.[ch]')):
        file = str(path.relative_to(ROOT))
        if arguments.file and not any(re.fullmatch(one, file)
                                      for one in arguments.file):
            continue
        if 'neon' in file:
            continue    # this file is compiled only for other processors
        text = path.read_text()
        found += [(file, text, mutant)
                  for mutant in mutants_c.mutants(text, file)
                  if not arguments.kind or mutant.kind in arguments.kind]
    if arguments.all:
        return found
    files = {file for file, _ in listed}
    always = [one for one in found if one[2].kind == 'wipe' or
              one[2].kind == 'cell' and one[0].endswith('config/rules.c') or
              one[0] in files and (one[0], name_of(*one[1:])) in listed]
    others = [one for one in found if one not in always]
    random.Random(arguments.seed).shuffle(others)
    return always * (not arguments.file) + others[:arguments.count]


class Log:
    """The mutants that have been tried, and their results.  They are kept in
    the folder of the builds."""

    def __init__(self, path):
        self.path, self.known = path, {}
        if path.exists():
            for line in path.read_text().splitlines():
                entry = json.loads(line)
                self.known[entry['key']] = entry

    def add(self, entry):
        self.known[entry['key']] = entry
        with open(self.path, 'a', encoding='utf-8') as file:
            file.write(json.dumps(entry) + '\n')


def try_one(build, file, text, mutant):
    """Return (result, the test that noticed the mutant)."""
    changed = text[:mutant.start] + mutant.text + text[mutant.end:]
    first = text.count('\n', 0, mutant.start) + 1
    last = text.count('\n', 0, mutant.end) + 1
    with build.changed(file, changed):
        state = build.compile(file)
        if state != 'changed':
            return state, ''
        killer = build.run(build.order(file, range(first, last + 1)),
                           file=file)
        if killer:
            return 'killed', killer
        killer = build.run_sanitized(file, build.order(
            file, range(first, last + 1)))
        return ('killed', killer) if killer else ('survived', '')


def part(text):
    """Return a function that takes the part K/N of a list."""
    number, count = map(int, text.split('/'))
    if not 1 <= number <= count:
        raise ValueError
    return lambda found: found[number - 1::count]


def report(results, explained):
    kinds = collections.Counter(results.values())
    total = kinds['killed'] + kinds['survived']
    print(f"{kinds['killed']} killed, {kinds['survived']} survived, "
          f"{explained} explained, {kinds['same']} of the same code, "
          f"{kinds['not compiled']} did not compile")
    return total


def main():
    parser = argparse.ArgumentParser(description='Plant mutants.')
    parser.add_argument('--work', type=pathlib.Path,
                        default='/dev/shm/libmailin-mutants')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--count', type=int, default=300)
    parser.add_argument('--all', action='store_true')
    parser.add_argument('--file', action='append')
    parser.add_argument('--kind', action='append')
    parser.add_argument('--again', action='store_true',
                        help='try again those that survived')
    parser.add_argument('--seconds', type=int, default=10**6)
    parser.add_argument('--grammar', action='store_true')
    parser.add_argument('--part', type=part, default='1/1',
                        help='K/N: only each N-th mutant, from the K-th on')
    parser.add_argument('--names', action='store_true',
                        help='only compare the lists with the sources')
    arguments = parser.parse_args()
    if arguments.names:
        return not names_fit()
    build = mutants_build.Build(ROOT, arguments.work)
    build.make()
    rows = rows_of(LIST)
    log = Log(arguments.work / 'log.jsonl')
    if arguments.grammar:
        results, survivors, explained = mutants_grammar.run(
            build, arguments, squeeze, rows, log, arguments.part)
        return conclude(results, survivors, explained)
    results, explained, survivors, begin = {}, 0, [], time.monotonic()
    todo = arguments.part(chosen(arguments))
    for number, (file, text, mutant) in enumerate(todo, 1):
        name = name_of(text, mutant)
        if (file, name) in rows:
            explained += 1
            continue
        context = text[max(0, mutant.start - 200):mutant.end + 200]
        key = hashlib.sha1(f'{file}{mutant.kind}{name}{context}{mutant.text}'
                           .encode()).hexdigest()
        entry = log.known.get(key)
        if entry is None or arguments.again and entry['result'] == 'survived':
            if time.monotonic() - begin > arguments.seconds:
                print(f'stopped at {number} of {len(todo)}')
                break
            start = time.monotonic()
            result, killer = try_one(build, file, text, mutant)
            entry = {'key': key, 'file': file, 'name': name,
                     'kind': mutant.kind, 'result': result, 'killer': killer,
                     'line': text.count('\n', 0, mutant.start) + 1,
                     'seconds': round(time.monotonic() - start, 1)}
            log.add(entry)
            print(f"{number}/{len(todo)} {entry['seconds']} s {result} "
                  f"{killer} {file}:{entry['line']}: {name}", flush=True)
        results[key] = entry['result']
        if entry['result'] == 'survived':
            survivors.append(entry)
    return conclude(results, survivors, explained)


def conclude(results, survivors, explained):
    for entry in survivors:
        print(f"survived: {entry['file']}:{entry.get('line', '')}: "
              f"{entry['kind']}: {entry['name']}")
    total = report(results, explained)
    killed = list(results.values()).count('killed')
    print(f'{killed} of {total} mutants are killed')
    hard = [entry for entry in survivors if entry['kind'] == 'wipe' or
            entry['kind'] == 'cell' and entry['file'].endswith('rules.c')]
    return bool(hard or killed < 0.97 * total)


if __name__ == '__main__':
    sys.exit(main())
