# SPDX-License-Identifier: Apache-2.0
# From exec to the first OCSP answer, and how much memory opcardd takes.
import os
import time

import ask
import fill
import measure
import served
from measure import benchmark

MANY = int(os.environ.get('OPCARD_BENCH_MANY', '1000000'))
FEW = 1000
RECORDS = int(os.environ.get('OPCARD_BENCH_RECORDS', '1'))  # of the ledger, a card


def furnish(daemon, shape):
    fill.furnish_narrow(daemon, shape)
    daemon.question = ask.make_request(daemon.folder, os.path.join(daemon.folder, 'ca.pem'),
                                       fill.serial(shape.cards - 1))


def start(daemon):
    """Asked in the middle of its life: a signed answer about the certificate recorded last."""
    begin = time.perf_counter()
    daemon.spawn()
    while len(ask.ask_once(daemon.port, daemon.question)) < 100:
        if daemon.process.poll() is not None:
            daemon.fail('opcardd ended')
        time.sleep(0.0005)
    spent = time.perf_counter() - begin
    daemon.stop()
    return spent


@benchmark('startup')
def startup():
    with served.daemon() as few, served.daemon() as many:
        furnish(few, fill.Shape(FEW, records=RECORDS))
        furnish(many, fill.Shape(MANY, records=RECORDS))
        start(many)
        ours, peer = measure.by_turns(lambda _: start(many), lambda _: start(few), max(5, measure.ROUNDS // 3))
        measure.report('startup', ours / peer, '%s with %d' % (measure.time_text(ours), MANY),
                       '%s with %d' % (measure.time_text(peer), FEW), '; ours<=500ms')


@benchmark('memory')
def memory():
    with served.daemon() as few, served.daemon() as many:
        sizes = []
        for daemon, cards in ((few, FEW), (many, MANY)):
            furnish(daemon, fill.Shape(cards, records=RECORDS))
            daemon.start()
            client = daemon.custodian()
            client.get('/status')
            client.get('/cards?limit=100')
            sizes.append(daemon.memory())
        each = (sizes[1][1] - sizes[0][1]) / (MANY - FEW)
        measure.report('memory', each / 100, '%.1f MiB RSS (%.1f own) with %d cards, %.0f bytes a certificate' %
                       (sizes[0][0] / 2**20, sizes[0][1] / 2**20, FEW, each), 'none',
                       '<=40 MiB, <=100 bytes')
