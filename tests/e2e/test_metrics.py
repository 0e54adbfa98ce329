# SPDX-License-Identifier: Apache-2.0
# /metrics counts what happened, for who may read it; /openapi.yaml says what the routes do, and the
# routes do what it says.
import os
import re
import sys
import time

import check
import tap
from network import Network, need_root
from office import CUSTODIAN, HOLDER, SOURCE, STRANGER, until

sys.path.append(os.path.join(SOURCE, 'tests/ctl'))
import small_yaml  # pylint: disable=wrong-import-position

LINE = re.compile(r'^([a-z_]+)(?:\{(.*)\})? (-?[0-9]+)$')


def make():
    need_root(tap.Skip)
    office = Network(accounts={'cn:monitor': 'role:monitor', 'cn:slow': 'staff:' + CUSTODIAN},
                     terminals=('monitor', 'slow'), limits={'rate': '5', 'burst': '10'})
    office.lend('ACTIVE1', HOLDER)
    return office


def metrics(office, name='monitor'):
    """{name{labels}: number}; every line must be one of the text format."""
    status, text, headers = until(lambda: (lambda a: a if a[0] != 429 else None)(
        office.ask('GET', '/metrics', name=name)), 'no limit any more')
    check.equal((status, headers['Content-Type']), (200, 'text/plain; version=0.0.4; charset=utf-8'))
    found, typed = {}, set()
    for line in text.splitlines():
        if line.startswith('#'):
            typed.add(line.split()[2])
            continue
        match = LINE.match(line)
        assert match and match[1] in typed, line
        key = match[1] + ('{' + match[2] + '}' if match[2] else '')
        assert key not in found, key
        found[key] = int(match[3])
    return found


def test_numbers_follow_what_happens(office):
    before = metrics(office)
    check.equal(before['opcard_cards{state="ACTIVE"}'], 1)
    check.equal(before['opcard_ocsp_responses_total{status="successful"}'], 0)
    serial = office.show('ACTIVE1')['certificate']['serial']
    for _ in range(3):
        office.ocsp(serial)
    office.must(CUSTODIAN, 'report-lost', 'ACTIVE1', '--by', 'x')
    check.equal(office.ctl(STRANGER, 'card', 'list').exit, 3)
    check.equal(office.handshake(office.context(None)) is None, False)
    after = metrics(office)

    def grown(key):
        return after.get(key, 0) - before.get(key, 0)

    check.equal(grown('opcard_ocsp_responses_total{status="successful"}'), 3)
    check.equal(grown('opcard_requests_total{route="/cards/{}/report-lost",method="POST",status="200"}'), 1)
    check.equal(grown('opcard_requests_total{route="/cards",method="GET",status="403"}'), 1)
    check.equal(grown('opcard_requests_total{route="/metrics",method="GET",status="200"}'), 1)
    check.equal(grown('opcard_connections_total{listener="tls",outcome="no_handshake"}'), 1)
    check.equal((after['opcard_cards{state="ACTIVE"}'], after['opcard_cards{state="LOST"}']), (0, 1))
    check.equal(after['opcard_crl_number'], office.crl().number)
    assert grown('opcard_crl_number') > 0 and after['opcard_crl_entries'] > 0
    assert 0 <= after['opcard_crl_age_seconds'] < 3600
    check.equal(after['opcard_queue_length{queue="cards"}'], 0)
    assert abs(time.time() - after['opcard_job_last_success_seconds{job="checkpoint"}']) < 120


def test_only_who_may_reads_them(office):
    check.equal(office.ask('GET', '/cards', name='monitor')[0], 403)
    check.equal(office.ctl(STRANGER, 'api', 'GET', '/metrics').exit, 3)
    assert 'opcard_crl_number' in office.must(CUSTODIAN, 'api', 'GET', '/metrics')


def test_a_certificate_that_asks_too_often_waits(office):
    answers = [office.ask('GET', '/whoami', name='slow') for _ in range(40)]
    refused = [answer for answer in answers if answer[0] == 429]
    assert 1 <= len(refused) <= 30, len(refused)
    for _, problem, headers in refused:
        assert int(headers['Retry-After']) >= 1 and problem['status'] == 429
    until(lambda: office.ask('GET', '/whoami', name='slow')[0] == 200, 'the bucket fills again')
    assert metrics(office)['opcard_requests_total{route="none",method="GET",status="429"}'] >= len(refused)


def described(text):
    """{(METHOD, path with {} for its parts)} of an OpenAPI file, and the parts each path names."""
    found = set()
    for path, item in small_yaml.load(text)['paths'].items():
        for method in ('get', 'post', 'put', 'delete'):
            if method in item:
                found.add((method.upper(), re.sub(r'\{\w+\}', '{}', path)))
                assert item[method].get('summary'), path
                assert 'Roles: ' in item[method].get('description', ''), path
    return found


def built():
    with open(os.path.join(SOURCE, 'daemon/api/route.c'), encoding='utf-8') as file:
        return set(re.findall(r'\{\s*HTTP_(GET|POST|PUT|DELETE),\s*"(/[^"]*)"', file.read()))


def test_the_description_is_served_and_complete_in_both_directions(office):
    status, text, headers = office.ask('GET', '/openapi.yaml')
    check.equal((status, headers['Content-Type']), (200, 'application/yaml'))
    with open(os.path.join(SOURCE, 'daemon/api/openapi.yaml'), encoding='utf-8') as file:
        assert text == file.read(), 'what is served is not the file'
    assert office.must(CUSTODIAN, 'api', 'GET', '/openapi.yaml') == text
    routes, paths = built(), described(text) - {('GET', '/openapi.yaml')}
    assert len(routes) > 50
    # /registers/{kind} and the like stand in the file once for each kind where they differ.
    unfolded = {(method, pattern) for method, pattern in paths
                if not any(fits(pattern, route) for verb, route in routes if verb == method)}
    check.equal(unfolded, set(), 'described, but there is no route')
    missing = {(method, route) for method, route in routes
               if not any(fits(pattern, route) for verb, pattern in paths if verb == method)}
    check.equal(missing, set(), 'a route that is not described')


def fits(pattern, route):
    """Whether a described path is one of @route; {} of the route may be a word in the description."""
    have, want = pattern.split('/'), route.split('/')
    return len(have) == len(want) and all(b in (a, '{}') for a, b in zip(have, want))


def test_a_missing_or_extra_path_would_be_seen(office):
    del office
    assert not fits('/nothing', '/cards') and not fits('/cards/{}', '/cards') and fits('/forms/4', '/forms/{}')
    assert ('GET', '/x') not in built()


if __name__ == '__main__':
    tap.main(globals(), make)
