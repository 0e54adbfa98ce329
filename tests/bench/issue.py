# SPDX-License-Identifier: Apache-2.0
# What it costs to issue a card: against a bare program, against the shell, and on several readers.
import os
import shutil
import subprocess
import threading
import time

import measure
import served
from measure import benchmark

MODULE = '/usr/lib/softhsm/libsofthsm2.so'
READERS_CARDS = int(os.environ.get('OPCARD_BENCH_CARDS', '60'))


def numbers(count):
    return ['OP%06d' % (i + 1) for i in range(count)]


class Bare:
    """Cards made by issue_bare, each in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.key = os.path.join(folder, 'ca.pem')
        subprocess.run(['openssl', 'genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256',
                        '-out', self.key], check=True)

    def call(self, card, *more):
        place = os.path.join(self.folder, card)
        environment = {'SOFTHSM2_CONF': os.path.join(place, 'conf'), 'LC_ALL': 'C.UTF-8'}
        return measure.run([measure.program('tests/bench/issue-bare'), MODULE, self.key, *more],
                           environment)

    def prepare(self, card):
        tokens = os.path.join(self.folder, card, 'tokens')
        os.makedirs(tokens)
        with open(os.path.join(self.folder, card, 'conf'), 'w', encoding='ascii') as file:
            file.write('directories.tokendir = %s\nobjectstore.backend = file\n'
                       'slots.removable = true\nlog.level = ERROR\n' % tokens)
        self.call(card, '--prepare')

    def issue(self, card):
        return self.call(card)


def issue_one(daemon, client, card, staff, reader=0):
    """From the POST to the job's end; the card lies in the reader and the watcher is quiet."""
    daemon.insert(card, reader)
    daemon.settle('card', reader)
    spent = measure.seconds(client.work, '/cards/%s/issue' % card,
                            {'staff': staff, 'authority': served.AUTHORITY,
                             'reader': 'reader%d' % (reader + 1)})
    daemon.pull(card, reader)
    daemon.settle('empty', reader)
    return spent


def syncs_of_issue(daemon, client, card, staff):
    """How often one issue waits for the disk, and how long altogether."""
    if shutil.which('strace') is None:
        return None
    daemon.insert(card)
    daemon.settle('card')
    log = os.path.join(daemon.folder, 'strace')
    tracer = subprocess.Popen(['strace', '-f', '-T', '-e', 'trace=fsync,fdatasync', '-o', log, '-p',
                               str(daemon.process.pid)], stderr=subprocess.PIPE)
    tracer.stderr.readline()
    client.work('/cards/%s/issue' % card, {'staff': staff, 'authority': served.AUTHORITY,
                                           'reader': 'reader1'})
    tracer.terminate()
    tracer.wait()
    daemon.pull(card)
    with open(log, encoding='ascii') as file:
        spent = [float(line.rsplit('<', 1)[1].rstrip('>\n')) for line in file if 'sync(' in line]
    return len(spent), sum(spent)


@benchmark('issue-bare')
def issue_bare():
    rounds = measure.ROUNDS
    cards = numbers(rounds + 2)
    with served.daemon(readers=1) as daemon:
        daemon.start()
        staff = daemon.furnish(len(cards))
        daemon.prepare(cards)
        client = daemon.custodian()
        bare = Bare(daemon.folder)
        for card in cards:
            bare.prepare(card)
        issue_one(daemon, client, cards[-1], staff[-1])
        ours, peer = measure.by_turns(lambda i: issue_one(daemon, client, cards[i], staff[i]),
                                      lambda i: bare.issue(cards[i]))
        measure.report_times('issue-bare', ours, peer, '<=1.5')
        syncs = syncs_of_issue(daemon, client, cards[-2], staff[-2])
        if syncs:
            measure.note('issue-bare: %d fsyncs by opcardd, %s of them under strace' %
                         (syncs[0], measure.time_text(syncs[1])))


class Shell:
    """The way without us: command line tools, and no record of anything."""

    def __init__(self, folder):
        self.folder = folder
        self.key = os.path.join(folder, 'shell-ca.pem')
        self.certificate = os.path.join(folder, 'shell-ca.crt')
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
                        '-nodes', '-keyout', self.key, '-out', self.certificate, '-subj', '/CN=shell'],
                       check=True, capture_output=True)

    def issue(self, card):
        place = os.path.join(self.folder, 'shell', card)
        os.makedirs(os.path.join(place, 'tokens'))
        with open(os.path.join(place, 'conf'), 'w', encoding='ascii') as file:
            file.write('directories.tokendir = %s/tokens\nobjectstore.backend = file\n' % place)
        script = '''set -e
exec >/dev/null 2>&1
cd %(place)s
export SOFTHSM2_CONF=%(place)s/conf
softhsm2-util --init-token --free --label t --so-pin 12345678 --pin 123456
tool() { pkcs11-tool --module %(module)s --token-label t --login --pin 123456 "$@"; }
tool --keypairgen --key-type EC:prime256v1 --id 01
tool --read-object --type pubkey --id 01 -o public.der
openssl pkey -pubin -inform DER -in public.der -out public.pem
openssl req -new -key %(key)s -subj /CN=OP000001 -out card.csr
openssl x509 -req -in card.csr -force_pubkey public.pem -CA %(certificate)s -CAkey %(key)s \
  -set_serial 4711 -days 365 -outform DER -out card.der
tool --write-object card.der --type cert --id 01
tool --sign --mechanism ECDSA --id 01 --input-file hash --output-file signature
''' % {'module': MODULE, 'key': self.key, 'certificate': self.certificate,
       'place': place}
        with open(os.path.join(place, 'hash'), 'wb') as file:
            file.write(bytes(32))
        return measure.run(['/bin/sh', '-c', script])


@benchmark('issue-shell')
def issue_shell():
    cards = numbers(measure.ROUNDS + 1)
    with served.daemon(readers=1) as daemon:
        daemon.start()
        staff = daemon.furnish(len(cards))
        daemon.prepare(cards)
        client = daemon.custodian()
        shell = Shell(daemon.folder)
        issue_one(daemon, client, cards[-1], staff[-1])
        ours, peer = measure.by_turns(lambda i: issue_one(daemon, client, cards[i], staff[i]),
                                      lambda i: shell.issue(cards[i]))
        measure.report_times('issue-shell', ours, peer, '<1')


def run_desk(daemon, client, reader, work):
    """Who sits at one reader: puts a card in, issues it, takes it out."""
    for card, staff in work:
        daemon.insert(card, reader)
        client.work('/cards/%s/issue' % card, {'staff': staff, 'authority': served.AUTHORITY,
                                               'reader': 'reader%d' % (reader + 1)})
        daemon.pull(card, reader)


def run_desks(daemon, work, desks):
    threads = [threading.Thread(target=run_desk, args=(daemon, daemon.custodian(), i, work[i::desks]))
               for i in range(desks)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begin


@benchmark('issue-readers')
def issue_readers():
    cards = numbers(2 * READERS_CARDS)
    with served.daemon(readers=4) as daemon:
        daemon.start()
        work = list(zip(cards, daemon.furnish(len(cards))))
        daemon.prepare(cards)
        one, four = 0.0, 0.0
        part = READERS_CARDS // 3
        for i in range(3):  # by turns
            some = work[2 * i * part:2 * (i + 1) * part]
            one += run_desks(daemon, some[:part], 1)
            four += run_desks(daemon, some[part:], 4)
    measure.report('issue-readers', one / four, '%.1f cards/s on 4' % (3 * part / four),
                   '%.1f cards/s on 1' % (3 * part / one), '>=%d (cores)' % min(4, os.cpu_count()))
