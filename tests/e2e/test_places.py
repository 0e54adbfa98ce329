# SPDX-License-Identifier: Apache-2.0
# T16, N87, I11, N19, N32, row 25: where cards are, journeys under seal with two stamps, temporary cards
# on a standing approval, and one witnessed session for many cards.
import sqlite3

import check
import tap
from office import (ADMIN, ADMIN2, CUSTODIAN, HOLDER, MANAGER, MANAGER2, NEW_PIN, PIN, WITNESS, Office, today)

ONE, TWO, OWN, TEMPORARY = 'OP000001', 'OP000002', 'OP000003', 'TMP00001'


def make():
    office = Office()
    office.prepare(ONE)
    office.issue(ONE, '920017')
    office.pull(ONE)
    return office


def several_accounts(office):
    if office.is_alone:
        raise tap.Skip('root: several accounts are needed')


def places(office):
    return {item['place']: item['cards'] for item in office.json(ADMIN, 'card', 'places')['items']}


def refused_unchanged(office, who, words, status, *texts):
    act = lambda: office.ctl(who, *words)
    check.refused(act() if status == 3 else check.unchanged(office, act), status, *texts)  # a denial is recorded


def test_n87_a_card_travels_under_seal_and_two_persons_stamp_it(office):
    refused_unchanged(office, CUSTODIAN, ['dispatch', ONE, '--to', '市民課'], 2, 'seal')
    office.must(CUSTODIAN, 'dispatch', ONE, '--to', '市民課', '--seal', '0451')
    check.equal(places(office), {'移送中（市民課）': 1})
    listed = office.json(ADMIN, 'transit', 'list')['items']
    check.equal([(row['card'], row['leg'], row['seal'], row['overdue']) for row in listed], [(ONE, 'out', '0451', False)])
    refused_unchanged(office, CUSTODIAN, ['dispatch', ONE, '--to', '税務課', '--seal', '9'], 5, ONE)
    refused_unchanged(office, CUSTODIAN, ['card', 'place', ONE, '金庫'], 5, ONE)
    refused_unchanged(office, MANAGER, ['arrive', ONE], 2, '--seal')
    text = check.refused(office.ctl(MANAGER, 'arrive', ONE, '--seal', '9999'), 5, ONE)
    assert '0451' not in text, 'the sender\'s number is told'


def test_n87_a_card_on_its_way_is_not_handed_over(office):
    office.insert(ONE)
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'hand-over', ONE, '--reader', 'reader1', pins=[PIN]))
    check.refused(result, 5, 'arrive')
    office.must(MANAGER, 'arrive', ONE, '--seal', '0451', '--place', '市民課 金庫')
    check.equal(places(office), {'市民課 金庫': 1})
    office.hand_over(ONE)
    office.pull(ONE)
    stamps = [(row['kind'], row['actor']) for row in office.json(ADMIN, 'audit', 'list', '--card', ONE)['items']
              if row['kind'] in ('dispatch', 'arrive')]
    check.equal(stamps, [('dispatch', ADMIN), ('arrive', ADMIN)] if office.is_alone else
                [('dispatch', CUSTODIAN), ('arrive', MANAGER)])


def test_n87_who_sent_it_does_not_receive_it(office):
    several_accounts(office)
    office.must(ADMIN, 'recall', ONE, '--reason', 'TRANSFER')
    office.must(CUSTODIAN, 'dispatch', ONE, '--to', '情報政策課', '--seal', '7')
    refused_unchanged(office, CUSTODIAN, ['return', ONE, '--seal', '7'], 5, CUSTODIAN)
    check.refused(office.ctl(MANAGER, 'arrive', ONE, '--seal', '7'), 5, 'return')
    check.refused(office.ctl(MANAGER2, 'arrive', ONE, '--seal', '7'), 3, MANAGER2)
    database_day_back(office, 'UPDATE transit SET ended_at = sent_at, outcome = "undone" WHERE ended_at IS NULL')


def database_day_back(office, statement):
    assert office.stop() == 0
    database = sqlite3.connect(f'{office.state}/opcard.db')
    with database:
        database.execute(statement.replace('"', "'"))
    database.close()
    office.start()


def test_i11_the_return_carries_both_stamps(office):
    several_accounts(office)
    office.must(MANAGER, 'dispatch', ONE, '--to', '情報政策課', '--seal', '8')
    refused_unchanged(office, CUSTODIAN, ['return', ONE], 2, '--seal')
    refused_unchanged(office, CUSTODIAN, ['return', ONE, '--seal', '9'], 5, ONE)
    office.must(CUSTODIAN, 'return', ONE, '--seal', '8')
    body = office.sql("SELECT json_extract(body, '$.handedInBy'), json_extract(body, '$.seal'), actor FROM ledger"
                      " WHERE kind = 'return' AND card = ?", ONE)
    check.equal(body, [(MANAGER, '8', CUSTODIAN)])
    check.equal(office.json(ADMIN, 'transit', 'list')['items'], [])


def test_i11_a_card_handed_in_at_the_desk_names_who_brought_it(office):
    several_accounts(office)
    office.lend(TWO, '920017')
    office.pull(TWO)
    refused_unchanged(office, CUSTODIAN, ['return', TWO, '--handed-in-by', CUSTODIAN], 5, CUSTODIAN)
    refused_unchanged(office, CUSTODIAN, ['return', TWO, '--handed-in-by', '999999'], 4, '999999')
    office.must(CUSTODIAN, 'return', TWO, '--handed-in-by', MANAGER)
    check.equal(office.sql("SELECT json_extract(body, '$.handedInBy') FROM ledger WHERE kind = 'return' AND card = ?", TWO),
                [(MANAGER,)])


def test_n87_what_does_not_arrive_shows_up_and_a_broken_seal_ends_the_card(office):
    office.prepare('OP000009')
    office.issue('OP000009', '920017')
    office.pull('OP000009')
    office.must(CUSTODIAN, 'dispatch', 'OP000009', '--to', '市民課', '--seal', '5')
    database_day_back(office, f'UPDATE transit SET due = "{today(-1)}" WHERE ended_at IS NULL')
    problems = ' '.join(problem['en'] for problem in office.json(ADMIN, 'status')['problems'])
    assert 'OP000009 was sent' in problems and 'report-lost OP000009' in problems, problems
    office.must(MANAGER, 'arrive', 'OP000009', '--broken', '--note', '封が切れていた')
    office.insert('OP000009')
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'hand-over', 'OP000009', '--reader', 'reader1', pins=[PIN]))
    check.refused(result, 5, 'cancel')
    office.pull('OP000009')
    office.must(ADMIN, 'cancel', 'OP000009', '--note', '封印破損')


def test_t16_a_breach_is_recorded_with_the_card(office):
    before = office.show(ONE)
    office.must(CUSTODIAN, 'card', 'breach', ONE, '--note', '机の上に放置')
    check.equal(office.show(ONE), before)
    check.equal(office.sql("SELECT article, json_extract(body, '$.note') FROM ledger WHERE kind = 'place-breach'"),
                [('T16', '机の上に放置')])


def test_row_25_a_section_lends_on_a_standing_approval_only(office):
    office.lend(OWN, HOLDER)
    office.pull(OWN)
    office.prepare(TEMPORARY, kind='temporary')
    lend = lambda: office.ctl(MANAGER, 'lend-temporary', TEMPORARY, '--staff', HOLDER, '--reader', 'reader1', pins=[NEW_PIN])
    check.refused(check.unchanged(office, lend), 5, 'lend-approval add')
    refused_unchanged(office, ADMIN2, ['lend-approval', 'add', '--section', '0301', '--until', today(400), '--paper', 'x'], 2)
    if not office.is_alone:
        refused_unchanged(office, MANAGER, ['lend-approval', 'add', '--section', '0301', '--until', today(), '--paper', 'x'], 3)
        refused_unchanged(office, ADMIN, ['lend-approval', 'add', '--section', '0101', '--until', today(), '--paper', 'x'], 5,
                          '0101')
    office.approve_lending()
    check.equal(lend().exit, 0)
    check.card(office, OWN, 'SUSPENDED', 'certificateHold', ['FORGOTTEN'])
    ends = office.show(TEMPORARY)['certificate']['notAfter']
    assert ends.startswith(today() + 'T23:59:59'), ends
    approval = office.json(ADMIN, 'lend-approval', 'list')['items'][0]['id']
    office.must(ADMIN, 'lend-approval', 'end', approval)
    check.refused(office.ctl(ADMIN, 'lend-approval', 'end', approval), 4, approval)
    office.pull(TEMPORARY)


def test_row_25_a_temporary_card_not_back_at_midnight_is_recalled(office):
    database_day_back(office, f'UPDATE card SET lent_on = "{today(-1)}" WHERE number = "{TEMPORARY}"')
    tap_until(lambda: office.show(TEMPORARY)['state'] == 'RECALLED')
    duty = office.show(TEMPORARY)['duty']
    check.equal((duty['due'], duty['reason']), (today(), 'TEMPORARY_OVER'))
    check.card(office, OWN, 'SUSPENDED', 'certificateHold', ['FORGOTTEN'])
    office.must(CUSTODIAN, 'return', TEMPORARY, '--handed-in-by', HOLDER)
    check.card(office, OWN, 'ACTIVE', 'good')


def tap_until(condition):
    from office import until
    until(condition, 'the job at the start')


def test_n19_n32_one_witness_for_many_cards_named_once(office):
    several_accounts(office)
    refused_unchanged(office, CUSTODIAN, ['session', 'open', OWN, '--witness', WITNESS], 5, OWN)
    refused_unchanged(office, CUSTODIAN, ['session', 'open', '--witness', CUSTODIAN], 5, CUSTODIAN)
    refused_unchanged(office, ADMIN, ['session', 'open', '--witness', WITNESS], 3, ADMIN)
    session = office.json(CUSTODIAN, 'session', 'open', ONE, TWO, '--witness', WITNESS)['session']['id']
    refused_unchanged(office, CUSTODIAN, ['erase', TEMPORARY, '--session', session], 5, session)
    refused_unchanged(office, CUSTODIAN, ['erase', ONE, '--session', 'W-1999-0001'], 4, 'W-1999-0001')
    office.insert(ONE)
    office.must(CUSTODIAN, 'erase', '@reader:reader1', '--session', session)
    office.pull(ONE)
    check.equal(office.json(CUSTODIAN, 'session', 'show', session)['left'], [ONE, TWO])
    office.kill()  # resumable: what is done is done
    office.start()
    office.insert(TWO)
    office.must(CUSTODIAN, 'erase', TWO, '--session', session)
    office.pull(TWO)
    office.must(CUSTODIAN, 'dispose', ONE, TWO, '--session', session, '--method', '破砕', '--evidence', '廃-3')
    shown = office.json(CUSTODIAN, 'session', 'show', session)
    check.equal((shown['erased'], shown['disposed'], shown['left']), (2, 2, []))
    seconds = office.sql("SELECT DISTINCT second FROM ledger WHERE kind IN ('erase', 'dispose') AND card IN (?, ?)", ONE, TWO)
    check.equal(seconds, [(WITNESS,)])
    office.must(CUSTODIAN, 'session', 'close', session)
    refused_unchanged(office, CUSTODIAN, ['erase', TEMPORARY, '--session', session], 5, session)


if __name__ == '__main__':
    tap.main(globals(), make)
