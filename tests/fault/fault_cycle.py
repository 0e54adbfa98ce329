# SPDX-License-Identifier: Apache-2.0
"""One cycle: break an operation once, bring the office up again, check, do the operation again,
check. The plans say what is broken where."""

import dataclasses
import subprocess
import time
import traceback

import fault_furnish
import fault_operations
import invariants
from fault_office import Broken, Office, wait_for
from softhsm_folder import Token


@dataclasses.dataclass
class Cycle:
    name: str
    operation: object
    failpoints: str = ""
    kind: str = "kill"  # the daemon dies; "child": opcard-card dies; "fail": a step fails;
    #                     "moment": SIGKILL after @delay of the operation's usual time
    repair: tuple = ()  # failpoints at which the repair is killed, one restart each
    is_pulled: bool = False  # the card is taken out before the restart
    delay: float = 0.0


def names_of(failpoints):
    return {entry.split(":")[0] for entry in failpoints.split(",") if entry}


def armed(point, action="kill"):
    """"crl.write@2" → "crl.write:kill@2"."""
    name, at, number = point.partition("@")
    return f"{name}:{action}{at}{number}"


class Worker:
    """An office furnished once; every cycle starts from the saved state."""

    def __init__(self, folder, build):
        folder.mkdir()
        self.office = Office(folder, build)
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
        office, found, points = self.office, [], set()
        office.log.write_bytes(b"")
        office.restore(cycle.operation.base)
        self.before = [office.sql("SELECT crl_number FROM issuer")[0][0]
                       if cycle.operation.base == "base" else 0]
        self.quarantined = 0
        try:
            if cycle.operation.card is not None:
                office.insert(cycle.operation.card)
            self.hurt(cycle, found, points)
            self.mend(cycle, found, points)
            self.finish(cycle, found)
        except (Broken, subprocess.TimeoutExpired) as reason:
            found.append(str(reason))
        except Exception:  # a defect of the test itself counts as one
            found.append(traceback.format_exc())
        finally:
            office.kill()
            office.end_children()
        if found:
            found.append("the log ends: " + office.tail())
        return found, points, self.quarantined

    def hurt(self, cycle, found, points):
        office = self.office
        cycle.operation.arrange(office)
        office.start(cycle.failpoints)
        wait_for("opcardd answers or dies", lambda: office.serves() or not office.is_alive())
        if cycle.kind == "repeat":
            self.repeat(cycle, found, points)
            return
        process = cycle.operation.start(office) if office.is_alive() else None
        try:
            if cycle.kind == "kill":
                self.die(cycle, process)
                points |= names_of(cycle.failpoints)
            elif cycle.kind == "moment":
                self.die_somewhere(cycle, process)
            else:
                self.survive(cycle, process, found, points)
        finally:
            if process is not None:
                process.kill()
                process.communicate()
        if not office.is_alive():
            office.kill()
            office.end_children()
            found += [f"after the kill: {text}" for text in invariants.check_crashed(office)]

    def repeat(self, cycle, found, points):
        """The same request with the same key once more after the crash: done once, and said so, or
        refused for what it did already; never done twice."""
        office = self.office
        path, body = cycle.operation.request()
        office.post(cycle.operation.staff, path, body, cycle.name)
        if not office.wait_killed():
            raise Broken("the daemon ended by itself")
        points |= names_of(cycle.failpoints)
        office.kill()
        office.up()
        self.settle()
        status, answer = office.post(cycle.operation.staff, path, body, cycle.name)
        if status not in (200, 202, 409):
            found.append(f"the repeated request got {status}: {answer}")
        if "job" in answer:
            wait_for("the job ends", lambda: (office.get(f"/jobs/{answer['job']}") or {}).get(
                "state") != "running")
        done = office.sql("SELECT count(*) FROM ledger WHERE card = ? AND kind = ?",
                          cycle.operation.target(), cycle.operation.event)[0][0]
        if done > 1:
            found.append(f"{cycle.operation.event} was done {done} times")

    def die(self, cycle, process):
        office = self.office
        wait_for("the daemon dies or the command ends",
                 lambda: not office.is_alive() or process is not None and process.poll() is not None)
        # A daemon being killed closes its connections before it counts as dead.
        wait_for("the daemon dies or answers again",
                 lambda: not office.is_alive() or process is not None and office.serves())
        if process is not None and office.is_alive() and process.poll() is not None:
            raise Broken(f"{cycle.failpoints} was not reached: {process.communicate()}")
        if not office.wait_killed():
            raise Broken(f"the daemon ended by itself: {office.daemon.returncode}")

    def die_somewhere(self, cycle, process):
        time.sleep(cycle.delay * self.usual.get(cycle.operation.name, 0.3))
        self.office.kill()
        if process is not None:
            process.kill()

    def survive(self, cycle, process, found, points):
        output, errors = process.communicate(timeout=120)
        if not self.office.is_alive():
            raise Broken(f"the daemon did not survive: {self.office.tail()}")
        if process.returncode == 0 and cycle.kind == "child":
            found.append(f"{cycle.failpoints} was not reached: {output}")
        if process.returncode != 0 and not errors.strip():
            found.append(f"exit {process.returncode} without a word")
        if process.returncode != 0 or "injected" in self.office.tail():
            points |= names_of(cycle.failpoints)
        if cycle.kind == "child":
            self.office.stop()

    # --- repair ---

    def mend(self, cycle, found, points):
        office = self.office
        for failpoint in cycle.repair:
            office.start(armed(failpoint))
            wait_for(f"{failpoint} kills the repair", lambda: not office.is_alive())
            if not office.wait_killed():
                raise Broken(f"the repair ended by itself: {office.tail()}")
            points.add(failpoint.partition("@")[0])
            office.kill()
            found += [f"after {failpoint}: {text}" for text in invariants.check_crashed(office)]
        if cycle.is_pulled:
            office.pull()
        if not office.is_alive():
            office.up()
        if cycle.is_pulled and cycle.operation.card is not None:
            found += [f"pulled: {text}" for text in self.check()]
            office.insert(cycle.operation.card)
        cycle.operation.settle(office)
        self.settle()
        if cycle.kind != "fail":
            found += [f"repaired: {text}" for text in self.check()]
            return
        # What two failed commits left open is finished by the minute, or by whoever comes next.
        found += [f"after the failure: {text}" for text in invariants.check_crashed(office)]

    def settle(self):
        """An operation that waits for a card is finished by itself once the card lies there, and
        a list that could not be written is written later."""
        office = self.office
        if self.is_unreadable():
            self.quarantined += 1
            return
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

    def finish(self, cycle, found):
        if self.is_unreadable():
            return
        began = time.monotonic()
        self.do_again(cycle)
        self.usual[cycle.operation.name] = time.monotonic() - began
        found += [f"done again: {text}" for text in self.check()]
        states = [row[0] for row in self.office.sql("SELECT state FROM card")]
        self.quarantined += states.count("QUARANTINED")
        self.office.stop()

    def do_again(self, cycle):
        """A second failure that was armed may hit only now."""
        try:
            cycle.operation.again(self.office)
        except Broken as reason:
            if cycle.kind != "fail" or "injected" not in str(reason):
                raise
            cycle.operation.again(self.office)


# --- what is broken where ---

def plan_points():
    plan = []
    for operation in fault_operations.OPERATIONS:
        for point in operation.points:
            plan += at_point(operation, point)
        for point in operation.children:
            plan.append(Cycle(f"{operation.name} {point} child", operation, armed(point), "child"))
        for point, repair in operation.repairs:
            plan.append(Cycle(f"{operation.name} {point} repair {' '.join(repair)}", operation,
                              armed(point), repair=tuple(repair)))
    return plan + plan_undo()


def at_point(operation, point):
    name = f"{operation.name} {point}"
    plan = [Cycle(name, operation, armed(point))]
    is_open = not point.endswith((".begin", ".done")) and "." in point
    if operation.name == "issue" and is_open:
        plan.append(Cycle(f"{name} pulled", operation, armed(point), is_pulled=True))
    return plan


def operation_named(name):
    return next(one for one in fault_operations.OPERATIONS if one.name == name)


def plan_undo():
    """What is killed while it repairs, and killed again."""
    issue, renew = operation_named("issue"), operation_named("renew")
    both = "card.put:kill,issue.undo:kill"
    plan = [
        Cycle("issue issue.undo", issue, both),
        Cycle("issue issue.undo pulled", issue, both, is_pulled=True),
    ]
    for point in ("repair.wipe", "repair.wiped", "repair.undone"):
        plan.append(Cycle(f"issue repair {point}", issue, armed("personalise.put"),
                          repair=(point,)))
    plan.append(Cycle("issue repair thrice", issue, armed("personalise.recorded"),
                      repair=("status.committed", "crl.before-rename", "repair.wipe")))
    for name, point in (("hand-over", "hand-over.pin-set"), ("pin-change", "pin-change.changed"),
                        ("erase", "erase.begun"), ("prepare", "prepare.learned")):
        plan.append(Cycle(f"{name} repair repair.commit", operation_named(name), armed(point),
                          repair=("repair.commit", "repair.commit")))
    plan.append(Cycle("renew repair", renew, armed("personalise.put"),
                      repair=("repair.commit", "status.committed", "crl.after-rename")))
    return plan


def plan_commits():
    """Every commit fails once, and then together with the next one."""
    plan = []
    for operation in fault_operations.OPERATIONS:
        for k in range(1, operation.commits + 1):
            error = "enospc" if k % 2 else "eio"
            one = armed(f"store.commit@{k}", error)
            plan.append(Cycle(f"{operation.name} commit {k} {error}", operation, one, "fail"))
            if k in operation.pairs:
                plan.append(Cycle(f"{operation.name} commits {k} and next", operation,
                                  f"{one},{one}", "fail"))
    for name, point in (("issue", "issue.begun"), ("issue", "personalise.put"),
                        ("issue", "issue.done"), ("report-lost", "status.committed"),
                        ("report-lost", "move.after")):
        plan.append(Cycle(f"{name} {point} repeated", operation_named(name), armed(point),
                          "repeat"))
    for name in ("hand-over-replacement", "report-lost"):
        plan.append(Cycle(f"{name} list not written", operation_named(name),
                          "crl.write:enospc@2", "fail"))
        plan.append(Cycle(f"{name} delta not written", operation_named(name),
                          "crl.delta:enospc@2", "fail"))
    return plan


def plan_random(cycles, chance):
    plan = []
    for number in range(cycles):
        operation = chance.choice(fault_operations.OPERATIONS)
        is_pulled = operation.is_waited and chance.random() < 0.3
        if chance.random() < 0.5:
            point = chance.choice(operation.points)
            plan.append(Cycle(f"random {number} {operation.name} {point}", operation,
                              armed(point), is_pulled=is_pulled))
        else:
            delay = chance.random() * 1.2
            plan.append(Cycle(f"random {number} {operation.name} at {delay:.3f}", operation,
                              kind="moment", is_pulled=is_pulled, delay=delay))
    return plan
