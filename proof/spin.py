#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Make a model of the session from its table, and check it with spin.

The program proof/table prints the cells of the library's table.  This script
writes a model in Promela.  It has a session that runs any allowed event, a
program that may decide later, and a timer that may end the session at any
time.  spin searches all runs of the model. --mutants changes cells of the
table; after each change a claim must fail.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

IN_TRANSACTION = ['MAIL', 'RCPT', 'DATA', 'CHUNKS', 'CHUNKS_FAILED']
# Events that no command of the client causes, and that have no reply.
SILENT = ['(message refused)', '(handshake)', '(PROXY expected)',
          '(TLS expected)', '(PROXY header)']
HELLOS = ['HELO', 'EHLO', 'LHLO']

FRAME = '''
byte state = NEW;
byte yes, no;
bool started, open, closing, is_no, live, rcpt, greeted;

active proctype program()
{
	do
	:: open -> open = false
	:: state == CLOSED && !open -> break
	od
}

active proctype timer()
{
	closing = true
}

/* The state after an event: a transaction is over where the state says so. */
inline lead(next)
{
	d_step {
		state = next;
		c_code { note(now.state); };
		started = false;
		if
		:: IN_TRANSACTION(state) -> assert(live)
		:: else -> live = false; rcpt = false
		fi
	}
}

/* The handler says yes or no, now or later. */
inline decide()
{
	if
	:: is_no = false
	:: is_no = true
	fi;
	if
	:: open = true; !open
	:: skip
	fi
}

active proctype session()
{
	c_code { note(now.state); };
	do
	:: state == CLOSED -> break
	:: closing && HAS_CLOSE(state) -> lead(CLOSED)
%(options)s
	od
}

ltl each_command_has_a_reply { [] (started -> <> !started) }
ltl each_session_can_end { <> (state == CLOSED) }
ltl no_transaction_is_without_end { [] (live -> <> !live) }
'''

LTLS = {
    'each_command_has_a_reply': 'a command that is started has its reply',
    'each_session_can_end': 'a session whose time is over ends',
    'no_transaction_is_without_end': 'a transaction that begins ends',
}


def name(text):
    return text.replace('-', '_')


def option(cell):
    """Return a cell of the table as an option in the loop of the session."""
    state, event, yes, no = cell
    before, after = [], []
    if event == 'MAIL':
        before += ['assert(!live && greeted)']
        after += ['live = live || !is_no']
    elif event == 'RCPT':
        before += ['assert(live)']
        after += ['rcpt = rcpt || !is_no']
    elif event in ('DATA', 'BDAT', 'BURL'):
        before += ['assert(live && rcpt)']
    elif event in ('AUTH', 'XCLIENT', 'ETRN', 'XFORWARD', '(handshake)'):
        before += ['assert(!live)']
    elif event == '(end of message)':
        before += ['assert(live && rcpt)']
    if event in HELLOS:
        # An accepted EHLO or HELO counts as a greeting.  A refused one does not
        # revoke an earlier greeting.
        after += ['greeted = greeted || !is_no']
    if event == 'XCLIENT':
        after += ['greeted = greeted && is_no']
    if event == '(handshake)':
        after += ['greeted = false']
    body = '; '.join([] if event in SILENT else ['started = true'])
    steps = [step for step in [
        body, *before, 'decide()', *after,
        f'if :: is_no -> lead({name(no)}) :: else -> lead({name(yes)}) fi']
        if step]
    return (f'\t:: state == {name(state)} && !(closing && HAS_CLOSE(state))'
            f' -> /* {event} */\n\t\t' + ';\n\t\t'.join(steps))


def model(states, cells):
    lines = [f'#define {name(state)} {number}'
             for number, state in enumerate(states)]
    closes = [f'(s) == {name(cell[0])}' for cell in cells
              if cell[1] == '(close)']
    lines.append('#define HAS_CLOSE(s) (' +
                 (' || '.join(closes) or 'false') + ')')
    lines.append('#define IN_TRANSACTION(s) (' + ' || '.join(
        f'(s) == {state}' for state in IN_TRANSACTION) + ')')
    names = ', '.join(f'"{state}"' for state in states)
    lines.append('c_decl {\n'
                 f'\tstatic const char *const names[] = {{ {names} }};\n'
                 f'\tstatic int noted[{len(states)}];\n'
                 '\t#define note(s) do { if (!noted[s]++) '
                 'printf("reached %s\\n", names[s]); } while (0)\n}')
    options = '\n'.join(option(cell) for cell in cells if cell[1] != '(close)')
    return '\n'.join(lines) + FRAME % {'options': options}


def read_table(program):
    done = subprocess.run([program], check=True, capture_output=True, text=True)
    states = re.findall(r'^state (.*)$', done.stdout, re.M)
    cells = [tuple(line.split('|')) for line in
             re.findall(r'^cell (.*)$', done.stdout, re.M)]
    return states, cells


def run(folder, *words):
    return subprocess.run(words, cwd=folder, capture_output=True, text=True,
                          check=False)


def search(folder, *flags):
    """Return the errors and the states of a search, and its output."""
    done = run(folder, './pan', *flags)
    errors = re.search(r'errors: (\d+)', done.stdout)
    count = re.search(r'(\d+) states, stored', done.stdout)
    if errors is None or count is None:
        raise RuntimeError(done.stdout + done.stderr)
    return int(errors.group(1)), int(count.group(1)), done.stdout


def trail(folder, *flags):
    """Return the states on the way to the error."""
    done = run(folder, './pan', '-r', *flags)
    return ', '.join(re.findall(r'reached ([A-Z][A-Z-]*)$', done.stdout,
                                re.M)) or '?'


def build(folder, text):
    (pathlib.Path(folder) / 'session.pml').write_text(text)
    made = run(folder, 'spin', '-a', 'session.pml')
    done = run(folder, 'gcc', '-w', '-O1', '-DNFAIR=3', '-o', 'pan', 'pan.c')
    if done.returncode != 0:
        raise RuntimeError(made.stdout + made.stderr + done.stderr)


def check(states, cells):
    """Return each claim as a line."""
    with tempfile.TemporaryDirectory() as folder:
        build(folder, model(states, cells))
        errors, count, output = search(folder, '-m100000', '-noclaim', '-E')
        what = 'no run breaks the order: MAIL after HELO and in no ' \
            'transaction, messages after RCPT'
        yield (f'proved: {what} ({count} cases)' if errors == 0 else
               f'failed: {what}: counterexample through {trail(folder)}')
        reached = re.findall(r'^reached (\S+)', output, re.M)
        missing = [state for state in states if state not in reached]
        what = 'each state of the table is reached'
        if errors == 0:
            yield (
                f'proved: {what} ({len(reached)} cases)' if not missing else
                f'failed: {what}: counterexample {", ".join(missing)}')
        for ltl, what in LTLS.items():
            errors, count, _ = search(folder, '-a', '-f', '-m100000', '-E',
                                      '-N', ltl)
            yield (f'proved: {what} ({count} cases)' if errors == 0 else
                   f'failed: {what}: counterexample through '
                   f'{trail(folder, "-N", ltl)}')


# For each mutant: a description; the cell, by its state and event; its new
# content (None: the cell becomes empty); and a word of the claim that must
# fail.
MUTANTS = [
    ('AUTH cannot be closed', 'AUTH', '(close)', None, 'time is over ends'),
    ('a message cannot be closed', 'DATA', '(close)', None,
     'transaction that begins'),
    ('MAIL before HELO', 'START', 'MAIL', ('MAIL', 'START'), 'order'),
    ('MAIL in a transaction', 'RCPT', 'MAIL', ('MAIL', 'RCPT'), 'order'),
    ('DATA without RCPT', 'MAIL', 'DATA', ('DATA', 'MAIL'), 'order'),
    ('a refused MAIL begins', 'READY', 'MAIL', ('MAIL', 'MAIL'), 'order'),
    ('a refused RCPT counts', 'MAIL', 'RCPT', ('RCPT', 'RCPT'), 'order'),
    ('AUTH in a transaction', 'MAIL', 'AUTH', ('AUTH', 'MAIL'), 'order'),
    ('no HELO after TLS', 'TLS', '(handshake)', ('READY', 'CLOSED'), 'order'),
    ('nobody is refused', 'NEW', '(connect)', ('START', 'START'), 'reached'),
    ('no header', 'NEW', '(PROXY expected)', ('NEW', 'NEW'), 'reached'),
]


def change(cells, state, event, leads):
    kept = [cell for cell in cells if cell[:2] != (state, event)]
    return kept if leads is None else [*kept, (state, event, *leads)]


def mutants(states, cells):
    alive = 0
    for what, state, event, leads, claim in MUTANTS:
        changed = cells
        # A PROXY header can also be expected where TLS is expected.
        for place in ([state] if what != 'no header' else
                      [state, 'TLS-FIRST']):
            changed = change(changed, place, event, leads)
        failed = next((line for line in check(states, changed)
                       if line.startswith('failed') and claim in line), None)
        print(f'{what}: {failed or "the claim did not fail"}', flush=True)
        alive += failed is None
    print(f'{len(MUTANTS) - alive} of {len(MUTANTS)} faults break a claim')
    return alive == 0


def main():
    parser = argparse.ArgumentParser(
        description='Check a model of the table of states.')
    parser.add_argument('--mutants', action='store_true')
    parser.add_argument('--print', action='store_true',
                        help='print the model')
    parser.add_argument('table')
    arguments = parser.parse_args()
    states, cells = read_table(arguments.table)
    if arguments.print:
        print(model(states, cells))
        return 0
    if arguments.mutants:
        return 0 if mutants(states, cells) else 1
    good = True
    for line in check(states, cells):
        print(line, flush=True)
        good &= not line.startswith('failed')
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
