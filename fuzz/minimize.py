#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Say which seeds of the fuzz targets add no coverage, by libFuzzer's merge.
Run this by `make fuzz-minimize` in a build with
configure --enable-fuzzing CC=clang.

A seed with a name documents a case, and stays.  A seed with a number at the end
of its name, such as any_calls_07, is there for its coverage alone: --drop
removes those that add nothing to all others.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SEEDS = Path(os.environ.get('srcdir', '.')) / 'fuzz' / 'seeds'


def merge(target, into, seeds):
    """Add to the folder each seed that adds coverage.  Returns their names."""
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            shutil.copy(seed, folder)
        before = set(os.listdir(into))
        subprocess.run((target, '-merge=1', '-timeout=60', into, folder),
                       check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    # libFuzzer names each added file after its hash, so compare the contents.
    added = {(Path(into) / name).read_bytes()
             for name in set(os.listdir(into)) - before}
    return {seed.name for seed in seeds if seed.read_bytes() in added}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('--drop', action='store_true',
                        help='remove seeds with numbers that add nothing')
    options = parser.parse_args()
    failed = False
    for target in os.environ['FUZZ_TARGETS'].split():
        name = target.replace('fuzz/fuzz_', '')
        seeds = sorted((SEEDS / name).iterdir())
        # The name of a numbered seed ends with "_" or "-" and one or two
        # digits.  Any other number is a value of the case, as in
        # command_line_of_512.
        numbered = [seed for seed in seeds
                    if re.search(r'[a-z][-_]\d\d?$', seed.name)]
        named = [seed for seed in seeds if seed not in numbered]
        with tempfile.TemporaryDirectory() as empty, \
                tempfile.TemporaryDirectory() as cases:
            needed = merge(target, empty, named)
            for seed in named:
                shutil.copy(seed, cases)
            useful = merge(target, cases, numbered)
        idle = [seed for seed in numbered if seed.name not in useful]
        print(f'{name}: {len(named)} cases, {len(needed)} of them have all '
              f'their coverage; {len(numbered)} seeds with numbers, of which '
              f'{len(idle)} add nothing', flush=True)
        for seed in idle:
            print(f'    {seed.name}')
            if options.drop:
                seed.unlink()
        failed = failed or bool(idle and not options.drop)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
