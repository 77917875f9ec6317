"""Whether git can say what was promised, and what each build speaks."""

from collections.abc import Iterator

from skewcheck.core.checkup.check import Check, Name, bad, not_needed, ok, unknown
from skewcheck.core.checkup.facts import EnvironmentFacts
from skewcheck.core.history import NotInHistory
from skewcheck.core.survey import ContractKnown, Promise, PromiseUnreadable, Survey


def check_repository(facts: EnvironmentFacts) -> Iterator[Check]:
    """The manifest, and the histories that it and its services stand in."""
    survey = facts.survey
    yield _manifest(facts)
    yield _default_branch(facts)
    yield from _history(survey)
    for name in survey.services:
        yield _promise(survey, name)
    for name in survey.manifest.links:
        yield _contracts(survey, name)


def _manifest(facts: EnvironmentFacts) -> Check:
    sources, told = facts.sources, f"{facts.sources.file}, not from git"
    if sources.commit is not None:
        told = f"{sources.file} at {sources.ref} ({sources.commit.short})"
    return ok(Name.MANIFEST, facts.survey.environment, told)


def _default_branch(facts: EnvironmentFacts) -> Check:
    """Policy, overrides and token commands come from there, so that no pull request softens its
    own gate."""
    name, subject, remote = Name.DEFAULT_BRANCH, facts.survey.environment, facts.remote
    if facts.sources.commit is None:
        return not_needed(name, subject, "a file was asked for, policy included")
    if facts.default_branch is not None or facts.policy_ref_given:
        return ok(name, subject, f"policy comes from {facts.sources.policy_ref}")
    if remote is None:
        return not_needed(name, subject, "there is no remote to have one")
    told = f"that of {remote} is not known here: a pull request could soften its own gate"
    return bad(name, subject, told, f"git remote set-head {remote} --auto")


def _history(survey: Survey) -> Iterator[Check]:
    for subject, doubts in survey.doubts.items():
        for doubt in doubts:
            yield bad(Name.HISTORY, subject, doubt.why, doubt.fix)
    if not survey.doubts:
        yield ok(Name.HISTORY, survey.environment, "goes back as far as it was asked for")


def _promise(survey: Survey, name: str) -> Check:
    match survey.services[name].promise:
        case Promise(build=build, commit=commit):
            told = f" {commit.subject}" if commit is not None else ""
            return ok(Name.PROMISE, name, f"{build.short}{told}")
        case PromiseUnreadable(why=why, fix=fix):
            return bad(Name.PROMISE, name, why, fix)
        case _:
            fix = f"write services.{name}.build or services.{name}.ref"
            return bad(Name.PROMISE, name, "nothing says what should run", fix)


def _unknown_build(survey: Survey, link: str) -> NotInHistory | None:
    """A build of either side that git cannot look up: nobody knows what it speaks."""
    ends = survey.manifest.links[link]
    for (service, build), known in survey.builds.items():
        if service in {ends.client, ends.server} and isinstance(known, NotInHistory):
            return NotInHistory(f"{service} names {build.short}: {known.why}", known.fix)
    return None


def _contracts(survey: Survey, link: str) -> Check:
    """At every build that is live or promised, on either side."""
    name = Name.CONTRACTS
    if unknown_build := _unknown_build(survey, link):
        return bad(name, link, unknown_build.why, unknown_build.fix)
    read = {key: each for key, each in survey.contracts.items() if key[0] == link}
    assumed: set[str] = set()
    for (_, side, build), reading in read.items():
        if not isinstance(reading, ContractKnown):
            return bad(name, link, f"{side} {build.short}: {reading.why}", reading.fix)
        assumed |= {reading.assumed} if reading.assumed else set()
    for side in ("client", "server"):
        if side not in {each for _, each, _ in read}:
            told = f"no build of the {side} is known, so no contract of it either"
            return unknown(name, link, told, f"skewcheck status {survey.environment}")
    stand_in = f"; {', '.join(sorted(assumed))} stands in where there is none" if assumed else ""
    number = len({build for _, _, build in read})
    return ok(name, link, f"known at {number} build{'s' if number > 1 else ''}{stand_in}")
