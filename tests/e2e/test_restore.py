# SPDX-License-Identifier: Apache-2.0
# Restore (H17, N08): examined first, never over anything, cut off anywhere it is begun again; and a
# backup older than the published list makes nothing good again.
import os
import re
import shutil
import sqlite3
import time

import check
import tap
from office import ADMIN, CUSTODIAN, HOLDER, HOLDER2, ROOT, WITNESS
from recovery import RecoveryOffice

LOST, HELD, LATER, KEPT = 'OP000001', 'OP000002', 'OP000003', 'OP000004'


def make():
    office = RecoveryOffice()
    for card, staff, authority in ((LOST, HOLDER, '一般操作者'), (HELD, HOLDER2, '一般操作者'),
                                   (KEPT, WITNESS, '業務管理者')):
        office.lend(card, staff, authority=authority)
        office.pull(card)
    office.serial = {card: office.show(card)['certificate']['serial'] for card in (LOST, HELD, KEPT)}
    office.old = office.backup()
    office.at_backup = office.crl().number
    return office


def list_bytes(office):
    with open(os.path.join(office.public, 'crl/opcard.crl'), 'rb') as file:
        return file.read()


def test_dry_run_examines_everything_and_says_where_it_goes(office):
    before = sorted(os.listdir(office.state))
    out = office.restore(office.old, '--dry-run')
    check.equal(out.exit, 0, out.err)
    for words in ('every file is as its manifest says', 'database in the backup is sound', 'ledger in the backup is whole',
                  'fits its certificate', 'is not older than the published', f'{office.state}/opcard.db', '復元'):
        assert words in out.out, f'{words} is not in {out.out}'
    check.equal(sorted(os.listdir(office.state)), before, 'a dry run beside a running daemon')


def test_it_never_overwrites(office):
    result = office.restore(office.old)
    check.refused(result, 5, 'not empty', f'mv {office.state}')
    check.equal(office.ctl(ROOT, 'status').exit, 0)


def test_what_came_after_the_backup(office):
    office.must(CUSTODIAN, 'report-lost', LOST, '--by', HOLDER)
    office.must(ADMIN, 'suspend', HELD, '--reason', 'LEAVE')
    office.receive(LATER)
    office.must(CUSTODIAN, 'card', 'prepare', LATER, '--reader', 'reader1')
    office.issue(LATER, HOLDER)
    office.hand_over(LATER)
    office.pull(LATER)
    office.serial[LATER] = office.show(LATER)['certificate']['serial']
    check.certificate(office, office.serial[LATER], 'good')
    office.must(CUSTODIAN, 'report-lost', LATER, '--by', HOLDER)
    office.published = office.crl()
    assert office.published.number > office.at_backup
    check.equal(office.stop(), 0)


def test_an_older_backup_says_try_later_and_grants_nothing(office):
    office.move_state_away()
    result = office.restore(office.old)
    check.equal(result.exit, 8, result.err)
    assert '--reconcile' in result.out, result.out
    before = list_bytes(office)
    office.start()
    for serial in office.serial.values():
        assert 'trylater' in office.raw_ocsp(serial), office.raw_ocsp(serial)
    office.receive('OP000009')
    office.must(CUSTODIAN, 'card', 'prepare', 'OP000009', '--reader', 'reader1')
    check.refused(office.ctl(CUSTODIAN, 'issue', 'OP000009', '--staff', '012990', '--authority', '一般操作者',
                             '--reader', 'reader1'), 5, 'older than the published revocation list')
    problems = [problem['en'] for problem in office.json(ROOT, 'status')['problems']]
    assert any('older than the published' in problem for problem in problems), problems
    check.refused(office.ctl(ROOT, 'ca', 'crl'), 8, 'older than the published')
    check.equal(list_bytes(office), before, 'the witness was overwritten')
    check.equal(office.ctl(CUSTODIAN, 'suspend', KEPT, '--reason', 'FORGOTTEN').exit, 8, 'a restriction is taken')
    assert 'trylater' in office.raw_ocsp(office.serial[KEPT])
    check.equal(office.stop(), 0)
    check.equal(list_bytes(office), before, 'the witness was overwritten')


def test_reconciled_it_knows_again_what_was_revoked(office):
    out = office.must_offline('--reconcile')
    assert '1 revoked, 1 held, 1 serials' in out, out
    office.start()
    check.equal(tuple(office.ocsp(office.serial[LOST])), ('revoked', 'keyCompromise'))
    check.equal(tuple(office.ocsp(office.serial[LATER])), ('revoked', 'keyCompromise'))
    check.equal(tuple(office.ocsp(office.serial[HELD])), ('revoked', 'certificateHold'))
    assert office.crl().number > office.published.number
    assert set(office.published.entries) <= set(office.crl().entries)
    shown = office.show(LOST)
    check.equal(shown['state'], 'RECALLED')
    assert shown['duty'] is not None and shown['duty']['owner'], shown
    check.equal(office.show(HELD)['reasons'], ['ORDER'])
    check.equal(check.last_events(office, LOST, 1), ['reconcile'])
    check.equal(office.sql("SELECT actor, entered_at >= at FROM ledger WHERE kind = 'restored'"), [('root', 1)])
    findings = [finding['en'] for finding in office.json(ROOT, 'doctor')['findings']]
    assert any('cards are not in the register' in finding for finding in findings), findings
    check.whole(office)


def test_work_goes_on_and_a_person_decides(office):
    office.must(ADMIN, 'resume', KEPT, '--reason', 'FORGOTTEN')
    check.certificate(office, office.serial[KEPT], 'good')
    check.refused(office.ctl(ADMIN, 'recall-cancel', LOST, '--note', 'x'), 5)
    office.must(CUSTODIAN, 'report-lost', LOST, '--by', HOLDER)
    check.certificate(office, office.serial[LOST], 'keyCompromise')
    office.must(CUSTODIAN, 'issue', 'OP000009', '--staff', '012990', '--authority', '一般操作者', '--reader', 'reader1')


def test_reconciling_twice_changes_nothing(office):
    check.equal(office.stop(), 0)
    before = office.dump()
    assert 'nothing was changed' in office.must_offline('--reconcile')
    check.equal(office.dump(), before)


def test_cut_off_anywhere_it_is_begun_again(office):
    for point in ('restore.opened', 'restore.unpacked', 'restore.examined', 'restore.placing', 'restore.placed'):
        office.move_state_away()
        office.failpoints = f'{point}:kill'
        check.equal(office.restore(office.old).exit, -9, point)
        office.failpoints = None
        if point != 'restore.placed':
            assert not os.path.exists(os.path.join(office.state, 'opcard.db')), point
        check.refused(office.offline(), 5, 'cut off')
        check.equal(office.restore(office.old, '--reconcile').exit, 0, point)
        assert not os.path.exists(os.path.join(office.state, 'restoring'))


def test_a_reconciliation_cut_off_anywhere_is_done_again(office):
    for point in ('reconcile.begin', 'reconcile.committed', 'reconcile.noted', 'crl.before-rename'):
        office.move_state_away()
        check.equal(office.restore(office.old).exit, 8)
        office.failpoints = f'{point}:kill'
        check.equal(office.offline('--reconcile').exit, -9, point)
        office.failpoints = None
        check.equal(office.offline('--reconcile').exit, 0, point)
        office.start()
        for card in (LOST, LATER):
            check.equal(tuple(office.ocsp(office.serial[card])), ('revoked', 'keyCompromise'), point)
        check.equal(office.stop(), 0)
    office.start()
    check.whole(office)


def test_without_any_published_list_it_is_not_taken_for_granted(office):
    check.equal(office.stop(), 0)
    office.move_state_away()
    os.rename(office.public, office.public + '.away')
    result = office.restore(office.old)
    check.refused(result, 8, 'there is no published revocation list')
    office.start()
    assert 'trylater' in office.raw_ocsp(office.serial[LOST])
    check.equal(office.stop(), 0)
    shutil.rmtree(office.public)
    os.rename(office.public + '.away', office.public)
    office.must_offline('--reconcile')
    office.start()
    check.equal(office.ocsp(office.serial[LOST]).answer, 'revoked')


def test_a_database_copied_without_its_log_is_found_at_start(office):
    database = os.path.join(office.state, 'opcard.db')
    office.must(CUSTODIAN, 'card', 'place', KEPT, '金庫 1')
    shutil.copy(database, office.path('copied.db'))
    for number in range(3):
        office.must(CUSTODIAN, 'card', 'place', KEPT, f'金庫 {number}')
    right = office.path('right.db')
    check.equal(office.stop(), 0)
    os.rename(database, right)
    shutil.copy(office.path('copied.db'), database)
    result = office.offline()
    check.refused(result, 1, 'copied without its -wal', '-wal なしで', 'opcardd --reconcile')
    os.replace(right, database)
    office.start()
    check.whole(office)


def test_an_old_copy_put_back_is_found_and_can_be_accepted(office):
    old = office.path('old.db')
    office.copy_database(old)
    office.must(CUSTODIAN, 'report-lost', KEPT, '--by', WITNESS)
    records = office.sql('SELECT count(*) FROM ledger')[0][0]
    check.equal(office.stop(), 0)
    shutil.copy(old, os.path.join(office.state, 'opcard.db'))
    check.refused(office.offline(), 1, 'older copy was put back')
    office.must_offline('--reconcile')
    office.start()
    check.certificate(office, office.serial[KEPT], 'keyCompromise')
    check.equal(office.show(KEPT)['state'], 'RECALLED')
    assert office.sql('SELECT count(*) FROM ledger')[0][0] >= records
    check.whole(office)


def test_a_damaged_or_forged_backup_is_refused(office):
    cut = office.path('cut.backup')
    with open(office.old, 'rb') as file:
        data = file.read()
    with open(cut, 'wb') as file:
        file.write(data[:len(data) // 2])
    check.refused(office.offline('--restore', cut, '--key', office.path('backup.key'), '--dry-run'), 1, 'cut off')
    check.refused(office.offline('--restore', office.old, '--dry-run'), 2, '--key')
    check.refused(office.offline('--restore', '/none', '--key', office.path('backup.key'), '--dry-run'), 2, '/none')
    check.refused(office.offline('--restore', office.old, '--key', office.path('backup.pem'), '--dry-run'), 2)
    check.refused(office.offline('--dry-run'), 2)


def test_the_drill(office):
    """The steps of the plan and the seconds each took here; no figure is a condition."""
    steps = {}
    began = time.monotonic()
    drill = office.backup()
    steps['backup'] = time.monotonic() - began
    check.equal(office.stop(), 0)
    office.move_state_away()
    began = time.monotonic()
    result = office.restore(drill, '--reconcile')
    check.equal(result.exit, 0, result.err)
    steps['restore and reconcile'] = time.monotonic() - began
    began = time.monotonic()
    office.start()
    check.equal(office.ocsp(office.serial[KEPT]).answer, 'revoked')
    steps['start to the first OCSP answer'] = time.monotonic() - began
    for text, seconds in steps.items():
        tap.comment(f'drill: {seconds:6.2f} s  {text}')
    for line in re.findall(r'^\[.*', result.out, re.M):
        tap.comment('drill: ' + line)
    check.whole(office)
    check.equal(office.show(HELD)['certificate']['serial'], office.serial[HELD])
    database = sqlite3.connect(f'file:{office.state}/opcard.db?mode=ro', uri=True)
    check.equal(database.execute('PRAGMA integrity_check').fetchall(), [('ok',)])
    database.close()


if __name__ == '__main__':
    tap.main(globals(), make)
