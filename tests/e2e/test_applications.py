# SPDX-License-Identifier: Apache-2.0
# Applications by forms 2, 6 and 7 through their whole course, who may take which step, and what is
# refused and written down.
import json
import os
import re

import check
import tap
from office import (ADMIN, ADMIN2, AUDITOR, CHIEF, CUSTODIAN, HOLDER, HOLDER2, MANAGER, MANAGER2, PIN, WITNESS,
                    Office, today)

ONE, TWO, THREE, FOUR = 'OP000001', 'OP000002', 'OP000003', 'OP000004'
DESK_PIN = 'Jr5pXc8n'
NEWCOMER = '012346'


def make():
    office = Office()
    office.lend(ONE, HOLDER, 'reader1')
    office.prepare(TWO, 'reader2')
    return office


def alone(office):
    if office.is_alone:
        raise tap.Skip('root: a role needs an account of its own')


def apply(office, staff, *words):
    return office.json(staff, 'application', *words)['application']


def state(office, number):
    return office.json(ADMIN, 'application', 'show', number)['state']


def inbox(office, staff):
    return [item['id'] for item in office.json(staff, 'inbox')['items'] if item['kind'] == 'application']


def table(office, *lines):
    path = office.path('out/users.csv')
    with open(path, 'w', encoding='utf-8') as file:
        file.write('職員番号,権限種別,利用事務,備考\n' + ''.join(line + '\n' for line in lines))
    os.chmod(path, 0o644)
    return path


KEPT = ('009874,業務管理者,住民票の写しの広域交付,', '012345,一般操作者,転入・転出・転居,')


def refusals(office):
    return [json.loads(row[0]) for row in
            office.sql("SELECT body FROM ledger WHERE kind = 'application-refused' ORDER BY seq")]


def test_T45_form_2_goes_its_whole_course(office):
    """920017 is left out and loses the designation; 005021 joins and gets a card."""
    file = table(office, *KEPT, '005021,業務管理者,住民票の写しの広域交付,４月１日付け 人事異動。')
    draft = apply(office, MANAGER, 'new', '2', file, '--section', '0301', '--from', today())
    number = draft['id']
    assert re.fullmatch(r'A-20\d\d-\d{4}', number), number
    check.equal(draft['state'], 'DRAFT')
    check.equal([(line['staff'], line['designation']) for line in draft['lines']],
                [('005021', '追加'), ('009874', '継続'), ('012345', '継続'), ('920017', '削除')])
    check.equal(apply(office, MANAGER, 'submit', number)['state'], 'SUBMITTED')
    check.equal(apply(office, MANAGER, 'endorse', number)['state'], 'ENDORSED')
    check.equal(apply(office, CUSTODIAN, 'investigate', number)['state'], 'INVESTIGATED')
    assert number in inbox(office, ADMIN)
    check.equal(apply(office, ADMIN, 'approve', number)['state'], 'APPROVED')
    before = office.json(ADMIN, 'designation', 'list', '--section', '0301')['items']
    done = office.json(ADMIN, 'application', 'execute', number)
    check.equal((done['added'], done['ended']), (1, 1))
    check.equal(len(before), 3)
    rows = office.json(ADMIN, 'designation', 'list', '--section', '0301')['items']
    check.equal(sorted(row['staff'] for row in rows if row['until'] is None), ['005021', '009874', '012345'])
    check.equal({row['staff']: row['application'] for row in rows}['005021'], number)
    check.equal(state(office, number), 'EXECUTED')
    steps = office.json(ADMIN, 'application', 'show', number)['steps']
    check.equal([step['event'] for step in steps],
                ['draft', 'submit', 'endorse', 'investigate', 'approve', 'execute'])
    office.number = number


def test_T45_cards_of_a_form_2_are_issued_from_it_and_close_it(office):
    assert office.number in inbox(office, CUSTODIAN)
    office.must(CUSTODIAN, 'issue', TWO, '--application-all', office.number, '--reader', 'reader2')
    shown = office.show(TWO)
    check.equal((shown['holder']['staff'], shown['authority'], shown['state']), ('005021', '業務管理者', 'PENDING'))
    check.equal(state(office, office.number), 'EXECUTED')
    office.hand_over(TWO, reader='reader2')
    check.equal(state(office, office.number), 'CLOSED')
    check.refused(office.ctl(CUSTODIAN, 'issue', THREE, '--application', office.number), 5, 'has its card')


if __name__ == '__main__':
    tap.main(globals(), make)
