#!/usr/bin/env python3
# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""Plant faults in copies of the C sources: each must break a proof.

A proof that holds whatever the code does proves nothing.  A fault replaces one
text of one file.  The files that include this file are compiled again and
linked before libcore.a.  The program of the proof must then print "failed:"
and return a status that is not 0.
"""
import argparse
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
BODY = 'src/message/body.c'
GATHER = 'src/message/gather.c'
WIDTHS = ['src/message/text_words.c', 'src/message/text_sse2.c',
          'src/message/text_avx2.c']
VECTORS = WIDTHS[1:]
PASS, SEARCH = 'src/message/text_pass.h', 'src/message/text_search.h'
VECTOR = 'src/message/text_vector.h'
RUN = 'src/command/fast/run.c'
RULES, COMMAND = 'src/config/rules.c', 'src/session/command.c'
STATE, INPUT = 'src/session/state.c', 'src/session/input.c'
MAIL, END = 'src/session/mail.c', 'src/session/message_end.c'
TLS, XCLIENT = 'src/session/tls.c', 'src/session/xclient.c'
CONFIG, CHECK = 'src/config/config.c', 'src/session/check.c'
STEP, GREETING = 'src/session/step.c', 'src/session/greeting.c'
QUEUE = 'src/reply/queue.c'
STUFF, MESSAGE = 'src/message/stuff.c', 'src/session/message.c'

# For each fault: the program (for session, with a word of the claim that must
# fail), what is wrong, the file, the old text, and the new text.  If other
# files than this one must be compiled again, their names follow.
FAULTS = [
    ('body', 'a bare LF begins a line', BODY,
     "body->state = BODY_TEXT;\n\tif (is_cr)",
     "body->state = is_cr ? BODY_TEXT : BODY_LINE_START;\n\tif (is_cr)"),
    ('body', 'a bare CR begins a line', BODY,
     "body->state = BODY_TEXT;\n\tif (is_cr)",
     "body->state = is_cr ? BODY_LINE_START : BODY_TEXT;\n\tif (is_cr)"),
    ('body', 'CR LF . LF ends a message', BODY,
     "case BODY_DOT:\n",
     "case BODY_DOT:\n\t\tif (octet == '\\n') {\n"
     "\t\t\tbody->state = BODY_ENDED;\n\t\t\treturn 1;\n\t\t}\n"),
    ('body', 'a stuffed dot stays', BODY,
     "body->state = octet == '\\r' ? BODY_DOT_CR : BODY_TEXT;",
     "body->state = octet == '\\r' ? BODY_DOT_CR : BODY_TEXT;\n"
     "\t\tif (octet == '.')\n\t\t\tgive(body, \".\", out);"),
    ('body', 'CR LF . CR CR LF ends a message', BODY,
     "body->state = octet == '\\n' ? BODY_ENDED : BODY_CR;\n"
     "\t\treturn octet == '\\n';",
     "if (octet == '\\r')\n\t\t\treturn 1;\n"
     "\t\tbody->state = octet == '\\n' ? BODY_ENDED : BODY_CR;\n"
     "\t\treturn octet == '\\n';"),
    ('body', 'REJECT takes a bare CR', BODY,
     'body->refused = true;', 'body->refused = !is_cr;'),
    ('body', 'a dot in BDAT is one of DATA', BODY,
     "\tif (is_start && in[0] == '.' && body->dots)\n",
     "\tif (is_start && in[0] == '.')\n\t\tused = 0;\n"
     "\telse if (is_start && in[0] == '.' && body->dots)\n"),
    ('vectors', 'a message in BDAT ends as one in DATA', BODY,
     "body->state == BODY_LINE_START && body->dots;",
     "body->state == BODY_LINE_START;"),
    ('body', 'the column decides', BODY,
     "\tbool is_start = body->state == BODY_LINE_START;",
     "\tbool is_start = body->state == BODY_LINE_START ||\n"
     "\t    body->column == 998;"),
    ('body', 'a fact decides', BODY,
     "\tbool is_start = body->state == BODY_LINE_START;",
     "\tbool is_start = body->state == BODY_LINE_START ||\n"
     "\t    (body->facts.nul && body->facts.long_line);"),
    ('body', 'a line of 999 octets is not long', 'src/message/facts.c',
     'body->facts.long_line |= column > MAILIN_TEXT_LINE;',
     'body->facts.long_line |= column > MAILIN_TEXT_LINE + 1;'),
    ('vectors', 'a dot after CR LF is missed where a window ends', SEARCH,
     "\tif (search->line == search->len ||",
     "\tif (search->line == search->len || search->line % WINDOW == 0 ||",
     WIDTHS),
    ('vectors', 'a CR at the end of a window is text', SEARCH,
     "if (in[place] == '\\n' && search->line == place + 1)",
     "if (place % WINDOW == WINDOW - 1 && in[place] == '\\r')\n"
     "\t\t\tcontinue;\n"
     "\t\tif (in[place] == '\\n' && search->line == place + 1)", WIDTHS),
    ('vectors', 'a block does not look at its last octet', VECTOR,
     "\tfor (i = 0; i < HALF; i += WIDTH) {\n\t\tVECTOR octets",
     "\tfor (i = 0; i < HALF - WIDTH; i += WIDTH) {\n\t\tVECTOR octets",
     VECTORS),
    ('vectors', 'a CR before any octet is right in a block', VECTOR,
     "return (is_cr ^ before_lf) | (is_cr & before_stop);",
     "return (~is_cr & before_lf) | (is_cr & before_stop);", VECTORS),
    ('vectors', 'a line start is forgotten between blocks of a pass', PASS,
     "(line_lf << 1 | pass->line_start);", "(line_lf << 1);", WIDTHS),
    ('vectors', 'the end of data is text for a pass', PASS,
     "(dot & (~(known >> 1) | (cr >> 1 & (lf >> 2 | ~(known >> 2))))) |",
     "(dot & ~(known >> 1)) |", WIDTHS),
    ('vectors', 'REJECT takes a bare LF in a pass', PASS,
     "(pass->rejects & (bare_lf | bare_cr))", "(pass->rejects & bare_cr)",
     WIDTHS),
    ('vectors', 'two dots dropped from a block leave a third', PASS,
     "while ((drop &= drop - 1) != 0);",
     "while ((drop &= drop - 1) != 0 && at < 33);", WIDTHS),
    ('vectors', 'the plain check leaves out the last octets',
     'src/message/body.h',
     "is_plain(in, len - 2)", "is_plain(in, len > 9 ? len - 9 : 0)",
     [BODY]),
    ('vectors', 'a refused message has no dots', GATHER,
     "\t\t.dots = all_or_none(body->dots),",
     "\t\t.dots = all_or_none(body->dots && !body->refused &&\n"
     "\t\t    newline != MAILIN_BARE_NEWLINE_PRESERVE),"),
    ('stuff', 'the first dot is not doubled', STUFF,
     "\tif (stuff->state == LINE_START && *in->ptr == '.') {",
     "\tif (stuff->state == LINE_START && in->len > 1 && "
     "*in->ptr == '.') {"),
    ('stuff', 'a bare LF is taken', STUFF,
     "\tif (*in->ptr == '\\n' || in->len > 1)",
     "\tif (in->len > 1)"),
    ('stuff', 'a line goes on after its end', STUFF,
     "stuff->state = line_ends ? LINE_START : IN_LINE;",
     "stuff->state = IN_LINE;"),
    ('stuff', 'the end leaves out a CR LF', STUFF,
     '".\\r\\n" : "\\r\\n.\\r\\n"', '".\\r\\n" : ".\\r\\n"'),
    ('chunk', 'a chunk is one octet too long', MESSAGE,
     "if (session->in_chunk && len > session->chunk_left)\n"
     "\t\tlen = (size_t)session->chunk_left;",
     "if (session->in_chunk && len > session->chunk_left)\n"
     "\t\tlen = (size_t)session->chunk_left + (refused ? 1 : 0);"),
    ('chunk', 'a count of 32 bits', MESSAGE,
     "session->chunk_left -= used;",
     "session->chunk_left = (uint32_t)(session->chunk_left - used);"),
    ('chunk', 'the octets of a refused chunk are not counted', MESSAGE,
     "\tif (session->in_chunk)\n\t\tsession->chunk_left -= used;",
     "\tif (session->in_chunk && !refused)\n"
     "\t\tsession->chunk_left -= used;"),
    # words.py takes the automaton from the unchanged sources.  Only the C of
    # the machine is generated again, from the copy with the fault.
    ('words', 'NOTIFY=NEVER may go on', 'grammar/parameter.rl',
     'notify_value := ("NEVER"i %notify_never\n\t             |',
     'notify_value := ("NEVER"i %notify_never ","?\n\t             |',
     ['grammar/strict.c']),
    ('words', 'a NUL in a quoted string', 'grammar/address.rl',
     'qtextSMTP       = 0x20', 'qtextSMTP       = 0 | 0x20',
     ['grammar/strict.c']),
    ('words', 'a 0 before 255', 'grammar/literal.rl',
     '"2" ([0-4] DIGIT | "5" [0-5])', '"2" ([0-4] DIGIT | "5" [0-6])',
     ['grammar/literal.c']),
    ('words', 'a surrogate in UTF-8', 'grammar/utf8_character.rl',
     '0xed       0x80..0x9f', '0xed       0x80..0xa0', ['grammar/utf8.c']),
    ('words', 'a port over 65535', 'grammar/proxy.rl',
     '"6553" [0-5]', '"6553" [0-6]', ['grammar/proxy.c']),
    ('words', 'a bare LF ends a line of a reply', 'grammar/reply.rl',
     'line_end = CRLF @line_ends', 'line_end = CR? LF @line_ends',
     ['grammar/reply.c']),
    ('words', 'a DEL in a reply', 'grammar/reply.rl',
     'HTAB | 0x20..0x7e', 'HTAB | 0x20..0x7f', ['grammar/reply.c']),
    ('words', 'a run of atoms skips two dots', RUN,
     "if (p[1] != '.' || !ascii_is(p[2], ASCII_ATEXT))",
     "if (p[1] != '.')"),
    ('words', 'a run of a domain ends in a hyphen', RUN,
     "if ((p[1] != '.' && p[1] != '-') ||\n"
     "\t\t    !ascii_is(p[2], ASCII_ALNUM))",
     "if (p[1] != '-' &&\n"
     "\t\t    (p[1] != '.' || !ascii_is(p[2], ASCII_ALNUM)))"),
    ('words', 'a run of base64 ends within four', 'src/command/fast/fast.h',
     'ascii_is(p[3], ASCII_BASE64) && ascii_is(p[4], ASCII_BASE64))\n'
     '\t\tp += 4;',
     'ascii_is(p[3], ASCII_BASE64))\n\t\tp += 3;', ['grammar/strict.c']),
    ('session: state that', 'RCPT leads to MAIL', RULES,
     'VERB(RCPT,     RCPT,   MAIL)', 'VERB(RCPT,     MAIL,   MAIL)'),
    ('queue', 'octets that were shown move', QUEUE,
     'queue->shown == queue->sent &&\n\t    have', 'have'),
    ('queue', 'no room for the octets that move', QUEUE,
     '\tlen += moves ? have : 0;\n', ''),
    ('queue', 'the block from which octets move is lost', QUEUE,
     '\t\tfree_block(queue, allocator, tail);\n', ''),
    ('queue', 'octets that were shown are removed', QUEUE,
     'queue->shown > to || ', ''),
    ('queue', 'more is sent than was shown', QUEUE,
     'len > queue->shown - queue->sent', 'len > queue->added - queue->sent'),
    ('queue', 'an empty block stays first', QUEUE,
     '\tif (queue->head->next != NULL)\n'
     '\t\tleave_block(queue, allocator);\n', ''),
    ('queue', 'a block that is sent begins anew with octets in it', QUEUE,
     'if (queue->sent == queue->added)', 'if (queue->sent == queue->shown)'),
    ('session: state that', 'RSET does not end a message in chunks', RULES,
     'VERB(RSET,     READY,  CHUNKS)', 'VERB(RSET,     CHUNKS, CHUNKS)'),
    ('session: its replies', 'NOOP has no reply', COMMAND,
     'static void\nrun_noop(struct mailin_session *session, '
     'const struct mailin_command *command)\n{\n\t(void)command;\n'
     '\tmailin_session_send(session, MAILIN_REPLY_DONE);',
     'static void\nrun_noop(struct mailin_session *session, '
     'const struct mailin_command *command)\n{\n\t(void)command;\n'
     '\tsession->must_wait = false;'),
    ('session: its replies', 'RSET has two replies', COMMAND,
     'session_advance(session, session_event(MAILIN_VERB_RSET), true);',
     'session_advance(session, session_event(MAILIN_VERB_RSET), true);\n'
     '\tmailin_session_send(session, MAILIN_REPLY_DONE);'),
    ('session: asked about', 'nobody is asked about HELO', GREETING,
     'mailin_session_decide(session, &mailin_decide_helo, command);',
     'session->decision = &mailin_decide_helo,\n'
     '\t\tmailin_session_take_reply(session, MAILIN_REPLY_OK);'),
    ('session: no message begins', 'DATA without RCPT', RULES,
     '\tVERB(RCPT,     RCPT,   MAIL),\n',
     '\tVERB(RCPT,     RCPT,   MAIL),\n\tVERB(DATA,     DATA,   MAIL),\n'),
    ('session: the envelope', 'a refused recipient is kept', MAIL,
     'if (yes) {\n\t\tmailin_envelope_add_rcpt',
     'if (yes || line.len > 0) {\n\t\tmailin_envelope_add_rcpt'),
    ('session: ends in one', 'a refused message ends twice', STATE,
     '|| mail->end_reported)', '|| 0)'),
    ('session: ends in one', 'a session closes without an end', STATE,
     'mailin_session_end_transaction(session, MAILIN_RESET_CLOSED);', ';'),
    ('session: the handler took it', '550 counts as taken', END,
     'session_code(reply, session->custom) < 400)',
     'session_code(reply, session->custom) < 600)'),
    ('session: nothing is left', 'a part is not cleared', STATE,
     'sizeof *mail - offsetof(struct mailin_transaction, body)',
     'offsetof(struct mailin_transaction, end_reported) -\n'
     '\t\toffsetof(struct mailin_transaction, body)'),
    ('session: counters only', 'a refused HELO forgets the last', GREETING,
     'if (!yes) {\n', 'if (!yes) {\n'
     '\t\tsession->helo_verb = MAILIN_VERB_UNKNOWN;\n'),
    ('session: no octet is read', 'commands after STARTTLS are run', INPUT,
     'session->state >= STATE_TLS ||', 'session->state > STATE_TLS ||'),
    ('session: before STARTTLS', 'the HELO survives STARTTLS', TLS,
     '\tsession->helo_verb = MAILIN_VERB_UNKNOWN;\n', ''),
    ('session: before STARTTLS', 'the identity survives STARTTLS', TLS,
     '\tmailin_free(allocator, session->identity);\n'
     '\tsession->helo_name = NULL;\n\tsession->identity = NULL;\n',
     '\tsession->helo_name = NULL;\n'),
    ('session: before STARTTLS', 'XCLIENT survives STARTTLS', TLS,
     '\tmailin_session_xclient_forget(session);\n', ''),
    ('session: before XCLIENT', 'a client inherits the trust', XCLIENT,
     '\tsession->extensions = facts->next_extensions;\n', ''),
    ('session: before XCLIENT', 'the HELO survives XCLIENT', XCLIENT,
     '\tsession->helo_verb = MAILIN_VERB_UNKNOWN;\n', ''),
    ('session: AUTH only', 'FOR_AUTH takes AUTH in clear', CONFIG,
     'config->policies[MAILIN_POLICY_TLS] != MAILIN_TLS_OPTIONAL)',
     'config->policies[MAILIN_POLICY_TLS] == MAILIN_TLS_REQUIRED)'),
    ('session: AUTH only', 'AUTH in a transaction', RULES,
     '\tVERB(RCPT,     RCPT,   MAIL),\n',
     '\tVERB(RCPT,     RCPT,   MAIL),\n\tVERB(AUTH,     AUTH,   MAIL),\n'),
    ('session: in an AUTH', 'a response is run as a command', INPUT,
     'session->state == STATE_AUTH || !mailin_line_is_new',
     '!mailin_line_is_new'),
    ('session: EHLO offers', 'STARTTLS is offered in TLS', CONFIG,
     'tls ? MAILIN_EXTENSION_STARTTLS :', 'tls ? MAILIN_EXTENSION_COUNT :'),
    ('session: counters count', 'a message does not forgive junk', END,
     'session->errors = session->junk = session->refused_rcpts = 0;',
     'session->errors = session->refused_rcpts = 0;'),
    ('session: out of place', 'the peer may change at any time',
     'src/session/peer.c',
     'mailin_rule(session->state, EVENT_EXPECT_TLS).yes ==\n'
     '\t\t    STATE_NONE ?', 'false ?'),
    ('session: stays so', 'a session closes twice', STATE,
     '\tif (session->state == STATE_CLOSED)\n\t\treturn;\n'
     '\tsession_advance(session, EVENT_CLOSE, true);',
     '\tsession->state = STATE_CLOSED;'),
    ('session: freed in any', 'the identity is not freed', STEP,
     '\tmailin_free(allocator, session->identity);\n', ''),
    ('session: at once or later', 'a late OK has another text', STEP,
     'mailin_session_take_reply(session, reply);',
     'mailin_session_take_reply(session,\n'
     '\t\t    reply == MAILIN_REPLY_OK ? MAILIN_REPLY_DONE : reply);'),
    ('session: in one piece', 'only one command of a piece is read', INPUT,
     'while (used < len && is_ready(session)) {',
     'if (used < len && is_ready(session)) {'),
    ('session: sent away', 'nobody needs to wait', 'src/session/reply.c',
     'session->wait_for = session->queue.added;', 'session->wait_for = 0;'),
    ('session: two histories', 'a reply depends on the past', COMMAND,
     'session_advance(session, session_event(MAILIN_VERB_RSET), true);\n'
     '\tmailin_session_send(session, MAILIN_REPLY_DONE);',
     'session_advance(session, session_event(MAILIN_VERB_RSET), true);\n'
     '\tmailin_session_send(session, session->transactions > 0 ?\n'
     '\t    MAILIN_REPLY_SENDER_OK : MAILIN_REPLY_DONE);'),
    ('session: leads to the end', 'no way out of REFUSED', STATE,
     '\tif (session->state == STATE_CLOSED)\n\t\treturn;\n'
     '\tsession_advance(session, EVENT_CLOSE, true);',
     '\tif (session->state == STATE_CLOSED ||\n'
     '\t    session->state == STATE_REFUSED)\n\t\treturn;\n'
     '\tsession_advance(session, EVENT_CLOSE, true);'),
    ('session: each cell', 'a cell that nothing uses', RULES,
     '\tWHEN(CHALLENGE, AUTH,  AUTH),\n',
     '\tWHEN(CHALLENGE, AUTH,  AUTH),\n\tVERB(NOOP,     AUTH,   AUTH),\n'),
]

# Files of the tests that a program uses.
SHARED = {'session': [HERE.parent / 'tests/support/rule_names.c']}


class Builder:
    def __init__(self, build):
        self.build = pathlib.Path(build).resolve()
        self.root = HERE.resolve().parent
        self.compiler = shlex.split(os.environ.get('CC', 'cc'))
        self.word_file = None
        self.folder = tempfile.TemporaryDirectory()
        self.objects = {}
        self.defines = shlex.split(os.environ.get('FLAGS', ''))

    def compile(self, scratch, source, output):
        include = [f'-I{scratch / "src"}', f'-I{self.root / "include"}',
                   f'-I{self.build / "include"}', f'-I{self.root / "src"}',
                   f'-I{self.root / "tests"}']
        subprocess.run(self.compiler + [
            '-std=gnu11', '-O1', '-w', '-DNDEBUG', *include, *self.defines,
            '-c', '-o', str(output), str(source)], check=True)

    def generate(self, scratch, source):
        """Run Ragel as the build does, on the copy of the grammar."""
        for path in (self.root / 'grammar').glob('*.rl'):
            copy = scratch / 'grammar' / path.name
            if not copy.exists():
                copy.write_text(path.read_text())
        rl = scratch / source.replace('.c', '.rl')
        subprocess.run([*shlex.split(os.environ.get('RAGEL', 'ragel')), '-G2',
                        '-L', '-o', str(scratch / source), str(rl)],
                       check=True)

    def words(self):
        """Return the words of the grammar without faults."""
        if self.word_file is None:
            self.word_file = tempfile.NamedTemporaryFile()
            subprocess.run([sys.executable, str(HERE / 'words.py'), '--ragel',
                            os.environ.get('RAGEL', 'ragel'), '--words',
                            self.word_file.name, 'true'], check=True,
                           stdout=subprocess.DEVNULL)
        return [self.word_file.name]

    def parts(self, program):
        """Return the objects of a program's own files, which are the same for
        each fault."""
        if program not in self.objects:
            scratch = pathlib.Path(self.folder.name)
            self.objects[program] = []
            for source in [*HERE.glob(f'{program}.c'),
                           *sorted(HERE.glob(f'{program}_*.c')),
                           *SHARED.get(program, ())]:
                self.objects[program].append(
                    scratch / (source.name + '.o'))
                self.compile(scratch, source, self.objects[program][-1])
        return self.objects[program]

    def run(self, scratch, program, file, old, new, sources):
        program, _, claim = program.partition(': ')
        text = (self.root / file).read_text()
        if text.count(old) != 1:
            return f'its place is there {text.count(old)} times'
        for path in {file, *sources}:
            if path.startswith('grammar') and path.endswith('.c'):
                continue
            (scratch / path).parent.mkdir(parents=True, exist_ok=True)
            (scratch / path).write_text((self.root / path).read_text())
        (scratch / file).write_text(text.replace(old, new))
        objects = []
        for source in sources:
            (scratch / source).parent.mkdir(parents=True, exist_ok=True)
            if source.startswith('grammar'):
                self.generate(scratch, source)
            objects.append(scratch / (source.replace('/', '_') + '.o'))
            self.compile(scratch, scratch / source, objects[-1])
        binary = scratch / program
        libraries = ['libplain.a'] if program == 'words' else []
        subprocess.run(self.compiler + [
            '-o', str(binary), *map(str, objects),
            *map(str, self.parts(program)),
            *(str(self.build / '.libs' / library)
              for library in [*libraries, 'libcore.a'])], check=True)
        arguments = self.words() if program == 'words' else []
        done = subprocess.run([str(binary), *arguments], capture_output=True,
                              text=True, check=False)
        failed = [line for line in done.stdout.splitlines()
                  if line.startswith('failed:') and claim in line and
                  'no case was tried' not in line]
        if done.returncode == 0 or not failed:
            return 'the claim did not fail'
        print(f'    {failed[0]}')
        return None


def places_are_there():
    """Check that the text that each fault replaces occurs exactly once."""
    good = True
    for _, what, file, old, *_ in FAULTS:
        count = (HERE.resolve().parent / file).read_text().count(old)
        if count != 1:
            print(f'{file}, fault "{what}": its place is there {count} times')
            good = False
    return good


def main():
    parser = argparse.ArgumentParser(
        description='Plant faults: each must break a proof.')
    parser.add_argument('--build', default='.',
                        help='the folder where make was run')
    parser.add_argument('--places', action='store_true',
                        help='only look for the texts that are replaced')
    parser.add_argument('programs', nargs='*')
    arguments = parser.parse_args()
    if arguments.places:
        return 0 if places_are_there() else 1
    builder, alive, count = Builder(arguments.build), 0, 0
    for program, what, file, old, new, *sources in FAULTS:
        if (arguments.programs and
                program.split(':')[0] not in arguments.programs):
            continue
        count += 1
        print(f'fault {count}, {program}: {what}', flush=True)
        with tempfile.TemporaryDirectory() as scratch:
            found = builder.run(pathlib.Path(scratch), program, file, old, new,
                                sources[0] if sources else [file])
        if found is not None:
            alive += 1
            print(f'failed: fault {count} ({what}): {found}')
    print(f'{count - alive} of {count} planted faults break a claim')
    return 0 if alive == 0 and count > 0 else 1


if __name__ == '__main__':
    sys.exit(main())
