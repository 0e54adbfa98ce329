# SPDX-License-Identifier: Apache-2.0
# From the request to the first "revoked" anybody hears, and that nobody hears "good" afterwards.
import json
import mmap
import os
import socket
import subprocess
import uuid

import ask
import fill
import measure
import revoke
import served
from measure import benchmark

QUERIES = int(os.environ.get('OPCARD_BENCH_QUERIES', '1000000'))
GOOD = b'\x80\x00'


class Asker:
    """A kept connection to OCSP that says what it hears of one serial."""

    def __init__(self, daemon, certificate):
        self.port = daemon.port
        self.serial = fill.serial(0)
        self.body = ask.make_request(daemon.folder, certificate, self.serial)
        self.connect()

    def connect(self):
        self.socket = socket.create_connection(('127.0.0.1', self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def hears(self, serial):
        """good, revoked, or nothing while it is told to try later."""
        body = self.body.replace(self.serial, serial)
        self.socket.sendall(b'POST /ocsp HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n' % len(body) + body)
        data = self.socket.recv(65536)
        while b'\r\n\r\n' not in data:
            data += self.socket.recv(65536)
        at = data.find(serial)
        return None if at < 0 else 'good' if data[at + 16:at + 18] == GOOD else 'revoked'


def send_report(client, card):
    """The request without waiting for its reply."""
    body = json.dumps({'by': '本人', 'via': '電話'}).encode()
    client.socket.sendall(b'POST /api/v1/cards/%s/report-lost HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
                          b'Idempotency-Key: %s\r\nContent-Length: %d\r\n\r\n' %
                          (card.encode(), str(uuid.uuid4()).encode(), len(body)) + body)


def report_until_revoked(client, asker, number):
    send_report(client, fill.number(number))
    while asker.hears(fill.serial(number)) != 'revoked':
        pass


def filled(daemon, shape):
    daemon.start()
    daemon.furnish()
    daemon.stop()
    fill.fill(daemon, shape)
    daemon.start()
    certificate = os.path.join(daemon.folder, 'ca.pem')
    with open(certificate, 'w', encoding='ascii') as file:
        file.write(daemon.custodian().get('/ca')['certificate'])
    return certificate, iter([int(number[1:]) for number in fill.active(shape)])


@benchmark('revoked')
def revoked():
    with served.daemon() as daemon:
        certificate, numbers = filled(daemon, fill.Shape(revoke.CERTIFICATES, revoked=0.5))
        client, asker, times = daemon.custodian(), Asker(daemon, certificate), []
        for _ in range(20 + revoke.REPORTS):
            times.append(measure.seconds(report_until_revoked, client, asker, next(numbers)))
            status, _ = client.receive()
            if status != 200:
                daemon.fail('report-lost: %d' % status)
        times = times[20:]
        for share in (0.5, 0.99):
            measure.report('revoked-p%d' % (share * 100), None, measure.time_text(measure.percentile(times, share)),
                           'none', '<=10ms (p99)')
        measure.note('revoked: %d reports, %d certificates, from the request to the first "revoked"; worst %s' %
                     (len(times), revoke.CERTIFICATES, measure.time_text(max(times))))


@benchmark('never-good')
def never_good():
    """Queries about cards that are reported one after another meanwhile; a flag says when the reply came."""
    with served.daemon() as daemon:
        shape = fill.Shape(revoke.CERTIFICATES, revoked=0.5)
        certificate, numbers = filled(daemon, shape)
        asked = [next(numbers) for _ in range(2000)]
        questions = ask.Questions(daemon.folder, certificate, [fill.serial(number) for number in asked])
        path = os.path.join(daemon.folder, 'flags')
        with open(path, 'wb') as file:
            file.write(bytes(len(asked)))
        answered = good = after = failed = 0
        client = daemon.custodian()
        with open(path, 'r+b') as file, mmap.mmap(file.fileno(), len(asked)) as flags:
            waiting = iter(enumerate(asked))
            while answered < QUERIES:
                load = subprocess.Popen([measure.program('tests/bench/ask-load'), str(daemon.port), '/ocsp', questions.path,
                                         '20', '32', 'keep', path], stdout=subprocess.PIPE, text=True)
                while load.poll() is None:
                    found = next(waiting, None)
                    if found is None:
                        break
                    client.rest()
                    client.post('/cards/%s/report-lost' % fill.number(found[1]), {'by': '本人'})
                    flags[found[0]] = 1
                counts = load.communicate()[0].split()
                answered, failed = answered + int(counts[0]), failed + int(counts[1])
                good, after = good + int(counts[3]), after + int(counts[4])
        measure.report('never-good', None, '%d "good" after the commit' % good, 'none', '==0')
        measure.note('never-good: %d queries under load, %d of them after the reply about their card, %d failed; '
                     '%d cards reported meanwhile' % (answered, good + after, failed, sum(1 for _ in asked) - sum(
                         1 for _ in waiting)))
