#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Prove with Frama-C that C sources have no undefined behaviour.

Frama-C also proves that they keep their contracts, which are comments that
begin with /*@ (ACSL).  Its plugin WP makes a goal of each contract, of each
access to memory, and of each signed operation.  z3 and cvc4 prove the goals.

--mutants plants faults in copies.  For each fault, a goal must have no proof.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
OCTET = 'src/octet'
REPLY = 'src/reply'
MESSAGE = 'src/message/body.c'

FAULT_SECONDS = 8

# For each file, the least number of goals to prove.  Without this number, a
# proof would also succeed if Frama-C did not read the contracts.
FILES = {
    f'{OCTET}/base64.c': 100,
    f'{OCTET}/ip_address.c': 300,
    f'{OCTET}/number.h': 20,
    f'{OCTET}/utf8.c': 20,
    f'{OCTET}/xtext.c': 150,
    f'{REPLY}/encode.c': 250,
    MESSAGE: 60,
}

# The functions of a file that are left out: they read eight octets as one
# number, which WP's model of memory does not know.
LEFT_OUT = {
    f'{REPLY}/encode.c': [
        'put_word', 'word_each_equal', 'word_equal', 'word_highest',
        'word_is_caseless', 'word_is_print', 'word_load', 'word_lowest',
        'word_pack', 'word_store'],
}

# Files of which only some functions are proved, and these functions.
ONLY = {
    MESSAGE: ['bare_newline', 'mailin_body_octet'],
}

# For each header with faults: a source file that includes it.  A fault of the
# header must break the proof of this file.
USES = {
    f'{OCTET}/span.h': f'{OCTET}/base64.c',
    f'{REPLY}/encode.h': f'{REPLY}/encode.c',
}

# For each fault: what is wrong, the file, the old text, and the new text.
FAULTS = [
    ('a last group without padding is as long as one with it',
     f'{OCTET}/base64.c', 'i < 3 - pad; i++', 'i < 3; i++'),
    ('the padding of a text without octets is read',
     f'{OCTET}/base64.c', "in.len == 0 || in.ptr[in.len - 1]",
     "in.ptr[in.len - 1]"),
    ('a length that is no multiple of four is decoded',
     f'{OCTET}/base64.c', 'in.len % 4 != 0', 'in.len % 2 != 0'),
    ('a group of base64 has five characters',
     f'{OCTET}/base64.c', 'for (j = 0; j < 4; j++)', 'for (j = 0; j < 5; j++)'),
    ('the alphabet has more than 64 characters',
     f'{OCTET}/base64.c', '(18 - 6 * j) & 63', '(18 - 6 * j) & 127'),
    ('arguments are not looked at',
     f'{OCTET}/span.h', 'return is_span_sound(in) && (out', 'return (out'),
    ('the octets of "::ffff:" are half looked at',
     f'{OCTET}/ip_address.c', 'i == PREFIX - 2 && ', ''),
    ('a number of three digits is written with two',
     f'{OCTET}/ip_address.c', 'if (octet >= 100)', 'if (octet > 100)'),
    ('an address ends with a dot',
     f'{OCTET}/ip_address.c', 'i < 3 ?', 'i < 4 ?'),
    ('a group may have no digits',
     f'{OCTET}/ip_address.c', 'len > 0 || shift == 0 ||', 'len > 0 ||'),
    ('the second octet of a group is not looked at',
     f'{OCTET}/ip_address.c', '256U * octets[2 * at] + octets[2 * at + 1]',
     '256U * octets[2 * at]'),
    ('"::" begins one group late',
     f'{OCTET}/ip_address.c', 'i + 1 - run', 'i + 2 - run'),
    ('"::" hides a group that is not zero',
     f'{OCTET}/ip_address.c', '== 0 ? run + 1 : 0', '<= 1 ? run + 1 : 0'),
    ('"::" leads back to the group before it',
     f'{OCTET}/ip_address.c', 'i += gap - 1', 'i -= gap - 1'),
    ('a digit is read after the end of the text',
     f'{OCTET}/ip_address.c', '*at < text.len && digits', 'digits'),
    ('an IPv4 address is read past its end',
     f'{OCTET}/ip_address.c', 'i > 0 && (at == text.len ||', 'i > 0 && ('),
    ('a colon may end the text',
     f'{OCTET}/ip_address.c', " || *at == text.len)", ')'),
    ('"::" may come twice',
     f'{OCTET}/ip_address.c', 'if (*gap <= OCTETS)', 'if (*gap < 0)'),
    ('the octets of a gap keep their values',
     f'{OCTET}/ip_address.c', 'octets[--to] = 0', '--to'),
    ('an IPv4 address begins after 14 octets',
     f'{OCTET}/ip_address.c', 'len > OCTETS - 4', 'len > OCTETS - 2'),
    ('an address has nine groups',
     f'{OCTET}/ip_address.c', 'group < 0 || len == OCTETS', 'group < 0'),
    ('a text without digits is a number',
     f'{OCTET}/number.h', 'return text.len > 0', 'return true'),
    ('":" is a digit',
     f'{OCTET}/number.h', '!ascii_is_digit(text.ptr[i])',
     "text.ptr[i] < '0' || text.ptr[i] > ':'"),
    ('digits are read until the value overflows',
     f'{OCTET}/number.h', '(UINT64_MAX - digit) / 10', 'UINT64_MAX / 10'),
    ('other octets may follow a number',
     f'{OCTET}/number.h', '\t\t\treturn false;', '\t\t\tbreak;'),
    ('a number that is too large becomes 0',
     f'{OCTET}/number.h', '\t\t    UINT64_MAX :', '\t\t    0 :'),
    ('a number may be above the maximum',
     f'{OCTET}/number.h', ' || value > maximum', ''),
    ('a character of UTF-8 may have no octets',
     f'{OCTET}/utf8.c', 'used = 1;', 'used = 0;'),
    ('UTF-8 is read past its end',
     f'{OCTET}/utf8.c', 'in.len - at, &used', 'in.len, &used'),
    ('"+" may be followed by one digit',
     f'{OCTET}/xtext.c', 'in.len - i < 3)', 'in.len - i < 2)'),
    ('an octet of xtext has two digits of 0 to 31',
     f'{OCTET}/xtext.c', 'hex_digits[octet % 16]', 'hex_digits[octet % 32]'),
    ('a code point may have any number of digits',
     f'{OCTET}/xtext.c', 'digit < 0 || i == 9 ||', 'digit < 0 ||'),
    ('a code point may be above U+10FFFF',
     f'{OCTET}/xtext.c', '*code > 0x10ffff ||', '*code > 0x1fffffff ||'),
    ('"\\x{" may be cut short',
     f'{OCTET}/xtext.c', "in.len < 4 || in.ptr[0]", "in.ptr[0]"),
    ('a bare LF ends a line',
     MESSAGE, 'body->state = BODY_TEXT;\n\tif (is_cr)',
     'body->state = BODY_LINE_START;\n\tif (is_cr)'),
    ('a bare newline is not refused',
     MESSAGE, 'body->refused = true', 'body->refused = false'),
    ('CR LF . LF ends a message',
     MESSAGE, "BODY_DOT_CR : BODY_TEXT;", "BODY_DOT_CR : BODY_ENDED;"),
    ('a dot and a LF are held back as a dot and a CR',
     MESSAGE, "octet == '\\r' ? BODY_DOT_CR", "octet != '.' ? BODY_DOT_CR"),
    ('CR LF . CR and any octet end a message',
     MESSAGE, "octet == '\\n' ? BODY_ENDED : BODY_CR",
     "octet != '.' ? BODY_ENDED : BODY_CR"),
    ('after CR any octet begins a line',
     MESSAGE, "if (octet != '\\n') {", "if (octet == 'x') {"),
    ('octets before a short text are read',
     f'{REPLY}/encode.c', 'len >= 8 && len - i < 8 &&', 'len - i < 8 &&'),
    ('octets of a reply may be no printable ASCII',
     f'{REPLY}/encode.c', "ascii_is_print(text[i]) ? text[i] : '?'", 'text[i]'),
    ('the blank after the enhanced code has no room',
     f'{REPLY}/encode.c', 'MARK + 1 + len;', 'MARK + 9 + len;'),
    ('CR LF has no room in a line',
     f'{REPLY}/encode.c', 'most = REPLY_LINE_ROOM - lines->prefix_len - 2',
     'most = REPLY_LINE_ROOM - lines->prefix_len'),
    ('a long text does not go on in the next line',
     f'{REPLY}/encode.c', 'text.ptr += most;', ''),
    ('a line is put where no room is',
     f'{REPLY}/encode.c', 'if (!mailin_lines_open(lines))',
     'if (!mailin_lines_open(lines) && len > 9)'),
    ('a number in an enhanced code has any number of digits',
     f'{REPLY}/encode.c', ' && digits < 3', ''),
    ('the NUL of an enhanced code is passed over',
     f'{REPLY}/encode.c', "text[at++] != '.' ||", "text[at++] == ' ' ||"),
    ('a reply is longer than its room',
     f'{REPLY}/encode.h', 'lines->len > REPLY_ROOM - REPLY_LINE_ROOM',
     'lines->len > REPLY_ROOM'),
]


class Prover:
    def __init__(self, scratch):
        self.scratch = scratch
        self.environment = {**os.environ, 'WHY3CONFIG': f'{scratch}/why3.conf'}
        subprocess.run(['why3', 'config', 'detect'], env=self.environment,
                       capture_output=True, check=True)

    def goals(self, name, file, headers, timeout, functions=()):
        """Return (proved, all) goals of a file, or of these functions in it.

        The folders in headers are searched before those of src/."""
        includes = ' '.join(f'-I{folder}' for folder in
                            (*headers, ROOT / 'include', ROOT / 'src'))
        done = subprocess.run(
            ['frama-c', '-machdep', 'gcc_x86_64', f'-cpp-extra-args={includes}',
             '-wp', '-wp-rte', '-wp-model', 'Typed+cast', '-wp-prover',
             'z3,cvc4', '-wp-timeout', str(timeout), '-wp-par', '2', file,
             *some('-wp-fct', functions or ONLY.get(name)),
             *some('-wp-skip-fct', LEFT_OUT.get(name))],
            env=self.environment, cwd=self.scratch, capture_output=True,
            text=True, check=False)
        counts = re.search(r'Proved goals:\s+(\d+) / (\d+)', done.stdout)
        if counts is None:
            return 0, 0, done.stdout[-2000:] + done.stderr[-2000:]
        first = re.search(r'\[Failed\] Goal (\S+)', done.stdout)
        return int(counts[1]), int(counts[2]), first[1] if first else ''


def some(option, functions):
    """Return the option of Frama-C that names the functions, or nothing for
    all functions."""
    return [option, ','.join(functions)] if functions else []


def prove(prover, only):
    good = True
    for name, least in FILES.items():
        if only not in name:
            continue
        proved, goals, reason = prover.goals(name, ROOT / name, [], 20)
        claim = f'{name} does nothing undefined, and keeps its contracts'
        if proved < goals or goals < least:
            print(f'failed: {claim}: counterexample {proved} of {goals} goals '
                  f'(at least {least}): {reason}', flush=True)
            good = False
        else:
            print(f'proved: {claim} ({goals} cases)', flush=True)
    return good


def function_at(text, there):
    """Return the name of the function that contains the text."""
    return re.findall(r'^(\w+)\(', text[:text.index(there)], re.M)[-1]


def plant(prover, only):
    """Check that each fault breaks a goal of the function that it is in, since
    contracts are modular."""
    noticed, functions = 0, {}
    faults = [fault for fault in FAULTS if only in fault[1]]
    for what, name, there, put in faults:
        copy = prover.scratch / 'planted'
        shutil.rmtree(copy, ignore_errors=True)
        text = (ROOT / name).read_text()
        if there not in text:
            sys.exit(f'{name} has no "{there}"')
        changed = copy / name
        changed.parent.mkdir(parents=True)
        changed.write_text(text.replace(there, put, 1))
        file = USES.get(name, name)
        function = function_at(text, there)
        functions.setdefault(file, set()).add(function)
        proved, goals, _ = prover.goals(
            file, changed if file == name else ROOT / file, [copy / 'src'],
            FAULT_SECONDS, [function])
        if 0 < goals and proved < goals:
            noticed += 1
        else:
            print(f'failed: not noticed: {what} ({name})', flush=True)
    for file, names in functions.items():
        noticed -= not has_proof(prover, file, names)
    print(f'{noticed} of {len(faults)} planted faults break a goal')
    return noticed == len(faults)


def has_proof(prover, name, functions):
    """Check that each goal is proved without a fault, in the time that is
    allowed for a fault."""
    proved, goals, reason = prover.goals(name, ROOT / name, [], FAULT_SECONDS,
                                         functions)
    if proved < goals or goals == 0:
        print(f'failed: {name} has no proof without a fault: {reason}')
    return 0 < goals == proved


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--mutants', action='store_true',
                        help='plant faults; each must be noticed')
    parser.add_argument('--only', default='',
                        help='only the files that have this text in the name')
    arguments = parser.parse_args()
    for tool in ('frama-c', 'why3', 'z3', 'cvc4'):
        if shutil.which(tool) is None:
            print(f'SKIP: {tool} is missing '
                  '(Debian: frama-c-base why3 z3 cvc4)')
            return 77
    with tempfile.TemporaryDirectory() as scratch:
        prover = Prover(pathlib.Path(scratch))
        action = plant if arguments.mutants else prove
        good = action(prover, arguments.only)
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
