# SPDX-License-Identifier: Apache-2.0
# Somebody decides about a card while another works on it: what was decided stands, and nothing that
# the work made becomes good.
import check
import tap
from office import (ADMIN, ADMIN2, CUSTODIAN, HOLDER, HOLDER2, PIN, Office, until)

AUTHORITY = '一般操作者'


def make():
    return Office(failpoints='hand-over.pin-set:sleep=1500')


def is_under_way(office, card, kind, step='begun'):
    """Whether the card is being worked on, past @step."""
    return office.sql('SELECT 1 FROM intent WHERE card = ? AND kind = ? AND closed_at IS NULL AND step >= ?',
                      card, kind, step)


def begin_hand_over(office, card):
    process = office.begin(CUSTODIAN, 'hand-over', card, '--reader', 'reader1', pins=[PIN])
    until(lambda: is_under_way(office, card, 'hand-over'), 'the hand-over')
    return process


def test_loss_reported_during_the_hand_over_stands(office):
    office.prepare('OP000001')
    office.issue('OP000001')
    process = begin_hand_over(office, 'OP000001')
    office.must(ADMIN, 'report-lost', 'OP000001', '--by', HOLDER)
    result = office.finish(process)
    assert result.exit != 0 and 'OP000001' in result.err, result
    check.card(office, 'OP000001', 'LOST', 'keyCompromise')
    office.pull('OP000001')


def test_cancelled_during_the_hand_over_stays_cancelled(office):
    office.prepare('OP000002')
    office.issue('OP000002')
    process = begin_hand_over(office, 'OP000002')
    office.must(ADMIN, 'cancel', 'OP000002', '--note', '異動取りやめ')
    assert office.finish(process).exit != 0
    check.card(office, 'OP000002', 'RETURNED', 'cessationOfOperation')
    office.pull('OP000002')


def test_reported_missing_during_the_hand_over_is_never_good(office):
    if office.is_alone:
        raise tap.Skip('root: whoever only causes a hold has another account')
    office.prepare('OP000003')
    office.issue('OP000003')
    process = begin_hand_over(office, 'OP000003')
    office.must(HOLDER2, 'report-lost', 'OP000003', '--by', 'x')
    office.finish(process)
    shown = office.show('OP000003')
    check.equal(shown['reasons'], ['MISSING'])
    assert office.ocsp(shown['certificate']['serial']).answer != 'good', shown
    office.must(CUSTODIAN, 'report-lost', 'OP000003', '--by', HOLDER)
    check.card(office, 'OP000003', 'LOST', 'keyCompromise', ['MISSING'])
    office.pull('OP000003')


def test_set_aside_while_it_is_issued(office):
    office.restart()
    office.lend('OP000005', HOLDER)
    office.pull('OP000005')
    office.restart('personalise.put:sleep=1500')
    office.prepare('OP000004')
    process = office.begin(CUSTODIAN, 'issue', 'OP000004', '--staff', HOLDER2, '--authority',
                           AUTHORITY, '--reader', 'reader1')
    until(lambda: is_under_way(office, 'OP000004', 'issue', 'recorded'), 'the certificate is recorded')
    office.must(CUSTODIAN, 'set-aside', 'OP000004', '--note', '疑わしい')
    assert office.finish(process).exit != 0
    check.equal(office.show('OP000004')['state'], 'QUARANTINED')
    for serial, in office.sql("SELECT hex(serial) FROM certificate WHERE card = 'OP000004'"):
        check.equal(office.ocsp(serial).answer, 'revoked')
    check.equal(check.objects(office), 0, 'objects on the card')
    office.pull('OP000004')


def test_emergency_stop_during_a_renewal_stops_the_new_certificate(office):
    office.insert('OP000005')
    old = office.show('OP000005')['certificate']['serial']
    process = office.begin(HOLDER, 'renew', 'OP000005', '--reader', 'reader1', pins=[PIN])
    until(lambda: is_under_way(office, 'OP000005', 'renew', 'recorded'), 'the renewal')
    office.must(ADMIN, 'emergency', 'stop', '--scope', 'all', '--note', '不正アクセスの疑い')
    office.finish(process)
    for serial in {old, office.show('OP000005')['certificate']['serial']}:
        assert office.ocsp(serial).answer != 'good', serial
    answer = office.json(ADMIN, 'emergency', 'resume', '--scope', 'all', '--note', '確認済')
    office.must(ADMIN2, 'confirm', answer['confirm'])
    check.card(office, 'OP000005', 'ACTIVE', 'good')
    live = office.sql("SELECT count(*) FROM certificate JOIN certificate_status USING (issuer, serial)"
                      " WHERE card = 'OP000005' AND state = 'VALID'")
    check.equal(live, [(1,)], 'valid certificates')


def test_recalled_while_the_pin_is_changed(office):
    office.restart('pin-change.changed:sleep=1500')
    process = office.begin(HOLDER, 'pin', 'change', 'OP000005', pins=[PIN, 'w4Hd9tRb'])
    until(lambda: is_under_way(office, 'OP000005', 'pin-change'), 'the change')
    office.must(ADMIN, 'recall', 'OP000005', '--reason', 'TRANSFER')
    office.finish(process)
    check.card(office, 'OP000005', 'RECALLED', 'certificateHold')
    office.must(CUSTODIAN, 'return', 'OP000005')
    office.pull('OP000005')


def test_two_at_once_make_one_card_of_it(office):
    """Two custodians issue two cards to one person, and one card to two persons."""
    office.restart('personalise.put:sleep=500')
    office.prepare('OP000006', 'reader1')
    office.prepare('OP000007', 'reader2')
    both = [office.begin(CUSTODIAN, 'issue', card, '--staff', HOLDER2, '--authority', AUTHORITY, '--reader', reader)
            for card, reader in (('OP000006', 'reader1'), ('OP000007', 'reader2'))]
    exits = sorted(office.finish(process).exit for process in both)
    check.equal(exits, [0, 5])
    states = sorted(office.show(card)['state'] for card in ('OP000006', 'OP000007'))
    check.equal(states, ['PENDING', 'SPARE'])
    spare = 'OP000006' if office.show('OP000006')['state'] == 'SPARE' else 'OP000007'
    both = [office.begin(CUSTODIAN, 'issue', spare, '--staff', staff, '--authority', authority)
            for staff, authority in (('920017', AUTHORITY), ('010433', '業務管理者'))]
    exits = [office.finish(process).exit for process in both]
    assert sorted(exits)[0] == 0 and sorted(exits)[1] in (1, 5), exits
    check.equal(office.show(spare)['state'], 'PENDING')


def test_nothing_is_left_open(office):
    check.equal(office.sql('SELECT kind, card FROM intent WHERE closed_at IS NULL'), [])
    check.whole(office)


if __name__ == '__main__':
    tap.main(globals(), make)
