# SPDX-License-Identifier: Apache-2.0
# What protects the secrets of the real opcardd: from other accounts, from programs of its own
# account, and from a hostile PKCS#11 module. As root opcardd gets an account of its own here.
import ctypes
import hashlib
import os
import pickle
import stat
import subprocess

import check
import tap
from office import ADMIN, CUSTODIAN, IS_ROOT, STRANGER, STRANGER_UID, Office, until

DAEMON_UID = 61500
LANDLOCK_CREATE_RULESET = 444
PTRACE_ATTACH, PTRACE_DETACH = 16, 17


def make():
    return Office(account=DAEMON_UID)


def as_uid(uid, function):
    """What @function returns in a process of @uid; it may not use what it cannot pickle."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if IS_ROOT:
                os.setgroups([])
                os.setresgid(uid, uid, uid)
                os.setresuid(uid, uid, uid)
            result = function()
        except Exception as error:  # pylint: disable=broad-except
            result = repr(error)
        os.write(writing, pickle.dumps(result))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, 'rb') as file:
        data = file.read()
    os.waitpid(pid, 0)
    return pickle.loads(data)


def can(function):
    try:
        function()
        return True
    except OSError:
        return False


def peek(pid, name):
    with open(f'/proc/{pid}/{name}', 'rb') as file:
        file.read(0 if name == 'mem' else 1)


def attach(pid):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(PTRACE_ATTACH, pid, None, None) != 0:
        raise OSError(ctypes.get_errno(), 'ptrace')
    os.waitpid(pid, 0)
    libc.ptrace(PTRACE_DETACH, pid, None, None)


def test_own_account_cannot_look_into_the_daemon(office):
    """A process of the same account beside it can be looked into, so this tells something."""
    uid = DAEMON_UID if IS_ROOT else os.geteuid()
    command = ['sleep', '600']
    other = subprocess.Popen([*office.become(uid), *command] if IS_ROOT else command)
    try:
        until(lambda: as_uid(uid, lambda: can(lambda: peek(other.pid, 'environ'))), 'the other one is visible')
        for name in ('environ', 'mem', 'maps', 'auxv'):
            readable = as_uid(uid, lambda name=name: can(lambda: peek(office.process.pid, name)))
            check.equal(readable, False, f'/proc/PID/{name} of opcardd')
        check.equal(as_uid(uid, lambda: can(lambda: attach(office.process.pid))), False, 'ptrace')
        check.equal(as_uid(uid, lambda: can(lambda: os.listdir(f'/proc/{office.process.pid}/fd'))), False, 'fds')
    finally:
        other.kill()
        other.wait()


def test_own_account_has_no_role(office):
    if not IS_ROOT:
        raise tap.Skip('root: opcardd needs another account than the persons')
    check.equal(office.json(DAEMON_UID, 'whoami')['roles'], [])
    check.refused(office.ctl(DAEMON_UID, 'card', 'list'), 3)


def test_files_are_for_the_daemon_alone(office):
    office.lend('OP000001')
    looked = 0
    for folder in (office.state, office.path('secret')):
        for top, folders, files in os.walk(folder):
            for name in ('', *folders, *files):
                status = os.lstat(os.path.join(top, name))
                mode = stat.S_IMODE(status.st_mode)
                check.equal(oct(mode), oct(0o700 if stat.S_ISDIR(status.st_mode) else 0o600), os.path.join(top, name))
                check.equal(status.st_uid, DAEMON_UID if IS_ROOT else os.geteuid(), name)
                looked += 1
    assert looked > 8, looked


def test_other_accounts_cannot_enter(office):
    if not IS_ROOT:
        raise tap.Skip('root: another account is needed')
    for path in (office.state, office.path('secret'), office.path('readers/reader1')):
        check.equal(as_uid(STRANGER_UID, lambda path=path: can(lambda: os.listdir(path))), False, path)
    check.equal(office.json(STRANGER, 'whoami')['roles'], [])


def test_published_list_is_for_everybody(office):
    path = os.path.join(office.public, 'crl/opcard.crl')
    if IS_ROOT:
        check.equal(as_uid(STRANGER_UID, lambda: can(lambda: os.stat(path) and open(path, 'rb').close())), True)
    assert stat.S_IMODE(os.stat(path).st_mode) & 0o444 == 0o444, oct(os.stat(path).st_mode)


def facts(path):
    """Mode, owner, times of change and content of each file below @path."""
    found = {}
    for top, _, names in os.walk(path):
        for name in names:
            file = os.path.join(top, name)
            status = os.stat(file)
            with open(file, 'rb') as content:
                digest = hashlib.sha256(content.read()).hexdigest()
            found[os.path.relpath(file, path)] = (status.st_mode, status.st_uid, digest)
    return found


def test_hostile_module_gets_at_nothing(office):
    """Its reader lies in the state folder itself, beside a second name of the CA's key."""
    if ctypes.CDLL(None).syscall(LANDLOCK_CREATE_RULESET, None, 0, 1) < 1:
        raise tap.Skip('kernel without landlock')
    module = office.path('bin/evil.so')
    subprocess.run(['install', '-m', '755', os.environ['OPCARD_EVIL'], module], check=True)
    reader = os.path.join(office.state, 'evil')
    os.mkdir(reader, 0o700)
    with open(os.path.join(reader, 'behaviour'), 'w', encoding='ascii') as file:
        file.write('escape')
    os.link(os.path.join(office.state, 'ca/ca.key'), os.path.join(office.state, 'secret'))
    with open(os.path.join(office.state, 'victim'), 'w', encoding='ascii') as file:
        file.write('audit record')
    if IS_ROOT:
        for path in (reader, os.path.join(reader, 'behaviour'), os.path.join(office.state, 'victim')):
            os.chown(path, DAEMON_UID, DAEMON_UID)
    office.stop()
    before = facts(os.path.join(office.state, 'ca'))
    office.options['config'] = {'cards': {'module': module, 'readers': 'dir:' + reader}}
    office.write_config()
    office.start()
    check.refused(office.ctl(CUSTODIAN, 'card', 'check', 'OP000001'), 6)
    with open(os.path.join(reader, 'result'), encoding='ascii') as file:
        lines = file.read().strip().split('\n')
    through = [line for line in lines if not line.endswith(' refused')]
    check.equal(through, [], 'what got through')
    assert len(lines) > 30, lines
    check.equal(facts(os.path.join(office.state, 'ca')), before)
    check.equal(os.path.exists(os.path.join(office.state, 'victim')), True)
    check.equal(office.process.poll(), None)


def test_daemon_still_signs_after_the_attack(office):
    office.must(ADMIN, 'report-damaged', 'OP000001', '--by', CUSTODIAN)
    check.card(office, 'OP000001', 'DAMAGED', 'superseded')


if __name__ == '__main__':
    tap.main(globals(), make)
