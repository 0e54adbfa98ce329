# SPDX-License-Identifier: Apache-2.0
# What the network throws at opcardd, and what everybody else notices of it meanwhile: nothing. The
# attackers come from other addresses; while each attack lasts an ordinary client asks the API (new and
# kept connection) and OCSP. The times it had to wait are printed, never asserted.
import contextlib
import os
import random
import resource
import select
import socket
import ssl
import statistics
import subprocess
import time

import check
import tap
from network import Network, need_root, openssl
from office import HOLDER, WAIT, until

LORIS = 300
HALF_OPEN = 2000
ASKED = 30
HEAD = b'GET /api/v1/whoami HTTP/1.1\r\nHost: x\r\n'


def make():
    need_root(tap.Skip)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    office = Network(limits={'rate': '0', 'header-time': '3s', 'body-time': '3s', 'idle-time': '30s'})
    office.lend('ACTIVE1', HOLDER)
    certificate = office.path('card.pem')
    der = bytes(office.sql('SELECT der FROM certificate')[0][0])
    subprocess.run(['openssl', 'x509', '-inform', 'DER', '-out', certificate], input=der, check=True)
    request = office.path('request.der')
    openssl('ocsp', '-issuer', office.ca, '-cert', certificate, '-reqout', request, '-no_nonce')
    with open(request, 'rb') as file:
        office.request = file.read()
    office.kept = office.client()
    return office


def attacker(office, number=0, public=False, timeout=WAIT):
    """A TCP connection from an address of its own for every fifty."""
    host, port = (office.address if public else office.server).split(':')
    source = f'127.200.{number // 50}.{1 + os.getpid() % 250}'
    plain = socket.create_connection((host, int(port)), timeout, (source, 0))
    return plain


def inside(office, **more):
    """The same through TLS, with a certificate that counts."""
    return office.context(**more).wrap_socket(attacker(office), server_hostname=office.host)


def ask_ocsp(office):
    host, port = office.address.split(':')
    head = f'POST /ocsp HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(office.request)}\r\n\r\n'
    with socket.create_connection((host, int(port)), WAIT) as client:
        client.sendall(head.encode() + office.request)
        return read_all(client)


def read_all(client):
    data = b''
    with contextlib.suppress(ConnectionError):
        while more := client.recv(65536):
            data += more
    return data


def others_are_served(office, during):
    """Asks in three ways, each ASKED times; every answer must be right."""
    def timed(ask):
        begin = time.monotonic()
        answer = ask()
        times.append((time.monotonic() - begin) * 1000)
        return answer

    for what, ask, is_right in (
            ('API, new connection', lambda: office.ask('GET', '/whoami')[0], lambda a: a == 200),
            ('API, kept', lambda: office.ask('GET', '/whoami', client=office.kept)[0], lambda a: a == 200),
            ('OCSP', lambda: ask_ocsp(office), lambda a: a.startswith(b'HTTP/1.1 200 ') and b'ocsp-response' in a)):
        times = []
        for _ in range(ASKED):
            answer = timed(ask)
            assert is_right(answer), (what, answer)
        tap.comment(f'{during}: {what}: median {statistics.median(times):.1f} ms, slowest {max(times):.1f} ms')


def is_over(client):
    """The server has ended @client; what it said before is thrown away."""
    client.setblocking(False)
    try:
        while client.recv(65536):
            pass
        return True
    except BlockingIOError:
        return False
    except OSError:
        return True


def all_over(clients):
    until(lambda: all(is_over(client) for client in clients), 'every one is closed')
    for client in clients:
        client.close()


def resident(office):
    with open(f'/proc/{office.process.pid}/status', encoding='ascii') as file:
        return int(next(line for line in file if line.startswith('VmRSS')).split()[1]) // 1024


def is_sanitized(office):
    with open(f'/proc/{office.process.pid}/maps', encoding='utf-8') as file:
        return 'libasan' in file.read()


def test_nothing_is_going_on(office):
    others_are_served(office, 'at rest')


def test_header_of_ten_megabytes(office):
    before = resident(office)
    junk = b'X-Junk: ' + b'x' * 1000 + b'\r\n'
    for client in (inside(office), attacker(office, public=True)):
        with client:
            with contextlib.suppress(ConnectionError):
                client.sendall(HEAD)
                for _ in range(10 * 1024):
                    client.sendall(junk)
            answer = read_all(client)
            assert answer == b'' or answer.startswith(b'HTTP/1.1 431 '), answer[:100]
    with inside(office) as client, contextlib.suppress(ConnectionError):
        client.sendall(HEAD + b'X: ' + b'y' * 20000)  # and it can be read where the peer stops in time
        assert client.recv(100).startswith(b'HTTP/1.1 431 ')
    others_are_served(office, 'after headers of 10 MB')
    tap.comment(f'memory: {before} MiB before, {resident(office)} MiB after')
    if not is_sanitized(office):  # which keeps what was freed
        assert resident(office) < before + 20, (before, resident(office))


def test_slow_loris(office):
    """A byte now and then: of a handshake, of a head through TLS, of a head in the clear."""
    hello = b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + bytes(100)
    clients = [(attacker(office, number), hello) for number in range(LORIS // 3)]
    clients += [(attacker(office, number, public=True), HEAD + b'X: ' + b'y' * 100) for number in range(LORIS // 3)]
    shy = office.context()
    clients += [(shy.wrap_socket(attacker(office, 200 + number), server_hostname=office.host), HEAD + b'X: yyyyyyyy')
                for number in range(LORIS // 3)]

    def drip(at):
        for client, text in clients:
            with contextlib.suppress(OSError):
                client.send(text[at:at + 1])

    drip(0)
    others_are_served(office, f'{LORIS} slow clients')
    for at in range(1, 12):
        drip(at)
        select.select([], [], [], 0.4)  # the pace of the attack, no wait for a condition
    all_over([client for client, _ in clients])


def test_two_thousand_half_open_connections(office):
    clients = [attacker(office, number) for number in range(HALF_OPEN)]
    others_are_served(office, f'{HALF_OPEN} silent connections')
    all_over(clients)
    others_are_served(office, 'afterwards')


def test_one_address_does_not_take_all_connections(office):
    clients = [attacker(office, 1) for _ in range(100)]
    until(lambda: sum(is_over(client) for client in clients) >= 36, 'those above 64 are closed')
    others_are_served(office, '100 connections of one address')
    all_over(clients)


def test_pipelined_rubbish(office):
    good = HEAD + b'\r\n'
    with inside(office) as client:
        client.sendall(good * 200 + b'\x00\xffrubbish\r\n\r\n' + good * 50)
        answer = read_all(client)
    check.equal(answer.count(b'HTTP/1.1 200 '), 200)
    check.equal(answer.count(b'HTTP/1.1 400 '), 1)
    for junk in (b'GET / HTTP/1.1\n\n', b'GET /\r\n\r\n', b'\r\n' * 5000, b'POST /x HTTP/1.1\r\nHost: x\r\n'
                 b'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', os.urandom(4000)):
        with inside(office) as client:
            client.sendall(junk)
            answer = read_all(client)
        assert answer == b'' or answer[9:10] in (b'4', b'5'), (junk[:40], answer[:60])
    others_are_served(office, 'after rubbish')


def test_doubled_content_length(office):
    body = b'{"by":"x"}'
    for lengths in ((b'10', b'10'), (b'10', b'11'), (b'10, 10',), (b'+10',), (b'-1',), (b'0x0a',), (b'1e1',)):
        with inside(office) as client:
            head = b''.join(b'Content-Length: ' + length + b'\r\n' for length in lengths)
            client.sendall(b'POST /api/v1/cards/ACTIVE1/report-lost HTTP/1.1\r\nHost: x\r\n' + head + b'\r\n' + body)
            answer = read_all(client)
        assert answer.startswith(b'HTTP/1.1 400 ') and answer.count(b'HTTP/1.1 ') == 1, (lengths, answer)
    check.equal(office.show('ACTIVE1')['state'], 'ACTIVE')


def test_slow_and_oversized_bodies(office):
    start = b'POST /api/v1/cards/ACTIVE1/place HTTP/1.1\r\nHost: x\r\nContent-Length: '
    with inside(office) as slow, inside(office) as large:
        slow.sendall(start + b'1000\r\n\r\n{')
        large.sendall(start + b'10000000\r\n\r\n{')
        assert large.recv(100).startswith(b'HTTP/1.1 413 ')
        others_are_served(office, 'a slow body')
        assert slow.recv(100).startswith(b'HTTP/1.1 408 ')


def test_garbage_instead_of_tls(office):
    chance = random.Random(20260411)
    clients = []
    for number in range(500):
        client = attacker(office, number)
        with contextlib.suppress(OSError):
            client.sendall((b'\x16\x03\x01' if number % 2 else b'') + chance.randbytes(chance.randrange(1, 3000)))
        clients.append(client)
    with attacker(office) as plain:
        plain.sendall(HEAD + b'\r\n')
        assert b'HTTP/1.1 200' not in read_all(plain)
    others_are_served(office, '500 clients that do not speak TLS')
    all_over(clients)


def test_handshakes_that_are_broken_off(office):
    """A real hello each, which the server answers with its certificate and a signature; and gone."""
    outgoing = ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        office.context().wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=office.host).do_handshake()
    hello = outgoing.read()
    assert hello.startswith(b'\x16\x03'), hello[:10]
    for number in range(300):
        with attacker(office, number) as client:
            client.sendall(hello)
            client.recv(1)
    others_are_served(office, 'after 300 broken handshakes')


def test_key_updates_and_renegotiation_do_no_harm(office):
    for version, text in (('-tls1_3', 'K\n' * 200), ('-tls1_2', 'R\n' * 20)):
        subprocess.run(['openssl', 's_client', '-connect', office.server, '-cert', office.pki.path('custodian.pem'),
                        '-key', office.pki.path('custodian.key'), version], input=text.encode(),
                       capture_output=True, check=False, timeout=WAIT)
    others_are_served(office, 'after key updates and renegotiation')


def test_the_log_holds_no_flood(office):
    """What strangers send is counted, not written down line by line."""
    assert office.log().count('\n') < 100, office.log()[-2000:]
    assert office.process.poll() is None


if __name__ == '__main__':
    tap.main(globals(), make)
