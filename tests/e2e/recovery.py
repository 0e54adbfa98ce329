# SPDX-License-Identifier: Apache-2.0
# What the tests of backup and restore share: a recipient's key, `opcardd --restore`, and asking OCSP
# for every serial there ever was.
import os
import re
import shutil
import subprocess

from office import IS_ROOT, WAIT, Office, Result

KEY, CERTIFICATE = 'backup.key', 'backup.pem'


def make_recipient(folder, name='backup'):
    """The private key would be elsewhere; only the certificate is for the daemon."""
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                    '-days', '3650', '-subj', '/CN=backup', '-keyout', f'{folder}/{name}.key',
                    '-out', f'{folder}/{name}.pem'], check=True, capture_output=True)
    os.chmod(f'{folder}/{name}.pem', 0o644)


class RecoveryOffice(Office):
    """An office with a recipient of backups; @more goes to Office."""

    def __init__(self, **more):
        config = more.pop('config', {})
        super().__init__(start=False, config=config, **more)
        make_recipient(self.folder)
        config.setdefault('backup', {}).setdefault('recipient', 'file:' + self.path(CERTIFICATE))
        config['backup'].setdefault('every', '0s')
        config['backup'].setdefault('folder', self.path('backups'))
        self.write_config()
        self.start()
        self.furnish()

    def offline(self, *words):
        """opcardd with @words instead of serving: Result."""
        done = subprocess.run([os.path.join(self.programs, 'opcardd'), '--config', self.config_file, *words],
                              capture_output=True, encoding='utf-8', errors='replace', timeout=WAIT, check=False,
                              env={**os.environ, 'TZ': 'Asia/Tokyo', **({'OPCARD_FAILPOINTS': self.failpoints}
                                                                       if self.failpoints else {})})
        return Result(done.returncode, done.stdout, done.stderr)

    def must_offline(self, *words):
        result = self.offline(*words)
        assert result.exit == 0, result
        return result.out

    def restore(self, backup, *words):
        return self.offline('--restore', backup, '--key', self.path(KEY), *words)

    def backup(self):
        """The path of a new backup."""
        return self.json(None, 'backup')['file']

    def move_state_away(self):
        """As the message tells people to; the folder is empty again."""
        shutil.move(self.state, self.state + '.old')
        os.mkdir(self.state, 0o700)
        shutil.rmtree(self.state + '.old')

    def serials(self):
        return [row[0].hex() for row in self.sql('SELECT serial FROM certificate_status')]

    def raw_ocsp(self, serial):
        """"good", "revoked", "unknown", or what the responder said instead of an answer."""
        done = subprocess.run(['openssl', 'ocsp', '-issuer', self.ca, '-CAfile', self.ca, '-serial', '0x' + serial,
                               '-url', f'http://{self.address}/ocsp'], capture_output=True, text=True, check=False)
        answer = re.search(rf'^0x{serial}: (\w+)', done.stdout, re.M | re.I)
        return answer[1] if answer else (done.stdout + done.stderr).strip()


def open_backup(office, backup, folder, key=None):
    """Opens a backup with openssl and tar alone, as somebody without opcard would."""
    os.makedirs(folder)
    archive = os.path.join(folder, 'archive.tar')
    subprocess.run(['openssl', 'cms', '-decrypt', '-inform', 'DER', '-binary', '-in', backup, '-inkey',
                    key or office.path(KEY), '-out', archive], check=True, capture_output=True)
    subprocess.run(['tar', '-xf', archive, '-C', folder], check=True)
    return folder


__all__ = ['CERTIFICATE', 'IS_ROOT', 'KEY', 'RecoveryOffice', 'make_recipient', 'open_backup']
