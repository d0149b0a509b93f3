"""What an inventory takes: acquisition year, shares of energy, PUE of a fleet."""

from service.method.disclosure import Amount, acquired, covered_share, fleet_pue, primary_share


def test_the_year_of_purchase_takes_all_with_the_same_range() -> None:
    """41 (32.8–143.5) is a part of 1312; all of it: ×32, 1049.6–4592."""
    whole = acquired(1312.0, Amount(41.0, 32.8, 143.5, "C"), by_life=True)
    assert (whole.kg_co2e, whole.low_kg_co2e, whole.high_kg_co2e, whole.grade) == (1312.0, 1049.6, 4592.0, "C")


def test_a_range_that_is_not_the_hardwares_is_not_taken() -> None:
    """Of money, or of a part that is 0, the grade's own bounds hold: D 0.5–2, C 0.7–1.3."""
    by_money = acquired(100.0, Amount(10.0, 1.0, 90.0, "E"), by_life=False)
    assert (by_money.low_kg_co2e, by_money.high_kg_co2e, by_money.grade) == (50.0, 200.0, "D")
    past_life = acquired(100.0, Amount(0.0, 0.0, 0.0, "C"), by_life=True)
    assert (past_life.low_kg_co2e, past_life.high_kg_co2e) == (70.0, 130.0)


def test_shares_are_of_energy() -> None:
    """600 of 1000 kWh at rate 0 is 60 %; of nothing it is 0."""
    assert covered_share([400.0, 200.0], 1000.0) == 0.6
    assert covered_share([], 0.0) == 0.0


def test_the_pue_of_a_fleet_weighs_by_energy() -> None:
    """(150 + 1100) / (100 + 1000) = 1.13636…, not the mean of 1.5 and 1.1; of nothing there is none."""
    assert fleet_pue([150.0, 1100.0], [100.0, 1000.0]) == 1250 / 1100
    assert fleet_pue([], []) is None


def test_primary_data_are_a_part() -> None:
    """30 of 120 is a quarter; never above 1, and 0 of nothing."""
    assert primary_share([10.0, 20.0], 120.0) == 0.25
    assert primary_share([120.1], 120.0) == 1.0
    assert primary_share([], 0.0) == 0.0
