# SPDX-License-Identifier: Apache-2.0
# An outage (K04): registers printed blank beforehand, and what was written on them entered afterwards,
# with the time it happened and the mark that it was entered later.
import datetime
import os
import subprocess
import time

import check
import tap
from office import ADMIN, CUSTODIAN, HOLDER, HOLDER2, MANAGER, ROOT, WITNESS, Office, today, until

CARD, SECOND, THIRD = 'OP000001', 'OP000002', 'OP000003'
DAYS = 3


def iso(days=0, hours=0):
    japan = datetime.timezone(datetime.timedelta(hours=9))
    at = datetime.datetime.now(japan) - datetime.timedelta(days=days, hours=hours)
    return at.replace(microsecond=0).isoformat()


def make():
    office = Office()
    for card, staff, authority in ((CARD, HOLDER, '一般操作者'), (SECOND, HOLDER2, '一般操作者'),
                                   (THIRD, WITNESS, '業務管理者')):
        office.lend(card, staff, authority=authority)
        office.pull(card)
    return office


def test_the_future_and_the_past_before_the_last_event_are_refused(office):
    future = office.ctl(CUSTODIAN, 'return', CARD, '--occurred-at', iso(days=-1))
    check.refused(future, 2, 'future')
    past = office.ctl(CUSTODIAN, 'return', CARD, '--occurred-at', iso(days=DAYS))
    check.refused(past, 2, 'cannot lie before it')
    check.equal(office.show(CARD)['state'], 'ACTIVE')
    lift = office.ctl(ADMIN, 'api', 'POST', f'/cards/{CARD}/resume', '{"reason":"LEAVE","occurredAt":"' + iso() + '"}')
    check.refused(lift, 2)


def last(office, card, more=0):
    """When its last event was, some seconds ago by now."""
    japan = datetime.timezone(datetime.timedelta(hours=9))
    seconds = office.sql('SELECT max(at) FROM ledger WHERE card = ?', card)[0][0] + more
    return datetime.datetime.fromtimestamp(seconds, japan).isoformat()


def test_a_return_keeps_both_times_and_is_marked_everywhere(office):
    when = last(office, CARD)
    office.must(CUSTODIAN, 'return', CARD, '--occurred-at', when, '--note', '窓口')
    row = office.sql("SELECT at, entered_at FROM ledger WHERE card = ? AND kind = 'return'", CARD)[0]
    assert row[0] < row[1], row
    event = office.events(CARD)[-1]
    check.equal((event['at'], event['note']), (when, '事後入力：窓口'))
    assert event['enteredAt'] > event['at'], event
    issue = office.json(ROOT, 'register', 'export', 'issue', '--format', 'json')['rows']
    ended = [line for line in issue if line['card'] == CARD][0]
    assert '事後入力' in ended['reason'], ended
    check.equal(ended['returnedOn'], when[:10])
    cards = office.json(ROOT, 'register', 'export', 'card', '--format', 'json')['rows']
    assert '返納を事後入力' in [line for line in cards if line['card'] == CARD][0]['note'], cards
    told = office.must(ROOT, 'register', 'export', 'disclosure', '--card', CARD, '--format', 'json')
    assert '返納（事後入力）' in told, told


def test_a_suspension_and_a_recall_too(office):
    moment = datetime.datetime.fromisoformat(last(office, SECOND)).timestamp()
    until(lambda: time.time() >= moment + 1, 'the second is over')
    office.must(MANAGER, 'suspend', SECOND, '--reason', 'FORGOTTEN', '--occurred-at', last(office, SECOND))
    check.equal(office.events(SECOND)[-1]['note'], '事後入力')
    check.card(office, SECOND, 'SUSPENDED', 'certificateHold', holds=['FORGOTTEN'])
    earlier = office.ctl(ADMIN, 'recall', SECOND, '--reason', 'TRANSFER', '--occurred-at', last(office, SECOND, -1))
    check.refused(earlier, 2, 'cannot lie before it')
    office.must(ADMIN, 'recall', SECOND, '--reason', 'TRANSFER', '--occurred-at', last(office, SECOND))
    check.equal([event['event'] for event in office.events(SECOND)][-2:], ['suspend', 'recall'])
    certificate = office.sql("SELECT since FROM certificate_status s JOIN certificate c USING(issuer, serial)"
                             ' WHERE c.card = ?', SECOND)[0][0]
    happened = office.sql("SELECT at, entered_at FROM ledger WHERE card = ? AND kind = 'suspend'", SECOND)[0]
    assert happened[0] < certificate <= happened[1], 'a back-entry changed when OCSP began to refuse'
    check.whole(office)


def test_without_it_nothing_is_marked(office):
    office.must(CUSTODIAN, 'report-lost', THIRD, '--by', WITNESS)
    assert '事後入力' not in str(office.events(THIRD)), office.events(THIRD)


def test_registers_are_printed_blank(office):
    for name in ('issue', 'card'):
        target = office.path('out', f'blank-{name}.pdf')
        office.must(ROOT, 'register', 'print', name, '--blank', '-o', target)
        text = subprocess.run(['pdftotext', '-layout', target, '-'], capture_output=True, text=True, check=True).stdout
        assert '簿' in text and '券面番号' in text.replace(' ', '') or '番号' in text, text
        assert '氏' in text, text
        assert CARD not in text and HOLDER not in text, text
        info = subprocess.run(['pdfinfo', target], capture_output=True, text=True, check=True).stdout
        assert 'Pages:' in info and os.path.getsize(target) > 1000, info
    check.refused(office.ctl(ROOT, 'register', 'print', 'issue', '--blank', '--as-of', today(), '-o',
                             office.path('out/x.pdf')), 2)


if __name__ == '__main__':
    tap.main(globals(), make)
