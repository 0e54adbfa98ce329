# SPDX-License-Identifier: Apache-2.0
# One opcardd in a temporary folder, and clients that speak to it with as little in between as
# Python allows: raw HTTP on its socket. As root every client has its own account; an ordinary user
# has only one, under a visible exception from the separation of duties.
import contextlib
import datetime
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid

import measure

SOURCES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CUSTODIAN, ADMIN = '007315', '004102'
ACCOUNTS = {CUSTODIAN: 61001, ADMIN: 61002}
AUTHORITY = '一般操作者'
SECTION = '0101'


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Client:
    """A kept connection of one account."""

    def __init__(self, path, uid):
        self.path, self.uid = path, uid
        self.connect()

    def connect(self):
        self.socket = socket.socket(socket.AF_UNIX)
        as_other = os.geteuid() == 0 and self.uid != 0
        if as_other:  # the peer's identity is taken when it connects
            os.seteuid(self.uid)
        try:
            self.socket.connect(self.path)
        finally:
            if as_other:
                os.seteuid(0)
        self.used = time.monotonic()

    def rest(self):
        """Before something is measured: opcardd closes what says nothing for ten seconds."""
        if time.monotonic() - self.used > 5:
            self.socket.close()
            self.connect()

    def ask(self, method, path, body=None, key=True):
        self.used = time.monotonic()
        data = b'' if body is None else json.dumps(body).encode()
        head = '%s /api/v1%s HTTP/1.1\r\nHost: x\r\n' % (method, path)
        if method == 'POST':
            head += 'Content-Type: application/json\r\nContent-Length: %d\r\n' % len(data)
            if key:
                head += 'Idempotency-Key: %s\r\n' % uuid.uuid4()
        self.socket.sendall(head.encode() + b'\r\n' + data)
        return self.receive()

    def receive(self):
        data = self.socket.recv(65536)
        while b'\r\n\r\n' not in data:
            data += self.more()
        head, body = data.split(b'\r\n\r\n', 1)
        length = 0
        for line in head.split(b'\r\n'):
            if line.lower().startswith(b'content-length:'):
                length = int(line[15:])
        while len(body) < length:
            body += self.more()
        return int(head[9:12]), json.loads(body) if length else None

    def more(self):
        data = self.socket.recv(1 << 20)
        if not data:
            raise EOFError('opcardd closed the connection')
        return data

    def must(self, method, path, body=None):
        status, answer = self.ask(method, path, body)
        if status >= 300:
            sys.exit('%s %s: %s' % (method, path, json.dumps(answer, ensure_ascii=False)))
        return answer

    def get(self, path):
        return self.must('GET', path)

    def post(self, path, body):
        return self.must('POST', path, body)

    def follow(self, job):
        """Waits for the end of a job as opcardctl does."""
        seen = 0
        while True:
            answer = self.get('/jobs/%s?wait=25&after=%d' % (job, seen))
            seen = answer['steps'][-1]['n'] if answer['steps'] else seen
            if answer['state'] == 'done':
                return answer
            if answer['state'] != 'running':
                sys.exit(json.dumps(answer, ensure_ascii=False))

    def work(self, path, body):
        return self.follow(self.post(path, body)['job'])


class Daemon:
    """Starts, stops and furnishes one opcardd. `readers` folders stand for as many readers."""

    def __init__(self, folder, readers=0):
        self.folder = folder
        self.readers = [os.path.join(folder, 'readers', 'reader%d' % (i + 1)) for i in range(readers)]
        self.state = os.path.join(folder, 'state')
        self.socket = os.path.join(folder, 'run', 'opcardd.sock')
        self.crl = os.path.join(folder, 'public', 'crl', 'opcard.crl')
        self.database = os.path.join(self.state, 'opcard.db')
        self.port = free_port()
        self.process = None
        os.chmod(folder, 0o755)
        for path in self.readers + [os.path.join(folder, name) for name in ('public', 'run', 'drawer')]:
            os.makedirs(path)
        for name in ('state', 'secret'):
            os.mkdir(os.path.join(folder, name), 0o700)
        os.chmod(os.path.join(folder, 'run'), 0o755)
        self.configure()

    def configure(self):
        if os.geteuid() == 0:
            accounts = ['uid:%d = staff:%s' % (uid, staff) for staff, uid in ACCOUNTS.items()]
            exception = ''
        else:
            accounts = ['uid:%d = staff:%s' % (os.geteuid(), ADMIN)]
            exception = 'separation-exception = %s benchmark\n' % datetime.date.today()
        with open(os.path.join(self.folder, 'opcardd.conf'), 'w', encoding='utf-8') as file:
            file.write('[daemon]\nstate-dir = %s\npublic-dir = %s/public\nsocket = %s\nlibexec-dir = %s\n'
                       'log-level = warning\n'
                       '[cards]\nfamily = softhsm\nreaders = %s\nmaster-key = file:%s/secret/master.key\n'
                       '[ca]\nsubject = CN=benchmark\ncrl-url = http://127.0.0.1/crl/opcard.crl\n'
                       'ocsp-url = http://127.0.0.1/ocsp\n'
                       '[public]\nlisten = 127.0.0.1:%d\n[accounts]\n%s\n'
                       '[roles]\nsystem-admin = staff:%s\ncustodian = staff:%s, staff:%s\n[policy]\n%s' %
                       (self.state, self.folder, self.socket, measure.BUILD,
                        ', '.join('dir:' + path for path in self.readers), self.folder, self.port,
                        '\n'.join(accounts), ADMIN, CUSTODIAN, ADMIN, exception))

    def spawn(self):
        with open(os.path.join(self.folder, 'log'), 'ab') as log:
            self.process = subprocess.Popen(
                [measure.program('opcardd'), '--config', os.path.join(self.folder, 'opcardd.conf')],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def start(self):
        self.spawn()
        while True:
            with contextlib.suppress(OSError):
                if self.client(0).ask('GET', '/whoami')[0] == 200:
                    return self
            if self.process.poll() is not None:
                self.fail('opcardd ended')
            time.sleep(0.005)

    def fail(self, text):
        with open(os.path.join(self.folder, 'log'), encoding='utf-8') as log:
            sys.exit('%s:\n%s' % (text, log.read()))

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
            self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def client(self, uid):
        return Client(self.socket, uid if os.geteuid() == 0 else os.geteuid())

    def custodian(self):
        return self.client(ACCOUNTS[CUSTODIAN])

    def admin(self):
        return self.client(ACCOUNTS[ADMIN])

    def furnish(self, persons=0):
        """CA, one section with its people, and `persons` holders who may be given a card."""
        root = self.client(0)
        root.post('/ca/init', {})
        root.post('/import/sections', {'file': 's', 'rows': [
            {'line': 2, 'section': SECTION, 'name': '情報政策課', 'order': 1, 'managerPost': '課長',
             'hasTerminal': True, 'duties': '事務'}]})
        staff = [CUSTODIAN, ADMIN] + ['%06d' % (100000 + i) for i in range(persons)]
        for begin in range(0, len(staff), 2000):
            root.post('/import/staff', {'file': 's', 'rows': [
                {'line': n + 2, 'staff': number, 'name': '職員　%s' % number, 'kana': 'ショクイン',
                 'section': SECTION, 'title': '主事', 'employment': '常勤'}
                for n, number in enumerate(staff[begin:begin + 2000])]})
        if persons:
            self.admin().post('/import/designations', {
                'file': 'd', 'section': SECTION, 'from': str(datetime.date.today()), 'paper': 'bench',
                'rows': [{'line': n + 2, 'staff': number, 'name': '職員　%s' % number,
                          'authority': AUTHORITY, 'duties': '事務', 'designation': '追加', 'note': ''}
                         for n, number in enumerate(staff[2:])]})
        return staff[2:]

    def pull(self, card, reader=0):
        place = self.readers[reader]
        name, = os.listdir(place)
        os.makedirs(os.path.join(self.folder, 'drawer', card))
        os.rename(os.path.join(place, name), os.path.join(self.folder, 'drawer', card, name))

    def insert(self, card, reader=0):
        drawer = os.path.join(self.folder, 'drawer', card)
        name, = os.listdir(drawer)
        os.rename(os.path.join(drawer, name), os.path.join(self.readers[reader], name))
        os.rmdir(drawer)

    def settle(self, state, reader=0):
        """Until the watcher has seen it and is quiet again."""
        client = self.custodian()
        while client.get('/readers')['items'][reader]['state'] != state:
            time.sleep(0.01)

    def prepare(self, numbers):
        """Cards of stock made into spares, lying in the drawer."""
        client = self.custodian()
        for begin in range(0, len(numbers), 100):
            client.post('/cards', {'cards': numbers[begin:begin + 100], 'kind': 'operator',
                                   'place': '保管庫'})
        for number in numbers:
            client.work('/cards/%s/prepare' % number, {'reader': 'reader1'})
            self.pull(number)

    def memory(self):
        """Resident bytes, and those that no other process could share."""
        with open('/proc/%d/status' % self.process.pid, encoding='ascii') as file:
            lines = dict(line.split(':', 1) for line in file)
        return [int(lines[name].split()[0]) * 1024 for name in ('VmRSS', 'RssAnon')]


@contextlib.contextmanager
def daemon(readers=0):
    with measure.folder() as folder, Daemon(folder, readers) as served:
        yield served


def copy_tree(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
