"""The promise of one service: what should run, where, and how that is made so and found out."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from skewcheck.core.fields import (
    Document,
    Duration,
    Line,
    Read,
    RepositoryPath,
    UrlPath,
    WebAddress,
    may_be_empty,
    not_empty,
    text,
)


def _read_full_sha(written: str) -> str:
    if len(written) != 40 or not set(written) <= set("0123456789abcdef"):
        raise ValueError("not a full 40-digit git SHA; `git rev-parse` prints the full one")
    return written


FullSha = Annotated[
    str, Read(str, _read_full_sha, {"type": ["string", "number"], "pattern": "^[0-9a-f]{40}$"})
]
GitRef = Annotated[
    str, text(r"(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._/-]*", "not a git branch, tag or commit")
]
Repository = Annotated[
    str, text(r"(?!.*::)[^\s:-][^\s]*", "not a path or a git URL of a repository")
]
Image = Annotated[
    str,
    text(r"[^\s{}]+\{build\}[^\s{}]*", "must hold {build}, and nothing else in braces"),
]
Witness = Literal["control-plane", "origin", "edge", "page"]


class CloudRunDefaults(Document):
    project: Line = ""
    region: Line = ""
    regions: tuple[Line, ...] = ()

    @model_validator(mode="after")
    def _names_regions_once(self) -> Self:
        if self.region and self.regions:
            raise ValueError("has both `region` and `regions`")
        return self

    @property
    def all_regions(self) -> tuple[str, ...]:
        return self.regions or ((self.region,) if self.region else ())


class CloudRun(CloudRunDefaults):
    service: Line = ""


class CloudCdn(Document):
    project: Line = ""
    url_map: Line = ""
    host: Line = ""
    invalidate: tuple[UrlPath, ...] = ()
    invalidate_tags: tuple[Line, ...] = ()


class Defaults(Document):
    cloud_run: CloudRunDefaults = Field(default_factory=CloudRunDefaults)
    cloud_cdn: CloudCdn = Field(default_factory=CloudCdn)


class Static(Document):
    """Something that we do not run: judged by edge and page."""

    model_config = ConfigDict(json_schema_extra=may_be_empty)


class Deploy(Document):
    image: Image | None = None
    cloud_build_trigger: Line | None = None

    @model_validator(mode="after")
    def _has_one_way(self) -> Self:
        if (self.image is None) == (self.cloud_build_trigger is None):
            raise ValueError("needs exactly one of `image` and `cloud_build_trigger`")
        return self


class Edge(Document):
    cloud_cdn: CloudCdn


class PageRule(Document):
    path: UrlPath = "/"
    must_contain: tuple[Line, ...] = ()


class Health(Document):
    path: UrlPath
    requires: tuple[Line, ...] = ()


class Owner(Document):
    team: Line = ""
    slack: Line = ""

    def __str__(self) -> str:
        return f"{self.team} ({self.slack})" if self.team and self.slack else self.team + self.slack


class Service(Document):
    build: FullSha | None = None
    ref: GitRef | None = None
    paths: tuple[RepositoryPath, ...] = ()
    repository: Repository = "."
    url: WebAddress
    version_path: UrlPath | None = None
    static: Static | None = None
    cloud_run: CloudRun | None = None
    deploy: Deploy | None = None
    edge: Edge | None = None
    page: PageRule | None = None
    health: Health | None = None
    lingers: Duration | None = None
    witnesses: Annotated[tuple[Witness, ...], AfterValidator(not_empty)] | None = None
    owner: Owner = Field(default_factory=Owner)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.build is None) == (self.ref is None):
            raise ValueError("needs exactly one of `build` and `ref`: what should run")
        if self.paths and self.ref is None:
            raise ValueError("`paths` narrows a `ref`; with `build` it has no meaning")
        if (self.static is None) == (self.cloud_run is None):
            raise ValueError("needs exactly one of `cloud_run` and `static`: who runs it")
        return self
