# SPDX-License-Identifier: Apache-2.0
# status_watcher.py ADDRESS PUBLIC CA DATABASE JOURNAL REPORT: a process of its own that knows of the
# daemon only what everybody can see, compares OCSP, the revocation lists (file, listener, delta on
# every complete list it ever saw) and the store, and appends a line to REPORT for each round.
# JOURNAL has a line for the beginning and the end of each change; a card is compared when nothing
# began or ended while it was looked at. Ends at a line {"stop": true} or at the first difference.
import json
import os
import sqlite3
import sys

import outsider

ANSWERS = {'VALID': {'good'}, 'HOLD': {'certificateHold'},
           'REVOKED': {'keyCompromise', 'superseded', 'affiliationChanged', 'cessationOfOperation'}}


class Watcher:
    def __init__(self, address, public, ca, database, journal, report):
        self.address, self.public, self.ca, self.journal = address, public, ca, journal
        self.store = sqlite3.connect(f'file:{database}?mode=ro', uri=True)
        self.report = open(report, 'a', encoding='utf-8')  # pylint: disable=consider-using-with
        self.complete, self.list_number, self.delta_number = {}, 0, 0
        self.compared = self.through_deltas = 0

    def read_journal(self):
        """({serial: (line, phase, state)}, whether to stop)."""
        last = {}
        with open(self.journal, encoding='utf-8') as file:
            for at, line in enumerate(file):
                entry = json.loads(line)
                if entry.get('stop'):
                    return last, True
                last[entry['serial']] = (at, entry['phase'], entry['state'])
        return last, False

    def get(self, name):
        answer = outsider.ask(self.address, 'GET', '/crl/' + name)
        assert answer.status == 200, answer
        return outsider.read_list(answer.body, self.ca)

    def look(self, serials):
        """Everything there is to see, in the order in which it is made."""
        seen = {'ocsp': outsider.ask_status(self.address, self.ca, serials), 'delta': self.get('opcard-delta.crl'),
                'listener': self.get('opcard.crl')}
        with open(os.path.join(self.public, 'crl/opcard.crl'), 'rb') as file:
            seen['file'] = outsider.read_list(file.read(), self.ca)
        seen['store'] = {outsider.name_of(serial): state for serial, state in self.store.execute(
            'SELECT hex(serial), state FROM certificate_status')}
        return seen

    def check_numbers(self, seen):
        assert seen['listener'].number >= self.list_number, 'the list went back'
        assert seen['file'].number >= seen['listener'].number, 'the file is older than what is served'
        assert seen['delta'].number >= self.delta_number, 'the delta went back'
        self.delta_number, self.list_number = seen['delta'].number, seen['listener'].number
        for one in (seen['listener'], seen['file']):
            known = self.complete.setdefault(one.number, one)
            assert known.entries == one.entries, f'two lists have the number {one.number}'

    def check_deltas(self, delta):
        """A delta makes every older complete list equal to the one of its own number."""
        wanted = self.complete.get(delta.number)
        for held in self.complete.values():
            known = outsider.combine(held, delta)
            if wanted is not None and known is not None and held.number < delta.number:
                assert known == wanted.entries, f'{held.number} and delta {delta.number}: {known}, {wanted.entries}'
                self.through_deltas += 1

    def check_card(self, serial, state, seen):
        name = outsider.name_of(serial)
        is_listed = state != 'VALID'
        assert seen['ocsp'] is None or seen['ocsp'][serial] in ANSWERS[state], (state, seen['ocsp'][serial])
        assert seen['store'][name] == state, ('store', seen['store'][name])
        known = {where: name in seen[where].entries for where in ('listener', 'file')}
        for number, held in self.complete.items():
            entries = outsider.combine(held, seen['delta'])
            if entries is not None and number <= seen['delta'].number:
                known[f'{number} with delta {seen["delta"].number}'] = name in entries
        assert set(known.values()) == {is_listed}, known

    def round(self):
        before, is_over = self.read_journal()
        seen = self.look(sorted(before)) if before else None
        after, _ = self.read_journal()
        if seen is None:
            return is_over
        self.check_numbers(seen)
        self.check_deltas(seen['delta'])
        for serial, entry in before.items():
            if entry[1] == 'end' and after.get(serial) == entry:
                self.check_card(serial, entry[2], seen)
                self.compared += 1
        self.tell(rounds=1, compared=self.compared, deltas=self.through_deltas, lists=len(self.complete))
        return is_over

    def tell(self, **facts):
        self.report.write(json.dumps(facts) + '\n')
        self.report.flush()


def main():
    watcher = Watcher(*sys.argv[1:])
    try:
        while not watcher.round():
            pass
    except Exception as fault:  # pylint: disable=broad-except
        watcher.tell(fault=f'{type(fault).__name__}: {fault}')
        raise


main()
