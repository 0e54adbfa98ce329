# SPDX-License-Identifier: Apache-2.0
# Idempotency-Key: one effect however often and however closely together a request is repeated, also
# over a restart and after a kill.
import concurrent.futures
import json
import resource
import socket
import uuid

import check
import tap
from network import Network, need_root
from office import HOLDER, WAIT, until

TIMES = 1000


def make():
    need_root(tap.Skip)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    office = Network(limits={'connections-per-peer': '1100', 'connections': '1200', 'rate': '0', 'header-time': '60s'},
                     accounts={'cn:other': 'staff:007315'}, terminals=('other',))
    office.lend('ACTIVE1', HOLDER)
    return office


def records(office):
    return office.sql('SELECT count(*) FROM ledger')[0][0]


def connect(office, context):
    host, port = office.server.split(':')
    return context.wrap_socket(socket.create_connection((host, int(port)), timeout=WAIT), server_hostname=host)


def read(client):
    """(status, body) of the one answer on @client."""
    data = b''
    while b'\r\n\r\n' not in data:
        more = client.recv(65536)
        assert more, 'closed without an answer'
        data += more
    head, body = data.split(b'\r\n\r\n', 1)
    length = int(head.lower().split(b'content-length:')[1].split(b'\r')[0])
    while len(body) < length:
        body += client.recv(65536)
    return int(head.split()[1]), body


def repeat(office, path, body, times):
    """The answers to one request that is sent @times at once, each on a connection of its own."""
    context = office.context()
    text = json.dumps(body).encode()
    request = (f'POST /api/v1{path} HTTP/1.1\r\nHost: x\r\nIdempotency-Key: {uuid.uuid4()}\r\n'
               f'Content-Length: {len(text)}\r\n\r\n').encode() + text
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        clients = list(pool.map(lambda _: connect(office, context), range(times)))
    for client in clients:
        client.sendall(request)
    answers = [read(client) for client in clients]
    for client in clients:
        client.close()
    return answers


def test_a_thousand_at_once_have_one_effect(office):
    before = records(office)
    answers = repeat(office, '/cards/ACTIVE1/place', {'place': '金庫'}, TIMES)
    check.equal(len(set(answers)), 1, 'different answers')
    check.equal((answers[0][0], json.loads(answers[0][1])['card']['place']), (200, '金庫'))
    check.equal(records(office), before + 1)


def test_card_work_is_done_once(office):
    """A second receipt of the same cards would be refused, a second job would fail."""
    answers = repeat(office, '/cards', {'cards': ['NEW1'], 'kind': 'operator', 'place': 'x'}, 50)
    check.equal(set(answers), {(200, b'{"received":1}')})
    answers = repeat(office, '/cards/NEW1/prepare', {'reader': 'reader2'}, 50)
    check.equal(({status for status, _ in answers}, len(set(answers))), ({202}, 1))
    job = json.loads(answers[0][1])['job']
    state = until(lambda: (lambda now: now if now != 'running' else None)(
        office.ask('GET', f'/jobs/{job}')[1]['state']), 'the job ends')
    check.equal(state, 'done')
    check.equal(office.sql("SELECT count(*) FROM intent WHERE card = 'NEW1'"), [(1,)])


def test_the_answer_outlives_restart_and_kill(office):
    key, body = str(uuid.uuid4()), {'place': '窓口'}
    first = office.ask('POST', '/cards/ACTIVE1/place', body, key=key)
    check.equal(first[0], 200)
    before = records(office)
    office.restart()
    check.equal(office.ask('POST', '/cards/ACTIVE1/place', body, key=key)[:2], first[:2])
    office.kill()
    office.start()
    check.equal(office.ask('POST', '/cards/ACTIVE1/place', body, key=key)[:2], first[:2])
    check.equal(office.ask('POST', '/cards/ACTIVE1/place', body, key=key, name='other')[:2], first[:2])  # same person
    check.equal(office.ask('POST', '/cards/ACTIVE1/place', {'place': '別'}, key=key)[0], 409)
    check.equal(records(office), before)
    check.equal(office.show('ACTIVE1')['place'], '窓口')


if __name__ == '__main__':
    tap.main(globals(), make)
