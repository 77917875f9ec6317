"""The links of the draft: one for each protocol that the repository has a contract of."""

from collections.abc import Iterable, Iterator, Sequence

from skewcheck.core.contract import Contract
from skewcheck.core.drafting.answers import Answers
from skewcheck.core.drafting.draft import Field, Gap, Item, Section
from skewcheck.core.drafting.facts import ContractFile, Facts, ServiceFacts
from skewcheck.core.drafting.fits import as_name
from skewcheck.core.drafting.parties import Meeting

_NAMELESS = "link"


def draft_links(facts: Facts, answers: Answers) -> tuple[Section, ...]:
    """Without any contract one link all the same, for that is what the manifest is about."""
    spoken = by_protocol(facts.contracts)
    if not spoken:
        return (_link(facts, answers, "", ()),)
    return tuple(_link(facts, answers, protocol, files) for protocol, files in spoken.items())


def by_protocol(files: Iterable[ContractFile]) -> dict[str, tuple[ContractFile, ...]]:
    """The file that is named after its protocol first, then the shortest name."""
    found: dict[str, list[ContractFile]] = {}
    for each in files:
        if each.contract is not None:
            found.setdefault(each.contract.protocol, []).append(each)
    return {
        protocol: tuple(sorted(each, key=lambda file: _closeness(file, protocol)))
        for protocol, each in found.items()
    }


def link_name(protocol: str, services: Iterable[ServiceFacts]) -> str:
    """Links and services share a space of names, because findings are about either."""
    name = as_name(protocol, instead=_NAMELESS)
    taken = {each.name for each in services}
    while name in taken:
        name += "-link"
    return name


def _closeness(file: ContractFile, protocol: str) -> tuple[bool, int, str]:
    stem = file.path.rpartition("/")[2].removesuffix(".yaml")
    return stem != protocol, len(file.path), file.path


def _link(facts: Facts, answers: Answers, protocol: str, files: Sequence[ContractFile]) -> Section:
    name = answers.link or link_name(protocol, facts.services)
    meeting = Meeting(link=name, protocol=protocol, services=facts.services, answers=answers)
    client, server = meeting.parties()
    items = [client, server, *_contract(name, files)]
    items += [*_assume(facts.services, (client, server), files)]
    items += [meeting.path(client, server), *_token(name, files)]
    return Section(name=name, items=tuple(items), lead=tuple(_lead(files)))


def _contract(link: str, files: Sequence[ContractFile]) -> Iterator[Item]:
    if files:
        remark = "" if files[0].committed else "not committed yet: commit it with this file"
        yield Field(key="contract", value=files[0].path, remark=remark)
        return
    yield Gap(
        key="contract",
        what="the file that says what they speak",
        how=f"write contracts/{link}.yaml and commit it; skewcheck schema contract has all keys",
        example=f"contracts/{link}.yaml",
    )


def _assume(
    services: Iterable[ServiceFacts], parties: Sequence[Item], files: Sequence[ContractFile]
) -> Iterator[Item]:
    """What serves may be older than the contract; what it speaks is then for a person to say."""
    if not files:
        return
    names = {each.value for each in parties if isinstance(each, Field)}
    live = [each for service in services if service.name in names for each in service.live]
    older = sorted({each.build[:7] for each in live if files[0].path in each.without})
    before = next((f.path for f in files if f.path.endswith("-before.yaml")), "")
    if before:
        yield Field(key="assume", value=before, guess="by its name")
    elif older:
        yield Gap(
            key="assume",
            what=f"what {older[0]}, which serves, speaks: it is older than that file",
            how="the same file if they speak what it says; else describe it in a file of its own",
            example=files[0].path,
            optional=True,
        )


def _token(link: str, files: Sequence[ContractFile]) -> Iterator[Field]:
    contract = files[0].contract if files else None
    if isinstance(contract, Contract) and contract.handshake.token_in != "none":
        variable = f"SKEWCHECK_{_upper(link)}_TOKEN"
        where = contract.handshake.token_in
        why = f"the contract has a token in {where}; set this variable for probes"
        yield Field(key="token", value={"env": variable}, guess=why)


def _upper(name: str) -> str:
    return "".join(char if char.isalnum() else "_" for char in name.upper())


def _lead(files: Sequence[ContractFile]) -> Iterator[str]:
    others = [each.path for each in files[1:] if not each.path.endswith("-before.yaml")]
    if others:
        yield f"{', '.join(others)}: of the same protocol, and not used here"
