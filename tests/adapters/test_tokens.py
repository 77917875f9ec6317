"""Tokens from variables, from real commands and from Google, and why there is none."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from skewcheck.adapters.tokens import ManifestTokens
from skewcheck.core.manifest import Token
from skewcheck.core.wire.secret import Secret
from skewcheck.ports import NoToken

SECRET = "s3cret-token"
FROM_VARIABLE = Token(env="CHAT_TOKEN")
BY_HAND = "run the token command by hand: it must print the token and nothing else"


def ask(
    wanted: Token, variables: Mapping[str, str] | None = None, *, seconds: float = 20
) -> Secret | NoToken:
    tokens = ManifestTokens(
        variables=variables or {}, allow_commands=True, local=False, run_timeout_s=seconds
    )
    return tokens.token(wanted)


def revealed(got: Secret | NoToken) -> str:
    assert isinstance(got, Secret)
    return got.reveal


def refused(got: Secret | NoToken) -> NoToken:
    assert isinstance(got, NoToken)
    assert "s3cret" not in f"{got}"
    return got


def python(code: str, *words: str) -> Token:
    return Token(command=(sys.executable, "-c", code, *words))


def test_a_variables_token_is_taken_without_the_space_around_it() -> None:
    got = ask(FROM_VARIABLE, {"CHAT_TOKEN": f" {SECRET}\n"})
    assert revealed(got) == SECRET
    assert SECRET not in f"{got!r} {got}"


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        pytest.param({}, "CHAT_TOKEN is not set", id="unset"),
        pytest.param({"CHAT_TOKEN": " \n"}, "CHAT_TOKEN is not set", id="blank"),
        pytest.param(
            {"CHAT_TOKEN": "s3cret1"},
            "CHAT_TOKEN is shorter than 8 characters: it could not be masked reliably", id="short",
        ),
        *(
            pytest.param(
                {"CHAT_TOKEN": f"s3cret{wrong}token"},
                "CHAT_TOKEN holds a character that cannot travel in a header", id=name,
            )
            for name, wrong in {
                "space": " ", "tab": "\t", "line": "\n", "null": "\0", "umlaut": "ü",
                "delete": "\x7f",
            }.items()
        ),
    ],
)  # fmt: skip
def test_a_variable_without_a_usable_token_is_named(variables: dict[str, str], why: str) -> None:
    assert refused(ask(FROM_VARIABLE, variables)) == NoToken(why=why, fix="export CHAT_TOKEN=…")


def test_a_command_runs_only_where_it_is_allowed(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    tokens = ManifestTokens(variables={}, allow_commands=False, local=False)
    got = tokens.token(python(f"open({str(mark)!r}, 'w')"))
    assert got == NoToken(
        why="a token command runs only with --allow-commands", fix="--allow-commands"
    )
    assert not mark.exists()


def test_a_command_runs_anew_for_each_token(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    code = (
        f"f = open({str(runs)!r}, 'a+'); f.write('x'); f.seek(0); "
        "print(f'token-{len(f.read())}-of')"
    )
    tokens = ManifestTokens(variables={}, allow_commands=True, local=False)
    assert [revealed(tokens.token(python(code))) for _ in range(3)] == [
        "token-1-of",
        "token-2-of",
        "token-3-of",
    ]


def test_a_command_sees_the_variables_and_nothing_else() -> None:
    code = "import os; print(os.environ['CHAT_TOKEN'], 'HOME' in os.environ, sep='-')"
    assert revealed(ask(python(code), {"CHAT_TOKEN": SECRET})) == f"{SECRET}-False"


def test_a_commands_words_are_no_shells() -> None:
    word = "$HOME;`id`|*&&x"
    assert revealed(ask(python("import sys; print(sys.argv[1])", word))) == word


def test_a_command_has_nothing_to_read() -> None:
    assert revealed(ask(python("import sys; print('token', sys.stdin.read(), sep='-of-')"))) == (
        "token-of-"
    )


COMMAND = f"the token command `{sys.executable}`"


@pytest.mark.parametrize(
    ("code", "why"),
    [
        pytest.param(
            "import sys; print('s3cret-token'); print('s3cret', file=sys.stderr); sys.exit(3)",
            f"{COMMAND} ended with exit code 3", id="failed",
        ),
        pytest.param(
            "import os; print('s3cret-token', flush=True); os.kill(os.getpid(), 9)",
            f"{COMMAND} was ended by signal 9", id="killed",
        ),
        pytest.param("pass", f"{COMMAND} printed nothing", id="nothing"),
        pytest.param("print(' ')", f"{COMMAND} printed nothing", id="blank"),
        pytest.param(
            "print('s3cret')",
            f"what {COMMAND} printed is shorter than 8 characters: it could not be masked reliably",
            id="short",
        ),
        pytest.param(
            "print('s3cret-token'); print('second line')",
            f"what {COMMAND} printed holds a character that cannot travel in a header", id="lines",
        ),
        pytest.param(
            "import sys; sys.stdout.buffer.write(b'\\xff' * 9)",
            f"what {COMMAND} printed holds a character that cannot travel in a header", id="bytes",
        ),
        pytest.param(
            "while True: print('s3cret' * 1000)", f"{COMMAND} printed more than 16384 bytes",
            id="endless",
        ),
    ],
)  # fmt: skip
def test_a_command_that_gives_no_token_is_named_and_not_quoted(
    code: str, why: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert refused(ask(python(code))) == NoToken(why=why, fix=BY_HAND)
    assert capfd.readouterr() == ("", "")


def test_only_the_first_word_of_a_command_is_shown() -> None:
    got = refused(ask(Token(command=("no-such-program", "--password=s3cret"))))
    assert got.why == (
        "the token command `no-such-program` could not be started: No such file or directory"
    )


def test_a_command_that_cannot_be_passed_on_is_told() -> None:
    got = refused(ask(python("pass"), {"BROKEN": "s3cret\0"}))
    assert got.why == f"{COMMAND} could not be started: its words cannot be passed on"


def test_a_command_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    script = f"exec 3>{pipe}; echo started >&3; sleep 600; echo {SECRET}"
    got = refused(ask(Token(command=("/bin/sh", "-c", script)), {"PATH": os.defpath}, seconds=1))
    assert got == NoToken(why="the token command `/bin/sh` took longer than 1 s", fix=BY_HAND)
    assert _read_to_end(reading) == b"started\n"


def _read_to_end(reading: int) -> bytes:
    """Ends only when nobody holds the other end any more."""
    found = b""
    try:
        while select.select([reading], [], [], 30)[0]:
            if not (chunk := os.read(reading, 1000)):
                return found
            found += chunk
    finally:
        os.close(reading)
    raise AssertionError("somebody still holds the pipe")


def test_a_local_stand_in_gets_no_token_of_googles() -> None:
    tokens = ManifestTokens(variables={}, allow_commands=True, local=True)
    got = refused(tokens.token(Token(google_id_token="https://api.acme.example")))
    assert got.fix == "unset SKEWCHECK_GCP_ENDPOINT"


FETCH = """
import json, sys
from skewcheck.adapters.tokens import ManifestTokens
from skewcheck.core.manifest import Token
from skewcheck.ports import NoToken

tokens = ManifestTokens(variables={}, allow_commands=False, local=False)
before = "google.oauth2.id_token" in sys.modules
got = tokens.token(Token(google_id_token="https://api.acme.example"))
json.dump([before, got.why, got.fix] if isinstance(got, NoToken) else got.reveal, sys.stdout)
"""


def test_googles_own_words_are_passed_on_and_its_library_is_loaded_only_then(
    tmp_path: Path,
) -> None:
    env = {"HOME": str(tmp_path), "NO_GCE_CHECK": "true"}
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", FETCH], cwd=root, env=env, capture_output=True,
        check=True, timeout=60,
    )  # fmt: skip
    told: Any = json.loads(ended.stdout)
    assert told[0] is False
    assert told[1].startswith("no usable Google credentials")
    assert told[2].startswith("export GOOGLE_APPLICATION_CREDENTIALS=")
