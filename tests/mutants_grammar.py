# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Mutants of the grammar: a character class, a count, an action, a choice.

The machines are generated and compiled, and the quick tests are run.  If they
miss the change, the proof that the grammar is that of the RFCs must fail
(proof/grammar.py, proof/relaxed.py), or one of the longer tests.
"""
import random
import re
import sys

import mutants_build

MACHINES = ('literal', 'proxy', 'relaxed', 'reply', 'strict', 'utf8')
# Tests that take more seconds than this are run after the proofs.
QUICK = 0.3


def mutants(text):
    """Return [(start, end, new text for this place)]."""
    hidden = re.sub(r'#[^\n]*|/\*.*?\*/', lambda m: ' ' * len(m.group()), text,
                    flags=re.S)
    spans = [match.span() for match in re.finditer(
        r'%%\{.*?\}%%', hidden, re.S)] or [(0, len(hidden))]
    found = []
    for begin, stop in spans:
        part = hidden[begin:stop]
        for match in re.finditer(r"'([^'\\])'\s*\.\.\s*'([^'\\])'", part):
            for group, step in ((1, 1), (2, -1), (2, 1)):
                octet = ord(match.group(group)) + step
                if 32 < octet < 127 and chr(octet) not in "'\\":
                    found.append((begin + match.start(group),
                                  begin + match.end(group), chr(octet)))
        for match in re.finditer(r'\b0x([0-9a-fA-F]{2})\b', part):
            for step in (-1, 1):
                octet = int(match.group(1), 16) + step
                if 0 <= octet <= 255:
                    found.append((begin + match.start(), begin + match.end(),
                                  f'0x{octet:02x}'))
        for match in re.finditer(r'\{\s*(\d*)\s*,?\s*(\d*)\s*\}', part):
            for group in (1, 2):
                if match.group(group):
                    count = int(match.group(group))
                    for other in {count + 1, max(count - 1, 0)} - {count}:
                        found.append((begin + match.start(group),
                                      begin + match.end(group), str(other)))
        for match in re.finditer(r'[@%>$][a-z]\w*', part):
            found.append((begin + match.start(), begin + match.end(), ''))
        for match in re.finditer(r'\|\s*[^|;(){}\n]+', part):
            found.append((begin + match.start(), begin + match.end(), ' '))
    return sorted(set(found))


def name_of(text, mutant, squeeze):
    """Return the name of a mutant in mutants.txt: the line before and after
    the change."""
    start, end, other = mutant
    begin, stop = text.rfind('\n', 0, start) + 1, text.find('\n', end)
    return (f': {squeeze(text[begin:stop])} => '
            f'{squeeze(text[begin:start] + other + text[end:stop])}')


def generate(build, machine, output):
    done = mutants_build.call(
        ['ragel', '-G2', '-L', '-I', build.source / 'grammar', '-o', output,
         build.source / f'grammar/{machine}.rl'])
    if done.returncode == 0:
        output.write_text(re.sub(r'^/\* #line .*\*/\n', '',
                                 output.read_text(), flags=re.M))
    return done.returncode == 0


def proofs(build):
    """Return the name of the proof that a change breaks, or ''."""
    for name in ('grammar', 'relaxed'):
        done = mutants_build.call(
            [sys.executable, '-B', build.source / f'proof/{name}.py',
             '--grammar', build.source / 'grammar'], cwd=build.tests)
        if done.returncode:
            return f'proof/{name}.py'
    return ''


def killer_of(build):
    """Return the name of the test or proof that notices a change, or ''."""
    times = {name: build.time[f'plain/{name}'] or 0
             for name in set(build.all()) - mutants_build.TWICE}
    names = sorted(times, key=lambda name: (
        -build.kills['grammar', name] / (0.1 + times[name]), times[name]))
    quick = [name for name in names if times[name] < QUICK]
    return build.run(quick, file='grammar') or proofs(build) or \
        build.run([name for name in names if name not in quick],
                  file='grammar')


def try_one(build):
    changed, saved = [], []
    for machine in MACHINES:
        output = build.work / f'{machine}.c'
        if not generate(build, machine, output):
            return 'not compiled', ''
        if output.read_bytes() != \
                (build.tests / f'grammar/{machine}.c').read_bytes():
            changed.append(machine)
    if not changed:
        return 'same', ''
    try:
        for machine in changed:
            path = build.tests / f'grammar/{machine}.c'
            saved.append((path, path.read_bytes()))
            path.write_bytes((build.work / f'{machine}.c').read_bytes())
            output = build.object_of('plain', f'grammar/{machine}.c')
            new = output.with_suffix('.new')
            if build.object('plain', ['-O0'], f'grammar/{machine}.c',
                            new).returncode:
                return 'not compiled', ''
            output.rename(str(output) + '.saved')
            new.rename(output)
        library = build.work / 'plain/libcore.so'
        library.rename(str(library) + '.saved')
        build.link('plain', [])
        killer = killer_of(build)
        return ('killed', killer) if killer else ('survived', '')
    finally:
        for path, octets in saved:
            path.write_bytes(octets)


def run(build, arguments, squeeze, reasons, log, part):
    todo = []
    for path in sorted((build.root / 'grammar').glob('*.rl')):
        file, text = f'grammar/{path.name}', path.read_text()
        if not arguments.file or any(re.fullmatch(one, file)
                                     for one in arguments.file):
            todo += [(file, text, one) for one in mutants(text)]
    random.Random(arguments.seed).shuffle(todo)
    if not arguments.all:
        todo = todo[:arguments.count]
    todo = part(todo)
    results, survivors, explained = {}, [], 0
    for number, (file, text, (start, end, other)) in enumerate(todo, 1):
        name = name_of(text, (start, end, other), squeeze)
        if (file, name) in reasons:
            explained += 1
            continue
        key = f'{file}:{start}:{name}'
        entry = log.known.get(key)
        if entry is None or arguments.again and entry['result'] == 'survived':
            with build.changed(file, text[:start] + other + text[end:]):
                result, killer = try_one(build)
            entry = {'key': key, 'file': file, 'name': name, 'kind': 'grammar',
                     'result': result, 'killer': killer}
            log.add(entry)
            print(f'{number}/{len(todo)} {result} {killer} {file}{name}',
                  flush=True)
        results[key] = entry['result']
        if entry['result'] == 'survived':
            survivors.append(entry)
    return results, survivors, explained
