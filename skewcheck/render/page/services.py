"""Services by witness: a row for each service, a cell for each place where its build is seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from skewcheck.render.page.document import JsonObject, moment_in, named_in, objects_in, text_in
from skewcheck.render.page.witnesses import Looked, Said
from skewcheck.render.page.words import when

COLUMNS = ("promise", "control plane", "origin", "edge", "page")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """`said` has a cell for each of COLUMNS, `runs` is for tables with one cell a service; `since`
    is when it was promised, `subject` is that commit's."""

    name: str
    owner: str
    since: str
    subject: str
    said: tuple[tuple[Said, ...], ...]
    runs: tuple[Said, ...]

    @property
    def is_stale(self) -> bool:
        return any(each.state == "stale" for cell in self.said for each in cell)


def service_rows(report: JsonObject) -> tuple[ServiceRow, ...]:
    findings = objects_in(report, "findings")
    seen = named_in(report, "observations")
    return tuple(_row(name, service, findings) for name, service in seen.items())


def _row(name: str, service: JsonObject, findings: Sequence[JsonObject]) -> ServiceRow:
    codes = {text_in(each, "code") for each in findings if text_in(each, "subject") == name}
    looked = Looked(service, frozenset(codes))
    cells = (
        tuple(looked.promise()),
        tuple(looked.planes()),
        tuple(looked.origins()),
        tuple(looked.edge()),
        tuple(looked.page()),
    )
    said = tuple(
        cell or tuple(looked.silent(column)) for cell, column in zip(cells, COLUMNS, strict=True)
    )
    since = moment_in(service, "promise", "since")
    return ServiceRow(
        name=name,
        owner=text_in(service, "owner") or _owner(name, findings),
        since="" if since is None else when(since),
        subject=text_in(service, "promise", "commit", "subject"),
        said=said,
        runs=tuple(_runs(said)),
    )


def _owner(name: str, findings: Sequence[JsonObject]) -> str:
    of_it = (text_in(each, "owner") for each in findings if text_in(each, "subject") == name)
    return next((owner for owner in of_it if owner), "")


def _runs(said: Sequence[tuple[Said, ...]]) -> Iterator[Said]:
    """For a table with one cell a service: what takes traffic, else what answers; a stale hop
    always."""
    named = [[each for each in cell if each.build] for cell in said[1:]]
    first = next((cell for cell in named if cell), [])
    yield from (replace(each, where="") for each in first)
    if not first:
        yield Said(told="? not known", state="unknown")
    for column, cell in zip(COLUMNS[1:], named, strict=True):
        for each in cell:
            if each.state == "stale" and each not in first:
                yield Said(
                    told=each.told, state="stale", build=each.build, where=f"at the {column}"
                )
