# SPDX-License-Identifier: Apache-2.0
"""Orders about posts: each is one transaction, so after a crash it is there with its record or not at
all."""

import datetime

from fault_office import ADMIN, MANAGER, SECOND_MANAGER
from fault_operation import Operation


def today(days=0):
    japan = datetime.timezone(datetime.timedelta(hours=9))
    return (datetime.datetime.now(japan).date() + datetime.timedelta(days=days)).isoformat()


class Record(Operation):
    """Something that is written without a card; @count tells how often it is there."""

    card, goal, staff = None, None, ADMIN
    count = ""

    def target(self):
        return None

    def is_done(self, office):
        return office.sql(self.count)[0][0] > 0


class Assign(Record):
    name = "post-assign"
    points = ("tenure.before", "tenure.after")
    count = "SELECT count(*) FROM post_holder WHERE post = '市民税課長'"

    def words(self):
        return ("post", "assign", "市民税課長", "--staff", SECOND_MANAGER, "--from", today(), "--order", "発令")


class Delegate(Record):
    name = "delegate"
    points = ("delegate.before", "delegate.after")
    count = "SELECT count(*) FROM delegation"

    def words(self):
        return ("delegation", "add", "--from-post", "市民課長", "--to-post", "保険年金課長", "--from", today(),
                "--until", today(30), "--order", "規程")


class BreakGlass(Record):
    name, staff = "break-glass", MANAGER
    points = ("break-glass.before", "break-glass.after")
    count = "SELECT count(*) FROM role_grant"

    def words(self):
        return "break-glass", "night-desk", "--reason", "試験", "--for", "1h"


OPERATIONS = [Assign(), Delegate(), BreakGlass()]
