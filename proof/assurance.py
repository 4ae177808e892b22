#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Write doc/assurance.md: each claim, the command that checks it, and its
figure.

Each command is run in the folder of the build.  Its figure is taken from its
output.  With --check nothing is written; the program fails if a figure is not
the figure on the page.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / 'doc/assurance.md'

RAGEL_XML = 'Python; the XML that Ragel writes'

# For each claim: its text, the command, and what the reader must trust.
CLAIMS = [
    ('The STRICT grammar is that of the RFCs: verbs, paths, address literals, '
     'the values of all parameters, the lines of all verbs, XCLIENT and '
     'XFORWARD, xtext, UTF-8, PROXY lines, the replies of servers. For words '
     'of any length.',
     'sh proof/grammar.sh',
     f'{RAGEL_XML}; the ABNF in `proof/abnf/`, copied from the RFCs'),
    ('A wrong rule would be noticed.', 'sh proof/grammar.sh --mutants', ''),
    ('RELAXED accepts what STRICT accepts and what the ten named leniencies '
     'add, and nothing else. For words of any length.',
     'sh proof/relaxed.sh', f'{RAGEL_XML}; the ABNF'),
    ('Without any one of these leniencies, that would not be true.',
     'sh proof/relaxed.sh --without', ''),
    ('The C that Ragel generates does what its automaton says, in each '
     'transition and each refused range of each state: it accepts the same, '
     'and stops at the same place. The tokenizer gives the same result, field '
     'for field, with its short cuts and without them.',
     'sh proof/words.sh',
     f'{RAGEL_XML}; that a compiled machine has no more states than its '
     'automaton; the compiler'),
    ('A short cut within a machine skips only octets that lead back to its '
     'state.', 'sh proof/runs.sh',
     f'{RAGEL_XML}; which classes a run skips, copied from '
     '`src/command/fast/fast.h`'),
    ('A run that skips more would be noticed.', 'sh proof/runs.sh --mutants',
     ''),
    ('The arithmetic on masks of 64 octets and on words does what its '
     'definition says octet by octet: comparisons, the marks of 16 octets '
     '(SSE2), the end of a local part and of a domain, the changes in a block '
     'of a message. For all masks.', 'sh proof/bits.sh',
     "clang's front end and optimizer; z3; the definitions in "
     '`proof/bits.c`'),
    ('Wrong arithmetic would be noticed.', 'sh proof/bits.sh --mutants', ''),
    ('Only CR LF . CR LF ends a message, and a dot is removed only after CR '
     'LF: octet by octet the decoder does what a transducer of some twenty '
     'lines does, with each policy, in DATA and BDAT, refused or not. For '
     'messages of any length.',
     'proof/body 1', 'the compiler; the transducer in `proof/decoder.h`'),
    ('Nothing else that the decoder stores decides what it hands on.',
     'sh proof/decides.sh', 'MemorySanitizer'),
    ('The wide steps (words, SSE2, AVX2, NEON: those that the processor has) '
     'give the same result as the steps for one octet.', 'proof/vectors',
     'the compiler'),
    ('The decoder reads back what `mailin_stuff_feed()` writes, ends where '
     '`mailin_stuff_end()` ended it, and a bare CR or LF is refused. For '
     'messages of any length; at any cut up to a bound.',
     'proof/stuff', 'the compiler'),
    ('A chunk of BDAT is as long as its line says; the next octet begins a '
     'command.', 'proof/chunk 60', 'the compiler'),
    ('The queue of replies keeps its octets, their order, and the places of '
     'those that were shown. It accepts no octet as sent that was not shown. '
     'It writes only into its blocks, and frees each of them. For all '
     'sequences of steps up to a bound, also if memory fails.',
     'proof/queue 6', 'the compiler; the model in `proof/queue.c`'),
    ('In every state a session does what an observer expects: its state, '
     'replies, callbacks, envelope, what it forgets at STARTTLS and XCLIENT, '
     'AUTH, counters, the end of each transaction (properties 13 to 29, 48, '
     "51, 54). The observer does not know the library's table. With each pair "
     'of 20 settings.', 'proof/session 2',
     'the compiler; the observer (`proof/session_model.c` and its parts); '
     'that the key of a state has all that influences the session, which two '
     'histories of each state confirm'),
    ('The table of states keeps the order of commands; each state is reached; '
     'each command that is started has its reply, each transaction and each '
     'session can end. For all runs of a model made from the table.',
     'sh proof/spin.sh',
     'spin; the model (`proof/spin.py`); that the session runs by its table, '
     'which `proof/session` tries'),
    ('A wrong cell would be noticed.', 'sh proof/spin.sh --mutants', ''),
    ('A session has the same replies and callbacks wherever its input is cut '
     'in two, octet by octet, next to unmapped pages, however its replies are '
     'read, and if any decision comes later. Also, any decision may refuse or '
     'close, any callback may free the session, and any allocation may fail '
     '(alone, or with all after it). Up to this event the session does the '
     'same; after it, replies are well-formed, each transaction and the '
     'session end once, and all memory is freed. For each transcript of '
     '`tests/transcripts`.',
     'tests/transcript/transcript --all', 'the compiler; the transcripts'),
    ('`body`, `vectors`, `stuff`, `chunk`, `queue`, `words` and `session` '
     'would notice a fault in the C or in the grammar: the claim about it '
     'would fail.', 'python3 proof/planted.py', ''),
    ('base64, xtext, `\\x{...}`, UTF-8, IP addresses, the numbers of options, '
     "replies and the decoder's steps for one octet do nothing undefined, for "
     'memory of any size that the contracts of the headers allow: no access '
     'outside of it, no overflow of a signed number, each loop ends, each '
     'length that is returned fits.',
     'python3 proof/wp.py',
     'Frama-C 25, why3, z3, cvc4; the contracts of functions that are not '
     'proved: `mailin_utf8_read()`, which `proof/words.sh` covers, and those '
     'that `proof/README.md` lists'),
    ('A fault there would be noticed.', 'python3 proof/wp.py --mutants', ''),
    ('Four static analyzers find nothing that `tests/analyze.txt` does not '
     'explain: clang, gcc -fanalyzer, cppcheck, clang-tidy.',
     'python3 tests/analyze.py', 'the reasons in `tests/analyze.txt`'),
    ('Work grows no faster than input: if a client or a proxy sends twice as '
     'much of a kind of input that is made to be expensive, at most 2.02 times '
     'as many instructions are run. Each kind of input is doubled four times.',
     'make check-growth',
     'valgrind; that the worst kinds are among those of `bench/growth.c`'),
]

FUZZ = ('The fuzz targets find planted faults, each within five minutes.',
        'make fuzz-planted',
        'that the targets check enough; needs a build with '
        '`configure --enable-fuzzing CC=clang`')

COVERAGE = ('Each branch of the hand-written C in `src/` is taken by a test, '
            'or `tests/coverage.txt` says why not.', 'make coverage',
            "gcov; needs a build as `tests/ci.sh coverage` makes it; a branch "
            'that a test takes may have a result that no test checks')
EXPLAINED = 'what `tests/mutants.txt` says of mutants that no test can notice'
MUTANTS = [
    ('A small change of the C in `src/` would be noticed: 160 random mutants, '
     'each cell of the table of states, each wipe of a secret.',
     'python3 tests/mutants.py --count 160', EXPLAINED),
    ('A small change of the grammar would be noticed: each bound of a range, '
     'count, action and choice.',
     'python3 tests/mutants.py --grammar --all', EXPLAINED),
    ('A small change of the client in `src/client/` would be noticed: all '
     'mutants.',
     'python3 tests/mutants.py --all --file src/client/.+', EXPLAINED),
]

HEAD = '''\
<!-- Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT -->
# Assurance

This page says what is claimed of libmailin beyond "it was tested", and how you
can check each claim. `make assurance` runs the commands and writes the page;
`python3 proof/assurance.py --check` runs them and compares the figures.

    ./configure && make && make check TESTS=
    make proof              # all of them; or one of the commands below,
    export srcdir=.         # here, in the folder of the build

Debian packages: ragel, python3, python3-z3, clang, spin, check, frama-c-base,
why3, z3, cvc4, valgrind. If a package is missing, the commands that need it say
so, and are left out. `proof/README.md` says how each proof works.

A claim is *proved* for all inputs, or *bounded*: tried for all inputs up to a
bound that its line names. A *fault* is planted in the rules or in a copy of the
sources; the claim must then fail.

| claim | command | figure | it trusts |
|---|---|---|---|
'''

TAIL = '''
Everything trusts the compiler, the C library and the processor.

Not proved, but tested: limits other than those of the state table, failing
memory and cuts of the stream (`tests/`, `tests/threats.txt`), and what is
searched for longer than `make check` may take (`doc/campaigns.md`).
What C code decides after a machine, such as lengths, is listed in
`proof/README.md`, with its tests. `SECURITY.md` says what a program must do.
'''


def figure_of(output):
    """Return the figure in the output of a command, without times."""
    skip = re.search(r'^SKIP.*', output, re.M)
    if skip:
        return 'not run'
    parts = []
    total = re.findall(r'^(\d+ of \d+ [a-z ]+?)$', output, re.M)
    if total:
        return total[-1]
    if re.search(r'^failed', output, re.M):
        return 'failed'
    for kind in ('proved', 'bounded'):
        count = len(re.findall(rf'^{kind}: ', output, re.M))
        if count:
            parts.append(f'{count} {kind}')
    cases = sum(map(int, re.findall(r'(\d+) cases\)$', output, re.M)))
    if cases:
        parts.append(f'{cases:,} cases')
    states = re.findall(r'\((\d+) states, (\d+) edges; ', output)
    if states:
        parts.append(f'{int(states[0][0]):,} states, {int(states[0][1]):,} '
                     'edges')
    for text, name in (('transitions and refused ranges',
                        'transitions and refused ranges'),):
        counts = re.findall(rf'(\d+) of (\d+) {text}', output)
        if counts:
            parts.append(f'{sum(int(one) for one, _ in counts):,} of '
                         f'{sum(int(one) for _, one in counts):,} {name}')
    return ', '.join(parts) or 'nothing'


def run(command, build):
    environment = {**os.environ, 'srcdir': str(ROOT)}
    words = [str(ROOT / word) if word.startswith(('proof/', 'tests/')) and
             (ROOT / word).suffix in ('.sh', '.py') else word
             for word in command.split()]
    done = subprocess.run(words, cwd=build, env=environment, text=True,
                          capture_output=True, check=False)
    figure = figure_of(done.stdout)
    good = done.returncode in (0, 77) and figure not in ('failed', 'nothing')
    print(f'{command}: {figure}{"" if good else " (FAILED)"}', flush=True)
    if not good:
        print(done.stdout[-2000:], done.stderr[-2000:])
    return figure, good


def main():
    parser = argparse.ArgumentParser(description='Write doc/assurance.md.')
    parser.add_argument('--build', default='.')
    parser.add_argument('--fuzz-build',
                        help='a build with --enable-fuzzing')
    parser.add_argument('--coverage-build',
                        help='a build with --enable-coverage')
    parser.add_argument('--mutants', action='store_true',
                        help='plant mutants, which takes long')
    parser.add_argument('--check', action='store_true')
    parser.add_argument('--only', default='',
                        help='run only the commands that have this text')
    arguments = parser.parse_args()
    failed, figures = 0, {}
    jobs = [(*claim, arguments.build) for claim in CLAIMS]
    jobs.append((*FUZZ, arguments.fuzz_build))
    jobs.append((*COVERAGE, arguments.coverage_build))
    jobs += [(*claim, arguments.build if arguments.mutants else None)
             for claim in MUTANTS]
    for _, command, _, build in jobs:
        if build is not None and arguments.only in command:
            figures[command], good = run(command, build)
            failed += not good
    page = PAGE.read_text() if PAGE.exists() else ''
    rows = []
    for what, command, trusts, _ in jobs:
        known = re.search(rf'`{re.escape(command)}` \| ([^|]*) \|', page)
        known = known.group(1) if known else 'not run'
        figure = figures.get(command, 'not run')
        if figure == 'not run':
            figure = known
        elif arguments.check and figure != known:
            print(f'failed: {command}: {figure}, but the page says {known}')
            failed += 1
        rows.append(f'| {what} | `{command}` | {figure} | {trusts} |\n')
    if not arguments.check and not failed:
        PAGE.write_text(HEAD + ''.join(rows) + TAIL)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
