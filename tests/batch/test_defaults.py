"""What the workloads of a batch have in common."""

import msgspec
import pytest

from service.batch.defaults import Defaults, faults_of_defaults
from service.errors import Fault
from service.model.workload import Workload

SHARED = {"region": "FR", "pue": 1.5, "tags": {"team": "a", "stage": "b"}, "duration_hours": 3}


def laid_over(shared: object, own: object) -> Workload:
    """Read both and lay the second over the first."""
    common, body = msgspec.json.encode(shared), msgspec.json.encode(own)
    defaults = Defaults(common, msgspec.json.decode(common, type=Workload))
    return defaults.over(body, msgspec.json.decode(body, type=Workload))


@pytest.mark.parametrize(
    ("own", "whole"),
    [
        ({}, SHARED),
        ({"region": "DE"}, SHARED | {"region": "DE"}),
        ({"tags": {"team": "c"}}, SHARED | {"tags": {"team": "c"}}),
        ({"tags": {}}, SHARED | {"tags": {}}),
        ({"pue": None}, SHARED | {"pue": None}),
        ({"id": "x"}, SHARED | {"id": "x"}),
    ],
)
def test_a_field_of_its_own_replaces_that_of_the_defaults_whole(own: object, whole: object) -> None:
    """No deep merge: a tag that the workload does not repeat is gone; an empty object or null is one of its own too."""
    assert laid_over(SHARED, own) == msgspec.convert(whole, Workload)


def test_a_name_with_an_escape_is_the_same_name() -> None:
    """What counts is the JSON, not how it is written."""
    common = b'{"region":"FR"}'
    defaults = Defaults(common, msgspec.json.decode(common, type=Workload))
    body = b'{"re\\u0067ion":"DE"}'
    assert defaults.over(body, msgspec.json.decode(body, type=Workload)).region == "DE"


def test_a_fault_is_looked_for_where_the_field_stands() -> None:
    """A pointer into a field that only the defaults have is theirs."""
    common = msgspec.json.encode(SHARED)
    defaults = Defaults(common, msgspec.json.decode(common, type=Workload))
    assert defaults.holds("/region", b'{"pue":1}')
    assert defaults.holds("/tags/team", b"{}")
    assert not defaults.holds("/pue", b'{"pue":1}')
    assert not defaults.holds("/energy", b"{}")


def test_an_amount_of_energy_cannot_be_claimed_by_all() -> None:
    """Of instruments for all only a percent makes sense; each amount is told."""
    instruments = [
        {"id": "a", "type": "rec", "percent": 50},
        {"id": "b", "type": "rec", "kwh": 5},
        {"id": "c", "type": "rec", "hourly_kwh": [1]},
    ]
    faults = faults_of_defaults(msgspec.convert({"instruments": instruments}, Workload))
    detail = "every workload would claim this energy: send percent, or the instrument with the one workload"
    assert faults == [
        Fault("/defaults/instruments/1/kwh", "FIELDS_CONFLICT", detail),
        Fault("/defaults/instruments/2/hourly_kwh", "FIELDS_CONFLICT", detail),
    ]
