# SPDX-License-Identifier: Apache-2.0
# A card that locks after three wrong PINs: the tries left are told, the last one is not wasted, a
# locked card says so and does not take the daemon with it.
import os

import check
import tap
from office import CUSTODIAN, HOLDER, NEW_PIN, PIN, Office

CARD = 'OP000001'
WRONG = 'Wr0ngPin'


def make():
    return Office(config={'cards': {'module': os.environ['OPCARD_COUNTING']}})


def tries(office):
    with open(office.path('readers/reader1/tries'), encoding='ascii') as file:
        return int(file.read())


def test_right_pin_loses_no_try(office):
    office.lend(CARD)
    check.equal(tries(office), 3)
    office.must(HOLDER, 'pin', 'change', CARD, pins=[PIN, NEW_PIN])
    check.equal(tries(office), 3)


def test_wrong_pin_loses_one_try_only(office):
    check.refused(office.ctl(HOLDER, 'pin', 'change', CARD, pins=[WRONG, PIN]), 6, CARD)
    check.equal(tries(office), 2)
    check.equal(office.show(CARD)['pin']['state'], 'VALID')


def test_renewal_with_a_wrong_pin_loses_one_try_and_no_key(office):
    serial = office.show(CARD)['certificate']['serial']
    check.refused(office.ctl(HOLDER, 'renew', CARD, pins=[WRONG]), 6, CARD)
    check.equal(tries(office), 1)
    check.equal(check.card(office, CARD, 'ACTIVE', 'good')['certificate']['serial'], serial)


def test_last_try_is_not_touched(office):
    for words, pins in ((['renew', CARD], [NEW_PIN]), (['pin', 'change', CARD], [NEW_PIN, PIN])):
        check.refused(office.ctl(HOLDER, *words, pins=pins), 6, CARD, 'one try')
        check.equal(tries(office), 1)


def test_locked_card_says_so(office):
    with open(office.path('readers/reader1/tries'), 'w', encoding='ascii') as file:
        file.write('0\n')
    check.refused(office.ctl(HOLDER, 'pin', 'change', CARD, pins=[NEW_PIN, PIN]), 6, CARD, 'locked', 'form 6')
    check.equal(office.show(CARD)['pin']['state'], 'LOCKED')
    check.card(office, CARD, 'ACTIVE', 'good')
    office.must(CUSTODIAN, 'card', 'check', CARD)


def test_locked_card_can_still_be_returned_erased_and_used_again(office):
    office.must(CUSTODIAN, 'return', CARD)
    office.must(CUSTODIAN, 'erase', CARD, '--witness', '009874', '--confirm', CARD)
    office.must('004102', 'reuse', CARD)
    office.issue(CARD)
    office.hand_over(CARD)
    check.card(office, CARD, 'ACTIVE', 'good')
    check.equal(tries(office), 3)
    check.whole(office)


if __name__ == '__main__':
    tap.main(globals(), make)
