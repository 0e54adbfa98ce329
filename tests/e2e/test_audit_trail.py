# SPDX-License-Identifier: Apache-2.0
# The audit trail as its users meet it: checkpoints and their witness (N60, N73), what a tampered
# database is told of, look-ups for a resident (T40), one person's records with proofs (K06, T36),
# legal hold and disposal (K14, N18), the yearly analysis and who signed for it (T33, N84).
import json
import os
import shutil
import sqlite3
import tempfile

import audit_outsider
import check
import tap
from office import ADMIN, ADMIN2, AUDITOR, CHIEF, CUSTODIAN, HOLDER, MANAGER, Office, today, until

CARD = 'OP000001'


def make():
    folder = tempfile.mkdtemp(prefix='opcard-e2e-')
    witness = os.path.join(folder, 'witness')
    office = Office(folder, config={'audit': {'witness-file': witness}, 'policy': {}})
    office.witness = witness
    office.lend(CARD)
    return office


def out(office, name):
    folder = office.path('out')
    os.makedirs(folder, exist_ok=True)
    os.chmod(folder, 0o777)
    return os.path.join(folder, name)


def verdict(office, *options, status=0):
    result = office.ctl(AUDITOR, 'audit', 'verify', '--json', *options)
    check.equal(result.exit, status, result.err)
    return json.loads(result.out)


def lines(office):
    with open(office.witness, encoding='ascii') as file:
        return file.read().splitlines()


def forget(office):
    """The folder's own note of the last record, which tells a cut tail at the start already."""
    path = os.path.join(office.state, 'generation')
    if os.path.exists(path):
        os.remove(path)


def tamper(office, script):
    """The daemon is stopped, the script runs on its database as an intruder's would, it starts."""
    office.stop()
    path = os.path.join(office.state, 'opcard.db')
    shutil.copy(path, office.path('sound.db'))
    base = sqlite3.connect(path)
    for name in ('ledger_no_update', 'ledger_no_delete', 'ledger_personal_no_update', 'ledger_personal_no_delete'):
        base.execute(f'DROP TRIGGER {name}')
    base.executescript(script)
    base.commit()
    base.close()
    forget(office)
    office.start()


def mend(office):
    office.kill()
    for suffix in ('-wal', '-shm'):
        if os.path.exists(os.path.join(office.state, 'opcard.db' + suffix)):
            os.remove(os.path.join(office.state, 'opcard.db' + suffix))
    shutil.copy(office.path('sound.db'), os.path.join(office.state, 'opcard.db'))
    forget(office)
    office.start()


def test_checkpoint_is_signed_kept_and_copied(office):
    line = office.must(AUDITOR, 'audit', 'checkpoint').strip()
    check.equal(line.split(' ')[0], 'OPCARD-CHECKPOINT/1')
    check.equal(lines(office)[-1], line)
    found = verdict(office, '--witness', office.witness)
    check.equal((found['ok'], found['sealed']), (True, int(line.split(' ')[2])))
    listed = office.json(AUDITOR, 'audit', 'checkpoints')['items']
    check.equal([row['line'] for row in listed], lines(office))
    check.equal(office.must(AUDITOR, 'audit', 'checkpoint').strip(), line, 'nothing new, no new one')


def test_checkpoint_is_made_at_the_end(office):
    office.must(ADMIN, 'register', 'print', 'card', '-o', out(office, 'x.pdf'))
    office.restart()
    count = office.sql('SELECT max(seq) FROM ledger')[0][0]
    check.equal(int(lines(office)[-1].split(' ')[2]), count)
    check.equal(verdict(office, '--witness', office.witness)['ok'], True)


def test_exchanged_key_is_told_at_once_and_the_daemon_goes_on(office):
    office.stop()
    path = office.path('secret/audit.key')
    os.rename(path, path + '.kept')
    office.start()
    assert any('audit.key' in problem['en'] for problem in office.json(ADMIN, 'status')['problems'])
    check.equal(office.show(CARD)['state'], 'ACTIVE')
    check.refused(office.ctl(AUDITOR, 'audit', 'checkpoint'), 4, 'audit.key')
    office.stop()
    os.rename(path + '.kept', path)
    office.start()
    office.must(AUDITOR, 'audit', 'checkpoint')
    check.equal([p for p in office.json(ADMIN, 'status')['problems'] if 'audit' in p['en']], [])


def test_export_is_verified_by_strangers(office):
    path = out(office, 'export.json')
    office.must(AUDITOR, 'audit', 'export', '--staff', HOLDER, '-o', path)
    office.must(AUDITOR, 'audit', 'check', path)
    with open(path, encoding='utf-8') as file:
        export = json.load(file)
    check.equal(audit_outsider.verify(export), len(export['records']))
    wanted = [row[0] for row in office.sql('SELECT seq FROM ledger WHERE staff = ? ORDER BY seq', HOLDER)]
    check.equal([row['seq'] for row in export['records']], wanted[:len(export['records'])])
    assert len(export['records']) >= 3
    # Who acted is withheld unless the policy allows it; whom it concerns is not.
    shown = [[('text' in field, field.get('text')) for field in row['fields']] for row in export['records']]
    check.equal({row[2] for row in shown}, {(True, HOLDER)})
    check.equal({row[0][0] for row in shown if row[0] != (True, HOLDER)}, {False})
    for change in (lambda e: e['records'][1]['fields'][3].update(text=e['records'][1]['fields'][3]['text'] + ' '),
                   lambda e: e['records'][1].update(record=e['records'][1]['record'].replace('2', '3', 2)),
                   lambda e: e['records'][1].update(seq=e['records'][1]['seq'] + 1),
                   lambda e: e['records'][1].update(path=e['records'][1]['path'][:-1]),
                   lambda e: e.update(checkpoint=e['checkpoint'].replace(' 1', ' 2', 1)),
                   lambda e: e['key'].update(spki=e['key']['spki'][:-2] + '00')):
        with open(path, encoding='utf-8') as file:
            export = json.load(file)
        change(export)
        with open(out(office, 'changed.json'), 'w', encoding='utf-8') as file:
            json.dump(export, file)
        check.equal(office.ctl(AUDITOR, 'audit', 'check', out(office, 'changed.json')).exit, 1)
        try:
            audit_outsider.verify(export)
        except (ValueError, IndexError, KeyError, audit_outsider.subprocess.CalledProcessError):
            continue
        raise AssertionError('the outsider took a changed export for genuine')


def test_lookup_answers_for_a_moment(office):
    before = office.sql("SELECT at FROM ledger WHERE card = ? AND kind = 'receive'", CARD)[0][0] - 60
    use = office.json(AUDITOR, 'audit', 'lookup', '--at', f'{today()}T23:59:00+09:00', '--card', CARD,
                      '--terminal', 'T-0301-1')['items'][0]
    check.equal((use['valid'], use['state'], use['sectionCode'], use['terminal'], use['name'], use['staff']),
                (True, 'ACTIVE', '0301', 'T-0301-1', None, None))
    path = office.path('uses.csv')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(f'日時,端末,カード番号\n{today()} 23:59:00,T1,{CARD}\n2020-01-06 09:00:00,T2,{CARD}\n'
                   f'{today()} 23:59,T3,NOSUCH1\n')
    found = office.json(CHIEF, 'audit', 'lookup', '--from', path)['items']
    check.equal([(row['card'], row['known'], row['valid']) for row in found],
                [(CARD, True, True), (CARD, False, False), ('NOSUCH1', False, False)])
    assert before > 0
    check.equal(office.ctl(MANAGER, 'audit', 'lookup', '--at', f'{today()} 09:00', '--card', CARD).exit, 3)
    office.must(ADMIN, 'emergency', 'stop', '--scope', 'section:0301')
    stopped = office.json(AUDITOR, 'audit', 'lookup', '--at', f'{today()}T23:59:00+09:00', '--card', CARD)['items'][0]
    check.equal(stopped['valid'], False)
    wait = office.json(ADMIN, 'emergency', 'resume', '--scope', 'section:0301')
    confirmation = wait.get('confirmation') or office.json(ADMIN, 'confirm', '--list')['items'][0]['id']
    office.must(ADMIN2, 'confirm', confirmation)
    again = office.json(AUDITOR, 'audit', 'lookup', '--at', f'{today()}T23:59:00+09:00', '--card', CARD)['items'][0]
    check.equal(again['valid'], True)
    kinds = office.sql("SELECT actor FROM ledger WHERE kind = 'audit-lookup' ORDER BY seq")
    check.equal(kinds[0], (AUDITOR if not office.is_alone else kinds[0][0],))


def test_names_are_shown_where_the_policy_allows(office):
    office.options['config']['policy']['disclose-names'] = '1'
    office.write_config()
    office.restart()
    use = office.json(AUDITOR, 'audit', 'lookup', '--at', f'{today()}T23:59:00+09:00', '--card', CARD)['items'][0]
    check.equal(use['staff'], HOLDER)
    assert use['name']
    del office.options['config']['policy']['disclose-names']
    office.write_config()
    office.restart()


def test_hold_and_disposal_take_their_persons(office):
    held = office.json(CHIEF, 'audit', 'hold', 'add', '--staff', HOLDER, '--reason', '調査のため')['id']
    check.equal([row['id'] for row in office.json(AUDITOR, 'audit', 'hold', 'list')['items']], [held])
    check.refused(office.ctl(CHIEF, 'audit', 'hold', 'add', '--reason', 'x'), 2)
    check.refused(office.ctl(ADMIN, 'audit', 'dispose', '--fiscal-year', '2025'), 5, '2033')
    asked = office.ctl(ADMIN, 'audit', 'dispose', '--fiscal-year', '2015')
    check.equal(asked.exit, 0, asked.err)
    waiting = [row for row in office.json(ADMIN, 'confirm', '--list')['items'] if row['event'] == 'audit-dispose']
    check.equal(len(waiting), 1)
    if not office.is_alone:
        check.refused(office.ctl(ADMIN, 'confirm', waiting[0]['id']), 5)
    office.must(ADMIN2, 'confirm', waiting[0]['id'])
    row = office.sql("SELECT actor, second, body FROM ledger WHERE kind = 'audit-dispose'")[0]
    check.equal(json.loads(row[2])['last'], 0)
    if not office.is_alone:
        check.equal(row[:2], (ADMIN, ADMIN2))
    office.must(CHIEF, 'audit', 'hold', 'end', held, '--note', '調査を終えた')
    check.equal(verdict(office, '--witness', office.witness)['ok'], True)


def test_analysis_is_read_and_signed(office):
    year = str(int(today()[:4]) - (today()[5:] < '04-01'))
    found = office.json(AUDITOR, 'audit', 'report', '--fiscal-year', year)
    assert isinstance(found['rows'], list)
    check.refused(office.ctl('root', 'audit', 'report', '--fiscal-year', year, '--sign-off'), 3)
    signed = office.json(CHIEF, 'audit', 'report', '--fiscal-year', year, '--sign-off', '--note', '確認した')
    check.equal(signed['rows'], len(found['rows']))
    values = office.json(AUDITOR, 'audit', 'report', '--fiscal-year', year)['values']
    check.equal(values['確認日'], today())
    office.must(AUDITOR, 'audit', 'report', '--fiscal-year', year, '-o', out(office, 'analysis.pdf'))


def test_cut_tail_is_found_by_the_witness_alone(office):
    size = office.sql('SELECT max(seq) FROM ledger')[0][0]
    tamper(office, f'DELETE FROM ledger_record WHERE seq > {size - 2}; DELETE FROM ledger_personal WHERE seq > {size - 2};'
                   'DELETE FROM ledger_checkpoint WHERE number = (SELECT max(number) FROM ledger_checkpoint);'
                   'DELETE FROM ledger_node')
    found = verdict(office, '--witness', office.witness, status=1)
    check.equal(found['ok'], False)
    assert found['firstBad'] <= size, found
    mend(office)
    check.equal(verdict(office, '--witness', office.witness)['ok'], True)


def test_changed_person_is_found_and_named(office):
    tamper(office, "UPDATE ledger_personal SET actor = '004102' WHERE seq = 7")
    found = office.ctl(AUDITOR, 'audit', 'verify')
    check.equal(found.exit, 1)
    assert 'record 7' in found.out, found.out
    mend(office)


def test_everything_is_whole_in_the_end(office):
    office.restart()
    check.equal(verdict(office, '--witness', office.witness)['ok'], True)
    until(lambda: os.path.getsize(office.witness) > 0, 'the witness')


if __name__ == '__main__':
    tap.main(globals(), make)
