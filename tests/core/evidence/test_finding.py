"""How much of a long list is shown."""

from skewcheck.core.evidence.finding import first_few


def test_the_first_ten_are_shown_and_the_rest_is_counted() -> None:
    lines = [str(number) for number in range(12)]
    assert first_few(lines[:10]) == tuple(lines[:10])
    assert first_few(lines) == (*lines[:10], "and 2 more")
    assert first_few([]) == ()
