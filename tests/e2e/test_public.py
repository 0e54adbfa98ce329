# SPDX-License-Identifier: Apache-2.0
# The public listener over HTTP: RFC 6960 appendix A, RFC 5019 sections 5 and 6, the lists, and the
# delta that clients wait for.
import base64
import concurrent.futures
import email.utils
import hashlib
import os
import select
import socket
import time
import urllib.parse

import check
import fault_der
import outsider
import small_yaml
import tap
from office import ADMIN, CUSTODIAN, SOURCE, Office, until

VALIDITY = 40
ONE, DELTA = 'OP000001', '/crl/opcard-delta.crl'
OCSP = {'Content_Type': 'application/ocsp-request'}
world = {}


def make():
    return Office(config={'policy': {'ocsp-validity': f'{VALIDITY}s'}})


def ask(office, method, path, body=None, **headers):
    return outsider.ask(office.address, method, path, body, **headers)


def get_path(request):
    """RFC 6960 A.1: base64, then percent-encoded."""
    return '/ocsp/' + urllib.parse.quote(base64.b64encode(request).decode(), safe='')


def status(answer):
    return fault_der.ocsp_status(answer.body)


def test_a_card_is_lent(office):
    office.lend(ONE)
    office.pull(ONE)
    world['serial'] = int(office.show(ONE)['certificate']['serial'], 16)
    world['issuer'] = office.sql('SELECT certificate FROM issuer')[0][0]
    world['request'] = fault_der.ocsp_request(world['issuer'], world['serial'])


def test_rfc6960_a1_get_and_post_answer_alike(office):
    posted = ask(office, 'POST', '/ocsp', world['request'], **OCSP)
    for path in (get_path(world['request']), '/ocsp/' + base64.b64encode(world['request']).decode()):
        got = ask(office, 'GET', path)
        check.equal((got.status, got.headers['content-type']), (200, 'application/ocsp-response'))
        check.equal(got.body, posted.body)
        check.equal(status(got), 'good')


def test_rfc6960_2_3_errors_come_with_status_200_and_are_never_kept(office):
    key = fault_der.children(fault_der.certificate_fields(world['issuer'])[5][1])[1][1][1:]
    stranger = world['request'].replace(hashlib.sha1(key).digest(), bytes(20))
    cases = [(b'x', 'error 1'), (b'x' * 300, 'error 1'), (world['request'][:-1], 'error 1'), (stranger, 'error 6')]
    for body, wanted in cases:
        for answer in (ask(office, 'POST', '/ocsp', body, **OCSP), ask(office, 'GET', get_path(body))):
            check.equal((answer.status, status(answer)), (200, wanted), body)
            check.equal(answer.headers['cache-control'], 'no-store')
            assert 'etag' not in answer.headers, answer.headers
    check.equal(status(ask(office, 'GET', '/ocsp/' + '!' * 40)), 'error 1')
    cut = base64.b64encode(world['request']).decode()[:-6]
    check.equal(status(ask(office, 'GET', '/ocsp/' + urllib.parse.quote(cut, safe=''))), 'error 1')


def test_rfc6960_unknown_is_never_kept(office):
    answer = ask(office, 'GET', get_path(fault_der.ocsp_request(world['issuer'], world['serial'] ^ 1)))
    check.equal((status(answer), answer.headers['cache-control']), ('unknown', 'no-store'))


def seconds(headers, name):
    return email.utils.parsedate_to_datetime(headers[name]).timestamp()


def test_rfc5019_6_2_headers_of_a_get(office):
    answer = ask(office, 'GET', get_path(world['request']))
    control = dict(part.strip().partition('=')[::2] for part in answer.headers['cache-control'].split(','))
    check.equal(set(control), {'max-age', 'public', 'no-transform', 'must-revalidate'})
    check.equal(int(answer.headers['content-length']), len(answer.body))
    check.equal(seconds(answer.headers, 'expires') - seconds(answer.headers, 'last-modified'), VALIDITY)
    assert abs(seconds(answer.headers, 'date') - time.time()) < 60
    assert answer.headers['etag'].startswith('"') and len(answer.headers['etag']) > 20, answer.headers
    # Two proxies one after another keep it twice that long; it was half its life old at most.
    assert VALIDITY / 2 + 2 * int(control['max-age']) <= VALIDITY, control


def test_rfc5019_6_conditional_get(office):
    path = get_path(world['request'])
    first = ask(office, 'GET', path)
    again = ask(office, 'GET', path, If_None_Match=first.headers['etag'])
    check.equal((again.status, again.body), (304, b''))
    check.equal(again.headers['etag'], first.headers['etag'])
    assert 'max-age' in again.headers['cache-control'], again.headers
    check.equal(ask(office, 'GET', path, If_None_Match='"x", ' + first.headers['etag']).status, 304)
    check.equal(ask(office, 'GET', path, If_None_Match='"x"').status, 200)
    # The date alone is no proof: two answers of one second may differ.
    check.equal(ask(office, 'GET', path, If_Modified_Since=first.headers['last-modified']).status, 200)
    posted = ask(office, 'POST', '/ocsp', world['request'], If_None_Match=first.headers['etag'], **OCSP)
    check.equal((posted.status, posted.headers['cache-control']), (200, first.headers['cache-control']))


def test_a_tag_does_not_survive_a_hold(office):
    path = get_path(world['request'])
    first = ask(office, 'GET', path)
    office.must(ADMIN, 'suspend', ONE, '--reason', 'FORGOTTEN')
    held = ask(office, 'GET', path, If_None_Match=first.headers['etag'])
    check.equal((held.status, status(held)), (200, 'certificateHold'))
    office.must(ADMIN, 'resume', ONE, '--reason', 'FORGOTTEN')
    good = ask(office, 'GET', path, If_None_Match=held.headers['etag'])
    check.equal((good.status, status(good)), (200, 'good'))


def test_head_and_other_methods(office):
    answer = ask(office, 'HEAD', get_path(world['request']))
    check.equal((answer.status, answer.body), (200, b''))
    for method, path in (('PUT', '/ocsp'), ('DELETE', '/crl/opcard.crl'), ('POST', '/crl/opcard.crl'),
                         ('GET', '/'), ('GET', '/ocsp'), ('GET', '/crl/'), ('GET', '/api/v1/status')):
        check.equal(ask(office, method, path).status, 404, f'{method} {path}')


def test_lists_are_conditional_too(office):
    for path in ('/crl/opcard.crl', DELTA):
        first = ask(office, 'GET', path)
        check.equal((first.status, first.headers['content-type']), (200, 'application/pkix-crl'))
        number = outsider.read_list(first.body, office.ca).number
        check.equal(first.headers['etag'], f'"{number}"')
        again = ask(office, 'GET', path, If_None_Match=first.headers['etag'])
        check.equal((again.status, again.body, again.headers['etag']), (304, b'', first.headers['etag']))


def newest(office):
    return outsider.read_list(ask(office, 'GET', DELTA).body, office.ca)


def test_what_is_served_is_described(office):
    with open(os.path.join(SOURCE, 'daemon/api/openapi.yaml'), encoding='utf-8') as file:
        described = small_yaml.load(file.read())['x-public-listener']
    check.equal(sorted(described), ['/crl/opcard-delta.crl', '/crl/opcard.crl', '/ocsp', '/ocsp/{request}'])
    for path, item in described.items():
        for method, operation in item.items():
            real = get_path(world['request']) if '{' in path else path
            answer = ask(office, method.upper(), real, world['request'] if method == 'post' else None)
            kinds = operation['responses']['200']['content']
            check.equal((answer.status, [answer.headers['content-type']]), (200, list(kinds)), path)


def test_bad_questions_about_the_delta(office):
    for query in ('after=x', 'after=-1', 'wait=31', 'wait=1.5', 'after=1&wait=', 'later=1', 'after=' + '9' * 30):
        check.equal(ask(office, 'GET', f'{DELTA}?{query}').status, 400, query)


def test_nothing_newer_is_204_at_once_and_after_the_wait(office):
    number = newest(office).number
    answer = ask(office, 'GET', f'{DELTA}?after={number}')
    check.equal((answer.status, answer.body, answer.headers['cache-control']), (204, b'', 'no-store'))
    check.equal(ask(office, 'GET', f'{DELTA}?after={number}&wait=1').status, 204)
    check.equal(outsider.read_list(ask(office, 'GET', f'{DELTA}?after={number - 1}&wait=30').body, office.ca).number,
                number)


def begin_waiting(office, after, seconds):
    """A connection that waits; readable once it is answered."""
    host, port = office.address.rsplit(':', 1)
    peer = socket.create_connection((host, int(port)))
    peer.sendall(f'GET {DELTA}?after={after}&wait={seconds} HTTP/1.1\r\nHost: x\r\n\r\n'.encode())
    return peer


def test_who_waits_learns_of_a_revocation_at_once(office):
    """Everybody hears of it while one who waits for something else, and not so long, still does."""
    number = newest(office).number
    other = begin_waiting(office, number + 100, 15)
    name = outsider.name_of(f'{world["serial"]:032x}')
    with concurrent.futures.ThreadPoolExecutor(20) as threads:
        waiting = [threads.submit(ask, office, 'GET', f'{DELTA}?after={number}&wait=30') for _ in range(20)]
        until(lambda: office.json(ADMIN, 'status') and not any(one.done() for one in waiting), 'they wait')
        began = time.monotonic()
        office.must(CUSTODIAN, 'report-lost', ONE, '--by', '本人')
        answers = [one.result() for one in waiting]
    check.equal(select.select([other], [], [], 0)[0], [], 'they heard of it only when their time was over')
    other.close()
    tap.comment(f'report-lost and 20 pushed answers in {time.monotonic() - began:.3f} s')
    for answer in answers:
        delta = outsider.read_list(answer.body, office.ca)
        assert answer.status == 200 and delta.number > number, answer
        check.equal(delta.entries[name], 'Key Compromise')
        assert delta.base <= number, delta
    check.equal(status(ask(office, 'GET', get_path(world['request']))), 'revoked')


def test_waiting_is_bounded_and_others_are_served(office):
    """OCSP is answered beside as many as one address may have; stopping does not wait for them."""
    number = newest(office).number
    with concurrent.futures.ThreadPoolExecutor(60) as threads:
        waiting = [threads.submit(ask, office, 'GET', f'{DELTA}?after={number + 100}&wait=30') for _ in range(60)]
        check.equal(status(ask(office, 'POST', '/ocsp', world['request'], **OCSP)), 'revoked')
        began = time.monotonic()
        office.restart()
        assert time.monotonic() - began < 15
        for one in waiting:
            fault = one.exception()
            assert fault is not None or one.result().status in (200, 204, 503), one
    check.equal(status(ask(office, 'POST', '/ocsp', world['request'], **OCSP)), 'revoked')


if __name__ == '__main__':
    tap.main(globals(), make)
