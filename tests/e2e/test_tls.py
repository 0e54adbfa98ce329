# SPDX-License-Identifier: Apache-2.0
# The API over TLS: whose certificate is whose, what ends that, and what TLS itself refuses.
import contextlib
import csv
import json
import os
import signal
import ssl
import subprocess

import check
import tap
from network import Kept, Network, need_root, openssl
from office import ADMIN, CUSTODIAN, HOLDER, PIN, ROOT, SOURCE, until

LIST = '/duties'


def make():
    need_root(tap.Skip)
    office = Network(accounts={'cn:窓口端末': 'role:night-desk', 'cn:nobody': 'staff:999999'},
                     terminals=('窓口端末', 'nobody', 'unknown'))
    office.lend('ACTIVE1', HOLDER)
    return office


def problem(answer, status, part):
    assert answer[0] == status and part in answer[1]['detail'], answer


def test_a_card_in_the_reader_is_its_holder(office):
    result = office.remote('whoami', '--json', pins=[PIN])
    check.equal(result.exit, 0, result.err)
    told = json.loads(result.out)
    check.equal((told['staff'], told['roles'], told['uid']), (HOLDER, ['holder'], None))
    result = office.remote('api', 'GET', '/cards/ACTIVE1', '--json', pins=[PIN])
    check.equal((result.exit, json.loads(result.out)['card']), (0, 'ACTIVE1'), result.err)
    check.refused(office.remote('card', 'list', pins=[PIN]), 3)
    result = office.remote('whoami', '--json', pins=[PIN], cert=['pkcs11:'])  # whichever module is registered
    check.equal((result.exit, json.loads(result.out)['staff']), (0, HOLDER), result.err)


def test_a_card_with_an_rsa_key(office):
    del office
    with Network(config={'cards': {'key': 'rsa:2048'}}) as other:
        other.lend('RSA1', HOLDER)
        result = other.remote('whoami', '--json', pins=[PIN])
        check.equal((result.exit, json.loads(result.out)['staff']), (0, HOLDER), result.err)


def test_the_pin_is_asked_once_and_never_taken_from_the_command_line(office):
    result = office.remote('whoami', pins=['wrongPin9'])
    assert result.exit == 6 and 'PIN is wrong' in result.err, result
    result = office.remote('whoami', pins=[PIN], cert=[f'pkcs11:?pin-value={PIN}'])
    assert result.exit == 2 and '--pin-fd' in result.err, result
    result = office.remote('whoami', pins=[PIN], cert=['pkcs11:token=another?module-path=/usr/lib/softhsm/libsofthsm2.so'])
    assert result.exit == 6 and 'No such card' in result.err, result
    check.equal(office.remote('whoami').exit, 2)


def test_a_file_is_a_certificate_too(office):
    result = office.remote('whoami', '--json',
                           cert=[office.pki.path('custodian.pem'), office.pki.path('custodian.key')])
    check.equal((result.exit, json.loads(result.out)['staff']), (0, CUSTODIAN), result.err)


def test_what_ends_a_card_bites_on_a_kept_connection(office):
    with contextlib.closing(Kept(office, PIN)) as kept:
        check.equal(kept.ask('/whoami')[1]['staff'], HOLDER)
        office.must(ADMIN, 'suspend', 'ACTIVE1', '--reason', 'LEAVE')
        problem(kept.ask('/whoami'), 403, 'HOLD')
        office.must(ADMIN, 'resume', 'ACTIVE1', '--reason', 'LEAVE')
        check.equal(kept.ask('/whoami')[0], 200)
        office.must(ADMIN, 'emergency', 'stop', '--scope', 'all', '--note', 'x')
        check.equal(kept.ask('/whoami')[0], 403)
        lift(office)
        check.equal(kept.ask('/whoami')[0], 200)
        office.pull('ACTIVE1')
        office.lend('ACTIVE2', '013002')
        office.must(CUSTODIAN, 'report-lost', 'ACTIVE1', '--by', 'x')
        problem(kept.ask('/whoami'), 403, 'REVOKED')
        problem(kept.ask('/cards/ACTIVE1/report-lost', 'POST', '{"by":"x"}'), 403, 'REVOKED')
    result = office.remote('whoami', pins=[PIN])  # ACTIVE2 lies in the reader now
    check.equal(result.exit, 0, result.err)


def lift(office):
    office.must(ADMIN, 'emergency', 'resume', '--scope', 'all', '--note', 'x')
    waiting = office.json(ADMIN, 'confirm', '--list')['items']
    office.must('011208', 'confirm', waiting[0]['id'])


def test_a_person_who_left_is_nobody(office):
    with contextlib.closing(Kept(office, PIN)) as kept:
        check.equal(kept.ask('/whoami')[0], 200)
        set_until(office, '013002', '2026-01-31')
        problem(kept.ask('/whoami'), 403, '2026-01-31')
        set_until(office, '013002', '')


def set_until(office, staff, date):
    """Imports one line of the staff list again, with the last day of the person's term."""
    path = office.path('out/one.csv')
    with open(os.path.join(SOURCE, 'tests/data/office/staff.csv'), encoding='utf-8') as file:
        heading, *rows = csv.reader(file)
    row = next(row for row in rows if row[0] == staff)
    row[-1] = date
    with open(path, 'w', encoding='utf-8') as file:
        csv.writer(file, lineterminator='\n').writerows([heading, row])
    os.chmod(path, 0o644)
    office.must(ROOT, 'import', 'staff', path)


def test_accounts_by_name_and_fingerprint(office):
    check.equal(office.ask('GET', '/whoami')[1]['staff'], CUSTODIAN)
    check.equal(office.ask('GET', LIST)[0], 200)
    check.equal(office.ask('GET', '/whoami', name='窓口端末')[1]['roles'], ['night-desk'])
    check.equal(office.ask('GET', LIST, name='窓口端末')[0], 403)
    for name in ('unknown', 'nobody'):
        problem(office.ask('GET', '/whoami', name=name), 403, office.pki.fingerprint(name))


def test_a_certificate_of_our_authority_that_no_card_has(office):
    """Whoever gets at the CA key still finds no account for what it signs, whatever the name."""
    key = office.sql('SELECT key_uri FROM issuer')[0][0].removeprefix('file:')
    office.pki.sign('forged', (office.ca, key), '/CN=窓口端末')
    problem(office.ask('GET', '/whoami', name='forged'), 403, 'no card')
    office.pki.sign('twin', (office.ca, key), '/CN=ACTIVE2', serial=office.show('ACTIVE2')['certificate']['serial'])
    problem(office.ask('GET', '/whoami', name='twin'), 403, 'no card')


def test_strangers_do_not_get_in(office):
    office.pki.sign('strange', 'strangers', '/CN=custodian')
    office.pki.sign('shop', 'terminals', '/CN=custodian', purpose='serverAuth')
    office.pki.sign('ended', 'terminals', '/CN=custodian', days=-1)
    openssl('req', '-x509', '-new', '-key', office.pki.path('custodian.key'), '-out', office.pki.path('alone.pem'),
            '-subj', '/CN=custodian')
    os.symlink(office.pki.path('custodian.key'), office.pki.path('alone.key'))
    check.equal(office.handshake(office.context()), None)
    said = {name: office.handshake(office.context(name)) for name in ('strange', 'shop', 'ended', 'alone', None)}
    assert all(said.values()), said
    assert 'unknown ca' in said['strange'] and 'expired' in said['ended'], said
    assert 'required' in said[None], said


def test_old_and_weak_tls_is_refused(office):
    for words, reason in ((['-tls1_1', '-cipher', 'ALL@SECLEVEL=0'], 'alert'),
                          (['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-SHA'], 'alert'),
                          (['-tls1_2', '-cipher', 'AES128-GCM-SHA256'], 'alert')):
        done = s_client(office, *words)
        assert done.returncode != 0 and reason in done.stderr, (words, done.stderr)
    for words in (['-tls1_2'], ['-tls1_3']):
        session = office.path('session')
        check.equal(s_client(office, *words, '-sess_out', session).returncode, 0)
        done = s_client(office, *words, *(['-sess_in', session] if os.path.exists(session) else []))
        assert done.returncode == 0 and 'Reused' not in done.stdout and '\nNew, ' in done.stdout, done.stdout


def s_client(office, *words, text=''):
    return subprocess.run(['openssl', 's_client', '-connect', office.server, '-CAfile', office.pki.path('house.pem'),
                           '-cert', office.pki.path('custodian.pem'), '-key', office.pki.path('custodian.key'), *words],
                          input=text, capture_output=True, text=True, check=False)


def test_renegotiation_is_refused(office):
    """"R" asks for it; the connection goes on without, or ends, and others are served."""
    done = s_client(office, '-tls1_2', text='R\n')
    assert 'no renegotiation' in done.stderr, done.stderr
    check.equal(office.ask('GET', '/whoami')[0], 200)


def test_the_end_of_the_servers_certificate_is_told_in_time(office):
    def told():
        return any('TLS' in problem['en'] for problem in office.json(ADMIN, 'status')['problems'])

    assert told()  # the offices of the tests have one for ten days
    office.pki.sign('server', 'house', '/CN=opcardd', purpose='serverAuth', san=f'IP:{office.host}', days=60)
    office.process.send_signal(signal.SIGHUP)
    until(lambda: not told(), 'the new certificate counts')


def test_the_servers_certificate_is_replaced_by_sighup(office):
    before = served(office)
    office.pki.sign('server', 'house', '/CN=opcardd', purpose='serverAuth', san=f'IP:{office.host}')
    check.equal(served(office), before)
    office.process.send_signal(signal.SIGHUP)
    until(lambda: served(office) != before, 'the new certificate')
    good = served(office)
    with open(office.pki.path('server.pem'), 'w', encoding='ascii') as file:
        file.write('rubbish')
    office.process.send_signal(signal.SIGHUP)
    until(lambda: 'server.pem' in office.log(), 'the broken file is told')
    check.equal(served(office), good)
    with open(office.pki.path('server.pem'), 'w', encoding='ascii') as file:
        file.write(good)


def served(office):
    with contextlib.closing(office.client()) as client:
        client.connect()
        return ssl.DER_cert_to_PEM_cert(client.sock.getpeercert(binary_form=True))


def test_a_missing_server_key_ends_the_start_with_the_files_name(office):
    os.rename(office.pki.path('server.key'), office.pki.path('away.key'))
    office.stop()
    process = office.spawn('--config', office.config_file)
    check.equal(process.wait(120), 2)
    assert 'server.key' in office.log()
    os.rename(office.pki.path('away.key'), office.pki.path('server.key'))
    office.start()
    check.equal(office.ask('GET', '/whoami')[0], 200)


if __name__ == '__main__':
    tap.main(globals(), make)
