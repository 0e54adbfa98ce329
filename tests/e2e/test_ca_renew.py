# SPDX-License-Identifier: Apache-2.0
# A new CA in place of the old one: cards of both are judged by openssl as before, each by its own
# issuer's list and answers, before and after a restart.
import os
import re
import subprocess
import urllib.request

import check
import tap
from office import ADMIN, CUSTODIAN, HOLDER, HOLDER2, PIN, ROOT, Office

OLD, NEW = 'OP000001', 'OP000002'


def openssl(*words):
    return subprocess.run(['openssl', *words], capture_output=True, text=True, check=False)


def save(office, name, text):
    with open(office.path(name), 'w', encoding='ascii') as file:
        file.write(text)
    return office.path(name)


def certificate_of(office, card):
    """PEM file of the certificate in force of @card."""
    serial = office.show(card)['certificate']['serial']
    der = office.sql('SELECT der FROM certificate WHERE serial = ?', bytes.fromhex(serial))[0][0]
    with open(office.path(card + '.der'), 'wb') as file:
        file.write(der)
    openssl('x509', '-inform', 'DER', '-in', office.path(card + '.der'), '-out', office.path(card + '.pem'))
    return office.path(card + '.pem')


def authorities(office):
    """The CAs as GET /ca tells them, their certificates saved as ca-ID.pem."""
    issuers = office.json(ROOT, 'ca', 'status')['issuers']
    for issuer in issuers:
        save(office, f'ca-{issuer["id"]}.pem', issuer['certificate'])
    return issuers


def crl(office, name):
    """(number, serials) of a list as the public listener serves it, checked under its CA's key."""
    number = re.search(r'-(\d+)\.crl', name)
    issuer = office.path(f'ca-{number[1] if number else 1}.pem')
    with urllib.request.urlopen(f'http://{office.address}/crl/{name}') as answer:
        data = answer.read()
    done = subprocess.run(['openssl', 'crl', '-inform', 'DER', '-CAfile', issuer, '-noout', '-text'], input=data,
                          capture_output=True, check=False)
    text = done.stdout.decode()
    assert 'verify OK' in done.stderr.decode(), done.stderr
    found = re.search(r'X509v3 CRL Number:[^\n]*\n\s*(\w+)', text)
    return int(found[1], 0), {one.lower().lstrip('0') for one in re.findall(r'Serial Number: (\w+)', text)}


def verify(office, card, issuer, name, *more):
    """openssl's word about the card of @issuer, with the list @name beside it."""
    with open(office.path('list.pem'), 'w', encoding='ascii') as file:
        file.write(openssl('crl', '-inform', 'DER', '-in', os.path.join(office.public, 'crl', name)).stdout)
    return openssl('verify', '-crl_check', '-CAfile', office.path(f'ca-{issuer}.pem'), '-CRLfile',
                   office.path('list.pem'), *more, certificate_of(office, card))


def ocsp(office, card, issuer):
    """What OCSP answers for the card asked for under @issuer: good, revoked, unknown, …"""
    serial = office.show(card)['certificate']['serial']
    ca = office.path(f'ca-{issuer}.pem')
    done = openssl('ocsp', '-issuer', ca, '-CAfile', ca, '-serial', '0x' + serial, '-url',
                   f'http://{office.address}/ocsp')
    answer = re.search(rf'^0x{serial}: (\w+)', done.stdout, re.M | re.I)
    assert answer and 'Response verify OK' in done.stderr, done.stdout + done.stderr
    return answer[1]


def listed(office, card):
    return office.show(card)['certificate']['serial'].lower().lstrip('0')


def test_renewal_is_refused_without_the_role(office):
    check.refused(office.ctl(CUSTODIAN, 'ca', 'renew'), 3)
    asked = office.ctl(ADMIN, 'ca', 'renew', '--dry-run')
    check.equal(asked.exit, 0, asked.err)
    check.equal(len(authorities(office)), 1, 'CAs')


def test_a_new_ca_issues(office):
    office.lend(OLD)
    office.pull(OLD)
    office.must(ADMIN, 'ca', 'renew')
    old, new = authorities(office)
    check.equal((old['state'], new['state']), ('retiring', 'issuing'), 'states')
    check.equal((old['crl']['file'], new['crl']['file']), ('opcard.crl', 'opcard-2.crl'), 'lists')
    check.equal(old['subject'], new['subject'], 'the name stays')
    office.lend(NEW, HOLDER2)
    check.equal(office.sql('SELECT c.issuer FROM certificate c WHERE c.card IN (?, ?) ORDER BY c.card', OLD, NEW),
                [(1,), (2,)], 'issuers')
    shown = openssl('x509', '-in', certificate_of(office, NEW), '-noout', '-text').stdout
    check.equal('/crl/opcard-2.crl' in shown, True, shown)
    text = office.must(ADMIN, 'ca', 'status')
    check.equal('opcard.crl' in text and 'opcard-2.crl' in text, True, text)


def test_both_are_judged_by_their_own_issuer(office):
    for card, issuer, name in ((OLD, 1, 'opcard.crl'), (NEW, 2, 'opcard-2.crl')):
        done = verify(office, card, issuer, name)
        check.equal(done.returncode, 0, done.stdout + done.stderr)
        check.equal(ocsp(office, card, issuer), 'good', card)
        check.equal(ocsp(office, card, 3 - issuer), 'unknown', f'{card} under the other CA')
        check.equal(verify(office, card, 3 - issuer, name).returncode != 0, True, 'the other CA did not issue it')


def test_links_join_old_and_new(office):
    old, new = authorities(office)
    forward = save(office, 'new-with-old.pem', new['newWithOld'])
    back = save(office, 'old-with-new.pem', new['oldWithNew'])
    check.equal((old['newWithOld'], old['oldWithNew']), (None, None), 'links of the first')
    for trusted, link, card in ((1, forward, NEW), (2, back, OLD)):
        done = openssl('verify', '-CAfile', office.path(f'ca-{trusted}.pem'), '-untrusted', link,
                       certificate_of(office, card))
        check.equal(done.returncode, 0, done.stdout + done.stderr)


def test_each_revocation_is_on_its_own_list(office):
    before = crl(office, 'opcard.crl'), crl(office, 'opcard-2.crl')
    office.must(CUSTODIAN, 'suspend', OLD, '--reason', 'FORGOTTEN')
    old, new = crl(office, 'opcard.crl'), crl(office, 'opcard-2.crl')
    check.equal(old[0] > before[0][0] and listed(office, OLD) in old[1], True, 'the old list')
    check.equal(new, before[1], 'the new list')
    check.equal(ocsp(office, OLD, 1), 'revoked', 'OCSP')
    check.equal('certificate revoked' in verify(office, OLD, 1, 'opcard.crl').stderr, True, 'openssl')
    office.must(CUSTODIAN, 'suspend', NEW, '--reason', 'FORGOTTEN')
    check.equal(crl(office, 'opcard.crl'), old, 'the old list')
    check.equal(listed(office, NEW) in crl(office, 'opcard-2.crl')[1], True, 'the new list')
    with urllib.request.urlopen(f'http://{office.address}/crl/opcard-delta-2.crl') as answer:
        check.equal(answer.status, 200, 'its delta')
    for card in (OLD, NEW):
        office.must(ADMIN, 'resume', card, '--reason', 'FORGOTTEN')
        check.equal(ocsp(office, card, 1 if card == OLD else 2), 'good', card)


def test_restart(office):
    before = [(one['id'], one['state'], one['crl']['file'], one['certificate'], one['newWithOld'])
              for one in authorities(office)]
    numbers = crl(office, 'opcard.crl')[0], crl(office, 'opcard-2.crl')[0]
    office.restart()
    check.equal([(one['id'], one['state'], one['crl']['file'], one['certificate'], one['newWithOld'])
                 for one in authorities(office)], before, 'the CAs')
    check.equal(ocsp(office, OLD, 1), 'good', 'OCSP')
    check.equal(ocsp(office, NEW, 2), 'good', 'OCSP')
    check.equal(crl(office, 'opcard.crl')[0] >= numbers[0] and crl(office, 'opcard-2.crl')[0] >= numbers[1], True,
                'the numbers')
    check.whole(office)


def test_an_old_card_is_renewed_by_the_new_ca(office):
    old = listed(office, OLD)
    office.pull(NEW)
    office.insert(OLD)
    office.must(HOLDER, 'renew', OLD, '--reader', 'reader1', pins=[PIN])
    check.equal(ocsp(office, OLD, 2), 'good', 'the new certificate')
    check.equal(old in crl(office, 'opcard.crl')[1], True, 'the old certificate is on the old list')


def test_an_old_key_that_is_lost(office):
    """The old CA's key is gone: its cards are still answered for, and a third CA can be made."""
    os.unlink(os.path.join(office.state, 'ca/ca.key'))
    office.restart()
    check.equal(ocsp(office, OLD, 2), 'good', 'OCSP')
    office.must(ADMIN, 'ca', 'renew', '--algorithm', 'rsa:2048')
    check.equal([one['state'] for one in authorities(office)][-2:], ['retiring', 'issuing'], 'states')
    check.equal([one['key'] for one in authorities(office)], ['ec:P-256', 'ec:P-256', 'rsa:2048'], 'keys')
    check.equal(ocsp(office, OLD, 2), 'good', 'OCSP')


tap.main(globals(), Office)
