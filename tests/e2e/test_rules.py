# SPDX-License-Identifier: Apache-2.0
# The regulation's rules as a user meets them: dates, designations, one card per authority, separation
# of duties, whose section, whose card, and a loss reported by anybody.
import check
import tap
from office import (ADMIN, AUDITOR, CUSTODIAN, HOLDER, HOLDER2, MANAGER, MANAGER2, NIGHT_DESK, PIN, STRANGER,
                    WITNESS, Office, today, until)

CARD = 'OP000001'
AUTHORITY = '一般操作者'


def several_accounts(office):
    if office.is_alone:
        raise tap.Skip('root: several accounts are needed')


def test_card_for_tomorrow_is_made_today_but_not_handed_over(office):
    del office
    with Office(staff=False) as early:
        early.furnish(today(1))
        early.prepare(CARD)
        early.issue(CARD)
        result = check.unchanged(early, lambda: early.ctl(CUSTODIAN, 'hand-over', CARD, pins=[PIN]))
        check.refused(result, 5, CARD, today(1))
        check.card(early, CARD, 'PENDING', 'unknown')


def test_nobody_gets_a_card_without_a_designation(office):
    office.prepare(CARD)
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'issue', CARD, '--staff', '000003',
                                                        '--authority', AUTHORITY))
    check.refused(result, 5, '000003', AUTHORITY, 'designation import')
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'issue', CARD, '--staff', HOLDER,
                                                        '--authority', 'システム管理'))
    check.refused(result, 5, HOLDER, 'システム管理')
    check.card(office, CARD, 'SPARE')


def test_T18_N27_I13_one_person_has_one_card_per_authority(office):
    office.issue(CARD)
    office.hand_over(CARD)
    office.pull(CARD)
    office.prepare('OP000002')
    for state in ('ACTIVE', 'SUSPENDED'):
        check.equal(office.show(CARD)['state'], state)
        result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'issue', 'OP000002', '--staff', HOLDER,
                                                            '--authority', AUTHORITY))
        check.refused(result, 5, CARD, 'reissue')
        if state == 'ACTIVE':
            office.must(HOLDER, 'suspend', CARD, '--reason', 'FORGOTTEN')
    office.must(ADMIN, 'resume', CARD, '--reason', 'FORGOTTEN')


def test_who_issues_is_not_the_holder(office):
    several_accounts(office)
    result = check.unchanged(office, lambda: office.ctl(CUSTODIAN, 'issue', 'OP000002', '--staff', CUSTODIAN,
                                                        '--authority', 'カード発行管理'))
    check.refused(result, 5, CUSTODIAN)


def test_manager_does_not_hand_over_the_own_card(office):
    several_accounts(office)
    path = office.path('office/designations-0301.csv')
    with open(path, encoding='utf-8') as file:
        text = file.read().replace(',追加,', ',,') + f'{MANAGER},,業務管理者,統括,,\n'
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    office.designate('0301')
    office.issue('OP000002', MANAGER, authority='業務管理者')
    result = check.unchanged(office, lambda: office.ctl(MANAGER, 'hand-over', 'OP000002', pins=[PIN]))
    check.refused(result, 5, MANAGER)
    office.hand_over('OP000002')
    office.pull('OP000002')


def test_manager_of_another_section_is_refused(office):
    several_accounts(office)
    for words in (['suspend', CARD, '--reason', 'LEAVE'], ['card', 'place', CARD, '金庫'],
                  ['card', 'breach', CARD, '--note', 'x'], ['report-damaged', CARD, '--by', HOLDER]):
        result = check.unchanged(office, lambda words=words: office.ctl(MANAGER2, *words))
        check.refused(result, 3, MANAGER2, CARD)
    office.must(MANAGER, 'card', 'place', CARD, '金庫')


def test_manager_of_another_section_only_causes_a_hold_by_a_report(office):
    several_accounts(office)
    office.must(MANAGER2, 'report-lost', CARD, '--by', MANAGER2)
    check.card(office, CARD, 'SUSPENDED', 'certificateHold', ['MISSING'])
    check.refused(office.ctl(MANAGER, 'resume', CARD, '--reason', 'MISSING'), 3, CARD)


def test_card_that_was_missing_needs_a_new_pin_and_two_persons(office):
    several_accounts(office)
    result = check.unchanged(office, lambda: office.ctl(ADMIN, 'resume', CARD, '--reason', 'MISSING'))
    check.refused(result, 5, CARD, 'pin change')
    office.insert(CARD)
    # Within the second of the report the change would not count as later.
    until(lambda: today() and office.sql('SELECT max(since) < unixepoch() FROM hold')[0][0], 'a second')
    office.must(HOLDER, 'pin', 'change', CARD, pins=[PIN, 'w4Hd9tRb'])
    check.card(office, CARD, 'SUSPENDED', 'certificateHold', ['MISSING'])
    answer = office.json(ADMIN, 'resume', CARD, '--reason', 'MISSING')
    check.card(office, CARD, 'SUSPENDED', 'certificateHold', ['MISSING'])
    office.must(CUSTODIAN, 'confirm', answer['confirm'])
    check.card(office, CARD, 'ACTIVE', 'good')
    office.pull(CARD)


def test_manager_sees_the_own_section_only(office):
    several_accounts(office)
    section = office.show(CARD)['holder']['sectionCode']
    listed = lambda who, *words: [item['card'] for item in office.json(who, 'card', 'list', *words)['items']]
    check.equal(CARD in listed(MANAGER), True, 'the own section')
    check.equal(CARD in listed(MANAGER2), False, 'another section')
    check.equal(CARD in listed(CUSTODIAN), True, 'the desk')
    check.refused(office.ctl(MANAGER2, 'card', 'list', '--section', section), 3, MANAGER2)
    check.refused(office.ctl(MANAGER2, 'register', 'print', 'card', '--section', section, '--format', 'json',
                             '-o', office.path('register.json')), 3, MANAGER2)


def test_holder_has_no_say_over_a_card_of_another(office):
    several_accounts(office)
    for words, pins in ((['pin', 'change', CARD], [PIN, 'w4Hd9tRb']), (['renew', CARD], [PIN]),
                        (['report-damaged', CARD, '--by', HOLDER2], [])):
        result = check.unchanged(office, lambda words=words, pins=pins: office.ctl(HOLDER2, *words, pins=pins))
        check.refused(result, 3, CARD)
    check.refused(office.ctl(HOLDER2, 'card', 'show', CARD), 3, HOLDER2)
    check.equal(office.json(HOLDER, 'card', 'show', CARD)['card'], CARD)


def test_witness_is_somebody_else(office):
    several_accounts(office)
    office.receive('OP000003')
    result = check.unchanged(office, lambda: office.ctl(
        CUSTODIAN, 'dispose', 'OP000003', '--witness', CUSTODIAN, '--method', '破砕', '--evidence', '1',
        '--confirm', 'OP000003'))
    check.refused(result, 5, CUSTODIAN)
    office.must(CUSTODIAN, 'dispose', 'OP000003', '--witness', WITNESS, '--method', '破砕', '--evidence', '1',
                '--confirm', 'OP000003')


def test_anybody_reports_a_loss_and_it_is_refused_at_once(office):
    several_accounts(office)
    office.must(STRANGER, 'report-lost', CARD, '--by', '清掃員', '--via', 'phone')
    check.card(office, CARD, 'SUSPENDED', 'certificateHold', ['MISSING'])
    check.equal(office.sql('SELECT count(*) FROM case_file'), [(0,)], 'cases')
    office.must(CUSTODIAN, 'report-lost', CARD, '--by', HOLDER, '--note', '本人に確認')
    check.card(office, CARD, 'LOST', 'keyCompromise', ['MISSING'])
    check.equal(office.sql('SELECT card, kind FROM case_file'), [(CARD, 'lost')])


def test_lost_card_is_never_used_again(office):
    if office.is_alone:
        office.must(CUSTODIAN, 'report-lost', CARD, '--by', HOLDER)
    for words in (['resume', CARD, '--reason', 'MISSING'], ['recall-cancel', CARD, '--note', 'x'],
                  ['reuse', CARD], ['cancel', CARD, '--note', 'x']):
        result = check.unchanged(office, lambda words=words: office.ctl(ADMIN, *words))
        check.refused(result, 5, CARD)
    check.certificate(office, office.show(CARD)['certificate']['serial'], 'keyCompromise')


def test_missing_cards_become_lost_by_themselves(office):
    """Also those reported after one that a person has confirmed already."""
    several_accounts(office)
    office.lend('OP000004', HOLDER2)
    office.must(NIGHT_DESK, 'report-lost', 'OP000004', '--by', HOLDER2)
    check.card(office, 'OP000004', 'SUSPENDED', 'certificateHold', ['MISSING'])
    until(lambda: office.sql('SELECT max(since) < unixepoch() - 1 FROM hold')[0][0], 'a second')
    office.options['config'] = {'policy': {'missing-becomes-lost': '1s'}}
    office.write_config()
    office.restart()
    until(lambda: office.show('OP000004')['state'] == 'LOST', 'the card becomes lost')
    check.certificate(office, office.show('OP000004')['certificate']['serial'], 'keyCompromise')
    events = [event for event in office.events('OP000004') if event['event'] == 'report-lost']
    check.equal([event['by'] for event in events], ['opcardd'])


def test_root_may_look_but_decides_nothing(office):
    several_accounts(office)
    office.must('root', 'card', 'show', CARD)
    for words in (['card', 'receive', 'OP000009', '--kind', 'operator', '--place', 'x'],
                  ['recall', 'OP000002', '--reason', 'OTHER'], ['emergency', 'stop', '--scope', 'all', '--note', 'x'],
                  ['designation', 'import', office.path('office/designations-0202.csv'), '--section', '0202',
                   '--from', today(), '--paper', 'x']):
        check.refused(check.unchanged(office, lambda words=words: office.ctl('root', *words)), 3, 'root')


def test_auditor_reads_and_changes_nothing(office):
    several_accounts(office)
    office.must(AUDITOR, 'audit', 'verify')
    office.must(AUDITOR, 'card', 'history', CARD)
    result = check.unchanged(office, lambda: office.ctl(AUDITOR, 'recall', 'OP000002', '--reason', 'OTHER'))
    check.refused(result, 3, AUDITOR)


def test_ledger_is_whole(office):
    check.whole(office)


if __name__ == '__main__':
    tap.main(globals(), Office)
