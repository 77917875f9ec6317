from skewcheck.render.terminal.canvas import Command, Hanging, paint, row, styled


def test_a_paragraph_hangs_below_its_first_words() -> None:
    text = styled("one two three four five six seven")
    assert paint([Hanging(text, start=2)], width=20, colour=False) == (
        "  one two three four\n      five six seven\n"
    )


def test_a_paragraph_hangs_as_far_as_it_is_told() -> None:
    text = styled("one two three four five six seven")
    assert paint([Hanging(text, hang=9)], width=20, colour=False) == (
        "one two three four\n         five six\n         seven\n"
    )


def test_a_word_longer_than_the_line_is_folded_not_lost() -> None:
    shown = paint([Hanging(styled("x" * 50))], width=20, colour=False)
    assert shown.count("x") == 50
    assert max(map(len, shown.splitlines())) == 20


def test_a_command_stays_whole_below_its_label_where_it_is_too_long() -> None:
    short, long = Command("fix:", "run it"), Command("fix:", "run it with many words")
    assert paint([short], width=20, colour=False) == "    fix: run it\n"
    assert paint([long], width=20, colour=False) == "    fix:\n    run it with many words\n"


def test_a_command_without_a_label_stands_alone() -> None:
    assert paint([Command("", "run it", start=2)], width=20, colour=False) == "  run it\n"


def test_brackets_and_colons_are_never_read_as_markup() -> None:
    text = row(styled("[red]x[/red]"), "", ":smile:")
    assert paint([Hanging(text)], width=80, colour=False) == "[red]x[/red]  :smile:\n"


def test_colour_adds_escape_codes_only_where_it_is_wanted() -> None:
    item = Hanging(styled("BLOCK", "bold red"))
    assert paint([item], width=80, colour=False) == "BLOCK\n"
    assert paint([item], width=80, colour=True) == "\x1b[1;31mBLOCK\x1b[0m\n"


def test_nothing_to_paint_is_an_empty_line() -> None:
    assert paint([], width=80, colour=False) == "\n"
