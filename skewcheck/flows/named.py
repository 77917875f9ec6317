"""What people name has to be in the manifest: services and links. UsageError tells what is."""

from collections.abc import Iterable, Sequence

from skewcheck.core.documents.near_miss import did_you_mean
from skewcheck.core.errors import UsageError
from skewcheck.flows.load import Loaded


def websocket_links(loaded: Loaded, name: str | None, *, hint: str = "") -> tuple[str, ...]:
    """The link asked for, or all that are WebSockets; `hint` is how to name one."""
    links = loaded.manifest.links
    known = tuple(each for each, link in links.items() if link.transport == "websocket")
    if name is None and known:
        return known
    if name in known:
        return (name,)
    told = f"no WebSocket link {name!r}" if name else "no WebSocket link"
    probe = f"name one of its links: skewcheck probe {loaded.manifest.environment} LINK"
    raise UsageError(
        f"{loaded.sources.file}: {told}{_meant(name or '', known)}", hint=hint or probe
    )


_CANDIDATE = "--candidate SERVICE=SHA with a service of the manifest"


def require_services(loaded: Loaded, names: Sequence[str], *, hint: str = _CANDIDATE) -> None:
    """For candidates, unless `hint` says how else services are named."""
    known = loaded.manifest.services
    for name in names:
        if name not in known:
            raise UsageError(
                f"{loaded.sources.file}: no service {name!r}{_meant(name, known)}",
                hint=hint,
            )


def _meant(name: str, known: Iterable[str]) -> str:
    return did_you_mean(name, known) or f"; it has {', '.join(known) or 'none'}"
