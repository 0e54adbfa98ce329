# SPDX-License-Identifier: Apache-2.0
# The night desk (宿直): a terminal without a person that may look up one card at a time and report it,
# and may do nothing else; over the socket and over TLS.
import json
import os
import re
import subprocess

import check
import tap
from network import Network, need_root
from office import CUSTODIAN, HOLDER, HOLDER2, SOURCE

DESK_UID = 61503
RATE = 60


def make():
    need_root(tap.Skip)
    office = Network(accounts={'cn:desk': 'role:night-desk', 'cn:slow': 'role:night-desk',
                               f'uid:{DESK_UID}': 'role:night-desk'},
                     terminals=('desk', 'slow'), limits={'desk-rate': str(RATE)})
    office.lend('ACTIVE1', HOLDER)
    office.pull('ACTIVE1')
    office.lend('ACTIVE2', HOLDER2)
    office.pull('ACTIVE2')
    office.lend('LOST1', '009874', authority='業務管理者')
    office.pull('LOST1')
    office.must(CUSTODIAN, 'report-lost', 'LOST1', '--by', 'x')
    return office


def desk(office, method, path, body=None):
    return office.ask(method, path, body, name='desk')


def test_one_match_at_a_time_and_only_what_is_needed(office):
    name = office.show('ACTIVE1')['holder']['name']
    status, answer, _ = desk(office, 'GET', '/lookup?q=ACTIVE')
    check.equal((status, answer['match']['card']), (200, 'ACTIVE1'))
    check.equal(answer['match'], {'card': 'ACTIVE1', 'name': name, 'section': '0301',
                                  'sectionName': answer['match']['sectionName']})
    answer = desk(office, 'GET', '/lookup?q=ACTIVE&after=ACTIVE1')[1]
    check.equal(answer['match']['card'], 'ACTIVE2')
    check.equal(desk(office, 'GET', '/lookup?q=ACTIVE&after=ACTIVE2')[1], {'match': None, 'next': None})
    check.equal(desk(office, 'GET', '/lookup?q=LOST1')[1]['match'], None)  # nothing to report any more
    for query in ('', '?q=', '?q=A', '?q=%25'):
        check.equal(desk(office, 'GET', '/lookup' + query)[0], 400)


def test_everything_else_is_denied(office):
    """Every route of the daemon's own table; what the desk may is written here."""
    may = {'/whoami', '/lookup', '/cards/{}/report-lost', '/cards/{}/report-stolen'}
    with open(os.path.join(SOURCE, 'daemon/api/route.c'), encoding='utf-8') as file:
        routes = re.findall(r'\{\s*HTTP_(GET|POST),\s*"(/[^"]*)"', file.read())
    assert len(routes) > 50
    for method, path in routes:
        body = {'dryRun': True} if method == 'POST' else None
        status = desk(office, method, path.replace('{}', 'ACTIVE1'), body)[0]
        check.equal(status == 403, path not in may, f'{method} {path}: {status}')
    check.equal(office.show('ACTIVE1')['state'], 'ACTIVE')


def test_a_report_refuses_the_card_and_says_what_comes_next(office):
    serial = office.show('ACTIVE1')['certificate']['serial']
    check.equal(office.ocsp(serial).answer, 'good')
    status, answer, _ = desk(office, 'POST', '/cards/ACTIVE1/report-lost', {'by': '本人（電話）', 'via': '電話'})
    check.equal((status, answer['card']), (200, {'card': 'ACTIVE1', 'state': 'SUSPENDED'}))
    check.equal(len(answer['steps']), 4)
    assert all(step['ja'] != step['en'] for step in [*answer['steps'], answer['next']]), answer
    check.equal(tuple(office.ocsp(serial)), ('revoked', 'certificateHold'))
    check.equal(office.events('ACTIVE1')[-1]['by'], 'cn:desk')


def test_opcardctl_finds_the_card_by_the_name(office):
    name = office.show('ACTIVE2')['holder']['name']
    command = [office.path('bin/opcardctl'), '--socket', office.socket, '--no-input']
    command = [*office.become(DESK_UID), *command]
    done = subprocess.run([*command, 'lookup', name], capture_output=True, text=True, check=True, cwd='/')
    assert done.stdout.startswith('ACTIVE2 ') and name in done.stdout, done
    done = subprocess.run([*command, 'report-stolen', name, '--by', 'x', '--json'], capture_output=True, text=True,
                          check=False, cwd='/')
    check.equal(done.returncode, 0, done.stderr)
    check.equal(json.loads(done.stdout)['card'], {'card': 'ACTIVE2', 'state': 'SUSPENDED'})
    done = subprocess.run([*command, 'lookup', '居ない人'], capture_output=True, text=True, check=False, cwd='/')
    check.equal(done.returncode, 4, done.stderr)


def test_asking_too_often_is_refused_and_others_are_served(office):
    kept = office.client('slow')
    for _ in range(RATE * 5):
        status, answer, headers = office.ask('GET', '/lookup?q=ACTIVE', client=kept)
        if status == 429:
            break
    kept.close()
    check.equal(status, 429)
    assert int(headers['Retry-After']) >= 1 and answer['type'].endswith(':rate-limited'), (headers, answer)
    check.equal(office.ask('POST', '/cards/ACTIVE1/report-lost', {'by': 'x', 'dryRun': True}, name='slow')[0], 429)
    check.equal(desk(office, 'GET', '/lookup?q=ACTIVE')[0], 200)
    check.equal(office.ask('GET', '/whoami')[0], 200)


if __name__ == '__main__':
    tap.main(globals(), make)
