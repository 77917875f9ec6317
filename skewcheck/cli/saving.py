"""`--save FILE`: what the probes saw, for `skewcheck explain` and for whoever looks into it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from skewcheck.core.errors import SkewcheckError

if TYPE_CHECKING:
    from skewcheck.core.report import Report

_F = TypeVar("_F", bound=Callable[..., Any])


def _into_a_folder(
    ctx: click.Context, param: click.Parameter, file: Path | None
) -> Path | None:  # told before anything is probed
    del ctx, param
    if file is not None and not file.parent.is_dir():
        raise click.BadParameter(f"{str(file)!r}: there is no folder {str(file.parent)!r}")
    return file


def save_option(command: _F) -> _F:
    return click.option(
        "--save",
        type=click.Path(path_type=Path, dir_okay=False),
        callback=_into_a_folder,
        metavar="FILE",
        help="Keep every transcript in this file, tokens masked.",
    )(command)


def save_probes(report: "Report", file: Path | None) -> None:
    """For the owner's eyes only: messages may hold what concerns nobody else."""
    if file is None or report.survey.probes is None:
        return
    from skewcheck.core.probed.saved import write_probes

    content = write_probes(report.survey.probes, dict(report.versions))
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with open(handle, "wb") as stream:  # noqa: PTH123 - a descriptor
            stream.write(content)
    except OSError as error:
        told = f"{file}: the transcripts could not be saved: {error.strerror}"
        raise SkewcheckError(told, hint="name a writable file: --save FILE") from error
