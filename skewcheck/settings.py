"""The only reader of the process environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from skewcheck.core.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`in_ci` names the CI system that runs us, empty outside of any; `ca_bundle` is the file of
    certificates to trust besides the usual ones, named as for requests and curl.

    `state_url` is the database to keep rollouts in, instead of the folder `state`; it may hold a
    password and is never shown. `in_build` says that this machine goes away with the build,
    `in_cloud_run` that its disk goes away with the instance.

    `login` says who vouches for visitors of the service: `iap:AUDIENCE` or `id-token:AUDIENCE`,
    empty for nobody; `viewers` are the e-mail addresses and `@domains` that may look then.

    `variables` are all of the process's, for tokens and their commands; never shown.
    """

    ref: str
    gcp_endpoint: str | None
    state: Path
    cache: Path
    in_ci: str
    no_colour: bool
    user: str
    ca_bundle: str = ""
    state_url: str | None = field(default=None, repr=False)
    in_build: bool = False
    in_cloud_run: bool = False
    slack: "SlackSettings" = field(default_factory=lambda: SlackSettings())
    login: str = ""
    viewers: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """Secrets are never shown. `channel` is where messages go that no owner's channel takes;
    `endpoint` stands for Slack's Web API, on this machine only."""

    bot_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    channel: str = ""
    endpoint: str = ""


_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


def read_settings(variables: Mapping[str, str] | None = None) -> Settings:
    """From the given variables, or from the process's own."""
    given = os.environ if variables is None else variables  # noqa: TID251 - the one reader
    return Settings(
        ref=given.get("SKEWCHECK_REF", "").strip() or "HEAD",
        gcp_endpoint=given.get("SKEWCHECK_GCP_ENDPOINT") or None,
        state=_folder(given, "SKEWCHECK_STATE_DIR", "XDG_STATE_HOME", ".local/state"),
        cache=_folder(given, "SKEWCHECK_CACHE_DIR", "XDG_CACHE_HOME", ".cache"),
        in_ci="github" if given.get("GITHUB_ACTIONS") == "true" else "",
        no_colour=bool(given.get("NO_COLOR")) or given.get("TERM") == "dumb",
        user=given.get("USER") or given.get("LOGNAME") or "unknown user",
        ca_bundle=next((given[name] for name in _BUNDLES if given.get(name)), ""),
        state_url=_database(given.get("SKEWCHECK_STATE_URL", "").strip()),
        in_build=_is_in_build(given),
        in_cloud_run=bool(given.get("K_SERVICE")),
        slack=_slack(given),
        login=_login(given.get("SKEWCHECK_LOGIN", "").strip()),
        viewers=tuple(re.findall(r"[^\s,]+", given.get("SKEWCHECK_VIEWERS", "").lower())),
        variables=dict(given),
    )


def _slack(given: Mapping[str, str]) -> SlackSettings:
    """A token that is set is never sent anywhere but to Slack, or to this machine."""
    endpoint = given.get("SKEWCHECK_SLACK_ENDPOINT", "").strip()
    if endpoint and not _is_loopback(endpoint):
        raise UsageError(
            f"SKEWCHECK_SLACK_ENDPOINT {endpoint!r} is not on this machine",
            hint="leave it unset for Slack itself, or give a loopback address",
        )
    return SlackSettings(
        bot_token=given.get("SKEWCHECK_SLACK_BOT_TOKEN", "").strip(),
        signing_secret=given.get("SKEWCHECK_SLACK_SIGNING_SECRET", "").strip(),
        app_token=given.get("SKEWCHECK_SLACK_APP_TOKEN", "").strip(),
        channel=given.get("SKEWCHECK_SLACK_CHANNEL", "").strip(),
        endpoint=endpoint,
    )


def _is_loopback(url: str) -> bool:
    try:
        read = urlsplit(url)
    except ValueError:
        return False
    return read.scheme == "http" and read.hostname in {"127.0.0.1", "localhost", "::1"}


def _login(written: str) -> str:
    kind, _, audience = written.partition(":")
    if written and (kind not in {"iap", "id-token"} or not audience.strip()):
        raise UsageError(
            f"SKEWCHECK_LOGIN {written!r} names nobody who vouches for visitors",
            hint="set SKEWCHECK_LOGIN=iap:AUDIENCE or SKEWCHECK_LOGIN=id-token:AUDIENCE",
        )
    return written


def _is_in_build(given: Mapping[str, str]) -> bool:
    """Cloud Build sets BUILDER_OUTPUT in each step; CI=true is what nearly all others set."""
    return bool(given.get("BUILDER_OUTPUT")) or "true" in (
        given.get("GITHUB_ACTIONS", "").lower(),
        given.get("CI", "").lower(),
    )


def _database(url: str) -> str | None:
    """None where there is none. What is wrong is told without the URL, which may be secret."""
    if not url:
        return None
    problem = _problem(url)
    if problem:
        raise UsageError(
            f"SKEWCHECK_STATE_URL {problem}",
            hint="set SKEWCHECK_STATE_URL=postgresql://user:password@host/database,"
            " or SKEWCHECK_STATE_DIR=… for SQLite in a folder",
        )
    return url


def _problem(url: str) -> str:
    try:
        read = urlsplit(url)
        read.port  # noqa: B018 - raises where it is no number
    except ValueError:
        return "cannot be read as a URL"
    if read.scheme not in {"postgresql", "postgres"}:
        return "has to begin with postgresql://"
    return "" if read.path.strip("/") else "names no database"


def _folder(given: Mapping[str, str], own: str, shared: str, usual: str) -> Path:
    """Our own variable names the folder itself; the shared one its parent."""
    if given.get(own):
        return Path(given[own])
    return Path(given.get(shared) or _home(given, own) / usual) / "skewcheck"


def _home(given: Mapping[str, str], instead: str) -> Path:
    """Containers often run as a user whom nobody knows, who has none."""
    try:
        return Path(given.get("HOME") or Path.home())
    except RuntimeError as error:
        raise UsageError("this user has no home directory", hint=f"set {instead}=…") from error
