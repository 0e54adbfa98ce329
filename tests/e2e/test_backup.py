# SPDX-License-Identifier: Apache-2.0
# Backups (H17, N07, N08, N17, N66): sealed for a key that is elsewhere, made beside the running
# daemon, whole, without what would open the cards, and thinned out.
import hashlib
import json
import os
import sqlite3
import stat
import subprocess

import check
import tap
from office import ADMIN, CUSTODIAN, HOLDER, HOLDER2, MANAGER, ROOT, until
from recovery import KEY, RecoveryOffice, make_recipient, open_backup

CARD = 'OP000001'


def make():
    office = RecoveryOffice(config={'backup': {'keep': '3'}})
    office.lend(CARD)
    office.pull(CARD)
    return office


def test_only_root_and_the_administrator_make_one(office):
    for staff in (CUSTODIAN, MANAGER, HOLDER):
        check.refused(office.ctl(staff, 'backup'), 3)
    assert not os.path.exists(office.path('backups')) or not os.listdir(office.path('backups'))
    office.first = office.json(ADMIN, 'backup')
    path = office.first['file']
    check.equal(stat.S_IMODE(os.stat(path).st_mode), 0o600)
    check.equal(os.stat(path).st_size, office.first['bytes'])
    with open(path, 'rb') as file:
        check.equal(hashlib.sha256(file.read()).hexdigest(), office.first['sha256'])


def test_a_stranger_with_the_key_opens_it_with_openssl_and_tar(office):
    folder = open_backup(office, office.first['file'], office.path('opened'))
    with open(os.path.join(folder, 'manifest.json'), encoding='utf-8') as file:
        manifest = json.load(file)
    check.equal(manifest['format'], 'opcard-backup-1')
    check.equal(manifest['ledger'], office.first['ledger'])
    check.equal(manifest['keys'], {'ca': True, 'master': False})
    check.equal(manifest['issuers'][0]['crlNumber'], office.crl().number)
    for entry in manifest['files']:
        with open(os.path.join(folder, entry['name']), 'rb') as file:
            check.equal(hashlib.sha256(file.read()).hexdigest(), entry['sha256'], entry['name'])
    names = [entry['name'] for entry in manifest['files']]
    assert 'ca/ca.key' in names and 'opcard.db' in names, names
    database = sqlite3.connect(os.path.join(folder, 'opcard.db'))
    check.equal(database.execute('PRAGMA integrity_check').fetchall(), [('ok',)])
    check.equal(database.execute('SELECT state FROM card WHERE number = ?', [CARD]).fetchall(), [('ACTIVE',)])
    database.close()


def test_what_opens_the_cards_is_not_inside(office):
    with open(office.path('secret/master.key'), 'rb') as file:
        master = file.read()
    folder = office.path('opened')
    for top, _, files in os.walk(folder):
        for name in files:
            with open(os.path.join(top, name), 'rb') as file:
                assert master not in file.read(), f'the master key is in {name}'
    with open(office.first['file'], 'rb') as file:
        sealed = file.read()
    assert b'SQLite format' not in sealed and b'PRIVATE KEY' not in sealed and CARD.encode() not in sealed


def test_another_key_or_a_changed_byte_opens_nothing(office):
    make_recipient(office.folder, 'other')
    opened = subprocess.run(['openssl', 'cms', '-decrypt', '-inform', 'DER', '-in', office.first['file'], '-inkey',
                             office.path('other.key')], capture_output=True, check=False)
    assert opened.returncode != 0
    with open(office.first['file'], 'rb') as file:
        bytes_ = bytearray(file.read())
    bytes_[len(bytes_) // 2] ^= 1
    with open(office.path('changed.backup'), 'wb') as file:
        file.write(bytes_)
    changed = office.offline('--restore', office.path('changed.backup'), '--key', office.path(KEY), '--dry-run')
    check.refused(changed, 1, 'changed')
    other = office.offline('--restore', office.first['file'], '--key', office.path('other.key'), '--dry-run')
    check.refused(other, 1, 'another key')


def test_it_is_in_the_audit_record_before_and_after(office):
    kinds = [row[0] for row in office.sql("SELECT kind FROM ledger WHERE kind LIKE 'backup%' ORDER BY seq")]
    check.equal(kinds, ['backup-begin', 'backup'])
    body = json.loads(office.sql("SELECT body FROM ledger WHERE kind = 'backup'")[0][0])
    check.equal(body['sha256'], office.first['sha256'])
    check.equal(office.sql("SELECT actor FROM ledger WHERE kind = 'backup'"), [(ADMIN,)])


def test_it_is_fetched_to_a_file_or_to_stdout(office):
    target = office.path('out/fetched.backup')
    office.must(None, 'backup', '-o', target)
    check.equal(stat.S_IMODE(os.stat(target).st_mode), 0o600)
    newest = sorted(os.listdir(office.path('backups')))[-1]
    with open(target, 'rb') as one, open(office.path('backups', newest), 'rb') as other:
        check.equal(one.read(), other.read())
    command = [office.path('bin/opcardctl'), '--socket', office.socket, 'backup', '-o', '-']
    piped = subprocess.run(command, capture_output=True, check=True).stdout
    newest = sorted(os.listdir(office.path('backups')))[-1]
    with open(office.path('backups', newest), 'rb') as file:
        check.equal(piped, file.read())


def test_the_oldest_go_and_nothing_plain_stays(office):
    for _ in range(3):
        office.must(ROOT, 'backup')
    names = os.listdir(office.path('backups'))
    check.equal(len(names), 3, names)
    assert os.path.basename(office.first['file']) not in names
    left = [name for name in os.listdir(office.state) if 'backup' in name]
    check.equal(left, [])


def test_a_name_out_of_the_folder_is_not_found(office):
    for name in ('opcard-%2Fetc%2Fx.backup', 'master.key', 'opcard-x.backup'):
        check.refused(office.ctl(ROOT, 'api', 'GET', f'/backups/{name}'), 4)
    check.refused(office.ctl(ROOT, 'api', 'GET', '/backups/..%2Fsecret%2Fmaster.key'), 2)


def test_a_loss_is_taken_while_a_backup_is_being_made(office):
    office.lend('OP000002', HOLDER2)
    office.pull('OP000002')
    office.restart(failpoints='backup.pages:sleep=2000@1')
    making = office.begin(ROOT, 'backup')
    until(lambda: office.sql("SELECT count(*) FROM ledger WHERE kind = 'backup-begin'")[0][0] >= 7, 'it has begun')
    until(lambda: os.path.exists(os.path.join(office.state, 'backup-copy.db')), 'it is copied')
    office.must(CUSTODIAN, 'report-lost', 'OP000002', '--by', HOLDER2)
    assert making.poll() is None, 'the backup was over before the loss was reported'
    check.refused(office.ctl(ROOT, 'backup'), 1, 'another backup')
    result = office.finish(making)
    check.equal(result.exit, 0, result.err)
    newest = sorted(os.listdir(office.path('backups')))[-1]
    folder = open_backup(office, office.path('backups', newest), office.path('meanwhile'))
    database = sqlite3.connect(os.path.join(folder, 'opcard.db'))
    check.equal(database.execute("SELECT state FROM card WHERE number = 'OP000002'").fetchall(), [('ACTIVE',)],
                'the backup shows the moment it was begun')
    database.close()
    office.restart()


def test_a_full_disk_leaves_nothing_half(office):
    office.restart(failpoints='backup.sealed:enospc')
    before = sorted(os.listdir(office.path('backups')))
    assert office.ctl(ROOT, 'backup').exit == 1
    check.equal(sorted(os.listdir(office.path('backups'))), before)
    check.equal([name for name in os.listdir(office.state) if 'backup' in name], [])
    office.restart()
    check.whole(office)


def test_it_is_made_by_itself_and_status_knows(office):
    assert office.json(ROOT, 'status')['backup']['isConfigured']
    for name in os.listdir(office.path('backups')):
        os.unlink(office.path('backups', name))
    assert office.json(ROOT, 'status')['backup']['newest'] is None
    office.options['config']['backup']['every'] = '24h'
    office.write_config()
    office.restart()
    until(lambda: office.json(ROOT, 'status')['backup']['newest'], 'a backup is made by itself')
    check.equal(office.sql("SELECT actor FROM ledger WHERE kind = 'backup' ORDER BY seq DESC LIMIT 1"), [('opcardd',)])


def test_without_a_recipient_it_is_refused_with_the_way_out(office):
    office.options['config']['backup']['recipient'] = ''
    office.write_config()
    office.restart()
    check.refused(office.ctl(ROOT, 'backup'), 2, 'recipient')
    findings = [finding['en'] for finding in office.json(ROOT, 'doctor')['findings']]
    assert 'no backups are made' in findings, findings
    office.options['config']['backup']['recipient'] = 'file:' + office.path('secret/master.key')
    office.write_config()
    office.restart()
    check.refused(office.ctl(ROOT, 'backup'), 2, 'PEM certificate')


if __name__ == '__main__':
    tap.main(globals(), make)
