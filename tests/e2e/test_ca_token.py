# SPDX-License-Identifier: Apache-2.0
# The CA key on a token: a card's whole life with it, and the token that is taken away, hangs,
# crashes, or refuses its PIN in the middle. Revocations hold at once through OCSP; the list follows
# when the token is back.
import os
import subprocess
import urllib.request

import check
import tap
from office import ADMIN, CUSTODIAN, HOLDER, HOLDER2, PIN, ROOT, WITNESS, Office, today, until

SOFTHSM = '/usr/lib/softhsm/libsofthsm2.so'
TOKEN_PIN = 'zq7-Kr4-wm'
KEY = 'pkcs11:token=ca%20token;object=city-ca'


class TokenOffice(Office):
    def _lay_out(self):
        super()._lay_out()
        os.makedirs(self.path('hsm/tokens'), mode=0o700)
        with open(self.path('hsm/softhsm2.conf'), 'w', encoding='utf-8') as file:
            file.write(f'directories.tokendir = {self.path("hsm/tokens")}\nobjectstore.backend = file\n')
        subprocess.run(['softhsm2-util', '--init-token', '--free', '--label', 'ca token', '--so-pin',
                        'so-pin-of-hsm', '--pin', TOKEN_PIN], env=self.hsm(), check=True, capture_output=True)
        self.write_pin(TOKEN_PIN)

    def hsm(self):
        return {**os.environ, 'SOFTHSM2_CONF': self.path('hsm/softhsm2.conf')}

    def write_pin(self, pin):
        path = self.path('hsm/pin')
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 'w', encoding='utf-8') as file:
            file.write(pin + '\n')

    def settings(self):
        settings = super().settings()
        settings['ca'].update({'key': KEY, 'module': SOFTHSM, 'pin': 'file:' + self.path('hsm/pin'),
                               'token-dir': self.path('hsm/tokens'), 'deadline': '2s'})
        return settings

    def furnish(self, since=None):
        """What cannot be the CA's key is refused before there is a CA, and leaves nothing."""
        for key in ('pkcs11:token=ca%20token?module-path=/tmp/evil.so', 'pkcs11:object=x', 'file:/tmp/x.key'):
            check.refused(self.ctl(ROOT, 'ca', 'init', '--key', key), 2, key)
        check.refused(self.ctl(ROOT, 'ca', 'init', '--key', 'pkcs11:token=other'), 1, 'other', 'not there')
        check.equal(self.sql('SELECT count(*) FROM issuer'), [(0,)], 'CAs')
        super().furnish(since)

    def take_away(self):
        os.rename(self.path('hsm/tokens'), self.path('hsm/away'))

    def bring_back(self):
        os.rename(self.path('hsm/away'), self.path('hsm/tokens'))

    def problems(self):
        return ' '.join(one['en'] for one in self.json(CUSTODIAN, 'status')['problems'])


def serial_of(office, card):
    return office.show(card)['certificate']['serial']


def test_the_key_is_on_the_token_only(office):
    shown = subprocess.run(['pkcs11-tool', '--module', SOFTHSM, '--token-label', 'ca token', '--login', '--pin',
                            TOKEN_PIN, '--list-objects', '--type', 'privkey'], env=office.hsm(), check=True,
                           capture_output=True, text=True).stdout
    check.equal(shown.count('city-ca'), 1, shown)
    check.equal('never extractable' in shown, True, shown)
    check.equal(sorted(os.listdir(os.path.join(office.state, 'ca'))), ['ocsp.pem'], 'files of the CA')
    check.equal(office.sql('SELECT key_uri FROM issuer'), [(KEY,)], 'where the key is')


def test_whole_life(office):
    office.lend('OP000001')
    serial = serial_of(office, 'OP000001')
    check.equal(office.ocsp(serial).answer, 'good', 'OCSP')
    office.must(HOLDER, 'renew', 'OP000001', '--reader', 'reader1', pins=[PIN])
    check.equal(office.ocsp(serial), ('revoked', 'superseded'), 'OCSP')
    check.equal(office.is_listed(serial), True, 'the list')
    serial = serial_of(office, 'OP000001')
    office.must(CUSTODIAN, 'suspend', 'OP000001', '--reason', 'FORGOTTEN')
    check.equal(office.is_listed(serial), True, 'the list')
    office.must(ADMIN, 'resume', 'OP000001', '--reason', 'FORGOTTEN')
    check.equal(office.is_listed(serial), False, 'the list')
    office.must(CUSTODIAN, 'return', 'OP000001', '--note', '異動')
    office.must(CUSTODIAN, 'erase', 'OP000001', '--witness', WITNESS, '--reader', 'reader1', '--confirm',
                'OP000001')
    check.equal(office.ocsp(serial).answer, 'revoked', 'OCSP')
    office.pull('OP000001')


def test_taken_away_and_brought_back(office):
    office.lend('OP000002')
    office.prepare('OP000003', 'reader2')
    serial = serial_of(office, 'OP000002')
    before = office.crl()
    office.take_away()
    lost = office.ctl(CUSTODIAN, 'report-lost', 'OP000002', '--by', HOLDER)
    check.equal(lost.exit, 8, lost.out + lost.err)
    check.equal(office.show('OP000002')['state'], 'LOST', 'the card')
    check.equal(office.ocsp(serial), ('revoked', 'keyCompromise'), 'OCSP')
    check.equal(office.crl().number, before.number, 'the list')
    refused = check.unchanged(office, lambda: office.ctl(
        CUSTODIAN, 'issue', 'OP000003', '--staff', HOLDER2, '--authority', '一般操作者', '--reader', 'reader2'))
    check.refused(refused, 1, 'ca token')
    check.equal('ca token' in office.problems(), True, office.problems())
    sick = office.ctl(CUSTODIAN, 'doctor')
    check.equal(sick.exit, 1, sick.out)
    check.equal('ca token' in sick.out, True, sick.out)
    office.bring_back()
    until(lambda: office.is_listed(serial), 'the job publishes the list')
    check.equal(office.crl().number > before.number, True, 'the number')
    office.pull('OP000002')
    until(lambda: 'ca token' not in office.problems(), 'status is content again')
    office.issue('OP000003', HOLDER2, 'reader2')
    check.equal('the token with the CA key answers' in office.ctl(CUSTODIAN, 'doctor').out, True, 'doctor')


def test_daemon_starts_without_the_token(office):
    serial = serial_of(office, 'OP000002')
    office.take_away()
    office.restart()
    with urllib.request.urlopen(f'http://{office.address}/crl/opcard.crl') as answer:
        with open(os.path.join(office.public, 'crl/opcard.crl'), 'rb') as file:
            check.equal(answer.read(), file.read(), 'the list of before is served')
    check.equal(office.ocsp(serial).answer, 'revoked', 'OCSP')
    office.hand_over('OP000003', reader='reader2')
    living = serial_of(office, 'OP000003')
    check.equal(office.ocsp(living).answer, 'good', 'OCSP')
    held = office.ctl(CUSTODIAN, 'suspend', 'OP000003', '--reason', 'MISSING')
    check.equal(held.exit, 8, held.out + held.err)
    check.equal(office.ocsp(living), ('revoked', 'certificateHold'), 'OCSP')
    office.bring_back()
    until(lambda: office.is_listed(living), 'the job publishes the list')


def test_a_hanging_token_costs_its_deadline_once(office):
    office.restart('sign.before:sleep=20000')
    lost = [office.begin(CUSTODIAN, 'report-lost', 'OP000003', '--by', HOLDER2)]
    serial = serial_of(office, 'OP000003')
    until(lambda: office.ocsp(serial).reason == 'keyCompromise', 'OCSP knows while the token hangs')
    result = office.finish(lost[0])
    check.equal(result.exit, 8, result.out + result.err)
    check.equal('did not answer in time' in office.problems(), True, office.problems())
    office.restart()
    until(lambda: office.crl().entries.get(serial.lower().lstrip('0')) == 'Key Compromise', 'the list')


def test_a_crashing_module_is_survived(office):
    office.lend('OP000004')
    serial = serial_of(office, 'OP000004')
    office.restart('sign.before:kill')
    lost = office.ctl(CUSTODIAN, 'report-lost', 'OP000004', '--by', HOLDER)
    check.equal(lost.exit, 8, lost.out + lost.err)
    check.equal(office.process.poll(), None, 'opcardd goes on')
    check.equal(office.ocsp(serial).answer, 'revoked', 'OCSP')
    check.equal('ended in the middle' in office.problems(), True, office.problems())
    office.restart()
    until(lambda: office.is_listed(serial), 'the list')
    office.pull('OP000004')


def test_a_wrong_pin_is_tried_once(office):
    office.write_pin('wrong-pin')
    refused = office.ctl(ADMIN, 'ca', 'crl')
    check.equal(refused.exit, 8, refused.out + refused.err)
    check.equal('refuses its PIN' in office.problems(), True, office.problems())
    # The next try does not reach the token: a real one counts them.
    until(lambda: 'has not changed since' in office.ctl(ADMIN, 'ca', 'crl').err, 'no second try')
    check.equal('wrong-pin' in office.log() or TOKEN_PIN in office.log(), False, 'a PIN in the log')
    os.chmod(office.path('hsm/pin'), 0o644)
    until(lambda: 'Others may read' in office.ctl(ADMIN, 'ca', 'crl').err, 'an open file is refused')
    os.chmod(office.path('hsm/pin'), 0o600)
    office.write_pin(TOKEN_PIN)
    until(lambda: office.ctl(ADMIN, 'ca', 'crl').exit == 0, 'the corrected file is taken')


def test_expiring_cards_are_listed(office):
    office.lend('OP000005', HOLDER)
    rows = office.json(CUSTODIAN, 'card', 'list', '--expiring', '1900')['items']
    check.equal([row['card'] for row in rows], ['OP000005'], 'the list')
    check.equal(office.json(CUSTODIAN, 'card', 'list', '--expiring', '90')['items'], [], 'the list')
    text = office.must(CUSTODIAN, 'card', 'list', '--expiring', '1900')
    check.equal(str(int(today()[:4]) + 5) in text, True, text)
    check.equal(office.ctl(CUSTODIAN, 'card', 'list', 'x', '--expiring', '90').exit, 2, 'a word beside it')
    check.equal(office.must(ROOT, 'api', 'GET', '/status').count('within90'), 1, 'status')


def test_successor_on_the_same_token(office):
    serial = serial_of(office, 'OP000005')
    office.must(ADMIN, 'ca', 'renew')
    check.equal(office.sql('SELECT key_uri FROM issuer ORDER BY id'), [(KEY,), (KEY + '-2',)], 'where the keys are')
    check.equal(office.ocsp(serial).answer, 'good', 'OCSP of the old CA')
    office.take_away()
    result = office.ctl(CUSTODIAN, 'suspend', 'OP000005', '--reason', 'FORGOTTEN')
    check.equal(result.exit, 8, result.out + result.err)
    check.equal(office.ocsp(serial), ('revoked', 'certificateHold'), 'OCSP')
    office.bring_back()
    until(lambda: office.is_listed(serial), "the old CA's list")


tap.main(globals(), TokenOffice)
