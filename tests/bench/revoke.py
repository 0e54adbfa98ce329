# SPDX-License-Identifier: Apache-2.0
# From the report of a loss to the reply: OCSP answers revoked and the list is written and synced.
import os
import subprocess

import fill
import measure
import served
from measure import benchmark

CERTIFICATES = int(os.environ.get('OPCARD_BENCH_CERTIFICATES', '100000'))
REPORTS = int(os.environ.get('OPCARD_BENCH_REPORTS', '1000'))


class Authority:
    """`openssl ca` on an index of equal size."""

    def __init__(self, folder, certificates, revoked):
        self.folder = os.path.join(folder, 'openssl')
        os.mkdir(self.folder)
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
                        '-nodes', '-keyout', 'ca.pem', '-out', 'ca.crt', '-subj', '/CN=peer', '-days', '30'],
                       check=True, capture_output=True, cwd=self.folder)
        shape = fill.Shape(certificates, revoked)
        filler = fill.Filler.__new__(fill.Filler)
        filler.shape = shape
        with open(os.path.join(self.folder, 'index.txt'), 'w', encoding='ascii') as file:
            for i in range(certificates):
                gone = filler.state(i) == 'REVOKED'
                file.write('%s\t311231235959Z\t%s\t%s\tunknown\t/CN=%s\n' %
                           ('R' if gone else 'V', '260401000000Z,keyCompromise' if gone else '',
                            fill.serial(i).hex().upper(), fill.number(i)))
        with open(os.path.join(self.folder, 'ca.conf'), 'w', encoding='ascii') as file:
            file.write('[ca]\ndefault_ca = c\n[c]\ndatabase = %(f)s/index.txt\ncertificate = %(f)s/ca.crt\n'
                       'private_key = %(f)s/ca.pem\ndefault_md = sha256\ndefault_crl_days = 1\n'
                       'unique_subject = no\n' % {'f': self.folder})

    def list(self, _=0):
        return measure.run(['/bin/sh', '-c', 'exec "$@" 2>/dev/null', 'sh', 'openssl', 'ca', '-config', os.path.join(self.folder, 'ca.conf'),
                            '-gencrl', '-out', os.path.join(self.folder, 'list.pem')])


def report_lost(client, card):
    return measure.seconds(client.post, '/cards/%s/report-lost' % card, {'by': '本人', 'via': '電話'})


@benchmark('revoke')
def revoke():
    shape = fill.Shape(CERTIFICATES, revoked=0.5)
    with served.daemon() as daemon:
        daemon.start()
        daemon.furnish()
        daemon.stop()
        fill.fill(daemon, shape)
        authority = Authority(daemon.folder, CERTIFICATES, 0.5)
        daemon.start()
        client = daemon.custodian()
        cards = iter(fill.active(shape))
        for _ in range(20):
            report_lost(client, next(cards))
        part, times, peer = REPORTS // measure.ROUNDS, [], []
        for _ in range(measure.ROUNDS):
            peer.append(authority.list())
            times += [report_lost(client, next(cards)) for _ in range(part)]
        middle = measure.percentile(peer, 0.5)
        for share in (0.5, 0.99):
            measure.report_times('revoke-p%d' % (share * 100), measure.percentile(times, share), middle,
                                 '<=0.10' if share > 0.5 else '<=0.10 (p99)')
        verdict = client.post('/audit/verify', {})
        measure.note('revoke: %d reports; ledger of %d records verifies: %s' %
                     (len(times), verdict['count'], verdict['ok']))
