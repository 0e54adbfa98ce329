# SPDX-License-Identifier: Apache-2.0
# After kill -9 with many cards and open work: from exec to the first OCSP answer, the repair of every
# intent's half in the store included.
import contextlib
import os
import sqlite3
import statistics
import time

import ask
import fill
import measure
import served
from measure import benchmark

CARDS = int(os.environ.get('OPCARD_BENCH_CARDS', '10000'))
INTENTS = 100
ROUNDS = min(measure.ROUNDS, 7)


def leave_open(daemon, shape, turn):
    """As a kill leaves them: half of the work is issuing, which has to be undone, half is PIN changes."""
    active = fill.active(shape)[turn * INTENTS:(turn + 1) * INTENTS]
    base = sqlite3.connect(daemon.database)
    with contextlib.closing(base), base:
        for i, card in enumerate(active):
            kind = 'issue' if i % 2 == 0 else 'pin-change'
            name = f'I-bench-{turn}-{i}'
            base.execute("INSERT INTO intent(id, kind, card, step, body, opened_at) VALUES(?, ?, ?, 'begin', '{}', ?)",
                         (name, kind, card, int(time.time())))
            if kind == 'issue':
                base.execute("UPDATE card SET state = 'PERSONALIZING' WHERE number = ?", (card,))
                base.execute('UPDATE certificate SET intent = ? WHERE card = ?', (name, card))
                base.execute("UPDATE certificate_status SET state = 'PENDING' WHERE (issuer, serial) IN"
                             ' (SELECT issuer, serial FROM certificate WHERE card = ?)', (card,))


def start(daemon):
    begin = time.perf_counter()
    daemon.spawn()
    while len(ask.ask_once(daemon.port, daemon.question)) < 100:
        if daemon.process.poll() is not None:
            daemon.fail('opcardd ended')
        time.sleep(0.0005)
    return time.perf_counter() - begin


def left_open(daemon):
    with contextlib.closing(sqlite3.connect(daemon.database)) as base:
        return base.execute("SELECT count(*) FROM intent WHERE closed_at IS NULL AND step <> 'wipe'").fetchone()[0]


@benchmark('restart')
def restart():
    shape = fill.Shape(CARDS, revoked=0, held=0)
    spent = []
    with served.daemon() as daemon:
        daemon.start()
        daemon.furnish()
        with open(os.path.join(daemon.folder, 'ca.pem'), 'w', encoding='ascii') as file:
            file.write(daemon.custodian().get('/ca')['certificate'])
        daemon.stop()
        fill.fill(daemon, shape)
        daemon.question = ask.make_request(daemon.folder, os.path.join(daemon.folder, 'ca.pem'),
                                           fill.serial(CARDS - 1))
        for turn in range(ROUNDS):
            daemon.start()
            daemon.process.kill()
            daemon.process.wait()
            leave_open(daemon, shape, turn)
            spent.append(start(daemon))
            if left_open(daemon) != 0:
                daemon.fail('an intent was not repaired')
            daemon.stop()
    measure.report('restart', statistics.median(spent) / 2, '%s (slowest %s)' % (
        measure.time_text(statistics.median(spent)), measure.time_text(max(spent))), '2 s',
        '<=1; %d cards, %d open intents' % (CARDS, INTENTS))
