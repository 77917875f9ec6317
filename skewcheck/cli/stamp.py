"""`skewcheck stamp`: writes into what was built which commit it is and what it speaks."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from skewcheck.cli.stamp_values import COMMIT, LINE, NAME, URL
from skewcheck.render.printable import printable

if TYPE_CHECKING:
    from skewcheck.flows.stamp import Stamped

_MOST_PAGES = 20


@click.command("stamp")
@click.argument("dist", required=False, type=click.Path(path_type=Path))
@click.option(
    "--contract",
    "contracts",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What it speaks; repeat it.  [default: contracts/*.yaml of the repository]",
)
@click.option(
    "--role",
    type=click.Choice(["client", "server"]),
    help="[default: client where DIST has HTML, else server]",
)
@click.option("--environment", type=NAME, help="Where it will run, if it is built for one place.")
@click.option("--source", type=URL, help="Where the source can be read.")
@click.option("--build", type=URL, help="Where the build can be looked at.")
@click.option("--version", type=LINE, help="For people; never compared.")
@click.option(
    "--commit", type=COMMIT, help="Where there is no git. Where there is, it must be HEAD."
)
@click.option(
    "--module",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.js",
    help="Write an ES module for the browser guard too; goes without DIST, before bundling.",
)
@click.option("--allow-dirty", is_flag=True, help="Stamp uncommitted files, marked as dirty.")
@click.option(
    "--repo",
    type=click.Path(path_type=Path, file_okay=False),
    help="The checkout that it was built from.  [default: where DIST lies, else here]",
)
def command(
    dist: Path | None,
    module: Path | None,
    repo: Path | None,
    contracts: tuple[Path, ...],
    **said: Any,
) -> None:
    """Write into DIST which commit it is and which protocols it speaks.

    For any built frontend, and for a backend's folder: version.json, contracts.json, and one meta
    tag in every HTML page. A second run replaces the first. It refuses a working tree that is not
    what the commit says, because then nobody could look the build up.

    \b
      skewcheck stamp dist
      skewcheck stamp --module src/skewcheck-build.js \\
        && npm run build && skewcheck stamp dist
      skewcheck stamp dist --commit $COMMIT_SHA \\
        --build https://ci.example/$BUILD_ID
    """
    if dist is None and module is None:
        raise click.UsageError("name the folder that was built: skewcheck stamp DIST")
    if module is not None and module.suffix not in {".js", ".mjs"}:
        raise click.BadParameter(f"{str(module)!r} is no .js file", param_hint="--module")
    from skewcheck.flows.stamp import stamp_build
    from skewcheck.flows.stamp_origin import Wanted
    from skewcheck.wiring.stamping import named_contract, opened_to_stamp

    given: dict[str, Any] = {key: value for key, value in said.items() if value}
    with opened_to_stamp(dist, module, repo, commit_given="commit" in given) as (bench, top):
        named = tuple(named_contract(each, top) for each in contracts)
        stamped = stamp_build(bench, Wanted(contracts=named, **given))
    for note in stamped.notes:
        click.echo(f"note: {printable(note)}", err=True)
    click.echo("\n".join(map(printable, _told(stamped, dist, module))))


def _told(stamped: "Stamped", dist: Path | None, module: Path | None) -> list[str]:
    stamp = stamped.stamp
    protocols = [f"{each.protocol} {each.version}" for each in stamp.contracts]
    speaks = ", ".join(protocols) or "no protocols"
    build = f"{stamp.commit.short}{', dirty' if stamp.dirty else ''}"
    lines = [f"{module}: {build}, {speaks}"] if module else []
    if dist is None:
        return [*lines, "next: bundle it, then skewcheck stamp DIST"]
    about = (f"{build}, {stamp.role} of {speaks}", speaks)
    pages = [f"{dist / file}: build-sha {build}" for file in stamped.files[2:]]
    if len(pages) > _MOST_PAGES:
        pages[_MOST_PAGES:] = [f"and {len(pages) - _MOST_PAGES} more pages"]
    lines += [f"{dist / file}: {told}" for file, told in zip(stamped.files[:2], about, strict=True)]
    return [*lines, *pages, *_next(stamp.role)]


def _next(role: Literal["client", "server"]) -> tuple[str, str]:
    name = "frontend" if role == "client" else "backend"
    return (
        "next: serve version.json and pages with Cache-Control: no-store, deploy, then",
        f"      skewcheck status --url {name}=https://…",
    )
