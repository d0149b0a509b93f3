"""One workload on its way to figures: what was sent, what was looked up, what is collected."""

from msgspec import Struct

from service.figures.activity import Activity
from service.figures.ledger import Ledger
from service.model.resolved import Resolved
from service.model.workload import Workload


class Case(Struct, frozen=True, gc=False):
    """All that a figure may rest on beside other figures."""

    ledger: Ledger
    workload: Workload
    resolved: Resolved
    activity: Activity
