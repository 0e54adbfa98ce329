# SPDX-License-Identifier: Apache-2.0
# One card after another through the whole life, only by opcardctl; after each step what a user and
# an outsider notice: card show, the OCSP answer, the revocation list.
import check
import tap
from office import (ADMIN, ADMIN2, CUSTODIAN, HOLDER, MANAGER, NEW_PIN, PIN, WITNESS, Office, today)

ONE, TWO = 'OP000001', 'OP000002'
serial = {}


def test_received_cards_are_stock(office):
    office.receive(ONE, TWO)
    shown = check.card(office, ONE, 'STOCK')
    check.equal(shown['kind'], 'operator')
    check.equal(shown['place'], '保管庫')
    check.equal(shown['holder'], None)
    check.equal(shown['chipSerial'], None)


def test_prepare_makes_a_spare_with_a_known_chip(office):
    office.must(CUSTODIAN, 'card', 'prepare', ONE, '--reader', 'reader1')
    shown = check.card(office, ONE, 'SPARE')
    assert shown['chipSerial'], shown
    check.equal(shown['pin']['state'], 'BLOCKED')


def test_issued_card_is_pending_and_unknown_to_ocsp(office):
    office.issue(ONE)
    shown = check.card(office, ONE, 'PENDING', 'unknown')
    serial[ONE] = shown['certificate']['serial']
    check.equal(shown['holder']['staff'], HOLDER)
    check.equal(shown['holder']['name'], '辻\U000e0102\u3000花子')
    check.equal(shown['authority'], '一般操作者')
    check.equal(shown['issuedOn'], today())
    check.equal(shown['lentOn'], None)


def test_dispatch_and_place_are_noted(office):
    office.must(CUSTODIAN, 'dispatch', ONE, '--to', '市民課', '--seal', '0451')
    assert '市民課' in check.card(office, ONE, 'PENDING', 'unknown')['place']
    office.must(MANAGER, 'arrive', ONE, '--seal', '0451')
    office.must(CUSTODIAN, 'card', 'place', ONE, '市民課 金庫')
    check.equal(office.show(ONE)['place'], '市民課 金庫')


def test_hand_over_makes_it_good_with_the_holders_own_pin(office):
    office.hand_over(ONE)
    shown = check.card(office, ONE, 'ACTIVE', 'good')
    check.equal(shown['lentOn'], today())
    check.equal(shown['pin']['state'], 'VALID')
    check.equal(shown['pin']['changedOn'], today())
    check.equal(shown['certificate']['state'], 'VALID')


def test_card_check_is_dated(office):
    office.must(CUSTODIAN, 'card', 'check', ONE, '--reader', 'reader1')
    check.equal(office.show(ONE)['checkedOn'], today())
    check.equal(check.last_events(office, ONE, 1), ['card-check'])


def test_holder_changes_the_pin(office):
    check.refused(office.ctl(HOLDER, 'pin', 'change', ONE, pins=['Qx83nfWw', NEW_PIN]), 6)
    office.must(HOLDER, 'pin', 'change', ONE, '--reader', 'reader1', pins=[PIN, NEW_PIN])
    check.refused(office.ctl(HOLDER, 'pin', 'change', ONE, pins=[PIN, 'Qx83nfWw']), 6)
    check.card(office, ONE, 'ACTIVE', 'good')


def test_forgotten_card_is_held_and_resumed(office):
    before = office.crl().number
    office.must(HOLDER, 'suspend', ONE, '--reason', 'FORGOTTEN')
    check.card(office, ONE, 'SUSPENDED', 'certificateHold', ['FORGOTTEN'])
    office.must(MANAGER if not office.is_alone else ADMIN, 'resume', ONE, '--reason', 'FORGOTTEN')
    check.card(office, ONE, 'ACTIVE', 'good')
    assert office.crl().number >= before + 2


def test_two_reasons_are_lifted_one_by_one(office):
    office.must(HOLDER, 'suspend', ONE, '--reason', 'FORGOTTEN')
    office.must(ADMIN, 'suspend', ONE, '--reason', 'LEAVE')
    check.card(office, ONE, 'SUSPENDED', 'certificateHold', ['FORGOTTEN', 'LEAVE'])
    office.must(ADMIN, 'resume', ONE, '--reason', 'FORGOTTEN')
    check.card(office, ONE, 'SUSPENDED', 'certificateHold', ['LEAVE'])
    office.must(ADMIN, 'resume', ONE, '--reason', 'LEAVE')
    check.card(office, ONE, 'ACTIVE', 'good')


def test_reported_loss_revokes_and_opens_a_case(office):
    office.pull(ONE)
    office.must(CUSTODIAN, 'report-lost', ONE, '--by', HOLDER, '--via', 'phone', '--note', '窓口で紛失',
                '--noticed-at', today() + 'T00:00:00+09:00')
    check.card(office, ONE, 'LOST', 'keyCompromise')
    cases = office.json(CUSTODIAN, 'case', 'list')['items']
    check.equal([(case['card'], case['kind'], case['closedOn']) for case in cases], [(ONE, 'lost', None)])


def test_reissue_names_the_predecessor(office):
    office.must(CUSTODIAN, 'card', 'prepare', TWO, '--reader', 'reader1')
    office.must(CUSTODIAN, 'reissue', ONE, '--to', TWO, '--reason', '紛失', '--reader', 'reader1')
    shown = check.card(office, TWO, 'PENDING', 'unknown')
    check.equal(shown['replaces'], ONE)
    check.equal(shown['holder']['staff'], HOLDER)
    office.hand_over(TWO)
    check.card(office, TWO, 'ACTIVE', 'good')
    check.card(office, ONE, 'LOST', 'keyCompromise')


def test_found_card_is_back_but_never_used_again(office):
    office.must(CUSTODIAN, 'found', ONE, '--note', '庁舎内で発見')
    check.card(office, ONE, 'RETURNED', 'keyCompromise')
    office.pull(TWO)
    office.insert(ONE)
    office.must(CUSTODIAN, 'erase', ONE, '--witness', WITNESS, '--reader', 'reader1', '--confirm', ONE)
    check.card(office, ONE, 'ERASED', 'keyCompromise')
    check.refused(office.ctl(ADMIN, 'reuse', ONE), 5, ONE)
    office.pull(ONE)
    office.must(CUSTODIAN, 'dispose', ONE, '--witness', WITNESS, '--method', '破砕', '--evidence', '第1号',
                '--confirm', ONE)
    check.card(office, ONE, 'DISPOSED', 'keyCompromise')


def test_hand_over_supersedes_the_predecessor_at_once(office):
    office.prepare('OP000003')
    office.must(CUSTODIAN, 'reissue', TWO, '--to', 'OP000003', '--reason', '摩耗', '--reader', 'reader1')
    check.card(office, TWO, 'ACTIVE', 'good')
    office.hand_over('OP000003')
    check.card(office, 'OP000003', 'ACTIVE', 'good')
    shown = check.card(office, TWO, 'RECALLED', 'superseded')
    check.equal(shown['duty']['kind'], 'collect')
    new = office.sql("SELECT seq, at FROM ledger WHERE card = 'OP000003' AND kind = 'hand-over'")
    old = office.sql('SELECT seq, at FROM ledger WHERE card = ? AND kind = ?', TWO, 'recall')
    check.equal(len(old), 1)
    check.equal((abs(new[0][0] - old[0][0]), old[0][1]), (1, new[0][1]), 'one transaction')
    office.pull('OP000003')


def test_superseded_card_comes_back_and_is_reused(office):
    office.must(CUSTODIAN, 'return', TWO, '--note', '再発行のため')
    shown = check.card(office, TWO, 'RETURNED', 'superseded')
    check.equal(shown['returnedOn'], today())
    check.equal(shown['duty'], None)
    office.insert(TWO)
    office.must(CUSTODIAN, 'erase', TWO, '--witness', WITNESS, '--confirm', TWO)
    office.must(ADMIN, 'reuse', TWO)
    shown = check.card(office, TWO, 'SPARE', 'superseded')
    check.equal(shown['holder'], None)


def test_recall_holds_and_can_be_taken_back_by_two(office):
    office.issue(TWO, '920017')
    office.hand_over(TWO)
    office.must(ADMIN, 'recall', TWO, '--reason', 'TRANSFER', '--note', '人事異動', '--due', today(7))
    shown = check.card(office, TWO, 'RECALLED', 'certificateHold')
    duty = shown['duty']
    check.equal((duty['kind'], duty['owner'], duty['due']), ('collect', '市民課長', today(7)))
    answer = office.json(ADMIN, 'recall-cancel', TWO, '--note', '異動の取消し')
    check.card(office, TWO, 'RECALLED', 'certificateHold')
    if not office.is_alone:
        check.refused(office.ctl(ADMIN, 'confirm', answer['confirm']), 5, ADMIN)
        check.refused(office.ctl(HOLDER, 'confirm', answer['confirm']), 3)
    office.must(ADMIN2, 'confirm', answer['confirm'])
    shown = check.card(office, TWO, 'ACTIVE', 'good')
    check.equal(shown['duty'], None, 'the duty of the recall')
    assert office.ctl(ADMIN2, 'confirm', answer['confirm']).exit != 0, 'confirmed twice'


def test_recalled_card_is_returned_erased_reused_and_issued_again(office):
    chip = office.show(TWO)['chipSerial']
    office.must(ADMIN, 'recall', TWO, '--reason', 'RETIREMENT')
    office.must(MANAGER, 'dispatch', TWO, '--to', '情報政策課', '--seal', '0452')
    check.refused(office.ctl(CUSTODIAN, 'return', TWO, '--chip-serial', '0000'), 6, TWO)
    office.must(CUSTODIAN, 'return', TWO, '--chip-serial', chip, '--seal', '0452')
    check.card(office, TWO, 'RETURNED', 'cessationOfOperation')
    office.must(CUSTODIAN, 'erase', TWO, '--witness', WITNESS, '--confirm', TWO)
    shown = check.card(office, TWO, 'ERASED', 'cessationOfOperation')
    check.equal(shown['pin']['state'], 'BLOCKED')
    office.must(ADMIN, 'reuse', TWO)
    office.issue(TWO, '920017')
    office.hand_over(TWO)
    shown = check.card(office, TWO, 'ACTIVE', 'good')
    check.equal((shown['chipSerial'], shown['returnedOn']), (chip, None))


def test_registers_tell_the_whole_life(office):
    rows = office.json(CUSTODIAN, 'register', 'print', 'issue', '--format', 'json')['rows']
    assert len(rows) == 5, rows
    check.equal(len(office.sql('SELECT 1 FROM certificate')), 5, 'certificates')
    check.whole(office)


def test_history_names_who_did_what(office):
    for event in office.events(TWO):
        assert event['by'] and event['at'] and event['ja'] and event['article'], event
    check.equal([event['event'] for event in office.events(TWO) if event['event'].startswith('erase')],
                ['erase-begin', 'erase'] * 2)


if __name__ == '__main__':
    tap.main(globals(), Office)
