# SPDX-License-Identifier: Apache-2.0
# Every route × every role and no role, asked over the socket by processes of different accounts; all
# changes are dry runs. The result must equal roles.golden (OPCARD_UPDATE_GOLDEN=1 writes it anew).
import difflib
import http.client
import json
import os
import pickle
import re
import socket
import uuid

import check
import tap
from office import (ADMIN, ADMIN2, AUDITOR, CHIEF, CUSTODIAN, HOLDER, HOLDER2, IS_ROOT, MANAGER, MANAGER2, NEW_PIN,
                    NIGHT_DESK, PIN, ROOT, SOURCE, STRANGER, WITNESS, Office, today)
from recovery import make_recipient

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'roles.golden')
DAEMON_UID = 61500
DESK_UID, MONITOR_UID = 61501, 61502  # accounts with a role and no person
ROLES = {'no role': STRANGER, 'root': ROOT, 'opcardd itself': DAEMON_UID, 'holder of the card': HOLDER,
         'another holder': HOLDER2, 'manager of its section': MANAGER, 'manager of another section': MANAGER2,
         'custodian': CUSTODIAN, 'system-admin': ADMIN2, 'chief': CHIEF, 'auditor': AUDITOR, 'night-desk': NIGHT_DESK,
         'terminal of the night desk': DESK_UID, 'monitor': MONITOR_UID}
CELLS = {403: '.', 404: '!', 409: '!', 422: '?', 202: '+', 200: '+'}
LEGEND = ('# Who may do what: + done, ! and ? allowed but refused by state, rule or an empty reader, . denied.\n'
          '# Made by test_roles.py with OPCARD_UPDATE_GOLDEN=1; a changed cell is a changed right.\n')


def make():
    if not IS_ROOT:
        raise tap.Skip('root: a role needs an account of its own')
    office = Office(account=DAEMON_UID, config={
        'forms': {'printer': 'ipp://localhost/ipp/print'},
        'policy': {'collect-remind': '', 'collect-escalate': ''},
        'accounts': {f'uid:{DESK_UID}': 'role:night-desk', f'uid:{MONITOR_UID}': 'role:monitor'},
        'limits': {'desk-rate': '0'}})
    make_recipient(office.folder)
    office.options['config']['backup'] = {'recipient': 'file:' + office.path('backup.pem'), 'every': '0s'}
    office.write_config()
    office.restart()
    office.backup = office.json(ROOT, 'backup')['backup']
    office.receive('STOCK1')
    office.prepare('SPARE1')
    office.pull('SPARE1')
    office.prepare('TMP1', kind='temporary')
    office.pull('TMP1')
    office.prepare('PENDING1')
    office.issue('PENDING1', '920017')
    office.pull('PENDING1')
    for card, staff, authority in (('ACTIVE1', HOLDER, '一般操作者'), ('HELD1', WITNESS, '業務管理者'),
                                   ('LOST1', HOLDER2, '一般操作者'), ('RETURNED1', HOLDER2, '一般操作者'),
                                   ('ERASED1', HOLDER2, '一般操作者'), ('RECALLED1', HOLDER2, '一般操作者')):
        office.lend(card, staff, authority=authority)
        if card == 'LOST1':
            office.must(CUSTODIAN, 'report-lost', card, '--by', HOLDER2)
        if card in ('RETURNED1', 'ERASED1'):
            office.must(CUSTODIAN, 'return', card)
        if card == 'ERASED1':
            office.must(CUSTODIAN, 'erase', card, '--witness', WITNESS, '--confirm', card)
        office.pull(card)
    office.must(ADMIN, 'suspend', 'HELD1', '--reason', 'LEAVE')
    office.must(ADMIN, 'recall', 'RECALLED1', '--reason', 'TRANSFER')
    office.approve_lending()
    office.approval = office.sql('SELECT id FROM standing_approval')[0][0]
    office.must(CUSTODIAN, 'session', 'open', '--witness', WITNESS)
    office.session = office.sql('SELECT id FROM witness_session')[0][0]
    office.must(MANAGER2, 'dispatch', 'RECALLED1', '--to', '情報政策課', '--seal', '1')
    office.must(MANAGER, 'check-round', 'open', '--section', '0301', '--due', today())
    office.round = office.sql('SELECT id FROM check_round')[0][0]
    office.confirmation = office.json(ADMIN, 'recall-cancel', 'RECALLED1', '--note', 'x')['confirm']
    office.duty = office.sql("SELECT id FROM duty WHERE card = 'RECALLED1'")[0][0]
    office.case = office.sql("SELECT id FROM case_file WHERE card = 'LOST1'")[0][0]
    def draft(*words):
        return office.json(MANAGER, 'application', 'new', '6', '--card', 'ACTIVE1', '--reason', 'x', *words)['application']['id']
    office.draft, office.forward = draft(), draft()
    office.must(MANAGER, 'application', 'submit', office.forward)
    office.taken = office.json(CUSTODIAN, 'application', 'accept', '6', '--card', 'ACTIVE1', '--reason', 'x',
                               '--paper', 'x')['application']['id']
    office.exception = office.json(ADMIN, 'exception', 'open', '--kind', 'rule', '--subject', 'all', '--content', 'x',
                                   '--reason', 'x', '--until', today())['id']
    office.finding = office.json(AUDITOR, 'finding', 'open', '--source', 'audit', '--reference', 'x', '--content', 'x',
                                 '--owner', 'section:0301', '--due', today())['id']
    office.work = office.sql("SELECT id FROM work_record WHERE kind = 'import' LIMIT 1")[0][0]
    office.records = office.sql('SELECT count(*) FROM ledger')[0][0]
    office.job = office.sql("SELECT id FROM intent WHERE card = 'ACTIVE1' AND kind = 'issue'")[0][0]
    return office


def move(card, event, **body):
    return 'POST', f'/cards/{card}/{event}', body


def questions(office):
    """{route: [(method, path, body)]}; a route that has no entry here fails the test."""
    rows = {
        'staff': {'line': 2, 'staff': '000003', 'name': '宿直　三郎', 'kana': '', 'section': '0101', 'subsection': '',
                  'title': '守衛', 'employment': '', 'until': ''},
        'sections': {'line': 2, 'section': '0101', 'name': '総務部情報政策課', 'order': 10,
                     'managerPost': '情報政策課長', 'hasTerminal': True, 'duties': ''},
        'cards': {'line': 2, 'card': 'NEW1', 'kind': 'operator', 'chipSerial': '', 'place': 'x'},
        'posts': {'line': 2, 'post': '市民税課長', 'staff': HOLDER2, 'from': today(), 'order': 'x'},
        'holidays': {'line': 2, 'date': '2027-01-04', 'name': '閉庁日'},
        'designations': {'line': 2, 'staff': '012990', 'name': '', 'authority': '一般操作者', 'duties': '',
                         'designation': '', 'note': ''},
    }
    order = {'orderNumber': 'x', 'orderedOn': today(), 'refusedOn': today(), 'criterion': 'violation',
             'decidedBy': WITNESS}
    report = {'section': '0202', 'from': today(), 'paper': 'x'}
    table = {
        'GET /cards/{}': [('GET', '/cards/ACTIVE1', None)],
        'GET /duties/{}': [('GET', f'/duties/{office.duty}', None)],
        'GET /cases/{}': [('GET', f'/cases/{office.case}', None)],
        'POST /cases': [('POST', '/cases', {'kind': 'fault', 'section': '0301'})],
        'POST /cases/{}/note': [('POST', f'/cases/{office.case}/note', {'cause': 'x'})],
        'POST /cases/{}/close': [('POST', f'/cases/{office.case}/close', {'measure': 'x'})],
        'POST /notices/{}/retry': [('POST', '/notices/1/retry', {})],
        'GET /lookup': [('GET', '/lookup?q=ACTIVE1', None)],
        'GET /cards/{}/history': [('GET', '/cards/ACTIVE1/history', None)],
        'GET /staff/{}': [('GET', f'/staff/{HOLDER}', None)],
        'GET /registers/{}': [('GET', f'/registers/{kind}?format=json', None) for kind in ('issue', 'card', 'uncollected', 'print-log')],
        'GET /forms/{}': [('GET', '/forms/3', None), ('GET', '/forms/4?cards=ACTIVE1', None)],
        'POST /print': [('POST', '/print', body) for body in
                        ({'register': 'card'}, {'register': 'print-log'}, {'form': 3}, {'form': 4, 'cards': ['ACTIVE1']})],
        'GET /audit/pack': [('GET', '/audit/pack?fiscalYear=2025', None)],
        'GET /jobs/{}': [('GET', f'/jobs/{office.job}', None)],
        'POST /audit/verify': [('POST', '/audit/verify', {})],
        'POST /audit/checkpoint': [('POST', '/audit/checkpoint', {})],
        'POST /audit/lookup': [('POST', '/audit/lookup', {'entries': [{'card': 'ACTIVE1', 'at': '2026-11-20T09:00:00+09:00'}]})],
        'GET /audit/export/{}': [('GET', f'/audit/export/{HOLDER}', None)],
        'POST /audit/holds': [('POST', '/audit/holds', {'staff': HOLDER, 'reason': 'x'})],
        'POST /audit/holds/{}/end': [('POST', '/audit/holds/K-9999/end', {'note': 'x'})],
        'POST /audit/dispose': [('POST', '/audit/dispose', {'fiscalYear': '2010'})],
        'POST /audit/sign-off': [('POST', '/audit/sign-off', {'fiscalYear': '2025'})],
        'POST /backup': [('POST', '/backup', {})],
        'GET /backups/{}': [('GET', f'/backups/{office.backup}', None)],
        'GET /exceptions/{}': [('GET', f'/exceptions/{office.exception}', None)],
        'POST /exceptions': [('POST', '/exceptions', {'kind': 'rule', 'subject': 'all', 'content': 'x', 'reason': 'x',
                                                      'until': today()})],
        **{f'POST /exceptions/{{}}/{verb}': [('POST', f'/exceptions/{office.exception}/{verb}', {'note': 'x'})]
           for verb in ('approve', 'review', 'end')},
        'GET /findings/{}': [('GET', f'/findings/{office.finding}', None)],
        'POST /findings': [('POST', '/findings', {'source': source, 'reference': 'x', 'content': 'x', 'owner': 'section:0301',
                                                  'due': today()}) for source in ('audit', 'self-inspection', 'analysis')],
        'POST /findings/{}/answer': [('POST', f'/findings/{office.finding}/answer', {'measure': 'x'})],
        'POST /findings/{}/close': [('POST', f'/findings/{office.finding}/close', {})],
        'GET /works/{}': [('GET', f'/works/{office.work}', None)],
        'POST /works/{}/confirm': [('POST', f'/works/{office.work}/confirm', {})],
        'POST /yearly/{}/done': [('POST', f'/yearly/{task}/done', {'reference': 'x'}) for task in
                                 ('audit', 'self-inspection', 'continuation', 'analysis')],
        'GET /posts/{}': [('GET', '/posts/x', None)],
        'POST /posts/{}/assign': [('POST', '/posts/x/assign',
                                   {'staff': HOLDER2, 'from': today(), 'order': 'x'})],
        'POST /posts/{}/end': [('POST', '/posts/x/end', {'staff': HOLDER2, 'until': today(), 'order': 'x'})],
        'POST /delegations': [('POST', '/delegations', {'fromPost': '情報政策課長', 'toPost': '市民税課長', 'from': today(),
                                                        'until': today(), 'order': 'x'})],
        'POST /delegations/{}/end': [('POST', '/delegations/x/end', {})],
        'POST /deputy-reviews/{}': [('POST', '/deputy-reviews/x', {'note': 'x'})],
        'POST /role-grants/{}': [('POST', '/role-grants/custodian', {'reason': 'x', 'for': '1h'})],
        'POST /role-grants/{}/end': [('POST', '/role-grants/x/end', {})],
        'POST /role-grants/{}/review': [('POST', '/role-grants/x/review', {'note': 'x'})],
        'POST /clock/accept': [('POST', '/clock/accept', {'note': 'x'})],
        'POST /ca/init': [('POST', '/ca/init', {})],
        'POST /ca/renew': [('POST', '/ca/renew', {'dryRun': True})],
        'POST /ca/crl': [('POST', '/ca/crl', {})],
        'POST /confirmations/{}': [('POST', f'/confirmations/{office.confirmation}', {})],
        'POST /import/{}': [('POST', f'/import/{kind}',
                             {'file': 'x', 'rows': [row], **(report if kind == 'designations' else {})})
                            for kind, row in rows.items()],
        'POST /cards': [('POST', '/cards', {'cards': ['NEW1'], 'kind': 'operator', 'place': 'x'})],
        'GET /applications/{}': [('GET', f'/applications/{office.draft}', None)],
        'POST /applications': [('POST', '/applications', {'form': 7, 'card': 'ACTIVE1', 'reason': 'x'})],
        'POST /applications/accept': [('POST', '/applications/accept',
                                       {'form': 7, 'card': 'ACTIVE1', 'reason': 'x', 'paper': 'y'})],
        **{f'POST /applications/{{}}/{event}': [('POST', f'/applications/{number}/{event}', body)]
           for event, number, body in (
               ('revise', office.draft, {'reason': 'y'}), ('submit', office.draft, {}), ('endorse', office.forward, {}),
               ('investigate', office.forward, {}), ('nominate', office.taken, {}), ('approve', office.taken, {}),
               ('reject', office.taken, {'note': 'x'}), ('send-back', office.taken, {'note': 'x'}),
               ('withdraw', office.draft, {}), ('execute', office.taken, {}), ('receive', office.taken, {}),
               ('close', office.taken, {}))},
        'POST /emergency': [('POST', '/emergency', {'action': 'stop', 'scope': 'all', 'note': 'x'})],
        'GET /check-rounds/{}': [('GET', f'/check-rounds/{office.round}', None)],
        'POST /check-rounds': [('POST', '/check-rounds', {'section': '0402', 'due': today()})],
        'POST /check-rounds/{}/hold': [('POST', f'/check-rounds/{office.round}/hold', {'cards': 1})],
        'POST /check-rounds/{}/close': [('POST', f'/check-rounds/{office.round}/close', {})],
        'POST /lend-approvals': [('POST', '/lend-approvals', {'section': '0402', 'until': today(), 'paper': 'x'})],
        'POST /lend-approvals/{}/end': [('POST', f'/lend-approvals/{office.approval}/end', {})],
        'GET /sessions/{}': [('GET', f'/sessions/{office.session}', None)],
        'POST /sessions': [('POST', '/sessions', {'witness': WITNESS})],
        'POST /sessions/{}/close': [('POST', f'/sessions/{office.session}/close', {})],
        'POST /cards/{}/suspend': [move('ACTIVE1', 'suspend', reason=reason, **(order if reason == 'ORDER' else {})) for reason in
                                   ('MISSING', 'FORGOTTEN', 'LEAVE', 'IDLE', 'ORDER', 'PIN_LEAKED', 'UNLISTED')],
        'POST /cards/{}/resume': [move('HELD1', 'resume', reason=reason) for reason in
                                  ('FORGOTTEN', 'LEAVE', 'IDLE', 'ORDER', 'PIN_LEAKED', 'UNLISTED')],
        'POST /cards/{}/pin-reset': [move('ACTIVE1', 'pin-reset', paper='x'), move('ACTIVE1', 'pin-reset', pin=NEW_PIN)],
        'POST /cards/{}/report-damaged': [move('ACTIVE1', 'report-damaged', by='x')],
    }
    moves = [
        move('STOCK1', 'prepare'), move('SPARE1', 'issue', staff='010433', authority='業務管理者'),
        move('ACTIVE1', 'reissue', newCard='SPARE1', reason='x'), move('PENDING1', 'hand-over', pin=PIN),
        move('ACTIVE1', 'pin-change', oldPin=PIN, newPin=NEW_PIN), move('ACTIVE1', 'pin-leak', note='x'), move('ACTIVE1', 'check'),
        move('PENDING1', 'cancel', note='x'), move('ACTIVE1', 'report-lost', by='x'),
        move('ACTIVE1', 'report-stolen', by='x'), move('ACTIVE1', 'recall', reason='OTHER'),
        move('RECALLED1', 'recall-cancel', note='x'), move('ACTIVE1', 'return'), move('LOST1', 'found', note='x'),
        move('RETURNED1', 'erase', witness=WITNESS), move('ERASED1', 'reuse'),
        move('STOCK1', 'dispose', witness=WITNESS, method='x', evidence='x'), move('RECALLED1', 'write-off', note='x'),
        move('STOCK1', 'stock-lost', by='x', note='x'), move('SPARE1', 'set-aside', note='x'),
        move('ACTIVE1', 're-home', section='0402'), move('ACTIVE1', 'renew', pin=PIN),
        move('TMP1', 'lend-temporary', staff=HOLDER, pin=PIN), move('PENDING1', 'dispatch', to='x', seal='1'),
        move('RECALLED1', 'arrive', seal='1'), move('ACTIVE1', 'breach', note='x'),
        move('ACTIVE1', 'place', place='x'),
    ]
    for method, path, body in moves:
        table[f'POST /cards/{{}}/{path.split("/")[3]}'] = [(method, path, body)]
    return table


def routes():
    """The rows of the daemon's own table."""
    with open(os.path.join(SOURCE, 'daemon/api/route.c'), encoding='utf-8') as file:
        return [f'{method} {path}' for method, path in
                re.findall(r'\{\s*HTTP_(GET|POST),\s*"(/[^"]*)"', file.read())]


class Connection(http.client.HTTPConnection):
    """HTTP over the daemon's socket."""

    def __init__(self, path):
        super().__init__('localhost')
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def ask(path, asked):
    """The status of each of @asked."""
    statuses = []
    for method, target, body in asked:
        connection = Connection(path)
        headers = {'Idempotency-Key': str(uuid.uuid4())} if method == 'POST' else {}
        if body is not None:
            headers['Content-Type'] = 'application/json'
            body = json.dumps({**body, 'dryRun': True})
        connection.request(method, '/api/v1' + target, body, headers)
        reply = connection.getresponse()
        text = reply.read()
        status = reply.status
        if status == 202 and b'"job"' in text:
            status = job(path, json.loads(text)['job'])
        statuses.append(status)
        connection.close()
    return statuses


def job(path, number):
    """How a job ended, as the status of its problem."""
    while True:
        connection = Connection(path)
        connection.request('GET', f'/api/v1/jobs/{number}?wait=30')
        answer = json.loads(connection.getresponse().read())
        connection.close()
        if answer['state'] != 'running':
            return 200 if answer['state'] == 'done' else answer['problem']['status']


def ask_as(office, uid, asked):
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        with os.fdopen(writing, 'wb') as file:
            pickle.dump(ask(office.socket, asked), file)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, 'rb') as file:
        statuses = pickle.load(file)
    os.waitpid(pid, 0)
    return statuses


def label(method, path, body):
    choice = (body or {}).get('reason', '') if '/suspend' in path or '/resume' in path else ''
    path = re.sub(r'opcard-[^/]*\.backup', 'NAME', path)
    if path == '/findings':
        choice = (body or {}).get('source', '')
    if path == '/print':
        choice = body.get('register') or f'form {body["form"]}'
    return ' '.join(filter(None, [method, re.sub(r'[AIN]-[0-9-]+', 'ID', path), choice]))
    return ' '.join(filter(None, [method, re.sub(r'\b[EIN]-[0-9-]+', 'ID', path), choice]))
    return ' '.join(filter(None, [method, re.sub(r'[INRSW]-[0-9-]+', 'ID', path), choice]))
    return ' '.join(filter(None, [method, re.sub(r'\b[EFINW]-[0-9-]+', 'ID', path), choice]))


def test_matrix_of_routes_and_roles(office):
    table = questions(office)
    asked = []
    for route in routes():
        assert route in table or '{}' not in route and route.startswith('GET '), f'no question for {route}'
        asked += table.get(route, [('GET', route.split(' ')[1], None)])
    without = ('idempotency', 'counter', 'ledger_record', 'ledger_personal', 'ledger_checkpoint')
    before = office.dump(without)
    columns = [ask_as(office, office.uid(staff), asked) for staff in ROLES.values()]
    after = office.dump(without)
    check.equal([table for table in before if before[table] != after[table]], [], 'dry runs changed')
    kinds = office.sql('SELECT DISTINCT kind FROM ledger WHERE seq > ? ORDER BY kind', office.records)
    check.equal([kind for kind, in kinds], ['audit-export', 'audit-lookup', 'audit-pack', 'denied', 'print'])
    lines = [f'# {index + 1:2} {role}' for index, role in enumerate(ROLES)]
    lines.append(f'{"":46}' + ''.join(f'{index + 1:3}' for index in range(len(ROLES))))
    for row, question in enumerate(asked):
        cells = [CELLS.get(column[row], str(column[row])) for column in columns]
        lines.append(f'{label(*question):46}' + ''.join(f'{cell:>3}' for cell in cells))
    text = LEGEND + '\n'.join(lines) + '\n'
    if os.environ.get('OPCARD_UPDATE_GOLDEN'):
        with open(GOLDEN, 'w', encoding='utf-8') as file:
            file.write(text)
    with open(GOLDEN, encoding='utf-8') as file:
        golden = file.read()
    difference = '\n'.join(difflib.unified_diff(golden.split('\n'), text.split('\n'), 'roles.golden', 'asked', n=0))
    assert golden == text, difference


def test_nobody_without_a_role_changes_anything(office):
    """What everybody may: look who they are, follow a job, report a loss, stop a card."""
    with open(GOLDEN, encoding='utf-8') as file:
        rows = [line for line in file if line.startswith(('GET', 'POST'))]
    allowed = [line[:46].strip() for line in rows if line[46:].split()[0] != '.']
    check.equal(allowed, ['GET /whoami', 'POST /cards/ACTIVE1/pin-leak', 'POST /cards/ACTIVE1/suspend MISSING',
                          'POST /cards/ACTIVE1/suspend FORGOTTEN', 'POST /cards/ACTIVE1/suspend PIN_LEAKED',
                          'POST /cards/ACTIVE1/report-lost', 'POST /cards/ACTIVE1/report-stolen'])
    result = office.ctl(STRANGER, 'recall', 'ACTIVE1', '--reason', 'OTHER')
    check.refused(result, 3)


if __name__ == '__main__':
    tap.main(globals(), make)
