#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Plant faults: each must be found by its fuzz target in a given time.

Each patch of fuzz/planted/ changes copies of the sources.  Its first lines
name the target, and the files to compile again.  These files are linked with
the target before libcore.a.  If one of them is in grammar/, Ragel makes it
again.  The target begins with the seeds of the tree.  Run this program in the
folder of a build with configure --enable-fuzzing.
"""
import argparse
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FLAGS = ['-std=gnu11', '-O1', '-g', '-w', '-fsanitize=fuzzer-no-link']


def field(text, name):
    return re.search(rf'^{name}: (.*)$', text, re.M).group(1)


def copy_files(scratch, text, sources):
    paths = {*re.findall(r'^--- a/(\S+)', text, re.M), *sources}
    if any(path.startswith('grammar/') for path in paths):
        paths.update(str(path.relative_to(ROOT))
                     for path in (ROOT / 'grammar').glob('*.rl'))
    for path in paths:
        if (ROOT / path).exists():
            (scratch / path).parent.mkdir(parents=True, exist_ok=True)
            (scratch / path).write_text((ROOT / path).read_text())


def generate(scratch, sources):
    for source in sources:
        if source.startswith('grammar/'):
            subprocess.run(
                [*shlex.split(os.environ.get('RAGEL', 'ragel')), '-G2', '-L',
                 '-o', str(scratch / source),
                 str(scratch / source.replace('.c', '.rl'))], check=True)


def link(clang, build, scratch, target, sources):
    """Compile the files again, and link the target with them."""
    makefile = (build / 'Makefile').read_text()
    sanitizers = re.search(r'^SANITIZE_FLAGS = ?(.*)$', makefile,
                           re.M).group(1).split()
    include = [f'-I{scratch / "src"}', f'-I{ROOT / "include"}',
               f'-I{build / "include"}', f'-I{build}', f'-I{ROOT / "src"}',
               f'-I{ROOT / "tests"}']
    objects = []
    for source in sources:
        objects.append(str(scratch / (source.replace('/', '_') + '.o')))
        subprocess.run([*clang, *FLAGS, *sanitizers, *include, '-c', '-o',
                        objects[-1], str(scratch / source)], check=True)
    own = build / f'fuzz/fuzz_{target}'
    subprocess.run(['make', '-s', f'fuzz/fuzz_{target}'], cwd=build,
                   check=True, stdout=subprocess.DEVNULL)
    parts = re.search(
        rf'^am_fuzz_fuzz_{target}_OBJECTS = (.*?[^\\])$',
        makefile, re.M | re.S).group(1)
    parts = parts.replace('\\\n', ' ').replace('$(OBJEXT)', 'o').split()
    program = scratch / own.name
    subprocess.run([*clang, '-fsanitize=fuzzer', *sanitizers, '-o',
                    str(program), *objects,
                    *(str(build / part) for part in parts),
                    str(build / '.libs/libcore.a')], check=True)
    return program


def try_patch(patch, clang, build, seconds):
    """Return how long it took to find the fault, or why it was not found."""
    text = patch.read_text()
    target = field(text, 'target')
    sources = field(text, 'files').split()
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        copy_files(scratch, text, sources)
        subprocess.run(['patch', '-p1', '-s', '-i', str(patch)], cwd=scratch,
                       check=True)
        generate(scratch, sources)
        program = link(clang, build, scratch, target, sources)
        corpus = scratch / 'corpus'
        corpus.mkdir()
        start = time.monotonic()
        done = subprocess.run(
            [str(program), f'-max_total_time={seconds}', '-timeout=20',
             f'-dict={ROOT / "fuzz/smtp.dict"}', f'-artifact_prefix={name}/',
             str(corpus), str(ROOT / f'fuzz/seeds/{target}')],
            capture_output=True, text=True, errors='replace', check=False)
        took = time.monotonic() - start
    if done.returncode == 0:
        return f'failed: {patch.stem}: not found in {took:.0f} s'
    where = re.search(r'^\S*(fuzz|tests|src)/\S+:\d+: .*$', done.stderr, re.M)
    return (f'found: {patch.stem}, by {target}, in {took:.0f} s: '
            f'{where.group(0).split("/")[-1] if where else "a crash"}')


def main():
    parser = argparse.ArgumentParser(
        description='Find the planted faults by fuzzing.')
    parser.add_argument('--build', default='.',
                        help='a build with --enable-fuzzing')
    parser.add_argument('--seconds', type=int, default=300)
    parser.add_argument('patches', nargs='*', type=pathlib.Path)
    arguments = parser.parse_args()
    build = pathlib.Path(arguments.build).resolve()
    if '-fsanitize=fuzzer' not in (build / 'Makefile').read_text():
        print('SKIP: the build has no fuzzing engine (CC=clang, configure '
              '--enable-fuzzing)')
        return 77
    clang = shlex.split(os.environ.get('CLANG', 'clang'))
    patches = [patch.resolve() for patch in arguments.patches] or sorted(
        (ROOT / 'fuzz/planted').glob('*.patch'))
    missed = 0
    for patch in patches:
        result = try_patch(patch, clang, build, arguments.seconds)
        missed += not result.startswith('found')
        print(result, flush=True)
    print(f'{len(patches) - missed} of {len(patches)} planted faults found')
    return 0 if missed == 0 and patches else 1


if __name__ == '__main__':
    sys.exit(main())
