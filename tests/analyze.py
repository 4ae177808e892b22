#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Run the analyzers over the library and the programs: make analyze.

The analyzers are clang --analyze, gcc -fanalyzer, cppcheck, and clang-tidy
with the checks bugprone-* and cert-*.  It is a failure if a finding has no
explanation in analyze.txt, or if an explanation has no finding.  Run this
program in the folder of a build.
"""
import fnmatch
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = ('src', 'event', 'server', 'parse')
FLAGS = ['-std=gnu11', '-DHAVE_CONFIG_H', '-I.', '-Iinclude',
         *(f'-I{ROOT / folder}' for folder in
           ('', 'include', 'src', 'event', 'server', 'parse'))]
# Two arguments of the same type may follow each other.
TIDY = '-*,bugprone-*,cert-*,-bugprone-easily-swappable-parameters'

# For each tool: its Debian package, and the command that checks a file.
TOOLS = {
    'clang': ('clang', lambda name, out: [
        'clang', '--analyze', '-o', out, *FLAGS, name]),
    'gcc': ('gcc', lambda name, out: [
        'gcc', '-fanalyzer', '-O1', '-c', '-o', out, *FLAGS, name]),
    'clang-tidy': ('clang-tidy', lambda name, out: [
        'clang-tidy', '-quiet', f'-checks={TIDY}', name, '--', *FLAGS]),
    'cppcheck': ('cppcheck', lambda name, out: [
        'cppcheck', '-q', '--std=c11', '--enable=warning,portability',
        '--suppress=missingIncludeSystem',
        '--template={file}:{line}:{column}: warning: {message} [{id}]',
        *(flag for flag in FLAGS if flag[:2] in ('-D', '-I')), name]),
}
FINDING = re.compile(r'^(\S+?):\d+:\d+: warning: .*\[([^\]]+)\]$', re.M)


def explanations():
    """Return analyze.txt as {(tool, check, file): reason}."""
    rows, key = {}, None
    for line in (ROOT / 'tests/analyze.txt').read_text().splitlines():
        if line.startswith('#') or not line.strip():
            continue
        if line.startswith('\t'):
            rows[key] = (rows[key] + ' ' + line.strip()).strip()
        else:
            key = tuple(line.split())
            rows[key] = ''
    wrong = [key for key, reason in rows.items() if len(key) != 3 or not reason]
    if wrong:
        sys.exit(f'analyze.txt: no row, or a row without a reason: {wrong[0]}')
    return rows


def findings(tool, names, scratch):
    def one(job):
        number, name = job
        command = TOOLS[tool][1](str(name), f'{scratch}/{number}.o')
        done = subprocess.run(command, capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            sys.exit(f'{tool} failed: {name}\n{done.stdout}{done.stderr}')
        return done.stdout + done.stderr

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        texts = pool.map(one, enumerate(names))
    for text in texts:
        for path, checks in FINDING.findall(text):
            # In gcc's brackets the weakness (CWE) comes first, and the option
            # last.
            check = re.sub(r'^-W|,.*', '', checks.split('] [')[-1])
            yield os.path.relpath(ROOT / path, ROOT), check, text


def main():
    rows, used, bad = explanations(), set(), 0
    names = sorted(name for folder in FOLDERS
                   for name in (ROOT / folder).rglob('*.c'))
    for tool, (package, _) in TOOLS.items():
        if shutil.which(tool) is None:
            print(f'SKIP: {tool} is missing (Debian: {package})')
            used |= {key for key in rows if key[0] == tool}
            continue
        count = set()
        with tempfile.TemporaryDirectory() as scratch:
            for path, check, text in findings(tool, names, scratch):
                count.add((path, check))
                why = [key for key in rows if key[0] == tool and
                       key[1] == check and fnmatch.fnmatch(path, key[2])]
                used.update(why)
                if not why:
                    print(f'failed: {tool} {check} {path}\n{text}')
                    bad += 1
        print(f'{tool}: {len(names)} files, {len(count)} findings', flush=True)
    for key in rows.keys() - used:
        print('failed: nothing needs this row of analyze.txt:', *key)
        bad += 1
    print('failed' if bad else
          f'{len(rows)} of {len(rows)} findings are explained')
    return 1 if bad else 0


if __name__ == '__main__':
    sys.exit(main())
