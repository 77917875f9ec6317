"""The tokens that links need: from a variable, a command or Google, as the manifest says.

Rule of this file: what it got is shown to nobody, nor is anything that a token command printed.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence

from skewcheck.core.manifest import Token
from skewcheck.core.remote_text import shorten
from skewcheck.core.wire.secret import SHORTEST_TOKEN, Secret
from skewcheck.ports import NoToken

_LONGEST = 16 * 1024
_CHUNK = 65536
_BY_HAND = "run the token command by hand: it must print the token and nothing else"


class ManifestTokens:
    """A `ports.Tokens`. Safe to call from many threads; nothing is kept from one call to the next.

    `variables` is the environment, also of token commands, which run only with `allow_commands`;
    `local` says that a stand-in plays Google, which must never see a real token of Google's.
    """

    def __init__(
        self,
        *,
        variables: Mapping[str, str],
        allow_commands: bool,
        local: bool,
        run_timeout_s: float = 20,
    ) -> None:
        self._variables = variables
        self._allow_commands = allow_commands
        self._local = local
        self._run_timeout_s = run_timeout_s

    def token(self, wanted: Token) -> Secret | NoToken:
        """From the one origin that the manifest names."""
        if wanted.env is not None:
            return self._from_variable(wanted.env)
        if wanted.command:
            return self._from_command(wanted.command)
        return self._from_google(wanted.google_id_token or "")

    def _from_variable(self, name: str) -> Secret | NoToken:
        fix = f"export {name}=…"
        found = self._variables.get(name, "").strip()
        return _checked(found, name, fix) if found else NoToken(why=f"{name} is not set", fix=fix)

    def _from_command(self, command: Sequence[str]) -> Secret | NoToken:
        if not self._allow_commands:
            why = "a token command runs only with --allow-commands"
            return NoToken(why=why, fix="--allow-commands")
        named = f"the token command `{shorten(command[0])}`"
        printed = _run(command, self._variables, self._run_timeout_s, named)
        if isinstance(printed, NoToken):
            return printed
        found = printed.decode("utf-8", "replace").strip()
        if not found:
            return NoToken(why=f"{named} printed nothing", fix=_BY_HAND)
        return _checked(found, f"what {named} printed", _BY_HAND)

    def _from_google(self, audience: str) -> Secret | NoToken:
        if self._local:
            why = "a local stand-in for Google gets no real ID token"
            return NoToken(why=why, fix="unset SKEWCHECK_GCP_ENDPOINT")
        # Costs a tenth of a second to import, which few links need.
        from skewcheck.google_api.id_tokens import fetch_id_token

        got = fetch_id_token(audience, timeout_s=self._run_timeout_s)
        if not isinstance(got, str):
            return NoToken(why=got.detail, fix=got.fix)
        return _checked(got, "Google's ID token", "run again in a minute")


def _checked(token: str, named: str, fix: str) -> Secret | NoToken:
    """Visible ASCII only: nothing else gets through a header unchanged (RFC 9110 §5.5)."""
    if not token.isascii() or not token.isprintable() or " " in token:
        why = f"{named} holds a character that cannot travel in a header"
        return NoToken(why=why, fix=fix)
    if len(token) < SHORTEST_TOKEN:
        short = f"{named} is shorter than {SHORTEST_TOKEN} characters"
        return NoToken(why=f"{short}: it could not be masked reliably", fix=fix)
    return Secret(token)


def _run(
    command: Sequence[str], env: Mapping[str, str], within_s: float, named: str
) -> bytes | NoToken:
    """Without a shell, without anything to read, and with what it says on stderr thrown away."""
    try:
        process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=env,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its words cannot be passed on"
        return NoToken(why=f"{named} could not be started: {reason}", fix=_BY_HAND)
    try:
        printed = _printed(process, time.monotonic() + within_s)
    except (TimeoutError, subprocess.TimeoutExpired):
        return NoToken(why=f"{named} took longer than {within_s:g} s", fix=_BY_HAND)
    finally:
        _end(process)
    if len(printed) > _LONGEST:
        return NoToken(why=f"{named} printed more than {_LONGEST} bytes", fix=_BY_HAND)
    if process.returncode:
        return NoToken(why=f"{named} {_how_it_ended(process.returncode)}", fix=_BY_HAND)
    return printed


def _printed(process: subprocess.Popen[bytes], ends: float) -> bytes:
    """All of it once the process has ended; more than `_LONGEST` where it prints on and on."""
    printed, stdout = bytearray(), process.stdout
    with selectors.DefaultSelector() as selector:
        if stdout:
            selector.register(stdout, selectors.EVENT_READ)
        while stdout and len(printed) <= _LONGEST:
            if not selector.select(max(0.0, ends - time.monotonic())):
                raise TimeoutError
            chunk = stdout.read(_CHUNK)
            if not chunk:
                process.wait(max(0.0, ends - time.monotonic()))
                break
            printed += chunk
    return bytes(printed)


def _end(process: subprocess.Popen[bytes]) -> None:
    """One that still runs goes with all that it started; what it left behind on purpose stays."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdout:
        process.stdout.close()


def _how_it_ended(code: int) -> str:
    return f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
