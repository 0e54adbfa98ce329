#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# test_plans.py STORE-FOLDER: asks SQLite how it would run every statement of the store, and refuses
# one that walks through a whole table that grows with the cards. The statements are read out of the
# C files: string literals and macros between the parentheses of sql_query() and sql_run().
# Statements that are meant to see all rows stand in EVERYTHING, each with its reason.
import os
import re
import sqlite3
import sys

# Rows of these grow with the cards, the people or the years.
GROWING = {'application', 'approval', 'card', 'certificate', 'certificate_status', 'designation', 'duty', 'hold', 'idempotency', 'intent',
           'issue_row', 'ledger', 'ledger_checkpoint', 'ledger_node', 'ledger_personal', 'ledger_record', 'name_part', 'person', 'pin', 'case_file', 'confirmation', 'check_round', 'check_round_card', 'transit', 'refusal', 'witness_session_card'}
# Work in hand, few rows.
OPEN = {'duty_due', 'application_open', 'intent_open', 'refusal_open', 'check_round_open', 'transit_due'}
# Most cards are in one state: finding them by it is reading nearly all.
WIDE = 'USING INDEX card_state (state=?)', 'USING COVERING INDEX card_state (state=?)'
EVERYTHING = {
    'store_certificate_scan': 'loads the OCSP index at start',
    'store_witness_count': 'doctor counts what is on the list and not in the register',
    'store_key_kinds': 'doctor counts the keys of all cards in use',
    'store_key_cards': 'doctor names cards whose keys are not allowed any more',
    'store_scope_certificates': 'an emergency stop changes every card of its scope',
    'store_scope_count': 'an emergency stop tells how many cards it covers',
    'store_designation_list': 'the list of all designations, when neither person nor section is asked for',
    'store_designation_ended_cards': 'once a day',
    'store_transit_places': 'stocktaking counts every card, out of an index',
    'count_scoped': 'while an emergency stop is in force',
    'count_query': 'work records count what a whole import met',
    'store_register_list': 'the whole register is printed',
    'store_ledger_tip': 'stops at the first row from the end',
    'store_ledger_lowest': 'stops at the first row',
    'store_ledger_cards_at': 'the register as of a past day is read out of the whole ledger',
}
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|([A-Za-z_]\w*)|(/\*.*?\*/)|(.)', re.S)


def macros(source):
    """name → (parameter or None, tokens) of the macros that consist of strings."""
    found = {}
    for match in re.finditer(r'^#define (\w+)(?:\((\w+)\))?[ \t\\\n]+((?:.*\\\n)*.*)$', source, re.M):
        name, parameter, body = match.groups()
        if '"' in body:
            found[name] = (parameter, body.replace('\\\n', ' '))
    return found


def unquote(text):
    return text.replace('\\"', '"').replace('\\\\', '\\').replace('\\n', '\n')


def join(text, known, bound=()):
    """The text a run of literals and macros stands for, up to the first other thing."""
    sql, at = '', 0
    for match in TOKEN.finditer(text):
        literal, word, comment, other = match.groups()
        if match.start() < at or comment or (other and other.isspace()):
            continue
        if literal is not None:
            sql += unquote(literal)
        elif word in dict(bound):
            sql += dict(bound)[word]
        elif word in known:
            parameter, body = known[word]
            inner = ()
            if parameter:
                argument = re.match(r'\s*\(\s*(?:"((?:[^"\\]|\\.)*)"|(\w+))\s*\)', text[match.end():])
                given = argument.group(1)
                inner = ((parameter, dict(bound)[argument.group(2)] if given is None else unquote(given)),)
                at = match.end() + argument.end()
            sql += join(body, known, inner)
        else:
            break
    return sql


def arguments(text):
    """The parts between the commas of a call; `text` begins after its parenthesis."""
    parts, depth, begin = [], 0, 0
    for match in TOKEN.finditer(text):
        other = match.group(4)
        if other in ('(', '{'):
            depth += 1
        elif other in (')', '}'):
            if depth == 0:
                parts.append(text[begin:match.start()])
                return parts
            depth -= 1
        elif other == ',' and depth == 0:
            parts.append(text[begin:match.start()])
            begin = match.end()
    return parts


def statements(source, known):
    """(function, SQL) of every call of sql_query() and sql_run(), and of SQL given to a helper."""
    known = {**known, **macros(source)}
    function = '?'
    for match in re.finditer(r'^(?:static )?[\w \*]*?\**(\w+)\([^;{]*?\)\n\{|"(?:SELECT|INSERT|UPDATE|DELETE)\b',
                             source, re.M):
        if match.group(1):
            function = match.group(1)
        elif source[:match.start()].rstrip()[-1] in '(,=?:':  # not a subquery at a line's begin
            yield function, join(source[match.start():], known)


def schema(sources):
    """The migrations in the order of schema.c, each from its own file."""
    for name in re.findall(r'^\tschema_part_(\w+),', sources['schema.c'], re.M):
        source = sources['schema_%s.c' % name]
        yield join(source[re.search(r'^const char \w+\[\] =\n', source, re.M).end():], macros(source))


def faults(base, function, sql):
    """What of a statement's plan must not be."""
    try:
        plan = base.execute('EXPLAIN QUERY PLAN ' + sql, {str(i): None for i in range(1, 30)}).fetchall()
    except sqlite3.Error as error:
        return ['%s: %s: %s' % (function, error, sql)]
    aliases = dict((alias or table, table) for table, alias in
                   re.findall(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)(?:\s+(?:AS\s+)?([a-z]\w?)\b)?', sql))
    found = []
    for row in plan:
        scan = re.match(r'SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?', row[3])
        is_whole = scan and aliases.get(scan.group(1), scan.group(1)) in GROWING and scan.group(2) not in OPEN
        if (is_whole or row[3].endswith(WIDE)) and function not in EVERYTHING:
            found.append('%s: %s\n    %s' % (function, row[3], sql))
    return found


def main():
    folder = sys.argv[1]
    base = sqlite3.connect(':memory:')
    sources, shared = {}, {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding='utf-8') as file:
            if name.endswith('.c'):
                sources[name] = file.read()
            elif name.endswith('.h'):
                shared.update(macros(file.read()))
    for script in schema(sources):
        base.executescript(script)
    found, count, used = [], 0, set()
    for name, source in sources.items():
        if name.startswith('schema') or name == 'store_check.c':  # the check reads everything
            continue
        for function, sql in statements(source, shared):
            count += 1
            used.add(function)
            found += ['%s: %s' % (name, fault) for fault in faults(base, function, sql)]
    # The checker itself must be able to see one.
    if not faults(base, 'sample', "SELECT number FROM card WHERE note = ?1") or count < 60:
        found.append('this checker sees nothing (%d statements)' % count)
    found += ['%s stands in EVERYTHING but has no statement' % name for name in EVERYTHING if name not in used]
    print('\n'.join(found))
    print('%d statements, %d that walk through a growing table' % (count, len(found)))
    sys.exit(1 if found else 0)


main()
