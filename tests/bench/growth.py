# SPDX-License-Identifier: Apache-2.0
# How the cost of an operation grows with the store: the same operation by turns in a small and in a
# large one. Only the publication of the revocation list may grow with its length.
import os
import urllib.parse

import fill
import measure
import served
from issue import issue_one, numbers
from measure import benchmark

FEW, MANY = 1000, int(os.environ.get('OPCARD_BENCH_CERTIFICATES', '100000'))
REPEAT = 5  # a reading takes less than a millisecond


def furnish(daemon, cards, spares):
    daemon.start()
    staff = daemon.furnish(len(spares))
    daemon.prepare(spares)
    daemon.stop()
    shape = fill.Shape(cards)
    fill.fill(daemon, shape)
    daemon.start()
    daemon.client_custodian, daemon.client_admin = daemon.custodian(), daemon.admin()
    active = fill.active(shape)
    daemon.to_lose, daemon.to_recall = iter(active[:len(active) // 2]), iter(active[len(active) // 2:])
    daemon.spares = iter(list(zip(spares, staff)))
    daemon.used = [daemon.client_custodian, daemon.client_admin]
    daemon.middle = fill.number(cards // 2)
    return daemon


def reading(path):
    def read(daemon):
        target = path.replace('CARD', daemon.middle)
        return measure.seconds(lambda: [daemon.client_custodian.get(target) for _ in range(REPEAT)]) / REPEAT
    return read


def report_lost(daemon):
    return measure.seconds(daemon.client_custodian.post, '/cards/%s/report-lost' % next(daemon.to_lose),
                           {'by': '本人'})


def recall(daemon):
    return measure.seconds(daemon.client_admin.post, '/cards/%s/recall' % next(daemon.to_recall),
                           {'reason': 'TRANSFER'})


def issue(daemon):
    return issue_one(daemon, daemon.client_custodian, *next(daemon.spares))


OPERATIONS = {
    'issue': issue,
    'report-lost': report_lost,
    'recall': recall,
    'show': reading('/cards/CARD'),
    'history': reading('/cards/CARD/history'),
    'page': reading('/cards?limit=100&after=CARD'),
    'page-state': reading('/cards?limit=100&state=ACTIVE&after=CARD'),
    'page-suspended': reading('/cards?limit=20&state=SUSPENDED'),
    'page-section': reading('/cards?limit=100&section=S00003'),
    'search': reading('/cards?limit=10&q=' + urllib.parse.quote('第77')),
    'status': reading('/status'),
    'duties': reading('/duties?limit=20'),
    'audit': reading('/audit?limit=20&after=50'),
    'whoami': reading('/whoami'),
}


@benchmark('growth')
def growth():
    spares = numbers(measure.ROUNDS + 1)
    with served.daemon(readers=1) as few, served.daemon(readers=1) as many:
        furnish(few, FEW, spares)
        furnish(many, MANY, spares)
        for name, action in OPERATIONS.items():
            for daemon in (many, few):
                for client in daemon.used:
                    client.rest()
                action(daemon)
            ours, peer = measure.by_turns(lambda _, act=action: act(many), lambda _, act=action: act(few))
            measure.report('growth-' + name, ours / peer, '%s with %d' % (measure.time_text(ours), MANY),
                           '%s with %d' % (measure.time_text(peer), FEW), '~1')
