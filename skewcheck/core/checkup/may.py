"""Whether the credentials may do what the manifest asks for."""

from collections.abc import Iterator, Sequence

from skewcheck.core.checkup.check import Check, Name, bad, not_asked, not_needed, ok, unknown
from skewcheck.core.checkup.commands import grant_command
from skewcheck.core.checkup.facts import EnvironmentFacts, Wanted
from skewcheck.core.checkup.granted import Lacking, NotLearnt, answer
from skewcheck.core.checkup.needs import Need, is_needed, needs_of
from skewcheck.core.checkup.permissions import ACT_AS, Deed

_NAMES: dict[Deed, Name] = {
    "read": Name.MAY_READ,
    "logs": Name.MAY_READ_LOGS,
    "redeploy": Name.MAY_REDEPLOY,
    "trigger": Name.MAY_TRIGGER,
    "invalidate": Name.MAY_INVALIDATE,
    "probe": Name.MAY_PROBE,
}


def check_permissions(facts: EnvironmentFacts, wanted: Wanted) -> Iterator[Check]:
    """One for each deed and what it is done to, and for what is not going to be redeployed."""
    needed: dict[tuple[Name, str], list[Need]] = {}
    for need in needs_of(facts.survey, wanted):
        needed.setdefault((_name(need), need.subject), []).append(need)
    for (name, subject), needs in needed.items():
        yield _check(facts, name, subject, needs)
    yield from _spared(facts, wanted)


def _name(need: Need) -> Name:
    """To act as an account is another role's, and so another command's."""
    return Name.MAY_ACT_AS if need.permission == ACT_AS else _NAMES[need.deed]


def _check(facts: EnvironmentFacts, name: Name, subject: str, needs: Sequence[Need]) -> Check:
    if facts.no_sign_in is not None:
        return not_asked(name, subject, facts.no_sign_in)
    answers = [answer(need, facts.grants) for need in needs]
    lacking = [each.need for each in answers if isinstance(each, Lacking)]
    if lacking:
        told = f"lacking {', '.join(dict.fromkeys(map(_shown, lacking)))}"
        return bad(name, subject, told, grant_command(lacking, facts.member))
    for each in answers:
        if isinstance(each, NotLearnt):
            told = f"could not be asked: {each.why.detail}"
            return unknown(name, subject, told, each.why.fix)
    return ok(name, subject, _granted({need.permission for need in needs}))


def _granted(permissions: set[str]) -> str:
    return f"all {len(permissions)} permissions" if len(permissions) > 1 else min(permissions)


def _shown(need: Need) -> str:
    on = need.narrower
    if on is None:
        return f"{need.permission} on project {need.project}"
    return f"{need.permission} on {on.name}" + (f" in {on.region}" if on.region else "")


def _spared(facts: EnvironmentFacts, wanted: Wanted) -> Iterator[Check]:
    manifest = facts.survey.manifest
    for name, service in manifest.services.items():
        if service.cloud_run is not None and not is_needed(manifest, name, "redeploy", wanted):
            why = "only reading was asked about" if wanted is Wanted.READ else "it has no `deploy`"
            yield not_needed(Name.MAY_REDEPLOY, name, why)
