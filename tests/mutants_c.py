# Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
"""The mutants of a C file: small changes that a test should notice.

The sources are as clang-format writes them, so a function begins with "{" in
the first column, and ends with "}" there.
"""
import collections
import re

TOKEN = re.compile(r'''
    (?P<comment>/\*.*?\*/)
  | (?P<directive>^\#(?:[^\n\\]|\\.)*)
  | (?P<string>"(?:\\.|[^"\\])*")
  | (?P<char>'(?:\\.|[^'\\])*')
  | (?P<number>\b\d[0-9a-fA-FxX]*[uUlL]*\b)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<sign><<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=
        |[-+*/%&|^!~<>=?:;,.(){}\[\]\#])
''', re.X | re.S | re.M)

Token = collections.namedtuple('Token', 'kind text start end')
# A mutant: the kind of change, its place, and the new text for that place.
Mutant = collections.namedtuple('Mutant', 'kind start end text')

RELATIONS = {'<': ('<=', '>='), '<=': ('<', '>'), '>': ('>=', '<='),
             '>=': ('>', '<'), '==': ('!=',), '!=': ('==',)}
SIGNS = {'&&': ('||',), '||': ('&&',), '+=': ('-=',), '-=': ('+=',),
         '|=': ('&=', '='), '&=': ('|=',), '<<': ('>>',), '>>': ('<<',),
         '++': ('--',), '--': ('++',), '^': ('|',), '/': ('*',)}
# A sign with a blank on each side is an operator with two operands.
BINARY = {'+': ('-',), '-': ('+',), '*': ('/',), '&': ('|',), '|': ('&',)}

NO_STATEMENT = set('''if for while switch do else case default return goto
    struct union enum const static unsigned signed int char bool long void
    size_t uint64_t uint32_t uint16_t uint8_t extern typedef'''.split())


def tokens_of(text):
    """Return the tokens, without comments and assertions."""
    tokens = [Token(m.lastgroup, m.group(), m.start(), m.end())
              for m in TOKEN.finditer(text) if m.lastgroup != 'comment']
    kept, i = [], 0
    while i < len(tokens):
        if tokens[i].text in ('assert', '_Static_assert', '__attribute__',
                              '__asm__', '_Alignas', 'sizeof') and \
                i + 1 < len(tokens) and tokens[i + 1].text == '(':
            kept.append(tokens[i])
            i = closing(tokens, i + 1) + 1
        else:
            kept.append(tokens[i])
            i += 1
    return kept


def closing(tokens, i):
    """Return the index of the bracket that closes the one at i."""
    depth = 0
    for j in range(i, len(tokens)):
        if tokens[j].text in '([{' and tokens[j].kind == 'sign':
            depth += 1
        elif tokens[j].text in ')]}' and tokens[j].kind == 'sign':
            depth -= 1
            if depth == 0:
                return j
    return len(tokens) - 1


def bodies(text):
    """Return [(start, end, name, type of the result)] of the functions."""
    found = []
    for match in re.finditer(
            r'^([^\n#/{}]*)\n(\w+)\([^{};]*?\)\n\{\n(.*?)^\}', text,
            re.S | re.M):
        found.append((match.start(3), match.end(), match.group(2),
                      match.group(1)))
    return found


def mutants(text, name):
    """Return all mutants of the text of this file."""
    tokens = tokens_of(text)
    functions = bodies(text)

    def function(place):
        for body in functions:
            if body[0] <= place < body[1]:
                return body
        return None

    inside = [function(token.start) for token in tokens]
    for i, token in enumerate(tokens):
        if token.kind == 'directive':
            yield from of_macro(token)
        elif inside[i]:
            yield from of_token(text, tokens, i)
            yield from of_statement(text, tokens, i, inside[i][3])
    yield from of_tables(text, tokens, inside)
    if name.endswith('config/rules.c'):
        yield from of_rules(text)


def of_macro(directive):
    """Yield mutants of a macro.  The numbers and comparisons in it are
    changed."""
    match = re.match(r'#define \w+(\([^)]*\))?\s', directive.text)
    if not match or directive.text.startswith('#define MAILIN_SRC'):
        return
    body = tokens_of(directive.text[match.end():])
    base = directive.start + match.end()
    for i, token in enumerate(body):
        for mutant in of_token(directive.text[match.end():], body, i):
            yield mutant._replace(start=mutant.start + base,
                                  end=mutant.end + base)


def of_number(text):
    value = int(re.match(r'0[xX][0-9a-fA-F]+|\d+', text).group(), 0) \
        if not re.match(r'0\d', text) else int(text, 8)
    suffix = re.search(r'[uUlL]*$', text).group()
    yield f'{value + 1}{suffix}'
    if value > 0:
        yield f'{value - 1}{suffix}'


def of_token(text, tokens, i):
    token = tokens[i]
    before = tokens[i - 1].text if i > 0 else ''
    spaced = text[token.start - 1:token.start] in ' \t\n' and \
        text[token.end:token.end + 1] in ' \t\n\\'
    others = ()
    kind = 'sign'
    if token.kind == 'sign':
        if token.text in RELATIONS:
            kind, others = 'relation', RELATIONS[token.text]
        elif token.text in SIGNS:
            others = SIGNS[token.text]
        elif token.text in BINARY and spaced:
            others = BINARY[token.text]
        elif token.text == '!':
            kind, others = 'negation', ('',)
        elif token.text == '?' and spaced:
            yield from of_choice(text, tokens, i)
    elif token.kind == 'number':
        kind, others = 'constant', tuple(of_number(token.text))
    elif token.text in ('true', 'false'):
        kind, others = 'constant', ({'true': 'false', 'false': 'true'}
                                    [token.text],)
    elif token.kind == 'char' and len(token.text) == 3:
        kind, others = 'constant', (f"'{chr(ord(token.text[1]) + 1)}'",)
        if others[0] in ("'''", "'\\'"):
            others = ("'!'",)
    elif token.kind == 'char':
        kind, others = 'constant', ("'!'",)
    if before == 'case' and kind == 'sign':
        others = ()
    for other in others:
        yield Mutant(kind, token.start, token.end, other)


def of_choice(text, tokens, i):
    """Yield the mutant that turns "a ? b : c" into "a ? c : b"."""
    depth, middle = 0, None
    for j in range(i + 1, len(tokens)):
        sign = tokens[j].text
        if sign in ('(', '[', '?'):
            depth += 1
        elif depth == 0 and (sign in (';', ',', ')', ']', '}')):
            break
        elif sign in (')', ']'):
            depth -= 1
        elif sign == ':':
            if depth == 0:
                middle = j
            else:
                depth -= 1
    else:
        return
    if middle:
        yes = text[tokens[i].end:tokens[middle].start]
        no = text[tokens[middle].end:tokens[j].start]
        yield Mutant('choice', tokens[i].end, tokens[j].start, f'{no} :{yes}')


def of_statement(text, tokens, i, returns):
    token = tokens[i]
    before = tokens[i - 1] if i > 0 else None
    after = tokens[i + 1].text if i + 1 < len(tokens) else ''
    if token.text == 'if' and after == '(':
        end = closing(tokens, i + 1)
        inner = text[tokens[i + 1].end:tokens[end].start]
        yield Mutant('condition', tokens[i + 1].end, tokens[end].start,
                     f'!({inner})')
    if token.text == 'return' and after != ';' and \
            re.search(r'\bbool\b', returns) and after not in ('true', 'false'):
        end = next(j for j in range(i, len(tokens)) if tokens[j].text == ';')
        inner = text[token.end:tokens[end].start].strip()
        yield Mutant('condition', token.end, tokens[end].start, f' !({inner})')
    begins = before is not None and (
        before.text in ('{', '}', ';', 'else') or
        before.text == ':' and is_label(tokens, i - 1) or
        before.text == ')' and is_head(tokens, i - 1))
    if not begins or token.text in ('{', '}', ';'):
        return
    if token.kind == 'word' and token.text in NO_STATEMENT and \
            not (token.text == 'return' and after == ';'):
        return
    if token.kind == 'word' and i + 1 < len(tokens) and \
            tokens[i + 1].kind == 'word' or after == ':':
        return
    end, depth = i, 0
    while tokens[end].text != ';' or depth:
        depth += tokens[end].text in '([{' and tokens[end].kind == 'sign'
        depth -= tokens[end].text in ')]}' and tokens[end].kind == 'sign'
        if depth < 0 or end + 1 == len(tokens):
            return
        end += 1
    statement = text[token.start:tokens[end].start]
    kind = 'wipe' if re.search(r'wipe|forget|secret', statement) else \
        'deletion'
    if not statement.startswith('(void)'):
        yield Mutant(kind, token.start, tokens[end].start, '')


def is_label(tokens, i):
    """Return True if the colon at i is that of a case."""
    for j in range(i - 1, max(i - 8, -1), -1):
        if tokens[j].text in ('case', 'default'):
            return True
        if tokens[j].text in (';', '{', '}', '?'):
            return False
    return False


def is_head(tokens, i):
    """Return True if the bracket at i ends if (...), for (...) or while
    (...)."""
    depth = 0
    for j in range(i, -1, -1):
        depth += tokens[j].text == ')'
        depth -= tokens[j].text == '('
        if depth == 0:
            return j > 0 and tokens[j - 1].text in ('if', 'for', 'while',
                                                    'switch')
    return False


def of_tables(text, tokens, inside):
    """Yield mutants of the cells in tables at file scope: NAME[...] = { ...
    };"""
    i = 0
    while i < len(tokens) - 1:
        if not inside[i] and tokens[i].text == '=' and \
                tokens[i + 1].text == '{':
            end = closing(tokens, i + 1)
            yield from of_cells(text, tokens[i + 2:end])
            i = end
        i += 1


def cells(tokens):
    """Return [(column, token)].  A column is the position in a row, or an
    argument of a macro."""
    path, found = [['row', 0]], []
    for i, token in enumerate(tokens):
        if token.text == '[' and token.kind == 'sign':
            path.append(['index', 0])
        elif token.text in '({' and token.kind == 'sign':
            head = tokens[i - 1].text if i and token.text == '(' else 'row'
            path.append([head, 0])
        elif token.text in ')]}' and token.kind == 'sign':
            path.pop()
        elif token.text == ',':
            path[-1][1] += 1
        elif path[-1][0] != 'index' and token.kind != 'sign' and not (
                i + 1 < len(tokens) and tokens[i + 1].text == '('):
            column = (path[-1][0], path[-1][1] if len(path) > 1 else 0,
                      len(path))
            found.append((column, token))
    return found


def of_cells(text, tokens):
    found = cells(tokens)
    columns = {}
    for column, token in found:
        known = columns.setdefault(column, [])
        if token.kind == 'word' and token.text not in known:
            known.append(token.text)
    for column, token in found:
        if token.kind == 'number':
            for other in of_number(token.text):
                yield Mutant('cell', token.start, token.end, other)
        elif token.kind == 'string' and len(token.text) > 2:
            other = '!' if token.text[1] != '!' else '.'
            yield Mutant('cell', token.start, token.end,
                         f'"{other}{token.text[2:]}' if token.text[1] != '\\'
                         else f'"{other}{token.text[3:]}')
        elif token.kind == 'char':
            yield Mutant('cell', token.start, token.end, "'!'")
        elif token.text in ('true', 'false'):
            yield Mutant('cell', token.start, token.end,
                         {'true': 'false', 'false': 'true'}[token.text])
        elif token.kind == 'word':
            known = columns[column]
            place = known.index(token.text)
            for step in {1, len(known) - 1, len(known) // 2} - {0}:
                if len(known) > 1:
                    yield Mutant('cell', token.start, token.end,
                                 known[(place + step) % len(known)])


def of_rules(text):
    """Yield mutants of the table of states.  Each mutant fills an empty cell,
    or empties a full one."""
    table = re.search(r'mailin_rules\[.*?^};', text, re.S | re.M)
    verbs = set(re.findall(r'VERB\((\w+),', text)) - {'name'}
    states = sorted(set(re.findall(r'\[STATE_(\w+)\] = \{', table.group())))
    for block in re.finditer(r'\[STATE_(\w+)\] = \{\n(.*?)^\},', table.group(),
                             re.S | re.M):
        base = table.start() + block.start(2)
        state, rows = block.group(1), block.group(2)
        for row in re.finditer(r'(?:VERB|WHEN)\([^()]*\),', rows):
            yield Mutant('cell', base + row.start(), base + row.end(), '')
        has = set(re.findall(r'VERB\((\w+),', rows))
        if 'ASIDE' in rows:
            has |= {'NOOP', 'VRFY', 'EXPN', 'HELP', 'QUIT'}
        if 'GREETINGS' in rows:
            has |= {'HELO', 'EHLO', 'LHLO'}
        for place, verb in enumerate(sorted(verbs - has)):
            after = states[place % len(states)]
            yield Mutant('cell', base, base,
                         f'\tVERB({verb}, {after}, {state}),\n')
