# SPDX-License-Identifier: Apache-2.0
# An emergency stop of many cards, from the request to the reply: OCSP refuses them and the list is
# written and synced. Losses are reported meanwhile.
import os
import statistics
import threading

import fill
import measure
import revoke
import served
from measure import benchmark

CARDS = int(os.environ.get('OPCARD_BENCH_CARDS', '10000'))
ROUNDS = min(measure.ROUNDS, 7)


def stop(client):
    return measure.seconds(client.post, '/emergency', {'action': 'stop', 'scope': 'all'})


def resume(client, second):
    asked = client.post('/emergency', {'action': 'resume', 'scope': 'all'})['confirm']
    return measure.seconds(second.post, '/confirmations/' + asked, {})


class Losses(threading.Thread):
    """Reports one loss after another until told to end."""

    def __init__(self, client, cards):
        super().__init__()
        self.client, self.cards, self.times = client, cards, []
        self.is_over = threading.Event()

    def run(self):
        while not self.is_over.is_set():
            self.times.append(revoke.report_lost(self.client, next(self.cards)))


@benchmark('emergency')
def emergency():
    shape = fill.Shape(CARDS, revoked=0, held=0)
    with served.daemon() as daemon:
        daemon.start()
        daemon.furnish()
        daemon.stop()
        fill.fill(daemon, shape)
        daemon.start()
        admin, second, cards = daemon.admin(), daemon.custodian(), iter(fill.active(shape))
        alone = [revoke.report_lost(second, next(cards)) for _ in range(50)]
        stops, resumes, beside = [], [], []
        for _ in range(ROUNDS):
            losses = Losses(daemon.custodian(), cards)
            losses.start()
            stops.append(stop(admin))
            resumes.append(resume(admin, second))
            losses.is_over.set()
            losses.join()
            beside += losses.times
        times = admin.get('/refusals?limit=500')['items']
        refused = [row['refusedMilliseconds'] / 1000 for row in times if row['event'] == 'emergency-stop']
        measure.report('emergency-stop', None, measure.time_text(max(stops)), 'none', '<=2s')
        measure.report('emergency-ocsp', None, measure.time_text(max(refused)), 'none', '<=2s')
        measure.report('emergency-resume', None, measure.time_text(max(resumes)), 'none', '<=2s')
        measure.report('emergency-loss-beside', None, measure.time_text(max(beside)), 'none', '<=1s')
        measure.note('emergency: %d cards, %d stops, median %s; %d losses reported meanwhile, median %s (alone %s)' %
                     (CARDS, len(stops), measure.time_text(statistics.median(stops)), len(beside),
                      measure.time_text(statistics.median(beside)), measure.time_text(statistics.median(alone))))
