# SPDX-License-Identifier: Apache-2.0
# T26, N34, N37: opcardd takes no PIN that is regular, the holder's own or the old one in disguise,
# says by which rule, and never shows the PIN. The card keeps its state.
import check
import tap
from office import CUSTODIAN, HOLDER, NEW_PIN, PIN, WITNESS, Office

CARD = 'OP000001'
REFUSED = [
    ('850412', 'date'), ('135791', 'constant steps'), ('kx7kx7', 'comes again'), ('147258', 'number pad'),
    ('1qaz2wsx', 'keyboard'), ('Tottori1', 'word'), ('p@ssw0rd1', 'word'),
    (HOLDER, 'number of the holder'), ('Hanako7x', 'name of the holder'), ('9tujimatuq', None),
    (CARD + 'x', 'number of the holder'),
]


def refused(office, words, pins, *texts):
    result = check.unchanged(office, lambda: office.ctl(*words, pins=pins))
    text = check.refused(result, 6, words[2] if words[1] == 'hand-over' else words[3], *texts)
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


def use_policy(office, **policy):
    office.options['config'] = {'policy': {key.replace('_', '-'): value for key, value in policy.items()}}
    office.write_config()
    office.restart()


def test_kinds_of_characters_are_asked_for_by_policy(office):
    refused(office, (HOLDER, 'pin', 'change', CARD), [NEW_PIN, '839172'], 'kinds')
    use_policy(office, pin_classes='1')
    office.must(HOLDER, 'pin', 'change', CARD, pins=[NEW_PIN, '839172'])
    use_policy(office, pin_classes='2')
    refused(office, (HOLDER, 'pin', 'change', CARD), ['839172', '502947'], 'kinds')
    office.must(HOLDER, 'pin', 'change', CARD, pins=['839172', NEW_PIN])


def test_cards_of_administrators_may_have_stricter_pins(office):
    """N48"""
    use_policy(office, pin_min_length='6, administrator:12', pin_classes='2, administrator:3')
    office.pull(CARD)
    office.prepare('ADM1', kind='administrator')
    office.issue('ADM1', WITNESS, authority='業務管理者')
    refused(office, (CUSTODIAN, 'hand-over', 'ADM1', '--reader', 'reader1'), ['hT4w-9Kz'], 'at least 12')
    refused(office, (CUSTODIAN, 'hand-over', 'ADM1', '--reader', 'reader1'), ['ht4w9kz2mq7v'], 'kinds')
    office.must(CUSTODIAN, 'hand-over', 'ADM1', '--reader', 'reader1', pins=['hT4w-9Kz2mQv'])
    office.pull('ADM1')
    office.insert(CARD)


def test_earlier_pins_are_refused_by_policy(office):
    """N34: three of them; the store has digests only."""
    use_policy(office, pin_history='3')
    pins = [NEW_PIN, 'b6Yt!q3Wn', 'R9fz4mLx', 'd2Gk7hVc']
    for old, new in zip(pins, pins[1:]):
        office.must(HOLDER, 'pin', 'change', CARD, pins=[old, new])
    for earlier in pins[1:3]:
        refused(office, (HOLDER, 'pin', 'change', CARD), [pins[3], earlier], 'used before')
    office.must(HOLDER, 'pin', 'change', CARD, pins=[pins[3], NEW_PIN])
    check.whole(office)


if __name__ == '__main__':
    tap.main(globals(), Office)
