# SPDX-License-Identifier: Apache-2.0
# The store cannot be written (N60): OCSP goes on, changes are refused, and a loss still takes effect
# at once through the spool, is entered by itself, and outlasts a kill in between.
import os

import check
import tap
from office import CUSTODIAN, HOLDER, HOLDER2, IS_ROOT, MANAGER, ROOT, STRANGER, WITNESS, until
from test_disk_full import fill, free, make as make_small

LOST, STOLEN, HELD = 'OP000001', 'OP000002', 'OP000003'


def make():
    office = make_small()
    for card, staff, authority in ((LOST, HOLDER, '一般操作者'), (STOLEN, HOLDER2, '一般操作者'),
                                   (HELD, WITNESS, '業務管理者')):
        office.lend(card, staff, authority=authority)
        office.pull(card)
    office.serial = {card: office.show(card)['certificate']['serial'] for card in (LOST, STOLEN, HELD)}
    return office


def until_refused(office):
    """Fills the disk and uses up what the log has reserved."""
    fill(office)
    for number in range(2000):
        if office.ctl(CUSTODIAN, 'card', 'place', HELD, f'金庫 {number}').exit != 0:
            return
    raise AssertionError('the full disk refuses nothing')


def spooled(office):
    return office.json(ROOT, 'status')['spooled']


def test_the_spool_was_made_beforehand(office):
    check.equal(os.stat(os.path.join(office.state, 'spool')).st_size, 256 * 4096)
    check.equal(os.stat(os.path.join(office.state, 'spool')).st_mode & 0o777, 0o600)
    check.equal(spooled(office), 0)


def test_a_loss_takes_effect_at_once_and_says_where_it_stands(office):
    until_refused(office)
    check.certificate(office, office.serial[LOST], 'good')
    result = office.ctl(CUSTODIAN, 'report-lost', LOST, '--by', HOLDER, '--via', 'phone', '--note', '駅で')
    check.equal(result.exit, 0, result.err)
    assert 'register cannot be written' in result.err and 'refused everywhere' in result.err, result
    check.equal(tuple(office.ocsp(office.serial[LOST])), ('revoked', 'keyCompromise'))
    result = office.ctl(CUSTODIAN, 'report-stolen', STOLEN, '--by', HOLDER2, '--police-report', '第5号')
    check.equal(result.exit, 0, result.err)
    check.equal(tuple(office.ocsp(office.serial[STOLEN])), ('revoked', 'keyCompromise'))
    check.equal(spooled(office), 2)
    problems = [problem['en'] for problem in office.json(ROOT, 'status')['problems']]
    assert any('not in the register yet' in problem for problem in problems), problems


def test_whoever_may_not_revoke_puts_a_hold(office):
    if not IS_ROOT:
        raise tap.Skip('root: a stranger needs an account of its own')
    result = office.ctl(STRANGER, 'report-lost', HELD, '--by', '通りがかり')
    check.equal(result.exit, 0, result.err)
    check.equal(tuple(office.ocsp(office.serial[HELD])), ('revoked', 'certificateHold'))


def test_everything_else_is_refused_and_reading_goes_on(office):
    check.refused(office.ctl(CUSTODIAN, 'card', 'place', LOST, 'x'), 1)
    check.refused(office.ctl(MANAGER, 'suspend', HELD, '--reason', 'FORGOTTEN'), 1)
    office.must(CUSTODIAN, 'card', 'list')
    assert office.ctl(ROOT, 'doctor').exit == 1
    check.equal(office.show(LOST)['state'], 'ACTIVE')


def test_killed_and_started_on_the_full_disk_it_is_still_in_force(office):
    office.kill()
    office.start()
    for card in (LOST, STOLEN):
        check.equal(tuple(office.ocsp(office.serial[card])), ('revoked', 'keyCompromise'), card)
    assert spooled(office) >= 2


def test_with_space_again_it_is_entered_by_itself_once(office):
    free(office)
    until(lambda: spooled(office) == 0, 'the spool is empty')
    check.card(office, LOST, 'LOST', 'keyCompromise')
    check.card(office, STOLEN, 'STOLEN', 'keyCompromise')
    if IS_ROOT:
        check.card(office, HELD, 'SUSPENDED', 'certificateHold', holds=['MISSING'])
    for card, event in ((LOST, 'report-lost'), (STOLEN, 'report-stolen')):
        rows = office.sql('SELECT actor, at < entered_at FROM ledger WHERE card = ? AND kind = ?', card, event)
        check.equal(rows, [(office.sql('SELECT actor FROM ledger WHERE card = ? AND kind = ?', card, 'receive')[0][0], 1)])
        refused = office.sql('SELECT refused_at FROM case_file WHERE card = ?', card)[0][0]
        at = office.sql('SELECT at FROM ledger WHERE card = ? AND kind = ?', card, event)[0][0]
        check.equal(refused, at, 'refused since the report')
    check.equal(office.sql('SELECT reported_by, via, note FROM case_file WHERE card = ?', LOST), [(HOLDER, 'phone', '駅で')])
    assert '事後入力' in str(office.events(LOST)[-1]['note']), office.events(LOST)[-1]
    check.whole(office)


def test_cut_off_between_entering_and_clearing_it_is_entered_once(office):
    office.receive('OP000009')
    office.prepare('OP000010')
    office.issue('OP000010', '012990')
    office.hand_over('OP000010')
    office.pull('OP000010')
    serial = office.show('OP000010')['certificate']['serial']
    until_refused(office)
    office.must(CUSTODIAN, 'report-lost', 'OP000010', '--by', '012990')
    free_and_kill(office, 'spool.replayed:kill')
    office.failpoints = None
    office.start()
    until(lambda: spooled(office) == 0, 'the spool is empty')
    check.certificate(office, serial, 'keyCompromise')
    check.equal(office.sql("SELECT count(*) FROM ledger WHERE card = 'OP000010' AND kind = 'report-lost'"), [(1,)])
    check.whole(office)


def free_and_kill(office, failpoint):
    office.kill()
    free(office)
    office.failpoints = failpoint
    office.process = office.spawn('--config', office.config_file)
    check.equal(office.process.wait(60), -9)


def test_with_no_spool_either_it_is_refused_in_memory_and_said(office):
    office.prepare('OP000011')
    office.issue('OP000011', '920017')
    office.hand_over('OP000011')
    office.pull('OP000011')
    serial = office.show('OP000011')['certificate']['serial']
    office.restart(failpoints='spool.write:eio')
    until_refused(office)
    result = office.ctl(CUSTODIAN, 'report-lost', 'OP000011', '--by', '920017')
    check.refused(result, 8, 'written nowhere', 'write it down')
    check.equal(tuple(office.ocsp(serial)), ('revoked', 'keyCompromise'))
    free(office)
    until(lambda: office.show('OP000011')['state'] == 'LOST', 'it is entered from memory')
    office.restart()
    check.certificate(office, serial, 'keyCompromise')
    until(lambda: spooled(office) == 0, 'the spool is empty')


if __name__ == '__main__':
    tap.main(globals(), make)
