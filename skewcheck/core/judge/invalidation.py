"""What is found where an edge was told to forget, said that it had, and still shows the old."""

from skewcheck.core.commands import invalidate_command
from skewcheck.core.findings import RULES, Code, Finding
from skewcheck.core.manifest import Manifest


def without_effect(manifest: Manifest, service: str, *, after_s: float, seen: str) -> Finding:
    """`seen` is what a user got `after_s` seconds after the platform had said that it was done."""
    code = Code.INVALIDATION_WITHOUT_EFFECT
    told = f"the edge of {service} was told to forget, and after {after_s:.0f} s {seen}"
    return Finding(
        code=code,
        subject=service,
        severity=RULES[code].severity,
        sentence=told,
        owner=manifest.owner_of(service),
        fix=invalidate_command(manifest, service),
    )
