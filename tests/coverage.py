#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Which branches of the library do the tests not take?

`make coverage` runs the unit tests, the transcripts and the seeds of the fuzz
targets in a build with --enable-coverage.  Then it runs this program in the
folder of the build.  The program reads the output of gcov for the hand-written
C in src/.  A test must have taken each branch and run each line, or
coverage.txt must say why not.  A row of coverage.txt that is not needed is a
failure, too.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIST = ROOT / 'tests/coverage.txt'


def objects(build):
    """Return the objects of the library whose code was run."""
    return sorted(str(path) for path in build.glob('src/**/libcore_la-*.gcda'))


def counts(build):
    """Return {(file, line): [{branch: count}, count]}, over all objects.

    A function in a header is compiled with each file that includes the header;
    its counts are added.
    """
    found = {}
    paths = objects(build)
    if not paths:
        sys.exit('coverage: nothing was run; configure with '
                 '--enable-coverage --disable-shared CFLAGS=-O0')
    answer = subprocess.run(
        [os.environ.get('GCOV', 'gcov'), '--json-format', '--stdout',
         '--branch-probabilities', *paths],
        cwd=build, check=True, capture_output=True, text=True).stdout
    for part in answer.splitlines():
        if not part.startswith('{'):
            continue
        part = json.loads(part)
        where = pathlib.Path(part['current_working_directory'])
        for file in part['files']:
            name = os.path.relpath((where / file['file']).resolve(), ROOT)
            if name.startswith('src/'):
                add(found, name, file['lines'])
    return found


def add(found, name, lines):
    seen = collections.Counter()
    for line in lines:
        key = name, line['line_number']
        branches, _ = entry = found.setdefault(key, [{}, 0])
        entry[1] += line['count']
        # gcov lists a line once for each function that contains it.
        for branch in line['branches']:
            index = seen[key, line.get('function_name')]
            seen[key, line.get('function_name')] += 1
            at = line.get('function_name'), index
            branches[at] = branches.get(at, 0) + branch['count']


def reasons():
    """Return coverage.txt as {(file, text of the line): [how many branches are
    not taken, row]}."""
    rows, file = {}, None
    for number, line in enumerate(LIST.read_text().splitlines(), 1):
        if line.startswith('#') or not line.strip():
            continue
        if not line.startswith('\t'):
            file = line.strip()
        elif not line.startswith('\t\t'):
            match = re.fullmatch(r'\t(\d+|never) (.*)', line)
            if not match or (file, match.group(2)) in rows:
                sys.exit(f'{LIST}:{number}: not a row')
            reason = rows[file, match.group(2)] = [match.group(1), number, '']
        else:
            reason[2] += line.strip() + ' '
    # A row that has no reason of its own has the reason of the next row.
    text = ''
    for row in reversed(rows.values()):
        row[2] = text = row[2] or text
    if any(not row[2] for row in rows.values()):
        sys.exit(f'{LIST}: a row has no reason')
    return rows


def has_default(lines, number):
    """Return True if the switch that begins in this line has a default."""
    indent = lines[number - 1][:-len(lines[number - 1].lstrip())]
    for line in lines[number:]:
        if line.startswith(indent + 'default:'):
            return True
        if line.startswith(indent + '}'):
            return False
    return False


def missing(found):
    """Return [(file, line, text, how many branches are not taken or
    "never")]."""
    texts = {}
    for (name, number), (branches, count) in sorted(found.items()):
        lines = texts.setdefault(name, (ROOT / name).read_text().splitlines())
        text = lines[number - 1].strip()
        implied = text.startswith('switch (') and \
            list(branches.values()).count(0) == 1 and \
            not has_default(lines, number)
        if count == 0:
            yield name, number, text, 'never'
        elif text.startswith('assert('):
            continue    # an assertion: it never fails in a test that passes
        elif implied:
            continue    # a switch over an enum has a case for each enumerator
        elif 0 in branches.values():
            yield name, number, text, \
                str(sum(count == 0 for count in branches.values()))


def main():
    parser = argparse.ArgumentParser(description='Check the branch coverage.')
    parser.add_argument('--build', type=pathlib.Path, default='.')
    parser.add_argument('--write', action='store_true',
                        help='print the rows that are missing')
    build = parser.parse_args()
    found = counts(build.build.resolve())
    rows, used, failed = reasons(), collections.Counter(), 0
    for name, number, text, what in missing(found):
        used[name, text] += 1
        row = rows.get((name, text))
        if row is None or row[0] != what:
            failed += 1
            print(f'failed: {name}:{number}: {what}: {text}' if not build.write
                  else f'{name}\n\t{what} {text}')
    for (name, text), row in rows.items():
        if (name, text) not in used:
            failed += 1
            print(f'failed: coverage.txt:{row[1]}: not needed: {text}')
    branches = [count for branches, _ in found.values()
                for count in branches.values()]
    taken = sum(count > 0 for count in branches)
    print('failed' if failed else 'proved: each branch of src/ is taken by a '
          f'test, or one of {len(rows)} rows of coverage.txt says why not')
    print(f'{taken} of {len(branches)} branches are taken')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main())
