# SPDX-License-Identifier: Apache-2.0
# opcardd as a service: started twice, killed, restarted, stopped in the middle of work.
import os
import socket
import stat

import check
import tap
from office import CUSTODIAN, HOLDER, PIN, ROOT, Office, until

CARD = 'OP000001'


def facts(office):
    """The database without what every start and end writes: the number of the list, the time, the checkpoint."""
    return office.dump(without=('idempotency', 'counter', 'issuer', 'clock_mark', 'ledger_checkpoint', 'ledger_node'))


def refuses(office, process, *words):
    """@process of opcardd ends by itself, not by a signal, and says why in both languages."""
    until(lambda: process.poll() is not None, 'opcardd ends')
    assert process.returncode > 0, process.returncode
    said = office.log().strip().split('\n')[-2:]
    for word in words:
        assert all(line.startswith('opcardd: ') and word in line for line in said), said
    assert said[0] != said[1], said


def second(office, **keys):
    """Another opcardd with the same configuration but for @keys of [daemon] and [public]."""
    path = office.path('second.conf')
    with open(office.config_file, encoding='utf-8') as file:
        lines = file.read().split('\n')
    for key, value in keys.items():
        lines = [f'{key} = {value}' if line.startswith(f'{key} =') else line for line in lines]
    with open(path, 'w', encoding='utf-8') as file:
        file.write('\n'.join(lines))
    return office.spawn('--config', path)


def test_second_daemon_of_one_state_is_refused(office):
    office.lend(CARD)
    for keys in ({}, {'socket': office.path('run/other.sock'), 'listen': f'{office.host}:29999'}):
        refuses(office, second(office, **keys), office.state)
    assert not os.path.exists(office.path('run/other.sock'))
    office.must(CUSTODIAN, 'card', 'show', CARD)
    check.card(office, CARD, 'ACTIVE', 'good')


def test_restart_changes_nothing_but_the_number_of_the_list(office):
    office.must(HOLDER, 'suspend', CARD, '--reason', 'FORGOTTEN')
    before, number = facts(office), office.crl().number
    office.restart()
    now = facts(office)
    check.equal([table for table in before if now[table] != before[table]], [])
    assert office.crl().number > number, 'the number of the revocation list rises'
    check.card(office, CARD, 'SUSPENDED', 'certificateHold', ['FORGOTTEN'])


def test_stale_socket_of_a_killed_daemon_is_replaced(office):
    before, number = facts(office), office.crl().number
    office.kill()
    assert stat.S_ISSOCK(os.stat(office.socket).st_mode), 'the socket was left'
    result = office.ctl(CUSTODIAN, 'card', 'list')
    check.refused(result, 7, office.socket)
    office.start()
    check.equal(facts(office), before)
    assert office.crl().number >= number
    check.card(office, CARD, 'SUSPENDED', 'certificateHold', ['FORGOTTEN'])


def test_socket_that_is_no_socket_is_not_removed(office):
    office.stop()
    if os.path.exists(office.socket):
        os.unlink(office.socket)
    with open(office.socket, 'w', encoding='ascii') as file:
        file.write('mine')
    refuses(office, office.spawn('--config', office.config_file), office.socket)
    with open(office.socket, encoding='ascii') as file:
        check.equal(file.read(), 'mine')
    os.unlink(office.socket)
    office.start()


def test_address_in_use_is_told(office):
    office.stop()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((office.host, int(office.address.split(':')[1])))
        listener.listen()
        refuses(office, office.spawn('--config', office.config_file), office.address)
    office.start()


def test_everybody_may_reach_the_socket_and_nobody_the_state(office):
    check.equal(stat.S_IMODE(os.stat(office.socket).st_mode), 0o666)
    check.equal(stat.S_IMODE(os.stat(office.state).st_mode), 0o700)


def test_termination_in_the_middle_of_work_is_clean(office):
    office.pull(CARD)
    office.receive('OP000002')
    office.must(CUSTODIAN, 'card', 'prepare', 'OP000002', '--reader', 'reader1')
    office.restart('personalise.recorded:sleep=600')
    process = office.begin(CUSTODIAN, 'issue', 'OP000002', '--staff', '013002', '--authority', '一般操作者',
                           '--reader', 'reader1')
    until(lambda: office.sql("SELECT 1 FROM certificate WHERE card = 'OP000002'"), 'a certificate is recorded')
    check.equal(office.stop(), 0)
    office.failpoints = None
    office.start()
    result = office.finish(process)
    assert result.exit in (0, 6, 7), result
    until(lambda: not office.sql('SELECT 1 FROM intent WHERE closed_at IS NULL'), 'no open intent')
    state = office.show('OP000002')['state']
    serial, = office.sql("SELECT hex(serial) FROM certificate WHERE card = 'OP000002'")[0]
    assert state in ('PENDING', 'SPARE'), state
    check.certificate(office, serial, 'unknown' if state == 'PENDING' else 'cessationOfOperation')
    check.whole(office)


def test_client_without_a_daemon_says_what_to_do(office):
    office.stop()
    for staff in (ROOT, CUSTODIAN):
        result = office.ctl(staff, 'hand-over', CARD, pins=[PIN])
        check.refused(result, 7, office.socket)
    office.start()


if __name__ == '__main__':
    tap.main(globals(), Office)
