#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Run the suites that are written in C (the unit tests, the transcripts, and
the fuzz targets with their seeds) with other compilers, other options, on other
processors and in other distributions.  Each of these is a row of
doc/platforms.md.  The rows that were run are written there anew; the others,
and the text around the table, stay.

Run this in a build folder: `make platforms`, or

    srcdir=.. python3 ../tests/platforms.py [OPTION...] [ROW...]

Each row has a build folder of its own, platforms/ROW, which is removed if the
row passes.  The exit status is 0 if no row failed, 1 if one did, and 77 if none
could be run.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

TOP = Path(os.environ.get('srcdir', '.')).resolve()
PAGE = TOP / 'doc' / 'platforms.md'
BEGIN = '<!-- rows: written by make platforms -->'
END = '<!-- end of rows -->'
HEAD = ('| row | platform | compiler | what was run | result | date |\n'
        '|---|---|---|---|---|---|\n')
SUITES = 'unit tests, transcripts, seeds'
EVENT = 'unit tests with those of libmailin-event, transcripts, seeds'

# Options of configure for a build with Check, libevent and OpenSSL.
NATIVE = ('--disable-static', '--disable-server', '--enable-tests')
# Options for a build without these; tests/foreign/check.h replaces Check.
ALONE = ('--disable-shared', '--disable-event', '--enable-tests',
         'PKG_CONFIG=false', f'CHECK_CFLAGS=-I{TOP}/tests/foreign',
         'CHECK_LIBS=-lm')


class Row(NamedTuple):
    """One row: a way to build the suites, and to run them."""
    name: str
    compiler: str               # the command
    packages: dict              # the package of Debian that has each tool
    flags: str = '-O2'
    options: tuple = NATIVE     # of configure
    platform: str = ''          # this machine, if empty
    emulator: str = ''          # what runs a program
    narrow: bool = False        # a pointer has four octets
    chroot: str = ''            # the root folder of another distribution
    what: str = EVENT


def native(compiler, flags, name='', **tools):
    return Row(name or compiler + flags, compiler,
               {compiler: compiler,
                **{tool.replace('_', '-'): package
                   for tool, package in tools.items()}}, flags)


def lto(compiler, version, tools, flags, packages):
    """Link-time optimization.  Archives need tools that know its objects."""
    option = '-flto=auto' if compiler == 'gcc' else '-flto'
    row = native(f'{compiler}-{version}', '-O2 ' + option,
                 f'{compiler}-{version}-lto')
    tools = tuple(f'{name.upper()}={tools}-{name}-{version}'
                  for name in ('ar', 'nm', 'ranlib'))
    needed = {tool.split('=')[1]: packages[0] for tool in tools}
    needed.update(packages[1])
    return row._replace(options=NATIVE + tools + flags,
                        packages={**row.packages, **needed})


def emulated(name, host, platform, machine, package, narrow=False):
    """A processor of qemu-user, with Debian's cross compiler."""
    return Row(name, host + '-gcc',
               {host + '-gcc': 'gcc-' + host, 'qemu-' + machine: 'qemu-user',
                f'/usr/{host}/include/stdio.h': package},
               options=ALONE + ('--host=' + host,),
               platform=platform + ', by qemu-user',
               emulator=f'qemu-{machine} -L /usr/{host}', narrow=narrow,
               what=SUITES)


LD_14 = 'LDFLAGS=-flto --ld-path=/usr/bin/ld.lld-14'
ROWS = [
    native('gcc-11', '-O2'),
    native('gcc-12', '-O0'),
    native('gcc-12', '-O2'),
    native('gcc-12', '-O3'),
    lto('gcc', 12, 'gcc', (), ('gcc-12', {})),
    native('clang-13', '-O2'),
    native('clang-14', '-O0'),
    native('clang-14', '-O2'),
    native('clang-14', '-O3'),
    lto('clang', 14, 'llvm', (LD_14,), ('llvm-14', {'ld.lld-14': 'lld-14'})),
    native('clang-15', '-O2'),
    native('clang-16', '-O2'),
    native('clang-19', '-O2'),
    native('clang-19', '-O3'),
    Row('tsan', 'clang', {'clang': 'clang'}, '-O1 -g -fsanitize=thread',
        NATIVE + ('--enable-debug',)),
    Row('msan', 'clang', {'clang': 'clang'}, '-O1 -g -fsanitize=memory', ALONE,
        what=SUITES),
    # gcc-multilib cannot be installed beside cross compilers, gcc-12-multilib
    # can.  It lacks a symbolic link to the headers of the kernel.
    Row('m32', 'gcc-12 -m32',
        {'gcc-12': 'gcc-12',
         '/usr/lib/gcc/x86_64-linux-gnu/12/32/libgcc.a': 'gcc-12-multilib'},
        options=ALONE + (
            'CPPFLAGS=-idirafter /usr/include/x86_64-linux-gnu',),
        platform='x86-64, pointers of four octets', narrow=True, what=SUITES),
    Row('i686', 'i686-linux-gnu-gcc',
        {'i686-linux-gnu-gcc': 'gcc-i686-linux-gnu',
         '/usr/i686-linux-gnu/lib/ld-linux.so.2': 'libc6-dev-i386-cross'},
        options=ALONE + ('--host=i686-linux-gnu',),
        platform='i686, pointers of four octets',
        emulator='/usr/i686-linux-gnu/lib/ld-linux.so.2 '
                 '--library-path /usr/i686-linux-gnu/lib',
        narrow=True, what=SUITES),
    Row('musl', 'musl-gcc', {'musl-gcc': 'musl-tools'}, options=ALONE,
        platform='x86-64, musl', what=SUITES),
    emulated('aarch64', 'aarch64-linux-gnu', 'AArch64 (NEON)', 'aarch64',
             'libc6-dev-arm64-cross'),
    emulated('armhf', 'arm-linux-gnueabihf', 'ARM, pointers of four octets',
             'arm', 'libc6-dev-armhf-cross', narrow=True),
    emulated('riscv64', 'riscv64-linux-gnu', 'RISC-V, 64 bits', 'riscv64',
             'libc6-dev-riscv64-cross'),
    emulated('s390x', 's390x-linux-gnu', 's390x (big-endian)', 's390x',
             'libc6-dev-s390x-cross'),
    Row('mingw', 'x86_64-w64-mingw32-gcc',
        {'x86_64-w64-mingw32-gcc': 'gcc-mingw-w64-x86-64'},
        options=('--disable-event', 'PKG_CONFIG=false',
                 '--host=x86_64-w64-mingw32'),
        platform='Windows, x86-64, by Wine'),
]

# What a build in another distribution needs, in its root folder.
CHROOT_PACKAGES = {
    'usr/bin/make': 'make', 'usr/bin/pkg-config': 'pkg-config',
    'usr/bin/ragel': 'ragel', 'usr/bin/autoconf': 'autoconf',
    'usr/bin/automake': 'automake', 'usr/bin/libtoolize': 'libtool',
    'usr/include/check.h': 'check', 'usr/include/event2': 'libevent-dev',
    'usr/include/openssl': 'libssl-dev',
}


def os_release(root='/'):
    """Return the names that os-release defines."""
    for path in ('etc/os-release', 'usr/lib/os-release'):
        # A symbolic link may point to a file outside the root folder.
        file = Path(root) / path
        if file.is_file() and (root == '/' or not file.is_symlink()):
            return dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', file.read_text(),
                                   re.M))
    raise SystemExit(f'platforms: {root} has no os-release')


def chroot_rows(root):
    """Return the rows of another distribution: its gcc and its clang."""
    release = os_release(root)
    name = f"{release['ID']}-{release.get('VERSION_ID', 'unknown')}"
    rows = []
    for compiler in ('gcc', 'clang'):
        needed = {'usr/bin/' + compiler: compiler, **CHROOT_PACKAGES}
        rows.append(Row(f'{name}-{compiler}', compiler,
                        {f'{root}/{path}': f'{package} in {root}'
                         for path, package in needed.items()},
                        platform=release['PRETTY_NAME'], chroot=root))
    return rows


class Failure(Exception):
    """A step of a row failed."""


class Run:
    """One row, while it is run."""

    def __init__(self, row, jobs):
        self.row = row
        self.jobs = jobs
        self.folder = Path('platforms', row.name).resolve()
        self.passed = self.failed = self.skipped = 0
        self.what = row.what
        self.environment = dict(os.environ, SUITE_QUICK='yes', LC_ALL='C',
                                RUN=row.emulator)
        for name in ('MAKEFLAGS', 'MFLAGS', 'MAKELEVEL', 'srcdir'):
            self.environment.pop(name, None)

    def step(self, name, *command, may_fail=False, **more):
        """Run a command in the row's folder, with a log."""
        print(f'{self.row.name}: {name}', flush=True)
        log = self.folder / f'step-{name}.log'
        with open(log, 'wb') as file:
            done = subprocess.run(command, cwd=self.folder, stdout=file,
                                  stderr=subprocess.STDOUT, check=False,
                                  stdin=subprocess.DEVNULL,
                                  env=self.environment, **more)
        if done.returncode != 0 and not may_fail:
            lines = log.read_text(errors='replace').splitlines()
            print('\n'.join('    ' + line for line in lines[-20:]))
            raise Failure(f'{name} failed, see {log}')

    def compiler(self):
        """Return the command of the compiler, with ccache if there is one."""
        if shutil.which('ccache') and not self.row.chroot:
            return 'ccache ' + self.row.compiler
        return self.row.compiler

    def version(self):
        """Return the name of the compiler with its version."""
        command = [self.row.compiler.split()[0], '--version']
        if self.row.chroot:
            command = ['chroot', self.row.chroot] + command
        line = subprocess.run(command, stdout=subprocess.PIPE, text=True,
                              check=True).stdout.splitlines()[0]
        found = re.search(r'\d+[-.\w]*', re.sub(r'^\S*|\(.*\)', '', line))
        number = found.group() if found else 'unknown'
        return f'{self.row.compiler} {number} {self.row.flags}'

    def configure(self):
        self.step('configure', f'{TOP}/configure', '-q', '--enable-werror',
                  'CC=' + self.compiler(), 'CFLAGS=' + self.row.flags,
                  *self.row.options)
        if self.row.narrow:
            config = (self.folder / 'config.h').read_text()
            if '#define _FILE_OFFSET_BITS 64' not in config:
                raise Failure('no large files')

    def suites(self):
        """Build the library and the suites, and run these."""
        run = [f'LOG_COMPILER={self.row.emulator}'] if self.row.emulator else []
        self.step('build', 'make', '-s', f'-j{self.jobs}', 'libmailin.la',
                  'mailin-parse', 'suites')
        self.step('run', 'make', '-s', f'-j{self.jobs}', 'check-suites', *run,
                  may_fail=True)
        self.count(self.folder)

    def in_chroot(self):
        """Build the library and the suites in another distribution, and run
        the suites there."""
        inside = 'tmp/mailin-platforms'
        root = Path(self.row.chroot)
        tree = root / inside
        shutil.rmtree(tree, ignore_errors=True)
        tree.mkdir(parents=True)
        files = subprocess.run(('git', '-C', str(TOP), 'ls-files', '-z'),
                               stdout=subprocess.PIPE, check=False).stdout
        if not files:
            raise Failure('a chroot needs a tree of git')
        packed = subprocess.run(
            ('tar', '-C', str(TOP), '--null', '-T', '-', '-c'), input=files,
            stdout=subprocess.PIPE, check=True).stdout
        subprocess.run(('tar', '-C', str(tree), '-x'), input=packed, check=True)
        options = ' '.join(self.row.options)
        commands = (
            f'cd /{inside} && ./bootstrap && mkdir b && cd b && '
            f'../configure -q --enable-werror {options} '
            f"CC={self.row.compiler} CFLAGS='{self.row.flags}' && "
            f'make -s -j{self.jobs} libmailin.la mailin-parse suites')
        # The mounts end with the process.
        enter = ('unshare', '--mount', '--propagation', 'private', 'sh', '-c',
                 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" '
                 '&& exec chroot "$0" env SUITE_QUICK=yes LC_ALL=C '
                 'PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -c "$1"',
                 self.row.chroot)
        self.step('build', *enter, commands)
        self.step('run', *enter,
                  f'cd /{inside}/b && make -s -j{self.jobs} check-suites',
                  may_fail=True)
        self.count(tree / 'b')
        if self.failed == 0:
            shutil.rmtree(tree)

    def count(self, folder):
        """Count the tests: those that a program says it has, seeds, or one."""
        for result in sorted(folder.rglob('*.trs')):
            log = result.with_suffix('.log').read_text(errors='replace')
            word = re.search(r'^:test-result: (\w+)', result.read_text(), re.M)
            word = word.group(1) if word else 'ERROR'
            checks = failures = 0
            for found in re.finditer(r'^\d+%: Checks: (\d+), Failures: (\d+), '
                                     r'Errors: (\d+)', log, re.M):
                checks += int(found.group(1))
                failures += int(found.group(2)) + int(found.group(3))
            checks += sum(map(int, re.findall(r'^(\d+) inputs$', log, re.M)))
            if word == 'SKIP':
                self.skipped += 1
                continue
            if word != 'PASS':
                failures = max(failures, 1)
                print(f'    {result.relative_to(folder)}: {word}')
            self.failed += failures
            self.passed += max(checks, 1) - min(failures, max(checks, 1))
        if self.passed + self.failed == 0:
            raise Failure('no suite was run')

    def windows(self):
        """Build the DLL and mailin-parse, and run this, if there is Wine."""
        self.step('build', 'make', '-s', f'-j{self.jobs}', 'libmailin.la',
                  'mailin-parse.exe')
        self.program = self.folder / '.libs/mailin-parse.exe'
        self.what = 'the names that the DLL exports'
        self.check('the DLL exports other names than the headers have',
                   self.exported() == self.declared())
        if not shutil.which('wine') or not os.access('mailin-parse', os.X_OK):
            print('mingw: SKIP: mailin-parse is not run: there is no wine '
                  '(Debian: apt-get install wine wine64), or no ./mailin-parse')
            self.skipped += 1
            return
        self.what += ', mailin-parse compared with that of this machine'
        self.environment = self.wine()
        self.step('wine', 'wineboot', '-i')
        print('mingw: run', flush=True)
        for seeds, option in (('command', ''), ('command', '--relaxed'),
                              ('command', '--json'), ('command', '--exact'),
                              ('address', '--address'),
                              ('address', '--mailbox')):
            lines = b'\r\n'.join(
                seed.read_bytes()
                for seed in sorted((TOP / 'fuzz/seeds' / seeds).iterdir()))
            self.compare(lines, option)
        subprocess.run(('wineserver', '-k'), check=False,
                       env=self.environment)

    def wine(self):
        """Return the environment of Wine."""
        libraries = subprocess.run(
            (self.row.compiler, '-print-file-name=libssp-0.dll'),
            stdout=subprocess.PIPE, text=True, check=True).stdout
        return dict(self.environment, WINEDEBUG='-all',
                    WINEPREFIX=str(self.folder / 'wine'),
                    WINEPATH=os.path.dirname(libraries))

    def compare(self, lines, option):
        """Compare the output of mailin-parse with that on this machine."""
        options = [option] if option else []
        outputs = []
        for name, command in (('here', ['./mailin-parse']),
                              ('there', ['wine', str(self.program)])):
            # Use a file, because the servers of Wine would keep a pipe open.
            path = self.folder / (name + option)
            with open(path, 'wb') as file:
                done = subprocess.run(command + options, input=lines,
                                      stdout=file, stderr=subprocess.DEVNULL,
                                      env=self.environment, check=False)
            outputs.append((done.returncode, path.read_bytes()))
        self.check(f'mailin-parse {option} is not the same',
                   outputs[0] == outputs[1] and outputs[0][1])

    def check(self, complaint, right):
        if right:
            self.passed += 1
        else:
            self.failed += 1
            print(f'    {complaint}')

    def declared(self):
        text = subprocess.run(
            ('gcc', '-E', '-P', f'-I{TOP}/include',
             f'-I{self.folder}/include', '-'), input='#include <mailin.h>\n',
            stdout=subprocess.PIPE, text=True, check=True).stdout
        return set(re.findall(
            r'visibility\("default"\)[^;]*?\b(mailin_[a-z0-9_]*) *\(', text))

    def exported(self):
        text = subprocess.run(
            ('x86_64-w64-mingw32-objdump', '-p', '.libs/libmailin-0.dll'),
            cwd=self.folder, stdout=subprocess.PIPE, text=True,
            check=True).stdout
        table = text.partition('Ordinal/Name')[2].partition('\n\n')[0]
        return set(re.findall(r'\b(mailin_[a-z0-9_]*)$', table, re.M))

    def perform(self):
        """Run the row.  Returns its line in the table."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True)
        try:
            if self.row.chroot:
                self.in_chroot()
            elif self.row.name == 'mingw':
                self.configure()
                self.windows()
            else:
                self.configure()
                self.suites()
        except Failure as failure:
            print(f'    {failure}')
            self.failed += 1
        result = f'{self.passed} passed, {self.failed} failed'
        if self.skipped:
            result += f', {self.skipped} skipped'
        print(f'{self.row.name}: {result}', flush=True)
        if self.failed == 0:
            shutil.rmtree(self.folder)
        platform = self.row.platform or THIS_MACHINE
        return (f'| `{self.row.name}` | {platform} | {self.version()} | '
                f'{self.what} | {result} | {time.strftime("%Y-%m-%d")} |')


THIS_MACHINE = f"{os_release()['PRETTY_NAME']}, {os.uname().machine}"


def missing(row):
    """Return the packages of the tools that are missing."""
    return sorted({package for tool, package in row.packages.items()
                   if not (os.path.exists(tool) if '/' in tool
                           else shutil.which(tool))})


def write_page(lines):
    """Put the new lines into the table of the page, in the order of the
    rows."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    table, _, after = rest.partition(END)
    known = {name: line for line in table.splitlines()
             for name in re.findall(r'^\| `([^`]*)` \|', line)}
    known.update(lines)
    order = [row.name for row in ROWS]
    names = sorted(known, key=lambda name: (
        order.index(name) if name in order else len(order), name))
    PAGE.write_text(before + BEGIN + '\n' + HEAD +
                    ''.join(known[name] + '\n' for name in names) + END + after)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('rows', nargs='*', metavar='ROW',
                        help='run only these rows; all, if none is named')
    parser.add_argument('--chroot', action='append', default=[], metavar='DIR',
                        help='add the rows of the distribution in this '
                        'folder,\nsuch as debian-13-gcc; needs root')
    parser.add_argument('--jobs', type=int, default=os.cpu_count(), metavar='N',
                        help='processes of make')
    parser.add_argument('--list', action='store_true', help='name the rows')
    parser.add_argument('--no-page', action='store_true',
                        help='do not write doc/platforms.md')
    options = parser.parse_args()

    rows = ROWS + [row for root in options.chroot for row in chroot_rows(root)]
    unknown = set(options.rows) - {row.name for row in rows}
    if unknown:
        parser.error(f"no such row: {', '.join(sorted(unknown))}")
    if options.rows:
        rows = [row for row in rows if row.name in options.rows]
    if options.list:
        print('\n'.join(row.name for row in rows))
        return 0

    ran, failed = 0, []
    for row in rows:
        packages = missing(row)
        if packages:
            print(f"{row.name}: SKIP: missing (Debian): {', '.join(packages)}")
            continue
        run = Run(row, options.jobs)
        line = run.perform()
        ran += 1
        if run.failed:
            failed.append(row.name)
        if not options.no_page:
            write_page({row.name: line})
    print(f'{ran} rows, {len(failed)} failed', *failed)
    return 1 if failed else 0 if ran else 77


if __name__ == '__main__':
    sys.exit(main())
