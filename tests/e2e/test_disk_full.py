# SPDX-License-Identifier: Apache-2.0
# The state on a small disk of its own that is full: changes are refused clearly, reading and OCSP go
# on, and with space again all is as it was.
import ctypes
import errno
import os

import check
import tap
from office import ADMIN, CUSTODIAN, HOLDER, PIN, ROOT, Office, until

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000
MS_REC, MS_PRIVATE = 16384, 1 << 18
MNT_DETACH = 2
SIZE = 24 << 20
CARD = 'OP000001'


def call(function, *arguments):
    if function(*arguments) != 0:
        raise tap.Skip(f'namespaces: {os.strerror(ctypes.get_errno())}')


def own_mounts():
    """This process and its children get mounts of their own; as an ordinary user by a user namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = os.geteuid(), os.getegid()
    call(libc.unshare, CLONE_NEWNS | (0 if uid == 0 else CLONE_NEWUSER))
    if uid != 0:
        for name, text in (('setgroups', 'deny'), ('uid_map', f'{uid} {uid} 1'), ('gid_map', f'{gid} {gid} 1')):
            with open(f'/proc/self/{name}', 'w', encoding='ascii') as file:
                file.write(text)
    call(libc.mount, b'none', b'/', None, MS_REC | MS_PRIVATE, None)
    return libc


class SmallOffice(Office):
    """Its state is a disk of its own, which must go before the folder can."""

    def abandon(self):
        if self.process is not None and self.process.poll() is None:
            self.kill()
        ctypes.CDLL(None).umount2(self.state.encode(), MNT_DETACH)
        super().abandon()


def make():
    libc = own_mounts()
    office = SmallOffice(start=False)
    options = f'size={SIZE},mode=0700,uid={os.geteuid()}'
    call(libc.mount, b'tmpfs', office.state.encode(), b'tmpfs', 0, options.encode())
    office.start()
    office.furnish()
    return office


def fill(office):
    with open(os.path.join(office.state, 'filler'), 'wb', buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC, error


def free(office):
    os.unlink(os.path.join(office.state, 'filler'))


def test_full_disk_refuses_changes_clearly(office):
    office.lend(CARD)
    fill(office)
    before = office.show(CARD)
    refused = None
    for number in range(400):  # what the log has reserved is used up at some point
        refused = office.ctl(CUSTODIAN, 'card', 'place', CARD, f'金庫 {number}')
        if refused.exit != 0:
            break
        before = office.show(CARD)
    check.refused(refused, 1)
    text = refused.out + refused.err
    assert 'full' in text or 'space' in text, text
    check.equal(office.show(CARD), before, 'the card after the refused change')
    check.equal(office.process.poll(), None)


def test_reading_and_ocsp_go_on(office):
    check.card(office, CARD, 'ACTIVE', 'good')
    office.must(CUSTODIAN, 'card', 'list')
    office.must(CUSTODIAN, 'audit', 'list')
    office.must(CUSTODIAN, 'status')


def test_card_work_does_not_touch_the_card(office):
    serial = office.show(CARD)['certificate']['serial']
    result = office.ctl(HOLDER, 'renew', CARD, pins=[PIN])
    check.refused(result, 1)
    check.certificate(office, serial, 'good')


def test_loss_is_either_refused_at_once_or_told_to_have_failed(office):
    serial = office.show(CARD)['certificate']['serial']
    result = office.ctl(CUSTODIAN, 'report-lost', CARD, '--by', HOLDER)
    answer = office.ocsp(serial).answer
    assert (result.exit == 0) == (answer == 'revoked'), (result, answer)


def test_all_works_with_space_again(office):
    free(office)
    until(lambda: office.json(CUSTODIAN, 'status')['spooled'] == 0, 'what was reported meanwhile is in the register')
    state = office.show(CARD)['state']
    if state == 'ACTIVE':
        office.must(CUSTODIAN, 'report-lost', CARD, '--by', HOLDER)
    check.card(office, CARD, 'LOST', 'keyCompromise')
    office.receive('OP000002')
    office.must(ADMIN, 'ca', 'crl')
    check.whole(office)


def test_start_on_a_full_disk_serves_or_says_why(office):
    check.equal(office.stop(), 0)
    fill(office)
    try:
        office.process = office.spawn('--config', office.config_file)
        until(lambda: office.process.poll() is not None or office.ctl(ROOT, 'whoami').exit == 0, 'it serves or ends')
        if office.process.poll() is None:
            check.card(office, CARD, 'LOST', 'keyCompromise')
            check.equal(office.stop(), 0)
        else:
            check.equal(office.process.returncode, 1)
            assert 'full' in office.log()[-300:], office.log()[-300:]
    finally:
        free(office)
    office.start()
    check.card(office, CARD, 'LOST', 'keyCompromise')
    check.whole(office)


if __name__ == '__main__':
    tap.main(globals(), make)
