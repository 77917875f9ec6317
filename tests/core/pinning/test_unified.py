"""The change as a diff: what `git apply` would take."""

from skewcheck.core.pinning.unified import unified


def test_it_reads_as_git_shows_it() -> None:
    assert unified(b"a\nb\nc\n", b"a\nB\nc\n", file="m.yaml") == (
        "--- a/m.yaml",
        "+++ b/m.yaml",
        "@@ -1,3 +1,3 @@",
        " a",
        "-b",
        "+B",
        " c",
    )


def test_a_last_line_without_an_end_is_told() -> None:
    told = unified(b"a\r\nb", b"a\r\nc", file="m.yaml")
    assert told[3:] == (
        " a",
        "-b",
        "\\ No newline at end of file",
        "+c",
        "\\ No newline at end of file",
    )


def test_where_nothing_differs_there_is_none() -> None:
    assert unified(b"a\n", b"a\n", file="m.yaml") == ()
