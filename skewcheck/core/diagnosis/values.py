"""What a diagnosis says."""

from dataclasses import dataclass

from skewcheck.core.findings import Code, Finding, Verdict, decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One answer to "why?", with what proves it."""

    told: str
    code: Code | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """`kind` is the part at fault in a word or two: skew, the edge, the token, the network."""

    kind: str
    told: str
    code: Code | None = None
    owner: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One cause is the cause; several are those that nobody can rule out from here; none means
    that nothing wrong is known. `findings` are all that touch the link or its two services."""

    link: str
    client: str
    server: str
    findings: tuple[Finding, ...]
    symptom: Why | None = None
    whys: tuple[Why, ...] = ()
    causes: tuple[Cause, ...] = ()
    excluded: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    next: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return decide(self.findings)
