# SPDX-License-Identifier: Apache-2.0
# N77, K10: a clock far behind or ahead of the highest time that was believed grants nothing and lets no
# job act; whoever reports a loss is still heard. Two persons accept its time, or somebody sets it right.
import os

import check
import tap
from office import ADMIN, ADMIN2, CHIEF, CUSTODIAN, HOLDER, MANAGER, ROOT, Office, until

DAY = 86400
LENT, OTHER, BLANK = 'OP000001', 'OP000002', 'OP000003'


def make():
    office = Office(start=False, environment={'LD_PRELOAD': os.environ['OPCARD_SHIFTED_CLOCK'],
                                              'ASAN_OPTIONS': 'verify_asan_link_order=0'})
    office.options['environment']['OPCARD_CLOCK_SHIFT'] = office.path('shift')
    shift(office, 0)
    office.start()
    office.furnish()
    for card, staff in ((LENT, HOLDER), (OTHER, '010433')):
        office.lend(card, staff, authority='一般操作者' if staff == HOLDER else '業務管理者')
        office.pull(card)
    office.receive(BLANK)
    return office


def shift(office, seconds):
    path = office.path('shift')
    with open(path + '.new', 'w', encoding='ascii') as file:
        file.write(str(seconds))
    os.chmod(path + '.new', 0o644)
    os.rename(path + '.new', path)


def problems(office):
    return ' '.join(problem['en'] for problem in office.json(CUSTODIAN, 'status')['problems'])


def kinds(office):
    return [row['kind'] for row in office.json(ADMIN, 'audit', 'list')['items']]


def is_alarmed(office):
    return 'clock accept' in problems(office)


def granted(office):
    """The exit codes of what grants something; each must be 1 (clock) while the alarm lasts."""
    results = [office.ctl(CUSTODIAN, 'card', 'receive', 'OP000009'),
               office.ctl(CUSTODIAN, 'return', OTHER),
               office.ctl(ROOT, 'import', 'sections', office.path('office/sections.csv')),
               office.ctl(ADMIN, 'resume', LENT, '--reason', 'FORGOTTEN'),
               office.ctl(ADMIN, 'exception', 'open', '--kind', 'urgent', '--subject', 'all', '--content', 'x',
                          '--reason', 'x', '--until', '2099-01-01')]
    return [(result.exit, 'clock accept' in result.err) for result in results]


def test_behind_nothing_is_granted(office):
    before = office.dump()
    shift(office, -2 * DAY)
    check.equal(is_alarmed(office), True, 'status')
    check.equal('clock accept' in office.ctl(CUSTODIAN, 'doctor').out, True, 'doctor')
    check.equal(granted(office), [(1, True)] * 5, 'what grants')
    after = office.dump()
    check.equal(after['card'], before['card'], 'cards')


def test_behind_restrictions_still_work(office):
    office.must(HOLDER, 'suspend', LENT, '--reason', 'FORGOTTEN')
    check.equal(office.show(LENT)['reasons'], ['FORGOTTEN'])
    office.must(CUSTODIAN, 'report-lost', OTHER, '--by', '010433')
    check.equal(office.show(OTHER)['state'], 'LOST')
    serial = office.show(OTHER)['certificate']['serial']
    check.equal(office.is_listed(serial), True, 'revocation list')
    office.must(ADMIN, 'emergency', 'stop', '--scope', 'authority:業務管理者')
    records = office.json(ADMIN, 'audit', 'list', '--card', OTHER)['items']
    check.equal(records[-1]['kind'], 'report-lost')


def test_no_job_acts_but_the_alarm_is_recorded(office):
    # A mark that stands still: what is due by the wrong clock does not happen.
    until(lambda: 'clock-alarm' in kinds(office), 'the alarm is in the ledger')
    high = office.sql('SELECT high, alarm_at FROM clock_mark')[0]
    check.equal(high[1] is not None and high[1] < high[0], True, 'the mark is above the alarm')


def test_right_again_by_itself(office):
    shift(office, 0)
    check.equal(is_alarmed(office), False, 'status')
    until(lambda: 'clock-right' in kinds(office), 'the end of the alarm is in the ledger')
    office.must(CUSTODIAN, 'card', 'receive', 'OP000010')


def test_steps_ahead_while_it_runs(office):
    shift(office, 2 * 3600)
    check.equal(is_alarmed(office), True, 'two hours at once')
    check.equal(granted(office), [(1, True)] * 5, 'what grants')
    shift(office, 0)
    check.equal(is_alarmed(office), False, 'back')


def test_behind_survives_kill_and_restart(office):
    until(lambda: office.sql('SELECT high > unixepoch() - 120 FROM clock_mark')[0][0] == 1, 'a mark')
    office.kill()
    shift(office, -30 * DAY)
    office.start()
    check.equal(is_alarmed(office), True, 'status after kill -9')
    check.equal(granted(office), [(1, True)] * 5, 'what grants')


def test_far_ahead_after_a_stop(office):
    check.equal(office.stop(), 0)
    shift(office, 20 * DAY)
    office.start()
    check.equal(is_alarmed(office), True, 'twenty days later')
    check.equal(granted(office), [(1, True)] * 5, 'what grants')
    check.equal(office.stop(), 0)
    shift(office, 3 * DAY)
    office.start()
    check.equal(is_alarmed(office), False, 'three days later')


def test_two_persons_accept_the_time(office):
    if office.is_alone:
        raise tap.Skip('root: several accounts are needed')
    check.equal(office.stop(), 0)
    shift(office, 40 * DAY)
    office.start()
    check.equal(is_alarmed(office), True, 'forty days later')
    check.refused(office.ctl(MANAGER, 'clock', 'accept'), 3, MANAGER)
    check.refused(office.ctl(CUSTODIAN, 'clock', 'accept'), 3, CUSTODIAN)
    asked = office.json(ADMIN, 'clock', 'accept', '--note', '停電後の点検')['confirm']
    check.equal(is_alarmed(office), True, 'one person is not enough')
    check.refused(office.ctl(ADMIN, 'confirm', asked), 5, ADMIN)
    office.must(CHIEF, 'confirm', asked)
    check.equal(is_alarmed(office), False, 'accepted')
    check.refused(office.ctl(ADMIN2, 'clock', 'accept'), 5, 'nothing to accept')
    record = [row for row in office.json(ADMIN, 'audit', 'list')['items'] if row['kind'] == 'clock-accept'][-1]
    check.equal((record['actor'], record['second'], record['article']), (ADMIN, CHIEF, 'N77'))
    office.kill()
    office.start()
    check.equal(is_alarmed(office), False, 'accepted for good')


def test_the_chain_is_whole(office):
    check.whole(office)


if __name__ == '__main__':
    tap.main(globals(), make)
