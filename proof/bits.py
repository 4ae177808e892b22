#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The arithmetic on masks and words does what its definition says, for all
arguments.

proof/bits.c has each such function of the library (real_), its definition
octet by octet (what_), and the arguments that a caller may give (when_).
clang turns the file into its intermediate code.  This program turns that code
into bit vectors.  z3 then decides whether real_ and what_ differ for some
arguments that when_ allows.
"""
import argparse
import pathlib
import re
import shlex
import subprocess
import sys

try:
    import z3
except ImportError:
    print('SKIP: z3 for Python is missing (Debian: python3-z3)')
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parent.parent
FLAGS = ['-std=gnu11', '-O2', '-fno-vectorize', '-fno-slp-vectorize',
         '-Wno-unused-function', '-S', '-emit-llvm', '-o', '-']

# For each fault: a file, a text in it, and the text that replaces it.
FAULTS = [
    ('src/command/fast/marks.h', '_mm_set1_epi8((char)(127 - last))',
     '_mm_set1_epi8((char)(126 - last))'),
    ('src/command/fast/marks.h', '126 - (last - first)',
     '127 - (last - first)'),
    ('src/command/fast/marks.h',
     "_mm_or_si128(octets, _mm_set1_epi8(0x20)), 'a', 'z'", "octets, 'a', 'z'"),
    ('src/command/fast/marks.h', "marks_vector_equal(octets, '-');\n\n\treturn",
     "marks_vector_equal(octets, '_');\n\n\treturn"),
    ('src/command/fast/look.h', '(is.dot | at_bit) >> 1', 'is.dot >> 1'),
    ('src/command/fast/look.h', ' |\n\t    UINT64_C(1) << (MARKS_MOST - 1)',
     ''),
    ('src/command/fast/look.h', 'edges = is.dot | at_bit | end',
     'edges = is.dot | end'),
    ('src/command/fast/look.h', 'edges = is.dot | at_bit | end',
     'edges = is.dot | at_bit'),
    ('src/command/fast/look.h', 'edges << 1 | edges >> 1', 'edges << 1'),
    ('src/command/fast/look.h', '& ~is.alnum & (end - at_bit)',
     '& ~is.alnum & (end - 1)'),
    ('src/command/fast/look.h', 'is.dot >> 1 | end >> 1', 'is.dot >> 1'),
    ('src/command/fast/look.h', '& ~is.alnum & (end - 1)', '& ~is.alnum & end'),
    ('src/command/fast/look.h', 'bits & (bits - 1)', 'bits & (bits - 2)'),
    ('src/octet/word.h',
     'return ~(((octets | WORD_HIGH) - WORD_EACH) | octets)',
     'return ~((octets - WORD_EACH) | octets)'),
    ('src/octet/word.h', 'WORD_EACH * 0x20) |', 'WORD_EACH * 0x1f) |'),
    ('src/octet/word.h', '0x0102040810204080', '0x0102040810204081'),
    ('src/octet/word.h', 'return (octets - WORD_EACH) & ~octets',
     'return (octets - WORD_EACH)'),
    ('src/message/text_pass.h', '(line_lf << 1 | pass->line_start)',
     '(lf << 1 | pass->line_start)'),
    ('src/message/text_pass.h', 'bare_lf = lf ^ line_lf',
     'bare_lf = lf & ~(cr << 1 | 1)'),
    ('src/message/text_pass.h', '(cr & ~(known >> 1)) |', ''),
    ('src/message/text_pass.h', 'lf >> 2 | ~(known >> 2)', 'lf >> 2'),
    ('src/message/text_pass.h', '(pass->rejects & (bare_lf | bare_cr)) |', ''),
    ('src/message/text_pass.h', 'block->expand = bare_lf & here &',
     'block->expand = lf & here &'),
]


# Types and values in LLVM's code.  A vector is one number: its first element
# has the lowest bits, as in memory.
TYPE = r'(?:i\d+|<\d+ x i\d+>)'
VALUE = r'(?:%\w+|-?\d+|true|false|undef|poison|<[^>]*>)'


class Code:
    """Return the functions in a file of LLVM's code; they must have no
    branches."""

    def __init__(self, text):
        self.functions = {}
        for name, arguments, body in re.findall(
                r'^define [^@]*@(\w+)\(([^)]*)\)[^{]*\{\n(.*?)^\}', text,
                re.M | re.S):
            self.functions[name] = (arguments, body)

    def arguments(self, name):
        return re.findall(r'%(\w+)', self.functions[name][0])

    def call(self, name, values):
        """Return the result of a function as a bit vector."""
        known = dict(zip(self.arguments(name), values))
        for line in self.functions[name][1].splitlines():
            line = line.split(', !')[0].split(' #')[0].strip()
            found = re.match(r'(?:%(\w+) = )?(?:tail )?(\w+) (.*)', line)
            if found is None:
                if line and not line.startswith(';'):
                    raise ValueError(f'{name}: {line}')
                continue
            target, kind, rest = found.groups()
            if kind == 'ret':
                return self.operand(known, *rest.split(' ', 1))
            known[target] = self.step(known, kind, rest)
        raise ValueError(f'{name} has no end')

    @classmethod
    def operand(cls, known, kind, text):
        count, width = shape(kind)
        if text.startswith('%'):
            return known[text[1:]]
        if text in ('undef', 'poison'):
            return z3.FreshConst(z3.BitVecSort(count * width))
        if text.startswith('<'):
            return join(cls.operand(known, *part)
                        for part in re.findall(f'({TYPE}) ({VALUE})', text))
        if text in ('true', 'false'):
            return z3.BitVecVal(int(text == 'true'), width)
        return z3.BitVecVal(int(text), width)

    def step(self, known, kind, rest):
        if kind == 'call':
            return self.intrinsic(known, rest)
        if kind in ('zext', 'trunc', 'sext', 'bitcast'):
            source, to = re.match(f'(.*) to ({TYPE})$', rest).groups()
            value = self.operand(known, *re.match(
                f'({TYPE}) ({VALUE})$', source).groups())
            if kind == 'bitcast':
                return value
            if shape(to)[0] > 1:
                raise ValueError(f'{kind} of a vector')
            return resize(value, int(to[1:]), kind == 'sext')
        operands = re.findall(f'({TYPE}) ({VALUE})(?:, |$)', rest)
        if kind == 'shufflevector':
            return shuffle(*((self.operand(known, *one), shape(one[0])[0])
                             for one in operands[:2]), operands[2][1])
        if kind == 'select':
            which, yes, no = (self.operand(known, *one) for one in operands)
            if which.size() > 1:
                raise ValueError('select by a vector')
            return z3.If(which == 1, yes, no)
        rest = re.sub(r'^(?:(?:nuw|nsw|exact) )+', '', rest)
        if kind == 'icmp':
            sign, rest = rest.split(' ', 1)
            return self.each(known, rest,
                             lambda a, b: flag(COMPARE[sign](a, b)))
        return self.each(known, rest, BINARY[kind])

    def each(self, known, rest, action):
        """Apply an operation to two vectors, element by element, or to two
        numbers."""
        kind, left, right = re.match(f'({TYPE}) ({VALUE}), ({VALUE})$',
                                     rest).groups()
        return join(action(one, other) for one, other in zip(
            split(self.operand(known, kind, left), shape(kind)[0]),
            split(self.operand(known, kind, right), shape(kind)[0])))

    def intrinsic(self, known, rest):
        name, kind, text = re.match(
            r'i\d+ @llvm\.(\w+)\.i\d+\((i\d+) (\S+), i1 \w+\)', rest).groups()
        value = self.operand(known, kind, text)
        size = value.size()
        if name != 'cttz':
            raise ValueError(f'the function {name} is not known')
        result = z3.BitVecVal(size, size)
        for place in reversed(range(size)):
            result = z3.If(z3.Extract(place, place, value) == 1,
                           z3.BitVecVal(place, size), result)
        return result


def shape(kind):
    """Return how many elements a type has, and how many bits an element has."""
    numbers = [int(number) for number in re.findall(r'\d+', kind)]
    return (1, *numbers) if len(numbers) == 1 else numbers


def split(value, count):
    width = value.size() // count
    return [z3.Extract(width * i + width - 1, width * i, value)
            for i in range(count)]


def join(parts):
    parts = list(parts)
    return z3.Concat(*reversed(parts)) if len(parts) > 1 else parts[0]


def shuffle(first, second, places):
    parts = split(*first) + split(*second)
    return join(
        z3.FreshConst(parts[0].sort()) if place in ('undef', 'poison') else
        parts[int(place)]
        for place in re.findall(r'i32 (\w+)', places))


def flag(condition):
    return z3.If(condition, z3.BitVecVal(1, 1), z3.BitVecVal(0, 1))


def resize(value, width, has_sign):
    if width < value.size():
        return z3.Extract(width - 1, 0, value)
    extend = z3.SignExt if has_sign else z3.ZeroExt
    return extend(width - value.size(), value)


COMPARE = {'eq': lambda a, b: a == b, 'ne': lambda a, b: a != b,
           'ult': z3.ULT, 'ule': z3.ULE, 'ugt': z3.UGT, 'uge': z3.UGE,
           'slt': lambda a, b: a < b, 'sle': lambda a, b: a <= b,
           'sgt': lambda a, b: a > b, 'sge': lambda a, b: a >= b}
BINARY = {'and': lambda a, b: a & b, 'or': lambda a, b: a | b,
          'xor': lambda a, b: a ^ b, 'add': lambda a, b: a + b,
          'sub': lambda a, b: a - b, 'mul': lambda a, b: a * b,
          'shl': lambda a, b: a << b, 'lshr': z3.LShR,
          'ashr': lambda a, b: a >> b}


def compile_bits(compiler, build, include):
    command = shlex.split(compiler) + FLAGS + [
        *(f'-I{folder}' for folder in include), f'-I{ROOT / "include"}',
        f'-I{build}/include', f'-I{ROOT / "src"}', str(ROOT / 'proof/bits.c')]
    return Code(subprocess.run(command, check=True, capture_output=True,
                               text=True).stdout)


def decide(code, name):
    """Return arguments for which real_ and what_ differ, or None."""
    values = [z3.BitVec(f'a{i}', 64)
              for i in range(len(code.arguments(f'real_{name}')))]
    solver = z3.Solver()
    if f'when_{name}' in code.functions:
        solver.add(code.call(f'when_{name}', values) == 1)
    if solver.check() != z3.sat:
        return 'no arguments are allowed'
    solver.add(code.call(f'real_{name}', values) !=
               code.call(f'what_{name}', values))
    answer = solver.check()
    if answer == z3.unsat:
        return None
    if answer != z3.sat:
        return 'z3 does not know'
    model = solver.model()
    return ', '.join(hex(model.eval(value, model_completion=True).as_long())
                     for value in values)


def run(code, stop_at_first=False):
    names = [name[5:] for name in code.functions if name.startswith('real_')]
    failed = not names
    for name in names:
        found = decide(code, name)
        if found is None:
            if not stop_at_first:
                print(f'proved: {name} is its definition')
            continue
        failed = True
        print(f'failed: {name} is its definition: counterexample: {found}')
        if stop_at_first:
            break
    if not names:
        print('failed: bits: counterexample: there is no function')
    return not failed


def try_faults(compiler, build, scratch):
    alive = 0
    for file, old, new in FAULTS:
        text = (ROOT / file).read_text()
        print(f'fault: {file}: {new or "nothing"} for {old}', flush=True)
        copy = scratch / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text.replace(old, new))
        if text.count(old) != 1 or run(compile_bits(
                compiler, build, [scratch / 'src']), True):
            print('failed: the fault breaks no claim')
            alive += 1
        copy.unlink()
    print(f'{len(FAULTS) - alive} of {len(FAULTS)} faults break a claim')
    return alive == 0


def main():
    parser = argparse.ArgumentParser(
        description='Decide whether the arithmetic is its definition.')
    parser.add_argument('--clang', default='clang')
    parser.add_argument('--build', default='.')
    parser.add_argument('--mutants', metavar='FOLDER', type=pathlib.Path,
                        help='plant faults, in copies in this empty folder')
    arguments = parser.parse_args()
    try:
        code = compile_bits(arguments.clang, arguments.build, [])
    except FileNotFoundError:
        print('SKIP: clang is missing (Debian: clang)')
        return 77
    if arguments.mutants is not None:
        return 0 if try_faults(arguments.clang, arguments.build,
                               arguments.mutants) else 1
    return 0 if run(code) else 1


if __name__ == '__main__':
    sys.exit(main())
