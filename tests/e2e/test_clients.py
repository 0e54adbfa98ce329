# SPDX-License-Identifier: Apache-2.0
# Other people's programs as clients: openssl, GnuTLS, NSS and curl see a card as the store does, in
# every state it can have.
import os
import re
import shutil
import subprocess

import check
import outsider
import tap
from office import ADMIN, CUSTODIAN, Office

ONE = 'OP000001'
serial = {}


def make():
    office = Office(start=False)
    office.options['config'] = {'ca': {'delta-url': f'http://{office.address}/crl/opcard-delta.crl'}}
    office.write_config()
    office.start()
    office.furnish()
    return office


def run(*words, good=None, **more):
    """Output of a program, both streams; @good: whether it must end well (None: as it likes)."""
    if shutil.which(words[0]) is None:
        raise tap.Skip(f'{words[0]} is not installed')
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120, **more)
    text = done.stdout + done.stderr
    assert good is None or good == (done.returncode == 0), (words, text)
    return text


def write(office, name, data):
    path = office.path('out', name)
    with open(path, 'wb') as file:
        file.write(data)
    return path


def fetch(office, name):
    """A list as curl fetches it, as PEM."""
    path = office.path('out', name + '.der')
    run('curl', '-sSf', '-o', path, f'http://{office.address}/crl/{name}.crl', good=True)
    run('openssl', 'crl', '-inform', 'DER', '-in', path, '-out', path[:-4] + '.pem', good=True)
    return path[:-4] + '.pem'


def by_openssl_ocsp(office):
    text = run('openssl', 'ocsp', '-issuer', office.ca, '-CAfile', office.ca, '-cert', office.card,
               '-url', f'http://{office.address}/ocsp')
    assert 'Response verify OK' in text, text
    return re.search(r'card\.pem: (\w+)', text)[1]


def by_openssl_get(office):
    """The GET form, sent by curl and judged by openssl."""
    request, answer = office.path('out/request'), office.path('out/answer')
    run('openssl', 'ocsp', '-issuer', office.ca, '-cert', office.card, '-no_nonce', '-reqout', request, good=True)
    text = run('base64', '-w0', request, good=True)
    path = text.replace('+', '%2B').replace('/', '%2F').replace('=', '%3D')
    run('curl', '-sSf', '-o', answer, f'http://{office.address}/ocsp/{path}', good=True)
    text = run('openssl', 'ocsp', '-issuer', office.ca, '-CAfile', office.ca, '-cert', office.card, '-respin', answer)
    assert 'Response verify OK' in text, text
    return re.search(r'card\.pem: (\w+)', text)[1]


def by_gnutls_ocsp(office):
    text = run('ocsptool', f'--ask=http://{office.address}/ocsp', '--load-cert', office.card, '--load-issuer', office.ca,
               '--load-trust', office.ca, '--nonce')
    assert 'Signature Algorithm: ECDSA-SHA256' in text, text
    assert 'Verifying OCSP Response: Success' in text, text
    return re.search(r'Certificate Status: (\w+)', text)[1]


def by_openssl_list(office):
    text = run('openssl', 'verify', '-crl_check', '-CAfile', office.ca, '-CRLfile', fetch(office, 'opcard'), office.card)
    return 'good' if re.search(r'card\.pem: OK', text) else 'revoked' if 'certificate revoked' in text else text


def by_gnutls_list(office):
    """certtool takes the chain with its root and the list."""
    chain = office.path('out/chain.pem')
    with open(chain, 'wb') as file:
        for path in (office.card, office.ca):
            with open(path, 'rb') as part:
                file.write(part.read())
    text = run('certtool', '--verify', '--load-ca-certificate', office.ca, '--load-crl', fetch(office, 'opcard'),
               '--infile', chain)
    return 'revoked' if 'revoked' in text else 'good' if 'Chain verification output: Verified' in text else text


def by_nss(office):
    """A fresh database with the CA as trusted for clients, and the list."""
    database = office.path('out/nss')
    shutil.rmtree(database, ignore_errors=True)
    os.mkdir(database)
    place = ('-d', 'sql:' + database)
    run('certutil', '-N', '--empty-password', *place, good=True)
    run('certutil', '-A', '-n', 'ca', '-t', 'CT,C,C', '-a', '-i', office.ca, *place, good=True)
    run('certutil', '-A', '-n', 'card', '-t', ',,', '-a', '-i', office.card, *place, good=True)
    fetch(office, 'opcard')
    run('crlutil', '-I', '-i', office.path('out/opcard.der'), *place, good=True)
    text = run('certutil', '-V', '-n', 'card', '-u', 'C', *place)
    return 'revoked' if 'revoked' in text.lower() else 'good' if 'certificate is valid' in text else text


CLIENTS = {'openssl ocsp': by_openssl_ocsp, 'curl and openssl ocsp': by_openssl_get, 'ocsptool': by_gnutls_ocsp,
           'openssl verify': by_openssl_list, 'certtool': by_gnutls_list, 'certutil': by_nss}


def everybody_says(office, wanted):
    """@wanted: what the store has, as a client puts it."""
    state, = office.sql('SELECT state FROM certificate_status WHERE hex(serial) = upper(?)', serial[ONE])[0]
    check.equal({'VALID': 'good'}.get(state, 'revoked'), wanted, 'store')
    said = {name: client(office) for name, client in CLIENTS.items()}
    check.equal(said, dict.fromkeys(said, wanted))


def test_a_card_in_use_is_good_everywhere(office):
    office.lend(ONE)
    office.pull(ONE)
    serial[ONE] = office.show(ONE)['certificate']['serial']
    der, = office.sql('SELECT der FROM certificate')[0]
    office.card = office.path('out/card.pem')
    run('openssl', 'x509', '-inform', 'DER', '-in', write(office, 'card.der', der), '-out', office.card, good=True)
    everybody_says(office, 'good')


def test_a_hold_is_seen_by_everybody(office):
    office.must(ADMIN, 'suspend', ONE, '--reason', 'FORGOTTEN')
    everybody_says(office, 'revoked')


def test_its_end_is_seen_by_everybody(office):
    office.must(ADMIN, 'resume', ONE, '--reason', 'FORGOTTEN')
    everybody_says(office, 'good')


def with_delta(office, base):
    text = run('openssl', 'verify', '-crl_check', '-use_deltas', '-extended_crl', '-CAfile', office.ca, '-CRLfile', base,
               '-CRLfile', fetch(office, 'opcard-delta'), office.card)
    return 'good' if re.search(r'card\.pem: OK', text) else 'revoked' if 'certificate revoked' in text else text


def without_delta(office, base):
    text = run('openssl', 'verify', '-crl_check', '-CAfile', office.ca, '-CRLfile', base, office.card)
    return 'good' if re.search(r'card\.pem: OK', text) else 'revoked'


def test_openssl_adds_a_delta_to_an_older_list(office):
    """-use_deltas: what the old list does not know comes from the delta, both ways."""
    old = shutil.copy(fetch(office, 'opcard'), office.path('out/good.pem'))
    office.must(ADMIN, 'suspend', ONE, '--reason', 'FORGOTTEN')
    check.equal((without_delta(office, old), with_delta(office, old)), ('good', 'revoked'))
    held = shutil.copy(fetch(office, 'opcard'), office.path('out/held.pem'))
    office.must(ADMIN, 'resume', ONE, '--reason', 'FORGOTTEN')
    check.equal((without_delta(office, held), with_delta(office, held)), ('revoked', 'good'))
    check.equal(with_delta(office, old), 'good')
    delta = outsider.read_list(outsider.ask(office.address, 'GET', '/crl/opcard-delta.crl').body, office.ca)
    check.equal(delta.entries[outsider.name_of(serial[ONE])], outsider.REMOVE)


def test_a_revocation_is_seen_by_everybody(office):
    office.must(CUSTODIAN, 'report-lost', ONE, '--by', '本人')
    everybody_says(office, 'revoked')
    check.equal(with_delta(office, office.path('out/good.pem')), 'revoked')


def test_gnutls_and_openssl_read_the_lists(office):
    for name in ('opcard', 'opcard-delta'):
        path = fetch(office, name)
        text = run('certtool', '--verify-crl', '--load-ca-certificate', office.ca, '--infile', path)
        assert 'Verified' in text, text
        run('openssl', 'crl', '-in', path, '-CAfile', office.ca, '-noout', good=True)


if __name__ == '__main__':
    tap.main(globals(), make)
