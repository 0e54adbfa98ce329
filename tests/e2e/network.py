# SPDX-License-Identifier: Apache-2.0
# An office that also answers on the network, with the certificates that go with it: the server's own
# (vouched for by "house"), terminals' (by "terminals", which opcardd trusts), and strangers' (by
# "strangers", which it does not). Clients speak through Python's ssl and through openssl.
import contextlib
import http.client
import itertools
import json
import os
import socket
import ssl
import subprocess
import uuid

import office as e2e
from office import CUSTODIAN, IS_ROOT, WAIT, Office

SOFTHSM = '/usr/lib/softhsm/libsofthsm2.so'
_port = itertools.count(30000)


def openssl(*words, **more):
    done = subprocess.run(['openssl', *words], capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, f'openssl {" ".join(words)}: {done.stderr}'
    return done.stdout


class Pki:
    """Certificate authorities and what they sign, as PEM files in a folder of their own."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, mode=0o755, exist_ok=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def key(self, name):
        openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', self.path(name + '.key'))
        os.chmod(self.path(name + '.key'), 0o644)  # other accounts' tests read them

    def authority(self, name):
        self.key(name)
        openssl('req', '-x509', '-new', '-key', self.path(name + '.key'), '-out', self.path(name + '.pem'),
                '-days', '30', '-utf8', '-subj', f'/CN={name}', '-addext', 'basicConstraints=critical,CA:TRUE',
                '-addext', 'keyUsage=critical,keyCertSign,cRLSign')

    def sign(self, name, by, subject, *, days=10, purpose='clientAuth', san=None, serial=None):
        """NAME.pem and NAME.key. @by is an authority of this folder, or (certificate, key) files; days
        below 0: ended."""
        if not os.path.exists(self.path(name + '.key')):
            self.key(name)
        certificate, signer = by if isinstance(by, tuple) else (self.path(by + '.pem'), self.path(by + '.key'))
        request = self.path(name + '.csr')
        openssl('req', '-new', '-key', self.path(name + '.key'), '-utf8', '-subj', subject, '-out', request)
        extensions = self.path(name + '.ext')
        with open(extensions, 'w', encoding='utf-8') as file:
            file.write(f'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage={purpose}\n')
            if san:
                file.write(f'subjectAltName={san}\n')
        # A certificate that has ended must have begun: only `openssl ca` and faked clocks date back.
        openssl('x509', '-req', '-in', request, '-CA', certificate, '-CAkey', signer, '-set_serial',
                '0x' + (serial or uuid.uuid4().hex), '-days', str(days), '-extfile', extensions, '-out', self.path(name + '.pem'))
        return self.path(name + '.pem'), self.path(name + '.key')

    def fingerprint(self, name):
        line = openssl('x509', '-in', self.path(name + '.pem'), '-noout', '-fingerprint', '-sha256')
        return line.strip().split('=')[1].replace(':', '').lower()


class Network(Office):
    """An Office with TLS. accounts: {account: value} beside its own; {NAME} there is replaced by that
    certificate's fingerprint. terminals: names of certificates with CN=NAME."""

    def __init__(self, accounts=None, terminals=(), limits=None, config=None, **options):
        super().__init__(start=False, **options)
        self.server = f'{self.host}:{next(_port)}'
        self.pki = Pki(self.path('pki'))
        for name in ('house', 'terminals', 'strangers'):
            self.pki.authority(name)
        self.pki.sign('server', 'house', '/CN=opcardd', purpose='serverAuth', san=f'IP:{self.host}')
        self.pki.sign('custodian', 'terminals', '/CN=custodian')
        for name in terminals:
            self.pki.sign(name, 'terminals', f'/CN={name}')
        fingerprints = {name: self.pki.fingerprint(name) for name in ('custodian', *terminals)}
        more = {'cert:{custodian}': 'staff:' + CUSTODIAN, **(accounts or {})}
        self.options['config'] = {
            'tls': {'listen': self.server, 'certificate': self.pki.path('server.pem'),
                    'key': self.pki.path('server.key'), 'client-ca': self.pki.path('terminals.pem')},
            'limits': limits or {},
            'accounts': {key.format(**fingerprints): value for key, value in more.items()},
            **(config or {})}
        self.write_config()
        self.start()
        if options.get('staff', True):
            self.furnish()

    def context(self, name='custodian', **more):
        """How a client with the certificate @name (None: without) speaks TLS."""
        context = ssl.create_default_context(cafile=self.pki.path('house.pem'))
        if name is not None:
            context.load_cert_chain(self.pki.path(name + '.pem'), self.pki.path(name + '.key'))
        for attribute, value in more.items():
            setattr(context, attribute, value)
        return context

    def client(self, name='custodian', **more):
        host, port = self.server.split(':')
        return http.client.HTTPSConnection(host, int(port), context=self.context(name, **more), timeout=WAIT)

    def ask(self, method, path, body=None, *, name='custodian', client=None, key=None):
        """(status, JSON or text, headers) over a connection of its own or over @client."""
        with contextlib.ExitStack() as stack:
            if client is None:
                client = stack.enter_context(contextlib.closing(self.client(name)))
            headers = {'Idempotency-Key': key or str(uuid.uuid4())} if method == 'POST' else {}
            client.request(method, path if path in ('/metrics', '/openapi.yaml') else '/api/v1' + path,
                           json.dumps(body) if body is not None else None, headers)
            reply = client.getresponse()
            text = reply.read().decode()
            is_json = 'json' in (reply.getheader('Content-Type') or '')
            return reply.status, json.loads(text) if is_json else text, dict(reply.getheaders())

    def handshake(self, context):
        """None where an answer came through TLS of @context, else what went wrong."""
        host, port = self.server.split(':')
        try:
            with socket.create_connection((host, int(port)), timeout=WAIT) as plain, \
                    context.wrap_socket(plain, server_hostname=host) as tls:
                tls.sendall(b'GET /api/v1/whoami HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
                return None if tls.recv(100).startswith(b'HTTP/1.1 ') else 'closed'
        except OSError as error:
            return str(error)

    def reader_environment(self, reader='reader1'):
        """How a program finds the card in @reader: through a configuration of SoftHSM of its own."""
        folder = self.path('client-' + reader)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, 'softhsm2.conf'), 'w', encoding='ascii') as file:
            file.write(f'directories.tokendir = {self.path("readers", reader)}\nobjectstore.backend = file\n'
                       'slots.removable = true\nlog.level = ERROR\n')
        return {**os.environ, 'SOFTHSM2_CONF': os.path.join(folder, 'softhsm2.conf'), 'LC_ALL': 'C.UTF-8',
                'TZ': 'Asia/Tokyo'}

    def remote(self, *words, pins=(), reader='reader1', cert=None):
        """(exit, out, err) of opcardctl over the network, with the card in @reader as its certificate."""
        cert = cert or ['pkcs11:?module-path=' + SOFTHSM]
        reading, writing = os.pipe()
        os.write(writing, ''.join(pin + '\n' for pin in pins).encode())
        os.close(writing)
        command = [self.path('bin/opcardctl'), '--server', 'https://' + self.server, '--cert', cert[0],
                   *(['--key', cert[1]] if len(cert) > 1 else []), '--cacert', self.pki.path('house.pem'),
                   '--no-input', *(['--pin-fd', str(reading)] if pins else []), *words]
        with os.fdopen(reading, 'rb'):
            done = subprocess.run(command, capture_output=True, text=True, check=False, pass_fds=[reading],
                                  stdin=subprocess.DEVNULL, env=self.reader_environment(reader), timeout=WAIT)
        return e2e.Result(done.returncode, done.stdout, done.stderr)


class Kept:
    """A connection that openssl s_client keeps with the key on the card in @reader."""

    def __init__(self, office, pin, reader='reader1'):
        environment = office.reader_environment(reader)
        environment['PKCS11_MODULE_PATH'] = SOFTHSM
        listing = subprocess.run(['pkcs11-tool', '--module', SOFTHSM, '--list-objects', '--type', 'cert'],
                                 env=environment, capture_output=True, text=True, check=True).stdout
        number = listing.split('ID:')[1].split()[0]
        der = office.path('card.der')
        subprocess.run(['pkcs11-tool', '--module', SOFTHSM, '--read-object', '--type', 'cert', '--id', number,
                        '-o', der], env=environment, check=True, capture_output=True)
        openssl('x509', '-inform', 'DER', '-in', der, '-out', office.path('card.pem'))
        wanted = ''.join(f'%{number[i:i + 2]}' for i in range(0, len(number), 2))
        self.process = subprocess.Popen(
            ['openssl', 's_client', '-quiet', '-connect', office.server, '-CAfile', office.pki.path('house.pem'),
             '-verify_return_error', '-cert', office.path('card.pem'), '-engine', 'pkcs11', '-keyform', 'engine',
             '-key', f'pkcs11:id={wanted};type=private;pin-value={pin}'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)

    def ask(self, path, method='GET', body=''):
        """(status, JSON)."""
        key = f'Idempotency-Key: {uuid.uuid4()}\r\nContent-Length: {len(body)}\r\n' if method == 'POST' else ''
        self.process.stdin.write(f'{method} /api/v1{path} HTTP/1.1\r\nHost: x\r\n{key}\r\n{body}'.encode())
        self.process.stdin.flush()
        head = b''
        while not head.endswith(b'\r\n\r\n'):
            byte = self.process.stdout.read(1)
            assert byte, f'the connection ended: {head}'
            head += byte
        length = int(head.lower().split(b'content-length:')[1].split(b'\r')[0])
        return int(head.split()[1]), json.loads(self.process.stdout.read(length))

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.kill()
        self.process.wait(WAIT)


def need_root(skip):
    if not IS_ROOT:
        raise skip('root: every person has an account of the own')
