# SPDX-License-Identifier: Apache-2.0
# Collection duties and cases as the people of an office see them: lists of the own section, reminders
# after a restart, return with the right card, write-off after the escalation, the case's seven headings,
# and the list of leavers for the personnel section (T13, T24, K11, N22, N62).
import datetime
import json
import os
import sqlite3
import time

import check
import tap
from office import (ADMIN, AUDITOR, CHIEF, CUSTODIAN, HOLDER, HOLDER2, IS_ROOT, MANAGER, MANAGER2, ROOT, WITNESS, Office,
                    today, until)

SECTION = '0301'


def make():
    office = Office()
    for card, staff, authority in (('OP000001', HOLDER, '一般操作者'), ('OP000002', HOLDER2, '一般操作者'),
                                   ('OP000003', WITNESS, '業務管理者')):
        office.lend(card, staff, authority=authority)
        office.pull(card)
    return office


def back_dated(office, card, days):
    """The card was recalled @days ago; what is due is done by the daemon when it starts."""
    assert office.stop() == 0
    base = sqlite3.connect(os.path.join(office.state, 'opcard.db'))
    with base:
        base.execute('UPDATE duty SET opened_at = ?, due = ? WHERE card = ? AND closed_at IS NULL',
                     (int(time.time()) - days * 86400, today(14 - days), card))
    base.close()
    office.start()


def duty(office, card, staff=ADMIN):
    found = [one for one in office.json(staff, 'duty', 'list')['items'] if one['card'] == card]
    return found[0] if found else None


def records(office, kind, card):
    return [event for event in office.events(card) if event['event'] == kind]


def test_T13_K03_a_duty_belongs_to_the_post_of_the_section(office):
    office.must(ADMIN, 'recall', 'OP000001', '--reason', 'RETIREMENT')
    one = duty(office, 'OP000001')
    check.equal((one['owner'], one['due'], one['daysOverdue'], one['reminders'], one['escalations']),
                ('市民課長', today(14), 0, 0, 0))
    shown = office.json(ADMIN, 'duty', 'show', one['id'])
    check.equal((shown['card'], shown['section'], shown['reason']), ('OP000001', SECTION, 'RETIREMENT'))
    check.equal(office.json(ADMIN, 'status')['duties'], {'open': 1, 'overdue': 0})
    check.refused(office.ctl(ADMIN, 'duty', 'show', 'B-1999-0001'), 4, 'B-1999-0001')


def test_T13_N03_N46_reminders_once_although_the_daemon_starts_again(office):
    back_dated(office, 'OP000001', 18)
    until(lambda: duty(office, 'OP000001')['reminders'] == 1, 'the newest reminder')
    office.restart()
    office.restart()
    one = duty(office, 'OP000001')
    check.equal((one['daysOverdue'], one['reminders'], one['escalations']), (4, 1, 0))
    check.equal(office.json(ADMIN, 'status')['duties'], {'open': 1, 'overdue': 1})
    check.equal(len(records(office, 'duty-remind', 'OP000001')), 1, 'audit records')
    notices = [n for n in office.json(ADMIN, 'notice', 'list')['items'] if n['kind'] == 'collect-reminder']
    check.equal([(n['to'], n['about']) for n in notices], [('post:市民課長', one['id'])])


def test_T13_row_20_no_write_off_before_the_chief_knows(office):
    check.refused(office.ctl(ADMIN, 'write-off', 'OP000001', '--note', '連絡不能', '--confirm', 'OP000001'), 5,
                  'escalate-28', 'OP000001')
    back_dated(office, 'OP000001', 40)
    until(lambda: duty(office, 'OP000001')['escalations'] == 2, 'both steps')
    steps = [(n['to'], n['kind']) for n in office.json(ADMIN, 'notice', 'list')['items']
             if n['kind'] == 'collect-escalated']
    check.equal(steps, [('role:chief', 'collect-escalated'), ('role:system-admin', 'collect-escalated')])
    check.equal(len(records(office, 'duty-escalate', 'OP000001')), 2, 'audit records')


def test_T22_uncollected_list_tells_of_the_reminders(office):
    office.must(ADMIN, 'register', 'export', 'uncollected', '--format', 'csv', '--output', office.path('out/u.csv'))
    with open(office.path('out/u.csv'), encoding='utf-8-sig') as file:
        text = file.read()
    assert 'OP000001' in text and '回・報告済' in text and '退職' in text, text


def test_N22_leavers_who_keep_their_card_are_a_list_for_the_personnel_section(office):
    rows = json.loads(office.must(ADMIN, 'api', 'GET', '/registers/leavers?format=json'))['rows']
    check.equal([(row['card'], row['staff'], row['reason']) for row in rows], [('OP000001', HOLDER, '退職')])
    office.must(ADMIN, 'recall', 'OP000002', '--reason', 'TRANSFER')
    office.must(ADMIN, 'register', 'print', 'leavers', '--output', office.path('out/leavers.pdf'))
    rows = json.loads(office.must(ADMIN, 'api', 'GET', '/registers/leavers?format=json'))['rows']
    check.equal([row['card'] for row in rows], ['OP000001'], 'who was transferred is no leaver')


def test_T13_write_off_closes_the_duty_and_tells_the_chief(office):
    office.must(ADMIN, 'write-off', 'OP000001', '--note', '連絡不能', '--confirm', 'OP000001')
    check.equal(duty(office, 'OP000001'), None)
    told = office.json(ADMIN, 'notice', 'list')['items'][0]
    check.equal((told['kind'], told['to'], told['about']), ('written-off', 'role:chief', 'OP000001'))
    closed = [one for one in office.json(ADMIN, 'duty', 'list', '--all')['items'] if one['card'] == 'OP000001']
    check.equal([one['closedOn'] for one in closed], [today()])


def test_I11_a_duty_ends_only_with_the_right_card(office):
    chip = office.show('OP000002')['chipSerial']
    other = office.show('OP000003')['chipSerial']
    check.refused(office.ctl(CUSTODIAN, 'return', 'OP000002', '--chip-serial', other), 6, chip)
    assert duty(office, 'OP000002') is not None, 'the duty is still open'
    office.must(CUSTODIAN, 'return', 'OP000002', '--chip-serial', chip)
    check.equal(duty(office, 'OP000002'), None)


def test_T10_section_managers_see_the_own_section_alone(office):
    if not IS_ROOT:
        raise tap.Skip('root: a manager needs an account of its own')
    office.must(ADMIN, 'recall', 'OP000003', '--reason', 'OTHER')
    office.must(CUSTODIAN, 'report-lost', 'OP000003', '--by', WITNESS)
    office.lend('OP000004', HOLDER)
    office.pull('OP000004')
    office.must(ADMIN, 'recall', 'OP000004', '--reason', 'OTHER')
    one = duty(office, 'OP000004', MANAGER)
    check.equal(one['section'], SECTION)
    check.equal(office.json(MANAGER2, 'duty', 'list')['items'], [])
    check.equal(office.json(MANAGER2, 'status')['duties'], {'open': 0, 'overdue': 0})
    check.refused(office.ctl(MANAGER2, 'duty', 'show', one['id']), 3)
    check.refused(office.ctl(MANAGER2, 'duty', 'list', '--section', SECTION), 3)
    check.equal([c['card'] for c in office.json(MANAGER, 'case', 'list')['items']], ['OP000003'])
    check.equal(office.json(MANAGER2, 'case', 'list')['items'], [])
    case = office.json(MANAGER, 'case', 'list')['items'][0]['id']
    check.refused(office.ctl(MANAGER2, 'case', 'show', case), 3)
    check.refused(office.ctl(MANAGER2, 'case', 'note', case, '--cause', 'x'), 3)
    check.refused(office.ctl(MANAGER2, 'case', 'open', '--kind', 'fault', '--section', SECTION), 3)
    check.refused(office.ctl(MANAGER, 'case', 'close', case, '--measure', 'x'), 3)


def loss(office):
    return [c for c in office.json(ADMIN, 'case', 'list')['items'] if c['kind'] == 'lost'][-1]


def test_T24_no_case_ends_without_a_preventive_measure(office):
    if not [c for c in office.json(ADMIN, 'case', 'list')['items'] if c['kind'] == 'lost']:
        office.must(CUSTODIAN, 'report-lost', 'OP000003', '--by', WITNESS)
    case = loss(office)['id']
    before = office.dump()
    for words in ((), ('--measure', ''), ('--measure', ' 　 '), ('--cause', '不注意')):
        check.refused(office.ctl(ADMIN, 'case', 'close', case, *words), 5, case, '再発防止策')
    check.refused(office.ctl(ADMIN, 'case', 'close', case, '--dry-run'), 5, case)
    check.equal(office.dump()['case_file'], before['case_file'])
    check.refused(office.ctl(ADMIN, 'case', 'note', case, '--occurred-at', '2199-01-01 09:00'), 2)


HEADINGS = {'content': '通勤途中の紛失', 'parties': '1人・カード1枚', 'place': '駅', 'note': '電車内で気付いた',
            'cause': '鞄の口が開いていた', 'response': '駅に届け出た', 'other': '警察にも届け出た'}


def test_K11_T21_the_seven_headings_and_the_report(office):
    case = loss(office)['id']
    words = [word for name, text in HEADINGS.items() for word in ('--' + name, text)]
    office.must(CUSTODIAN, 'case', 'note', case, *words, '--police-report', '123号', '--police-on', today())
    shown = office.json(CHIEF, 'case', 'show', case)
    check.equal({name: shown[name] for name in HEADINGS}, HEADINGS)
    check.equal((shown['policeReport'], shown['policeOn']), ('123号', today()))
    assert shown['noticedAt'] or shown['openedOn'] and shown['refusedAt'], shown
    values = json.loads(office.must(ADMIN, 'api', 'GET', f'/registers/incident?case={case}&format=json'))['values']
    for name, text in (('内容', 'content'), ('規模', 'parties'), ('発生場所', 'place'), ('状況', 'note'),
                       ('原因', 'cause'), ('その他', 'other')):
        check.equal(values[name], HEADINGS[text], name)
    assert values['対応'].startswith(HEADINGS['response']), values
    office.must(ADMIN, 'register', 'print', 'incident', '--case', case, '--output', office.path('out/incident.pdf'))
    office.must(CHIEF, 'case', 'close', case, '--measure', '専用の入れ物で携行する', '--measure-due', today(30))
    check.equal(office.json(AUDITOR, 'case', 'show', case)['closedOn'], today())
    check.refused(office.ctl(ADMIN, 'case', 'note', case, '--other', 'x'), 5, case)
    kinds = [event['event'] for event in office.events('OP000003')]
    check.equal(kinds[-2:], ['case-note', 'case-close'])


def test_N62_a_fault_is_a_case_opened_by_hand(office):
    check.refused(office.ctl(ADMIN, 'case', 'open', '--kind', 'lost'), 2, 'report-lost')
    office.must(ADMIN, 'case', 'open', '--kind', 'fault', '--section', SECTION, '--content', 'カードリーダの故障',
                '--occurred-at', (datetime.datetime.now() - datetime.timedelta(days=1)).strftime('%Y-%m-%d %H:%M'))
    case = office.json(ADMIN, 'case', 'list')['items'][-1]
    check.equal((case['kind'], case['card'], case['section'], case['content']),
                ('fault', None, SECTION, 'カードリーダの故障'))
    record = office.json(AUDITOR, 'audit', 'list', '--kind', 'case-open')['items'][-1]
    assert case['id'] in json.dumps(record), record
    office.must(ADMIN, 'case', 'close', case['id'], '--measure', '予備を置く')


def test_T32_everything_is_in_the_audit_trail_and_holds_together(office):
    check.whole(office)
    office.must(ROOT, 'audit', 'verify')


if __name__ == '__main__':
    tap.main(globals(), make)
