# SPDX-License-Identifier: Apache-2.0
# What befalls cards beside the straight life: cancelled, renewed, stolen, damaged, given up, lost
# from the stock, set aside, carried to another section, lent for a day, stopped by scope.
import check
import tap
from office import (ADMIN, ADMIN2, CHIEF, CUSTODIAN, HOLDER, HOLDER2, MANAGER, MANAGER2, NEW_PIN, PIN, WITNESS,
                    Office, today)


def serial_of(office, card):
    return office.show(card)['certificate']['serial']


def dispose(office, card):
    office.must(CUSTODIAN, 'dispose', card, '--witness', WITNESS, '--method', '破砕', '--evidence', '第2号',
                '--confirm', card)
    check.equal(office.show(card)['state'], 'DISPOSED')


def test_cancelled_hand_over_revokes_what_was_never_valid(office):
    office.prepare('OP000001')
    office.issue('OP000001')
    serial = serial_of(office, 'OP000001')
    check.certificate(office, serial, 'unknown')
    office.must(ADMIN, 'cancel', 'OP000001', '--note', '異動取りやめ')
    check.card(office, 'OP000001', 'RETURNED', 'cessationOfOperation')
    check.refused(office.ctl(CUSTODIAN, 'hand-over', 'OP000001', pins=[PIN]), 5, 'OP000001')
    check.certificate(office, serial, 'cessationOfOperation')
    office.must(CUSTODIAN, 'erase', 'OP000001', '--witness', WITNESS, '--confirm', 'OP000001')
    dispose(office, 'OP000001')
    office.pull('OP000001')


def test_renewal_supersedes_and_keeps_the_pin(office):
    office.lend('OP000002')
    before = office.show('OP000002')
    old = before['certificate']['serial']
    check.refused(office.ctl(HOLDER, 'renew', 'OP000002', '--reader', 'reader1', pins=[NEW_PIN]), 6)
    check.card(office, 'OP000002', 'ACTIVE', 'good')
    office.must(HOLDER, 'renew', 'OP000002', '--reader', 'reader1', pins=[PIN])
    shown = check.card(office, 'OP000002', 'ACTIVE', 'good')
    assert shown['certificate']['serial'] != old
    check.certificate(office, old, 'superseded')
    check.equal(shown['pin'], before['pin'], 'PIN and its age')
    office.must(HOLDER, 'pin', 'change', 'OP000002', pins=[PIN, NEW_PIN])


def test_renewal_is_refused_to_a_card_that_is_stopped(office):
    office.must(HOLDER, 'suspend', 'OP000002', '--reason', 'FORGOTTEN')
    check.refused(office.ctl(HOLDER, 'renew', 'OP000002', pins=[NEW_PIN]), 5, 'OP000002')
    office.must(ADMIN, 'resume', 'OP000002', '--reason', 'FORGOTTEN')


def test_damaged_but_usable_until_replaced(office):
    office.must(ADMIN, 'report-damaged', 'OP000002', '--by', HOLDER, '--usable', '--note', 'ひび')
    check.card(office, 'OP000002', 'ACTIVE', 'good')
    check.equal(check.last_events(office, 'OP000002', 1), ['report-damaged'])


def test_N29_damaged_card_is_revoked_and_demanded_back(office):
    office.must(ADMIN, 'report-damaged', 'OP000002', '--by', HOLDER, '--note', '折損')
    shown = check.card(office, 'OP000002', 'DAMAGED', 'superseded')
    check.equal(shown['duty']['kind'], 'collect')


def test_card_that_does_not_come_back_is_written_off_and_found_later(office):
    office.must(ADMIN, 'write-off', 'OP000002', '--note', '本人と連絡不能', '--confirm', 'OP000002')
    shown = check.card(office, 'OP000002', 'UNRECOVERABLE', 'superseded')
    check.equal(shown['duty'], None)
    office.must(CUSTODIAN, 'found', 'OP000002', '--note', '書庫で発見')
    check.card(office, 'OP000002', 'RETURNED', 'superseded')
    office.must(CUSTODIAN, 'erase', 'OP000002', '--witness', WITNESS, '--unerasable', '--confirm', 'OP000002')
    check.card(office, 'OP000002', 'ERASED', 'superseded')
    dispose(office, 'OP000002')
    office.pull('OP000002')


def test_stolen_card_and_the_police_number_that_follows(office):
    office.lend('OP000003', HOLDER2)
    office.pull('OP000003')
    office.must(ADMIN, 'report-stolen', 'OP000003', '--by', HOLDER2, '--occurred-at', today(-1) + 'T18:00:00+09:00',
                '--police-report', '鳥取署 第3号')
    check.card(office, 'OP000003', 'STOLEN', 'keyCompromise')
    text = office.must(ADMIN, 'case', 'list', '--json')
    assert '鳥取署 第3号' in text or office.sql(
        "SELECT 1 FROM case_file WHERE card = 'OP000003' AND police_report = '鳥取署 第3号'"), text


def test_lost_card_turns_out_stolen(office):
    office.lend('OP000004', HOLDER2)
    office.pull('OP000004')
    office.must(CUSTODIAN, 'report-lost', 'OP000004', '--by', HOLDER2)
    office.must(CUSTODIAN, 'report-stolen', 'OP000004', '--by', HOLDER2, '--police-report', '第4号')
    check.card(office, 'OP000004', 'STOLEN', 'keyCompromise')
    check.equal(office.sql("SELECT kind, police_report FROM case_file WHERE card = 'OP000004'"),
                [('stolen', '第4号')], 'one case')


def test_card_lost_from_the_stock(office):
    office.receive('OP000005')
    office.must(CUSTODIAN, 'stock-lost', 'OP000005', '--by', CUSTODIAN, '--note', '棚卸しで不足')
    check.card(office, 'OP000005', 'LOST')
    check.refused(office.ctl(CUSTODIAN, 'card', 'prepare', 'OP000005', '--reader', 'reader2'), 5)


def test_card_set_aside_is_never_used(office):
    office.prepare('OP000006')
    office.must(CUSTODIAN, 'set-aside', 'OP000006', '--note', '表面に傷')
    check.card(office, 'OP000006', 'QUARANTINED')
    check.refused(office.ctl(CUSTODIAN, 'issue', 'OP000006', '--staff', HOLDER, '--authority', '一般操作者'), 5)
    dispose(office, 'OP000006')
    office.pull('OP000006')


def move_person(office, staff, old, new):
    """@staff is transferred and designated in the new section, still designated in the old one."""
    path = office.path('office/staff.csv')
    with open(path, encoding='utf-8') as file:
        lines = file.read().split('\n')
    text = '\n'.join(line.replace(f',{old},', f',{new},') if line.startswith(staff) else line for line in lines)
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    office.must(ADMIN, 'import', 'staff', path)
    with open(office.path(f'office/designations-{new}.csv'), 'a', encoding='utf-8') as file:
        file.write(f'{staff},,一般操作者,窓口,追加,\n')
    with open(office.path(f'office/designations-{new}.csv'), encoding='utf-8') as file:
        text = file.read().replace(',追加,', ',,')
    with open(office.path(f'office/designations-{new}.csv'), 'w', encoding='utf-8') as file:
        file.write(text)
    office.designate(new)


def test_card_is_carried_to_another_section(office):
    office.lend('OP000007', '920017')
    serial = serial_of(office, 'OP000007')
    check.refused(office.ctl(ADMIN, 're-home', 'OP000007', '--section', '0402'), 5, 'OP000007', '0402')
    move_person(office, '920017', '0301', '0402')
    check.refused(office.ctl(ADMIN, 'recall', 'OP000007', '--reason', 'TRANSFER'), 5, 're-home')
    office.must(ADMIN, 're-home', 'OP000007', '--section', '0402')
    shown = check.card(office, 'OP000007', 'ACTIVE', 'good')
    check.equal(shown['certificate']['serial'], serial, 'the card was not touched')
    check.equal(shown['holder']['sectionCode'], '0402')
    rows = office.sql("SELECT section_code, reason FROM issue_row WHERE card = 'OP000007' ORDER BY id")
    check.equal(rows, [('0301', '所属替'), ('0402', None)])
    if not office.is_alone:
        check.refused(office.ctl(MANAGER, 'card', 'place', 'OP000007', '金庫'), 3)
    office.must(MANAGER2, 'card', 'place', 'OP000007', '保険年金課 金庫')
    office.pull('OP000007')


def test_temporary_card_stands_in_for_a_day(office):
    if office.is_alone:
        raise tap.Skip('root: the manager of the section has another account')
    office.lend('OP000008')
    office.pull('OP000008')
    office.prepare('TMP00001', kind='temporary')
    office.approve_lending()
    office.must(MANAGER, 'lend-temporary', 'TMP00001', '--staff', HOLDER, '--reader', 'reader1', pins=[NEW_PIN])
    check.card(office, 'OP000008', 'SUSPENDED', 'certificateHold', ['FORGOTTEN'])
    shown = check.card(office, 'TMP00001', 'ACTIVE', 'good')
    check.equal(shown['certificate']['notAfter'], today() + 'T23:59:59+09:00')
    check.equal((shown['kind'], shown['holder']['staff']), ('temporary', HOLDER))


def test_return_of_the_temporary_card_lifts_the_hold(office):
    if office.is_alone:
        raise tap.Skip('root: the manager of the section has another account')
    office.must(CUSTODIAN, 'return', 'TMP00001', '--note', '翌朝返却')
    state = office.show('TMP00001')
    check.equal((state['state'], state['certificate']['state']), ('RETURNED', 'REVOKED'))
    check.card(office, 'OP000008', 'ACTIVE', 'good')
    check.equal(check.last_events(office, 'OP000008', 2), ['suspend', 'resume'])
    office.pull('TMP00001')


def test_emergency_stop_reaches_its_scope_only(office):
    office.lend('OP000009', '010433', authority='業務管理者')
    office.pull('OP000009')
    check.refused(office.ctl(ADMIN, 'emergency', 'stop', '--scope', 'section:0999', '--note', 'x'), 4, '0999')
    office.must(CHIEF, 'emergency', 'stop', '--scope', 'section:0402', '--note', '不正アクセスの疑い')
    check.card(office, 'OP000007', 'SUSPENDED', 'certificateHold', ['EMERGENCY'])
    check.card(office, 'OP000009', 'SUSPENDED', 'certificateHold', ['EMERGENCY'])


def test_emergency_covers_a_card_handed_over_later(office):
    office.prepare('OP000010')
    office.issue('OP000010', HOLDER2)
    office.hand_over('OP000010', MANAGER2)
    check.card(office, 'OP000010', 'SUSPENDED', 'certificateHold', ['EMERGENCY'])
    office.must(ADMIN, 'suspend', 'OP000010', '--reason', 'LEAVE')
    office.pull('OP000010')


def test_two_scopes_and_a_hold_are_lifted_one_by_one_by_two_persons(office):
    def lift(scope, first, second):
        answer = office.json(first, 'emergency', 'resume', '--scope', scope, '--note', '確認済')
        check.equal(office.show('OP000007')['state'], 'SUSPENDED', 'one person alone')
        if not office.is_alone:
            check.refused(office.ctl(first, 'confirm', answer['confirm']), 5, first)
        office.must(second, 'confirm', answer['confirm'])

    office.must(ADMIN, 'emergency', 'stop', '--scope', 'authority:一般操作者', '--note', '念のため')
    lift('section:0402', ADMIN, ADMIN2)
    check.card(office, 'OP000009', 'ACTIVE', 'good')
    check.card(office, 'OP000007', 'SUSPENDED', 'certificateHold', ['EMERGENCY'])
    check.card(office, 'OP000010', 'SUSPENDED', 'certificateHold', ['EMERGENCY', 'LEAVE'])
    lift('authority:一般操作者', CHIEF, ADMIN)
    check.card(office, 'OP000007', 'ACTIVE', 'good')
    check.card(office, 'OP000010', 'SUSPENDED', 'certificateHold', ['LEAVE'])
    office.must(ADMIN, 'resume', 'OP000010', '--reason', 'LEAVE')
    check.card(office, 'OP000010', 'ACTIVE', 'good')


def test_ledger_and_registers_agree_in_the_end(office):
    check.whole(office)


if __name__ == '__main__':
    # Nothing to wait for before a card is given up; test_duties.py waits.
    tap.main(globals(), lambda: Office(config={'policy': {'collect-remind': '', 'collect-escalate': ''}}))
