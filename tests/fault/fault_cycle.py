# SPDX-License-Identifier: Apache-2.0
"""One cycle: break an operation once, bring the office up again, check, do the operation again,
check. fault_plan.py says what is broken where."""

import contextlib
import dataclasses
import random
import subprocess
import time
import traceback

import fault_furnish
import fault_operations
import fault_witness
import invariants
import power
from fault_office import Broken, Office, wait_for
from softhsm_folder import Token

KILLS = ("kill", "moment", "step", "promise")  # the daemon is dead afterwards


@dataclasses.dataclass
class Step:
    """A file operation of the daemon, or a call of the card's module."""

    kind: int  # power.WRITES, power.SYNCS, or 0: PKCS#11 calls
    part: float  # where in the operation: 0 its first, just below 1 its last
    code: int = 0  # errno or CKR with which it fails; 0: killed there
    is_lasting: bool = False


@dataclasses.dataclass
class Cycle:
    """@kind: "kill": the daemon dies at @failpoints; "moment": after @delay of the usual time;
    "step": before a file operation; "promise": when the command has ended well; "child": opcard-card dies; "card": a call of its module fails
    or kills it; "fail": a step fails; "repeat": the request comes twice; "look": OCSP is asked all
    the time."""

    name: str
    operation: object
    failpoints: str = ""
    kind: str = "kill"
    cut: str = ""  # what the disk keeps of what was not synced: "" all, "none", "some"
    step: Step = None
    repair: tuple = ()  # failpoints at which the repair is killed, one restart each
    repair_steps: tuple = ()  # (kind, n): the restart is killed before that file operation
    is_pulled: bool = False  # the card is taken out before the restart
    delay: float = 0.0
    seed: int = 0
    is_stopped: bool = True  # ended as a service is, not by SIGKILL


@dataclasses.dataclass
class Usual:
    """An operation that nothing disturbs."""

    seconds: float = 0.3
    counts: tuple = (1, 1, 1)  # of PKCS#11 calls, writes, syncs


def names_of(failpoints):
    return {entry.split(":")[0] for entry in failpoints.split(",") if entry}


def armed(point, action="kill"):
    """"crl.write@2" → "crl.write:kill@2"."""
    name, at, number = point.partition("@")
    return f"{name}:{action}{at}{number}"


def is_early(operation):
    """What happens by itself at the start cannot be awaited: it is armed before."""
    return operation.is_automatic or operation.base != "base"


class Worker:
    """An office furnished once; every cycle starts from the saved state."""

    def __init__(self, folder, build, has_power=True):
        folder.mkdir()
        self.office = Office(folder, build)
        self.has_power = has_power
        self.usual = {}
        self.office.save("empty")

    def furnish(self):
        try:
            self.office.up()
            fault_furnish.furnish(self.office)
            for module in fault_operations.MODULES:
                if hasattr(module, "furnish"):
                    module.furnish(self.office)
            self.office.stop()
            self.office.save("base")
        finally:
            self.office.kill()

    # --- one cycle ---

    def run(self, cycle):
        office = self.office
        self.found, self.points = [], set()
        self.quarantined, self.is_promised = 0, False
        self.chance = random.Random(cycle.seed)
        self.witness = fault_witness.Witness()
        try:
            if cycle.step is not None and cycle.operation.name not in self.usual:
                self.usual[cycle.operation.name] = self.measure(cycle.operation)
            self.lay_out(cycle.operation)
            self.hurt(cycle)
            if cycle.kind != "look":
                self.mend(cycle)
                self.finish(cycle)
        except (Broken, subprocess.TimeoutExpired) as reason:
            self.found.append(str(reason))
        except Exception:  # a defect of the test itself counts as one
            self.found.append(traceback.format_exc())
        finally:
            office.kill()
            office.end_children()
        if self.found:
            self.found.append("the log ends: " + office.tail())
        return self.found, self.points, self.quarantined

    def lay_out(self, operation):
        office = self.office
        office.log.write_bytes(b"")
        office.restore(operation.base)
        self.before = [office.sql("SELECT crl_number FROM issuer")[0][0]
                       if operation.base == "base" else 0]
        if operation.card is not None:
            office.insert(operation.card)
        office.control.reset()
        operation.arrange(office)

    def measure(self, operation):
        """Counts what an undisturbed operation does to the files and to the card."""
        office = self.office
        self.lay_out(operation)
        office.stumble_at(operation.token_folder(), 1 << 30, 5)
        seen = (0, 0)
        try:
            office.up(is_watched=True)
            self.come_to_rest(operation)
            operation.prelude(office)
            if not is_early(operation):
                seen = office.control.seen()
            began = time.monotonic()
            process = operation.start(office)
            if process is not None and process.communicate(timeout=120) and process.returncode != 0:
                raise Broken(f"{operation.name} fails undisturbed")
            operation.settle(office)
            seconds = time.monotonic() - began
            self.settle()
            counts = [now - then for now, then in zip(office.control.seen(), seen)]
        finally:
            office.kill()
            office.end_children()
        return Usual(seconds, (max(office.card_calls(operation.token_folder()), 1), *(max(one, 1) for one in counts)))

    def arm(self, cycle):
        step = cycle.step
        if step is None:
            return
        count = self.usual[cycle.operation.name].counts[step.kind]
        number = 1 + int(step.part * count)
        if step.kind == 0:
            self.office.stumble_at(cycle.operation.token_folder(), number, step.code)
        else:
            self.office.control.arm(step.kind, number, step.code, step.is_lasting)

    def hurt(self, cycle):
        office, operation = self.office, cycle.operation
        if is_early(operation) or cycle.kind == "card":
            self.arm(cycle)
        office.open_gate(is_early(operation))
        office.start(cycle.failpoints, is_watched=self.has_power)
        wait_for("opcardd answers or dies", lambda: office.serves() or not office.is_alive())
        if office.is_alive():
            self.come_to_rest(operation)
            operation.prelude(office)
        elif not is_early(operation):
            raise Broken(f"the daemon died before the operation: {office.tail()}")
        office.open_gate(True)
        if cycle.kind == "repeat":
            self.repeat(cycle)
            return
        if not is_early(operation) and cycle.kind != "card":
            self.arm(cycle)
        process = operation.start(office) if office.is_alive() else None
        try:
            if cycle.kind in KILLS:
                self.die(cycle, process)
            elif cycle.kind == "look":
                self.look(cycle, process)
            else:
                self.survive(cycle, process)
        finally:
            if process is not None:
                self.is_promised = process.poll() == 0
                process.kill()
                process.communicate()
        if cycle.kind in KILLS:
            self.fall("after the kill", cycle.cut)
        if cycle.kind == "promise" or cycle.failpoints.endswith(".done:kill"):
            self.found += invariants.check_ended(office)
        if cycle.kind == "promise" and not invariants.is_list_whole(office):
            self.found.append("8: the command ended well, the list does not show it")

    def come_to_rest(self, operation):
        """What a start does by itself shall not be taken for the operation's doing."""
        office = self.office
        if operation.base == "base" and not operation.is_automatic:
            with contextlib.suppress(Broken):  # a daemon that does not trust the clock does nothing
                wait_for("the list of the start", lambda: invariants.is_list_current(office) and
                         invariants.published(office)[0] > self.before[0], patience=3)

    def fall(self, when, cut):
        """The daemon is dead; with @cut the power failed."""
        office = self.office
        office.kill()
        office.end_children()
        office.control.disarm()
        self.before = invariants.published(office) or self.before
        if self.has_power:
            self.witness.add(office.lose_power(cut, self.chance) if cut else office.signed())
        self.found += [f"{when}: {text}" for text in invariants.check_crashed(office)]
        self.found += [f"{when}: {text}" for text in self.witness.check(office)]

    def repeat(self, cycle):
        """The same request with the same key once more after the crash: done once, and said so, or
        refused for what it did already; never done twice."""
        office = self.office
        path, body = cycle.operation.request()
        office.post(cycle.operation.staff, path, body, cycle.name)
        if not office.wait_killed():
            raise Broken("the daemon ended by itself")
        self.points |= names_of(cycle.failpoints)
        office.kill()
        office.up()
        self.settle()
        status, answer = office.post(cycle.operation.staff, path, body, cycle.name)
        if status not in (200, 202, 409):
            self.found.append(f"the repeated request got {status}: {answer}")
        if "job" in answer:
            wait_for("the job ends", lambda: (office.get(f"/jobs/{answer['job']}") or {}).get(
                "state") != "running")
        done = office.sql("SELECT count(*) FROM ledger WHERE card = ? AND kind = ?",
                          cycle.operation.target(), cycle.operation.event)[0][0]
        if done > 1:
            self.found.append(f"{cycle.operation.event} was done {done} times")

    def die(self, cycle, process):
        if cycle.kind == "moment":
            usual = self.usual.get(cycle.operation.name, Usual())
            time.sleep(cycle.delay * usual.seconds)
            self.office.kill()
            return
        office = self.office
        if cycle.kind == "promise":
            if process.wait(120) != 0:
                raise Broken(f"{cycle.operation.name} fails undisturbed: {process.communicate()}")
            office.kill()
            return
        wait_for("the daemon dies or the command ends",
                 lambda: not office.is_alive() or process is not None and process.poll() is not None)
        # A daemon being killed closes its connections before it counts as dead.
        wait_for("the daemon dies or answers again",
                 lambda: not office.is_alive() or process is not None and office.serves())
        if cycle.kind == "step" and office.is_alive():
            office.kill()  # this time it needed fewer steps
            return
        if process is not None and office.is_alive() and process.poll() is not None:
            raise Broken(f"{cycle.failpoints} was not reached: {process.communicate()}")
        if not office.wait_killed():
            raise Broken(f"the daemon ended by itself: {office.daemon.returncode}")
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)  # it may have had its answer before
        self.points |= names_of(cycle.failpoints)

    def look(self, cycle, process):
        """OCSP never says "good" but of a certificate that is valid."""
        office = self.office
        while process is not None and process.poll() is None:
            self.found += invariants.check_good(office, cycle.operation.target())
        if process is not None and process.returncode != 0:
            raise Broken(f"{cycle.operation.name} failed while watched: {process.communicate()}")
        cycle.operation.settle(office)
        self.settle()
        self.found += self.check()

    def survive(self, cycle, process):
        office = self.office
        if process is None:
            cycle.operation.settle(office)
            office.control.disarm()
            return
        output, errors = process.communicate(timeout=120)
        if not office.is_alive():
            raise Broken(f"the daemon did not survive: {office.tail()}")
        if process.returncode == 0 and cycle.kind == "child":
            self.found.append(f"{cycle.failpoints} was not reached: {output}")
        if process.returncode != 0 and not errors.strip():
            self.found.append(f"exit {process.returncode} without a word")
        if process.returncode != 0 or "injected" in office.tail():
            self.points |= names_of(cycle.failpoints)
        office.control.disarm()
        if cycle.kind in ("child", "card"):
            office.stop()
            office.stumble_at(cycle.operation.token_folder(), 0, 0)

    # --- repair ---

    def mend(self, cycle):
        office = self.office
        office.open_gate(True)
        for failpoint in cycle.repair:
            office.start(armed(failpoint), is_watched=self.has_power)
            wait_for(f"{failpoint} kills the repair", lambda: not office.is_alive())
            if not office.wait_killed():
                raise Broken(f"the repair ended by itself: {office.tail()}")
            self.points.add(failpoint.partition("@")[0])
            self.fall(f"after {failpoint}", cycle.cut)
        for kind, number in cycle.repair_steps:
            office.control.reset()
            office.control.arm(kind, number, 0)
            office.start(is_watched=self.has_power)
            wait_for("the repair is killed or ends",
                     lambda: not office.is_alive() or office.serves())
            self.fall(f"after step {number} of the repair", cycle.cut)
        if cycle.is_pulled:
            office.pull()
        if not office.is_alive():
            office.up()
        if cycle.is_pulled and cycle.operation.card is not None:
            self.found += [f"pulled: {text}" for text in self.check()]
            office.insert(cycle.operation.card)
        cycle.operation.settle(office)
        self.settle()
        if self.is_promised and cycle.kind in KILLS and not self.is_kept(cycle.operation):
            self.found.append(f"{cycle.operation.name} was said to be done and is not")
        if cycle.kind != "fail":
            self.found += [f"repaired: {text}" for text in self.check()]
            return
        for issuer in office.rows("SELECT * FROM issuer"):
            self.found += [f"after the failure: {text}" for text in
                           invariants.check_answers(office, issuer)]
        # What two failed commits left open is finished by the minute, or by whoever comes next.
        self.found += [f"after the failure: {text}" for text in invariants.check_crashed(office)]

    def is_kept(self, operation):
        is_told = operation.goal is not None or (
            type(operation).is_done is not fault_operations.Operation.is_done)
        return not is_told or operation.is_done(self.office)

    def settle(self):
        """An operation that waits for a card is finished by itself once the card lies there, and
        a list that could not be written is written later."""
        office = self.office
        if self.is_unreadable():
            self.quarantined += 1
            return
        wait_for("every spooled loss is in the register",
                 lambda: (office.get("/status") or {"spooled": 1})["spooled"] == 0)
        wait_for("the waiting operation is finished", lambda: not office.sql(
            "SELECT 1 FROM intent WHERE closed_at IS NULL AND step = 'wipe'"))
        wait_for("the list is written", lambda: invariants.is_list_current(office))

    def is_unreadable(self):
        return any(not Token(token).is_readable for token in self.office.tokens("reader1"))

    def check(self):
        found = invariants.check_all(self.office, self.before)
        records = invariants.Records(self.office.database())
        for module in fault_operations.MODULES:
            if hasattr(module, "check"):
                found += list(module.check(records))
        return found

    def finish(self, cycle):
        operation = cycle.operation
        if self.is_unreadable():
            return
        if cycle.kind == "card" and operation.goal and (
                self.office.state(operation.target()) == "QUARANTINED"):
            self.quarantined += 1  # the chip itself refused: this card is not used again
            return
        began = time.monotonic()
        self.do_again(cycle)
        self.usual.setdefault(cycle.operation.name, Usual(time.monotonic() - began))
        self.found += [f"done again: {text}" for text in self.check()]
        states = [row[0] for row in self.office.sql("SELECT state FROM card")]
        self.quarantined += states.count("QUARANTINED")
        if cycle.is_stopped:
            self.office.stop()

    def do_again(self, cycle):
        """A second failure that was armed may hit only now."""
        try:
            cycle.operation.again(self.office)
        except Broken as reason:
            if cycle.kind != "fail" or "injected" not in str(reason):
                raise
            cycle.operation.again(self.office)
