# SPDX-License-Identifier: Apache-2.0
"""What is broken where: every point three times, every commit, some file operations and card calls
of each operation, and by chance without end."""

import errno
import zlib

import fault_operations
import power
from fault_cycle import Cycle, Step, armed

DEVICE_ERROR, DEVICE_REMOVED = 0x30, 0x32  # CKR
CARD = 0
CUTS = ("none", "some", "")
REPAIR_STEPS = 60  # a restart with nothing to do makes about so many file operations


def seed_of(name):
    """The same for the same cycle in every run."""
    return zlib.crc32(name.encode())


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
    """A kill; the power fails; the power fails, and again during the repair."""
    name = f"{operation.name} {point}"
    seed = seed_of(name)
    plan = [
        Cycle(name, operation, armed(point)),
        Cycle(f"{name} power", operation, armed(point), cut="none", is_stopped=False),
        Cycle(f"{name} power twice", operation, armed(point), cut="some", seed=seed,
              is_stopped=False,
              repair_steps=((power.WRITES, 1 + seed % REPAIR_STEPS),)),
    ]
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
                          "crl.write:enospc@1", "fail"))
        plan.append(Cycle(f"{name} delta not written", operation_named(name),
                          "crl.delta:enospc@1", "fail"))
    return plan


def plan_looks():
    """At every point and before every commit the operation pauses, and OCSP is asked; and the power
    fails when the command has just ended well."""
    plan = []
    for operation in fault_operations.OPERATIONS:
        names = sorted({point.partition("@")[0] for point in operation.points} | {"store.commit"})
        if operation.base == "base" and not operation.is_automatic:
            plan.append(Cycle(f"{operation.name} looked at", operation, ",".join(
                armed(name, "sleep=150") for name in names), "look"))
        if not operation.is_automatic:
            plan.append(Cycle(f"{operation.name} promised", operation, kind="promise", cut="none",
                              is_stopped=False))
    return plan


def steps_of(operation, part, chance):
    """One way to fail at about @part of an operation."""
    ways = [
        ("writes", "step", Step(power.WRITES, part)),
        ("syncs", "step", Step(power.SYNCS, part)),
        ("write error", "fail", Step(power.WRITES, part, errno.EIO)),
        ("sync error", "fail", Step(power.SYNCS, part, errno.EIO)),
        ("full disk", "fail", Step(power.WRITES, part, errno.ENOSPC, True)),
    ]
    if operation.token_folder() is not None:
        ways += [
            ("card error", "card", Step(CARD, part, chance(DEVICE_ERROR, DEVICE_REMOVED))),
            ("card process killed", "card", Step(CARD, part)),
        ]
    if is_served_only(operation):
        ways = [way for way in ways if way[1] != "fail"]
    return ways


def is_served_only(operation):
    """A first start that cannot write does not serve, and says why: nothing to survive."""
    return operation.base != "base" or operation.is_automatic


def plan_steps(parts):
    """Each operation at @parts places, each in every way."""
    plan = []
    for operation in fault_operations.OPERATIONS:
        for number in range(parts):
            part = (number + 0.5) / parts
            for what, kind, step in steps_of(operation, part, lambda *all_of: all_of[number % 2]):
                name = f"{operation.name} {what} {number + 1}/{parts}"
                plan.append(Cycle(name, operation, kind=kind, step=step, seed=seed_of(name),
                                  cut=CUTS[number % 3] if kind == "step" else "",
                                  is_stopped=False))
    return plan


def plan_random(cycles, chance):
    return [any_cycle(number, chance) for number in range(cycles)]


def any_cycle(number, chance):
    operation = chance.choice([one for one in fault_operations.OPERATIONS if one.points])
    way = chance.choices(("point", "moment", "step", "child"), (35, 15, 45, 5))[0]
    cut = chance.choice((*CUTS, "some"))
    common = {
        "seed": chance.randrange(1 << 31), "cut": cut, "is_stopped": chance.random() < 0.05,
        "is_pulled": operation.is_waited and chance.random() < 0.2,
        "repair_steps": tuple((chance.choice((power.WRITES, power.SYNCS)),
                               chance.randint(1, REPAIR_STEPS))
                              for _ in range(chance.choices((0, 1, 2), (70, 20, 10))[0])),
    }
    if way == "child" and operation.children:
        point = chance.choice(operation.children)
        return Cycle(f"random {number} {operation.name} {point} child", operation, armed(point),
                     "child")
    if way in ("moment", "child"):
        delay = chance.random() * 1.2
        return Cycle(f"random {number} {operation.name} at {delay:.3f} {cut}", operation,
                     kind="moment", delay=delay, **common)
    if way == "point":
        point = chance.choice(operation.points)
        return Cycle(f"random {number} {operation.name} {point} {cut}", operation, armed(point),
                     **common)
    part = chance.random()
    what, kind, step = chance.choice(steps_of(operation, part, lambda *of: chance.choice(of)))
    if kind != "step":
        common = {"seed": common["seed"], "is_stopped": common["is_stopped"]}
    return Cycle(f"random {number} {operation.name} {what} {part:.3f} {cut}", operation, kind=kind,
                 step=step, **common)
