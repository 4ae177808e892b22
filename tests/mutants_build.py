# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The builds in which mutants.py plants and tries mutants."""
import collections
import contextlib
import fcntl
import filecmp
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import time

PIC = ['-fPIC', '-fvisibility=default', '-DMAILIN_BUILD', '-w', '-g0']
PLAIN = ['-O1']
SANITIZED = ['-O1', '-fsanitize=address,undefined',
             '-fno-sanitize-recover=all', '-fno-omit-frame-pointer']
# test_short_cuts and proof/words.c contain a second copy of the tokenizer.
TWICE = {'test_short_cuts'}
# These tests run a fuzz target.
TARGETS = {'test_mutants': 'fuzz_command', 'test_proxy': 'fuzz_proxy'}
PROOFS = ['proof/body', 'proof/chunk', 'proof/stuff', 'proof/vectors']
# Tests that take more seconds than this are not run with sanitizers.
QUICK = 5


def call(words, **more):
    return subprocess.run([str(word) for word in words], check=False,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          **more)


def must(words, **more):
    done = call(words, **more)
    if done.returncode:
        raise SystemExit(f'{words}:\n{done.stdout[-2000:].decode()}'
                         f'{done.stderr[-4000:].decode()}')
    return done


def limited():
    """Limit the memory of a test, since a mutant may ask for memory without
    end."""
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    os.setpriority(os.PRIO_PROCESS, 0, 10)


class Build:
    def __init__(self, root, work):
        self.root, self.work = root, work
        self.source = work / 'source'
        self.tests = work / 'tests'
        self.coverage = work / 'coverage'
        self.kills = collections.Counter()
        self.cc = 'gcc'

    # ---- Once ------------------------------------------------------------

    def make(self):
        self.lock()
        self.copy()
        self.configure(self.tests, '--disable-shared', 'CFLAGS=-O1')
        self.configure(self.coverage, '--disable-shared', '--enable-coverage',
                       'CFLAGS=-O0 -Dalways_inline=')
        self.files = sorted(
            str(path.relative_to(self.source))
            for path in self.source.glob('src/**/*.c'))
        self.grammar = [f'grammar/{name}.c' for name in
                        ('literal', 'proxy', 'relaxed', 'reply', 'strict',
                         'utf8')]
        for name, flags in (('plain', PLAIN), ('sanitized', SANITIZED)):
            self.library(name, flags)
        self.programs()
        self.times()
        self.map()

    def lock(self):
        """Keep other runs out of the folder: they would change the same
        library.  The lock is held as long as this object is."""
        self.work.mkdir(parents=True, exist_ok=True)
        self.held = open(self.work / 'lock', 'w', encoding='ascii')
        try:
            fcntl.flock(self.held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f'another run uses {self.work}; '
                             'give this one a --work of its own') from None

    def copy(self):
        """Copy the tree in which mutants are planted.  Files that are new in
        it are compiled again."""
        for path in self.root.rglob('*'):
            name = path.relative_to(self.root)
            first = name.parts[0]
            if first != 'build-aux' and \
                    first.startswith(('build', '.git', 'autom4te')) or \
                    not path.is_file() or path.suffix in ('.o', '.lo', '.pyc'):
                continue
            copy = self.source / name
            if copy.exists() and filecmp.cmp(path, copy):
                continue
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)

    def configure(self, folder, *options):
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / 'Makefile').exists():
            must([self.source / 'configure', '-q', '--enable-tests',
                  '--disable-server', '--disable-event',
                  f'CC=ccache {self.cc}', *options],
                 cwd=folder)
        must(['make', '-s', 'check', 'TESTS='], cwd=folder)

    def flags(self):
        return ['-I', self.source / 'include', '-I', self.tests / 'include',
                '-I', self.source / 'src', '-I', self.tests,
                '-DHAVE_CONFIG_H', '-DNDEBUG']

    def library(self, name, flags):
        """Compile all objects of the library, and note which files each one
        depends on."""
        folder = self.work / name
        folder.mkdir(exist_ok=True)
        for file in self.files + self.grammar:
            self.object(name, flags, file)
        self.link(name, flags)

    def where(self, file):
        return (self.tests if file.startswith('grammar/') else self.source) / \
            file

    def object_of(self, name, file):
        return self.work / name / (file.replace('/', '-')[:-2] + '.o')

    def object(self, name, flags, file, output=None):
        output = output or self.object_of(name, file)
        words = ['ccache', self.cc, *PIC, *flags, *self.flags(), '-MMD',
                 '-MF', str(output) + '.d', '-c', self.where(file), '-o',
                 output]
        return call(words, cwd=self.work)

    def link(self, name, flags):
        objects = [self.object_of(name, file)
                   for file in self.files + self.grammar]
        done = call([self.cc, '-shared', '-Wl,-Bsymbolic', '-Wl,-O0',
                     *[flag for flag in flags if 'sanitize=' in flag],
                     *objects, '-o', self.work / name / 'libcore.so'])
        return done.returncode == 0

    def programs(self):
        """Link each test program with the shared library."""
        self.bin = self.work / 'bin'
        self.bin.mkdir(exist_ok=True)
        self.check = re.search(
            r'^CHECK_LIBS = (.*)', (self.tests / 'Makefile').read_text(),
            re.M).group(1).split()
        self.unit = []
        suite = sorted((self.tests / 'tests/support').glob('libsuite_la-*.o'))
        plain = sorted(self.tests.glob('**/libplain_la-*.o'))
        for main in sorted((self.tests / 'tests/unit').glob('test_*.o')):
            name = main.stem.split('-')[0]
            self.unit.append(name)
            more = []
            if name in TARGETS:
                more = [self.tests / f'fuzz/{TARGETS[name]}.o',
                        self.tests / 'fuzz/check.o']
            if name in ('test_clearing', 'test_states'):
                more = [self.tests / 'tests/support/states.o']
            if name in TWICE:
                more = plain
            self.program(name, [main, *more, *suite])
        helpers = self.tests / 'tests/support'
        self.program('transcript', [
            *sorted((self.tests / 'tests/transcript').glob('*.o')),
            helpers / 'proxy_text.o'])
        self.fuzz = []
        makefile = (self.tests / 'Makefile').read_text()
        for target, objects in re.findall(
                r'^am_fuzz_(fuzz_\w+)_OBJECTS = (.*?[^\\])$', makefile,
                re.M | re.S):
            objects = objects.replace('\\\n', ' ').replace('$(OBJEXT)', 'o')
            self.fuzz.append(target)
            self.program(target, [self.tests / name for name in
                                  [*objects.split(), 'fuzz/replay.o']])
        for proof in PROOFS:
            self.program(proof.replace('/', '_'), [self.tests / f'{proof}.o'])

    def program(self, name, objects):
        must([self.cc, '-o', self.bin / name, *objects, '-L',
              self.work / 'plain', '-lcore', *self.check])

    def command(self, name):
        """Return the command that runs a test."""
        words = [str(self.bin / name)]
        if name in self.fuzz:
            words.append(str(self.source / 'fuzz/seeds' / name[5:]))
        return words

    def all(self):
        return self.unit + ['transcript'] + self.fuzz + \
            [proof.replace('/', '_') for proof in PROOFS]

    def environment(self, name, **more):
        return {**os.environ, 'LD_LIBRARY_PATH': str(self.work / name),
                'srcdir': str(self.source), 'CK_FORK': 'no',
                'SUITE_QUICK': 'yes', **more}

    def test(self, name, timeout, where='plain', **more):
        """Return True if the test passed."""
        environment = self.environment(where, **more)
        if name in TWICE and where == 'plain':
            del environment['SUITE_QUICK']  # try all its inputs
        if where == 'sanitized':
            asan = must([self.cc, '-print-file-name=libasan.so']) \
                .stdout.decode().strip()
            ubsan = must([self.cc, '-print-file-name=libubsan.so']) \
                .stdout.decode().strip()
            environment['LD_PRELOAD'] = f'{asan} {ubsan}'
            environment['ASAN_OPTIONS'] = 'hard_rss_limit_mb=2000'
        try:
            return call(self.command(name), cwd=self.tests, env=environment,
                        timeout=timeout, preexec_fn=limited
                        if where == 'plain' else None).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def times(self):
        """Measure how long each test takes without a mutant; each must
        pass."""
        path = self.work / 'times.json'
        self.time = json.loads(path.read_text()) if path.exists() else {}
        for where in ('plain', 'sanitized'):
            for name in self.all():
                key = f'{where}/{name}'
                if key in self.time:
                    continue
                begin = time.monotonic()
                if self.test(name, 600, where):
                    self.time[key] = time.monotonic() - begin
                else:
                    print(f'left out: {key} fails without a mutant')
                    self.time[key] = None
        path.write_text(json.dumps(self.time, indent=0))

    def map(self):
        """Return {file: {line: [tests that run it]}}, by gcov."""
        path = self.work / 'map.json'
        if path.exists():
            self.lines = json.loads(path.read_text())
            self.unmapped = set(self.all()) - {
                name for lines in self.lines.values()
                for tests in lines.values() for name in tests}
            return
        self.lines, self.unmapped = {}, set()
        for name in self.all():
            for old in self.coverage.glob('**/*.gcda'):
                old.unlink()
            program = {'transcript': 'tests/transcript/transcript'}.get(
                name, f'tests/unit/{name}' if name in self.unit else
                f'fuzz/{name}' if name in self.fuzz else
                name.replace('_', '/', 1))
            words = [self.coverage / program, *self.command(name)[1:]]
            try:
                call(words, cwd=self.coverage, timeout=300,
                     env=self.environment('plain'))
            except subprocess.TimeoutExpired:
                continue
            self.gcov(name)
        path.write_text(json.dumps(self.lines))

    def gcov(self, name):
        data = sorted(self.coverage.glob('src/**/libcore_la-*.gcda'))
        done = call(['gcov', '--json-format', '--stdout', *data],
                    cwd=self.coverage).stdout.decode()
        for part in done.splitlines():
            for file in json.loads(part)['files']:
                path = os.path.relpath(
                    (self.source / file['file']).resolve(), self.source)
                lines = self.lines.setdefault(path, {})
                for line in file['lines']:
                    if line['count']:
                        tests = lines.setdefault(str(line['line_number']), [])
                        if name not in tests:
                            tests.append(name)

    # ---- For each mutant --------------------------------------------------

    @contextlib.contextmanager
    def changed(self, file, text):
        path = self.source / file
        before = path.read_bytes()
        times = os.stat(path)
        path.write_text(text)
        try:
            yield
        finally:
            path.write_bytes(before)
            os.utime(path, (times.st_atime, times.st_mtime))
            for name in ('plain', 'sanitized'):
                for saved in (self.work / name).glob('*.saved'):
                    saved.rename(saved.with_suffix(''))

    def users(self, name, file):
        """Return the files that must be compiled again if this one changes."""
        if file.endswith('.c'):
            return [file]
        found = []
        for user in self.files + self.grammar:
            depends = pathlib.Path(str(self.object_of(name, user)) + '.d')
            if re.search(rf'/{re.escape(file)}(\s|$)', depends.read_text()):
                found.append(user)
        return found

    def compile(self, file, name='plain', flags=None):
        """Compile a file.  Return 'changed', 'same' (the same code), or 'not
        compiled'."""
        changed = False
        for user in self.users(name, file):
            output = self.object_of(name, user)
            new = output.with_suffix('.new')
            if self.object(name, flags or PLAIN, user, new).returncode:
                return 'not compiled'
            if new.read_bytes() == output.read_bytes():
                continue
            changed = True
            output.rename(str(output) + '.saved')
            new.rename(output)
        if not changed:
            return 'same'
        library = self.work / name / 'libcore.so'
        library.rename(str(library) + '.saved')
        return 'changed' if self.link(name, flags or PLAIN) else 'not compiled'

    def order(self, file, lines):
        """Return the tests that run one of the lines: first those that have
        noticed mutants of this file, then the quick ones."""
        known = self.lines.get(file, {})
        names = {name for line in lines for name in known.get(str(line), [])}
        if not names:
            names = set(self.all())     # a table or a macro: no line is run
        names |= self.unmapped
        if 'src/command/fast/' not in file:
            names -= TWICE
        return sorted(names, key=lambda name: (
            -self.kills[file, name] / (0.1 + (self.time['plain/' + name] or 0)),
            self.time['plain/' + name] or 0))

    def run(self, names, where='plain', file=None):
        for name in names:
            usual = self.time[f'{where}/{name}']
            if usual is not None and \
                    not self.test(name, 10 + 20 * usual, where):
                self.kills[file, name] += 1
                return name
        return ''

    def run_sanitized(self, file, names):
        if self.compile(file, 'sanitized', SANITIZED) != 'changed':
            return ''
        killer = self.run([name for name in names if
                           not name.startswith('proof_') and
                           (self.time[f'sanitized/{name}'] or 0) < QUICK],
                          'sanitized', file)
        return killer and f'{killer} (sanitized)'
