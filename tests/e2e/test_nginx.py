# SPDX-License-Identifier: Apache-2.0
# Debian's nginx in front with the sample configuration: what it keeps, what it never keeps, and that
# nobody hears an answer that is older than ocsp-validity.
import base64
import concurrent.futures
import os
import re
import shutil
import subprocess
import time
import urllib.parse

import check
import fault_der
import outsider
import tap
from office import ADMIN, CUSTODIAN, SOURCE, WAIT, Office, until

VALIDITY = 8
ONE, TWO = 'OP000001', 'OP000002'
OCSP = {'Content_Type': 'application/ocsp-request'}
request = {}


def make():
    nginx = shutil.which('nginx') or shutil.which('nginx', path='/usr/sbin:/sbin')
    if nginx is None:
        raise tap.Skip('nginx is not installed')
    office = Office(config={'policy': {'ocsp-validity': f'{VALIDITY}s'}})
    office.front = office.address.replace(':2', ':3')
    start_nginx(office, nginx)
    return office


def sample(office):
    """The sample as an administrator adapts it."""
    with open(os.path.join(SOURCE, 'daemon/data/nginx-opcard.conf'), encoding='utf-8') as file:
        text = file.read()
    for old, new in (('/var/cache/nginx/opcard', office.path('out/cache')), ('listen 80;', f'listen {office.front};'),
                     ('    listen [::]:80;\n', ''), ('127.0.0.1:8889', office.address),
                     ('/var/lib/opcard-public', office.public)):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def start_nginx(office, nginx):
    config = office.path('out/nginx.conf')
    places = ''.join(f'{name}_temp_path {office.path("out", name)};\n'
                     for name in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
    with open(config, 'w', encoding='utf-8') as file:
        file.write(f'daemon off;\nworker_processes 1;\npid {office.path("out/nginx.pid")};\n'
                   f'error_log {office.path("out/nginx.log")} warn;\nevents {{ worker_connections 512; }}\n'
                   f'http {{\naccess_log off;\n{places}{sample(office)}}}\n')
    words = [nginx, '-e', office.path('out/nginx.log'), '-c', config]
    checked = subprocess.run([*words, '-t'], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    office.nginx = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    close = office.close

    def close_both():
        office.nginx.terminate()
        office.nginx.wait(WAIT)
        close()
    office.close = close_both
    until(lambda: is_answering(office), 'nginx answers')


def is_answering(office):
    try:
        return outsider.ask(office.front, 'GET', '/').status == 404
    except OSError:
        return False


def get(office, card):
    path = '/ocsp/' + urllib.parse.quote(base64.b64encode(request[card]).decode(), safe='')
    return outsider.ask(office.front, 'GET', path)


def post(office, card):
    return outsider.ask(office.front, 'POST', '/ocsp', request[card], **OCSP)


def said(answer):
    check.equal(answer.status, 200, answer)
    return fault_der.ocsp_status(answer.body)


def cache(answer):
    return answer.headers.get('x-cache-status')


def test_two_cards_are_lent(office):
    issuer, = office.sql('SELECT certificate FROM issuer')[0]
    for card, staff in ((ONE, '012345'), (TWO, '920017')):
        office.prepare(card)
        office.issue(card, staff)
        office.hand_over(card)
        office.pull(card)
        request[card] = fault_der.ocsp_request(issuer, int(office.show(card)['certificate']['serial'], 16))


def test_get_and_post_are_kept_each_under_its_own_question(office):
    for ask in (get, post):
        first, other = ask(office, ONE), ask(office, TWO)
        check.equal((cache(first), cache(other)), ('MISS', 'MISS'))
        again = ask(office, ONE)
        check.equal((cache(again), again.body), ('HIT', first.body))
        assert first.body != other.body
        check.equal((said(first), said(other)), ('good', 'good'))
        check.equal(cache(ask(office, TWO)), 'HIT')


def test_a_nonce_is_never_answered_from_the_cache(office):
    certificate = office.path('out/card.pem')
    der, = office.sql('SELECT der FROM certificate WHERE card = ?', ONE)[0]
    subprocess.run(['openssl', 'x509', '-inform', 'DER', '-out', certificate], input=der, check=True)
    for _ in range(3):
        done = subprocess.run(['openssl', 'ocsp', '-issuer', office.ca, '-CAfile', office.ca, '-cert', certificate,
                               '-url', f'http://{office.front}/ocsp'], capture_output=True, text=True, check=False)
        assert 'Response verify OK' in done.stderr and 'nonce' not in done.stderr.lower(), done.stderr
        assert f'{certificate}: good' in done.stdout, done.stdout


def test_errors_and_unknown_are_never_kept(office):
    issuer, = office.sql('SELECT certificate FROM issuer')[0]
    for body, wanted in ((b'rubbish', 'error 1'), (fault_der.ocsp_request(issuer, 0x40 << 120 | 5), 'unknown')):
        for _ in range(3):
            answer = outsider.ask(office.front, 'POST', '/ocsp', body, **OCSP)
            check.equal((said(answer), cache(answer)), (wanted, 'MISS'))


def test_a_body_beyond_the_buffer_is_refused_not_mixed_up(office):
    check.equal(outsider.ask(office.front, 'POST', '/ocsp', b'x' * 17000, **OCSP).status, 413)
    for method, path in (('PUT', '/ocsp'), ('DELETE', '/crl/opcard.crl'), ('POST', '/crl/opcard.crl')):
        check.equal(outsider.ask(office.front, method, path).status, 403, method)
    check.equal(outsider.ask(office.front, 'GET', '/api/v1/status').status, 404)


def next_update(office, answer):
    path = office.path('out/answer')
    with open(path, 'wb') as file:
        file.write(answer.body)
    done = subprocess.run(['openssl', 'ocsp', '-respin', path, '-noverify', '-resp_text'], capture_output=True, text=True,
                          check=True)
    text = re.search(r'Next Update: (.+) GMT', done.stdout)[1]
    return time.mktime(time.strptime(text, '%b %d %H:%M:%S %Y')) - time.timezone


def test_a_revocation_passes_the_cache_in_time(office):
    check.equal((said(get(office, ONE)), said(post(office, ONE))), ('good', 'good'))
    office.must(CUSTODIAN, 'report-lost', ONE, '--by', '本人')
    began, waited = time.monotonic(), {}
    for ask in (get, post):
        while said(answer := ask(office, ONE)) != 'revoked':
            assert time.monotonic() - began < VALIDITY, 'an answer outlived ocsp-validity'
            assert next_update(office, answer) >= int(time.time()), 'an answer that is over'
        waited[ask.__name__] = round(time.monotonic() - began, 2)
    tap.comment(f'seen through nginx after {waited} s with max-age {VALIDITY // 4}')
    check.equal(said(get(office, TWO)), 'good')


def test_lists_are_carried(office):
    held = outsider.ask(office.front, 'GET', '/crl/opcard.crl')
    check.equal(outsider.read_list(held.body, office.ca), outsider.read_list(
        outsider.ask(office.address, 'GET', '/crl/opcard.crl').body, office.ca))
    office.must(ADMIN, 'suspend', TWO, '--reason', 'FORGOTTEN')
    name = outsider.name_of(office.show(TWO)['certificate']['serial'])
    until(lambda: name in outsider.read_list(outsider.ask(office.front, 'GET', '/crl/opcard.crl').body,
                                             office.ca).entries, 'the new list comes through')
    again = outsider.ask(office.front, 'GET', '/crl/opcard.crl', If_None_Match=held.headers['etag'])
    check.equal(again.status, 200)
    office.must(ADMIN, 'resume', TWO, '--reason', 'FORGOTTEN')


def test_forty_terminals_wait_through_one_connection(office):
    number = outsider.read_list(outsider.ask(office.address, 'GET', '/crl/opcard-delta.crl').body, office.ca).number
    path = f'/crl/opcard-delta.crl?after={number}&wait=30'
    with concurrent.futures.ThreadPoolExecutor(40) as threads:
        waiting = [threads.submit(outsider.ask, office.front, 'GET', path) for _ in range(40)]
        until(lambda: office.json(ADMIN, 'status') and not any(one.done() for one in waiting), 'they wait')
        began = time.monotonic()
        office.must(ADMIN, 'suspend', TWO, '--reason', 'FORGOTTEN')
        answers = [one.result() for one in waiting]
    tap.comment(f'suspend and 40 answers through nginx in {time.monotonic() - began:.2f} s')
    check.equal({answer.status for answer in answers}, {200})
    check.equal(len({answer.body for answer in answers}), 1)
    check.equal(sorted(map(cache, answers)).count('MISS'), 1)
    assert outsider.read_list(answers[0].body, office.ca).number > number


def test_without_the_daemon_no_old_answer_is_given(office):
    until(lambda: said(get(office, TWO)) == said(post(office, TWO)) == 'certificateHold', 'the hold comes through')
    published = outsider.read_list(outsider.ask(office.address, 'GET', '/crl/opcard.crl').body, office.ca)
    office.stop()
    began = time.monotonic()
    for ask in (get, post):
        while (answer := ask(office, TWO)).status != 502:
            assert time.monotonic() - began < VALIDITY, 'an answer outlived ocsp-validity'
            assert next_update(office, answer) >= int(time.time()), 'an answer that is over'
    until(lambda: outsider.read_list(outsider.ask(office.front, 'GET', '/crl/opcard.crl').body, office.ca) == published,
          'the published file')
    answer = outsider.ask(office.front, 'GET', '/crl/opcard-delta.crl')
    check.equal((answer.status, answer.headers['content-type']), (200, 'application/pkix-crl'))
    office.start()
    until(lambda: get(office, TWO).status == 200, 'answers again')
    check.equal(said(get(office, TWO)), 'certificateHold')


if __name__ == '__main__':
    tap.main(globals(), make)
