"""What falls on a line is the sum of its components."""

from service.method.allocation import Steps, slices


def summed(parts: dict[str, list[int]]) -> Steps[list[int]]:
    """Units of each line."""
    columns = [*parts.values()]
    if len(columns) == 1:
        return columns[0]
    sums: list[int] = []
    for piece in slices(len(columns[0])):
        sums += map(sum, zip(*(column[piece] for column in columns), strict=True))
        yield
    return sums
