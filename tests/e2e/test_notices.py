# SPDX-License-Identifier: Apache-2.0
# Notices leave the house through a real mail server, the log and a hook: at least once, whatever the
# server does, and nothing waits for it (T21, N03).
import json
import os
import socket
import sqlite3
import subprocess
import time

import check
import tap
from mail_server import MailServer
from office import ADMIN, AUDITOR, CUSTODIAN, HOLDER, IS_ROOT, MANAGER2, PIN, ROOT, Office, until

SERVER = MailServer()
BOSS, DESK, SHIMIN, CHIEFS = ('joho@example.jp', 'desk@example.jp', 'shimin@example.jp', 'chief@example.jp')
MAIL = {'role:system-admin': BOSS, 'role:custodian': DESK, 'post:市民課長': SHIMIN, 'role:chief': CHIEFS,
        'staff:*': 's{staff}@example.jp'}


def make():
    """The office once all notices of its furnishing have left it."""
    office = Office(config={'notices': {'smtp': f'smtp://127.0.0.1:{SERVER.port}', 'from': 'opcard@example.jp',
                                      'retry': '1s', 'deadline': '2s'}, 'mail': MAIL})
    quiet(office)
    return office


def quiet(office):
    until(lambda: office.json(ADMIN, 'status')['notices']['waiting'] == 0, 'all notices are sent')
    SERVER.mails.clear()


def put(office, *receivers, kind='case-open', body='{"about": "C-1", "days": 3}', at=None, channels=('mail',)):
    """Notices as an operation would add them, while the daemon is down; their numbers."""
    base = sqlite3.connect(os.path.join(office.state, 'opcard.db'))
    at = int(time.time()) if at is None else at
    with base:
        first = base.execute('SELECT ifnull(max(id), 0) + 1000 FROM outbox').fetchone()[0]
        for i, receiver in enumerate(receivers):
            base.execute('INSERT INTO outbox VALUES(?, ?, ?, ?, ?, ?)', (first + i, kind, receiver, 'C-1', body, at))
            for channel in channels:
                base.execute('INSERT INTO delivery VALUES(?, ?, ?, 0, NULL, NULL, NULL, NULL)', (first + i, channel, at))
    base.close()
    return list(range(first, first + len(receivers)))


def sent(office, number, channel='mail'):
    """[state, tries, problem] of a delivery."""
    rows = office.sql('SELECT outcome, tries, problem FROM delivery WHERE notice = ? AND channel = ?', number, channel)
    return rows[0] if rows else None


def is_sent(office, number, channel='mail'):
    return sent(office, number, channel)[0] == 'SENT'


def stopped(office, **config):
    assert office.stop() == 0
    for section, keys in config.items():
        office.options['config'].setdefault(section, {}).update(keys)
    office.write_config()


def test_T21_N03_N30_a_loss_reaches_everyone_of_the_chain(office):
    office.lend('OP000001')
    office.must(CUSTODIAN, 'report-lost', 'OP000001', '--by', HOLDER, '--note', '電車内')
    subject = '【至急】操作者用ICカードの紛失（OP000001）'
    until(lambda: len(SERVER.about(subject)) >= 4, 'four mails')
    check.equal(sorted(mail.receiver for mail in SERVER.about(subject)), sorted([BOSS, DESK, SHIMIN, CHIEFS]))
    mail, = [one for one in SERVER.about(subject) if one.receiver == SHIMIN]
    check.equal((mail.sender, mail.to), ('opcard@example.jp', f'<{SHIMIN}>'))
    for word in ('OP000001', '市民課', '失効しました', '再発防止策', 'C-'):
        assert word in mail.body, mail.body
    assert PIN not in mail.message.as_string() and '{' not in mail.body, mail.body
    check.equal(len({mail.id for mail in SERVER.about(subject)}), 4, 'identifications')
    until(lambda: {i['state'] for i in office.json(ADMIN, 'notice', 'list')['items']} == {'SENT'}, 'all are marked')
    items = [i for i in office.json(ADMIN, 'notice', 'list')['items'] if i['about'] == 'OP000001']
    check.equal({(i['kind'], i['channel']) for i in items}, {('loss', 'mail')})
    check.equal(office.json(ADMIN, 'status')['notices'], {'waiting': 0, 'troubled': 0, 'failed': 0})


def test_a_report_by_anyone_asks_the_custodian_at_once(office):
    if not IS_ROOT:
        raise tap.Skip('root: one account is everybody')
    office.pull('OP000001')
    office.lend('OP000002')
    office.must(HOLDER, 'report-lost', 'OP000002', '--by', HOLDER)
    subject = '【至急】操作者用ICカードの所在不明の届出（OP000002）'
    until(lambda: DESK in [mail.receiver for mail in SERVER.about(subject)], 'a mail to the custodian')
    assert 'report-lost OP000002' in SERVER.about(subject)[0].body, SERVER.about(subject)[0].body


def test_greylisted_mail_comes_once_and_later(office):
    quiet(office)
    SERVER.mood = 'grey'
    stopped(office)
    number, = put(office, 'role:system-admin')
    office.start()
    until(lambda: is_sent(office, number), 'it is sent')
    check.equal(len(SERVER.to(BOSS)), 1)
    assert sent(office, number)[1] == 2, sent(office, number)


def test_server_that_closes_in_the_middle(office):
    quiet(office)
    SERVER.mood = 'half'
    stopped(office)
    number, = put(office, 'role:system-admin')
    office.start()
    until(lambda: sent(office, number)[2], 'a try that failed')
    SERVER.mood = 'good'
    until(lambda: is_sent(office, number), 'it is sent')
    check.equal(len(SERVER.to(BOSS)), 1)


def test_hanging_server_stops_nobody(office):
    SERVER.mails.clear()
    SERVER.mood, before = 'slow', SERVER.sessions
    stopped(office)
    number, = put(office, 'role:system-admin')
    office.start()
    until(lambda: SERVER.sessions > before, 'it waits for the server')
    office.must(CUSTODIAN, 'card', 'receive', 'OP000090', '--kind', 'operator', '--place', '保管庫')
    check.equal(sent(office, number), (None, 0, None), 'still on its way')
    until(lambda: sent(office, number)[2], 'its deadline')
    check.equal(sent(office, number)[2].split(': ')[-1], 'not answered in time')
    before = SERVER.sessions
    until(lambda: SERVER.sessions > before, 'the next try')
    check.equal(office.stop(), 0, 'opcardd ends although the server hangs')
    SERVER.mood = 'good'
    office.start()
    until(lambda: is_sent(office, number), 'it is sent')
    check.equal(len(SERVER.to(BOSS)), 1)


def test_one_bad_address_keeps_no_other_from_its_mail(office):
    SERVER.mails.clear()
    SERVER.bad = {'b@example.jp'}
    stopped(office, mail={'role:system-admin': f'a@example.jp, b@example.jp, {BOSS}'})
    number, = put(office, 'role:system-admin')
    office.start()
    until(lambda: (sent(office, number)[1] or 0) >= 2, 'two tries')
    check.equal([mail.receiver for mail in SERVER.mails], ['a@example.jp', BOSS], 'who got it')
    assert 'b@example.jp' in sent(office, number)[2] and '554' in sent(office, number)[2], sent(office, number)
    SERVER.bad = set()
    until(lambda: is_sent(office, number), 'it is sent')
    check.equal([mail.receiver for mail in SERVER.mails], ['a@example.jp', BOSS, 'b@example.jp'])


def test_K03_an_address_that_is_corrected_gets_the_mail(office):
    SERVER.mails.clear()
    SERVER.bad = {'old@example.jp'}
    stopped(office, mail={'role:system-admin': f'{BOSS}, old@example.jp'})
    number, section, person = put(office, 'role:system-admin', 'section:0402', f'staff:{HOLDER}')
    office.start()
    until(lambda: sent(office, number)[2] and is_sent(office, section) and is_sent(office, person), 'the others')
    check.equal([len(SERVER.to(f's{staff}@example.jp')) for staff in (MANAGER2, HOLDER)], [1, 1], 'by the staff list')
    stopped(office, mail={'role:system-admin': f'{BOSS}, new@example.jp'})
    office.start()
    until(lambda: is_sent(office, number), 'it is sent')
    check.equal((len(SERVER.to(BOSS)), len(SERVER.to('new@example.jp'))), (1, 1))


def test_N03_given_up_after_its_time_and_told(office):
    SERVER.mails.clear()
    SERVER.mood = 'words'
    stopped(office, mail={'role:system-admin': BOSS})
    number, late = put(office, 'role:system-admin', 'post:どこにもない長')
    base = sqlite3.connect(os.path.join(office.state, 'opcard.db'))
    with base:
        base.execute('UPDATE outbox SET at = at - 6 * 86400 WHERE id = ?', (number,))
    base.close()
    office.start()
    until(lambda: sent(office, number)[0] == 'FAILED' and sent(office, late)[2], 'given up')
    assert '\x1b' not in sent(office, number)[2], sent(office, number)
    assert 'どこにもない長' in sent(office, late)[2] and sent(office, late)[0] is None, sent(office, late)
    status = office.json(ADMIN, 'status')
    check.equal((status['notices']['failed'], status['notices']['troubled']), (1, 1))
    told = ' '.join(problem['ja'] for problem in status['problems'])
    assert 'notice retry' in told and 'notice list --state waiting' in told, told
    record = office.json(AUDITOR, 'audit', 'list', '--kind', 'notice-failed')['items'][-1]
    assert str(number) in json.dumps(record), record
    SERVER.mood = 'good'
    check.refused(office.ctl(ADMIN, 'notice', 'retry', str(late)), 5, str(late))
    office.must(ADMIN, 'notice', 'retry', str(number))
    until(lambda: len(SERVER.to(BOSS)) == 1, 'sent again')
    stopped(office, mail={'post:どこにもない長': BOSS})
    office.start()
    until(lambda: is_sent(office, late), 'an address that was added')


def test_refused_connection_is_a_problem_and_then_none(office):
    SERVER.mails.clear()
    with socket.create_server(('127.0.0.1', 0)) as free:
        port = free.getsockname()[1]
    stopped(office, notices={'smtp': f'smtp://127.0.0.1:{port}'})
    number, = put(office, 'role:system-admin')
    office.start()
    until(lambda: sent(office, number)[2], 'a try that failed')
    check.equal(office.json(ADMIN, 'status')['notices']['troubled'], 1)
    stopped(office, notices={'smtp': f'smtp://127.0.0.1:{SERVER.port}'})
    office.start()
    until(lambda: is_sent(office, number), 'it is sent')
    check.equal(office.json(ADMIN, 'status')['notices'], {'waiting': 0, 'troubled': 0, 'failed': 0})


def test_tls_needs_a_certificate_that_is_trusted(office):
    key, pem = office.path('mail.key'), office.path('mail.pem')
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                    '-keyout', key, '-out', pem, '-days', '2', '-subj', '/CN=localhost',
                    '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'], check=True, capture_output=True)
    os.chmod(pem, 0o644)
    server = MailServer(certificate=(pem, key))
    stopped(office, notices={'smtp': f'smtps://127.0.0.1:{server.port}'})
    number, = put(office, 'role:system-admin')
    office.start()
    until(lambda: sent(office, number)[2], 'a try that failed')
    check.equal(server.mails, [], 'mail to a server that nobody knows')
    stopped(office, notices={'smtp-ca': pem})
    office.start()
    until(lambda: is_sent(office, number), 'it is sent')
    check.equal(len(server.mails), 1)
    server.close()


HOOK = '''#!/usr/bin/python3
import json, os, sys
notice = json.load(sys.stdin)
seen = []
for path in %r:
    try:
        open(path, 'rb').read(1)
        seen.append(path)
    except OSError:
        pass
print('what a hook prints is nobody\\'s answer')
with open(%r, 'a') as file:
    file.write(json.dumps([sys.argv[1:], notice, seen, sorted(os.environ)]) + '\\n')
sys.exit(1 if notice['id'] %% 2 and not os.path.exists(%r) else 0)
'''


def test_log_and_hook(office):
    folder, hook, log = office.path('hook.d'), office.path('hook'), office.path('run/log')
    out, again = os.path.join(folder, 'out'), os.path.join(folder, 'again')
    os.mkdir(folder)
    secrets = [os.path.join(office.state, 'opcard.db'), office.path('secret/master.key'), office.config_file]
    with open(hook, 'w', encoding='utf-8') as file:
        file.write(HOOK % (secrets, out, again))
    os.chmod(hook, 0o755)
    reader = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    reader.bind(log)
    reader.settimeout(60)
    stopped(office, notices={'smtp': '', 'syslog': log, 'hook': hook, 'hook-dir': folder})
    numbers = put(office, 'role:system-admin', 'role:chief', channels=('syslog', 'hook'))
    odd, even = sorted(numbers, key=lambda number: number % 2 == 0)
    office.start()
    until(lambda: is_sent(office, even, 'hook') and sent(office, odd, 'hook')[1] >= 1, 'hooks are run')
    assert 'exit status 1' in sent(office, odd, 'hook')[2], sent(office, odd, 'hook')
    open(again, 'w', encoding='utf-8').close()
    until(lambda: is_sent(office, odd, 'hook'), 'tried again')
    with open(out, encoding='utf-8') as file:
        runs = [json.loads(line) for line in file]
    for arguments, notice, seen, environment in runs:
        check.equal(arguments, [str(notice['id'])], 'arguments of the hook')
        check.equal(seen, [], 'what the hook can read')
        check.equal(environment, ['LC_ALL', 'PATH'])
        check.equal((notice['kind'], notice['about'], notice['values']['days']), ('case-open', 'C-1', 3))
        assert '再発防止策' in notice['text'], notice
    lines = [reader.recv(4096).decode() for _ in numbers]
    reader.close()
    for number, line in zip(numbers, sorted(lines)):
        assert line.startswith(f'<29>opcard: notice {number} case-open to role:'), line


def test_without_a_channel_notices_are_kept(office):
    stopped(office, notices={'syslog': '', 'hook': ''})
    office.start()
    office.must(CUSTODIAN, 'stock-lost', 'OP000090', '--by', CUSTODIAN, '--note', '棚卸しで不足')
    items = [item for item in office.json(ADMIN, 'notice', 'list')['items'] if item['about'] == 'OP000090']
    check.equal({(item['kind'], item['state'], item['channel']) for item in items}, {('loss', 'RECORDED', None)})
    check.equal({item['to'] for item in items}, {'role:system-admin', 'role:chief', 'role:custodian'})


def test_settings_that_cannot_be_meant_are_refused(office):
    for config, word in (({'notices': {'smtp': 'mail.example.jp'}}, 'smtp://'),
                         ({'notices': {'smtp': 'smtp://x', 'from': ''}}, 'from'),
                         ({'notices': {'from': 'a@b\tc'}}, 'from'), ({'notices': {'hook': 'rm -rf'}}, 'hook'),
                         ({'mail': {'somebody': 'a@b'}}, 'somebody'), ({'mail': {'post:長': 'a@b>c'}}, 'a@b>c'),
                         ({'policy': {'collect-remind': '7, 3'}}, 'collect-remind')):
        bad = Office(start=False, config=config)
        process = bad.spawn('--config', bad.config_file)
        assert process.wait(60) != 0 and word in bad.log(), bad.log()
        bad.abandon()
    office.must(ROOT, 'whoami')


if __name__ == '__main__':
    tap.main(globals(), make)
