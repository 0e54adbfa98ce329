# SPDX-License-Identifier: Apache-2.0
# T26, N34, N37: opcardd takes no PIN that is regular, the holder's own or the old one in disguise,
# says by which rule, and never shows the PIN. The card keeps its state.
import check
import tap
from office import CUSTODIAN, HOLDER, NEW_PIN, PIN, Office

CARD = 'OP000001'
REFUSED = [
    ('850412', 'date'), ('135791', 'constant steps'), ('kx7kx7', 'comes again'), ('147258', 'number pad'),
    ('1qaz2wsx', 'keyboard'), ('Tottori1', 'word'), ('p@ssw0rd1', 'word'),
    (HOLDER, 'number of the holder'), ('Hanako7x', 'name of the holder'), ('9tujimatuq', None),
    (CARD + 'x', 'number of the holder'),
]


def refused(office, words, pins, *texts):
    result = check.unchanged(office, lambda: office.ctl(*words, pins=pins))
    text = check.refused(result, 6, CARD, *texts)
    assert not any(pin in text for pin in pins if pin != HOLDER and CARD not in pin), text
    return text


def test_regular_and_own_pins_are_refused_at_hand_over(office):
    office.prepare(CARD)
    office.issue(CARD)
    for pin, text in REFUSED:
        if text is not None:
            refused(office, (CUSTODIAN, 'hand-over', CARD, '--reader', 'reader1'), [pin], text)
    check.card(office, CARD, 'PENDING', 'unknown')


def test_the_reason_is_told_in_japanese(office):
    result = office.ctl(CUSTODIAN, 'hand-over', CARD, pins=['850412'], lang='ja_JP.UTF-8')
    assert '日付です' in result.err and 'date' not in result.err, result


def test_disguises_of_the_old_pin_are_refused_at_change(office):
    office.hand_over(CARD)
    for pin, text in [(PIN[::-1], 'backwards'), (PIN[3:] + PIN[:3], 'elsewhere'), (PIN[:-1] + 'w', 'nearly'),
                      (PIN.swapcase(), 'the old one'), (PIN + '1', 'nearly'), ('Yumiko55', 'word')]:
        refused(office, (HOLDER, 'pin', 'change', CARD), [PIN, pin], text)
    office.must(HOLDER, 'pin', 'change', CARD, pins=[PIN, NEW_PIN])


def test_kinds_of_characters_are_asked_for_by_policy(office):
    office.must(HOLDER, 'pin', 'change', CARD, pins=[NEW_PIN, '839172'])
    office.options['config'] = {'policy': {'pin-classes': '2'}}
    office.write_config()
    office.restart()
    refused(office, (HOLDER, 'pin', 'change', CARD), ['839172', '502947'], 'kinds')
    office.must(HOLDER, 'pin', 'change', CARD, pins=['839172', NEW_PIN])
    check.whole(office)


if __name__ == '__main__':
    tap.main(globals(), Office)
