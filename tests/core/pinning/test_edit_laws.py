"""However people lay a manifest out, a pin changes exactly the scalar that it is about."""

from hypothesis import given
from hypothesis import strategies as st

from skewcheck.core.build import BuildSha
from skewcheck.core.documents import parse_manifest
from skewcheck.core.pinning.edit import promise_builds

FILE = "manifests/staging.yaml"
_QUOTES = st.sampled_from(["{}", "'{}'", '"{}"', "|-\n{indent}    {}", ">-\n{indent}    {}"])
_COMMENTS = st.sampled_from(["", "  # {old}", "  # build: {old}", " #", "\t# a tab"])
_SHAS = st.text("0123456789abcdef", min_size=40, max_size=40).map(BuildSha)


@st.composite
def manifests(draw: st.DrawFn) -> tuple[str, dict[str, BuildSha]]:
    """Manifests as people lay them out, each service at a build of its own."""
    names = draw(st.lists(st.sampled_from(["a", "b-c", "d", "e"]), min_size=1, unique=True))
    builds = draw(st.lists(_SHAS, min_size=len(names), max_size=len(names), unique=True))
    text = "schema: 1\nenvironment: staging\nservices:\n"
    for name, build in zip(names, builds, strict=True):
        text += draw(_services(name, build))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return text.replace("\n", end), dict(zip(names, builds, strict=True))


@st.composite
def _services(draw: st.DrawFn, name: str, build: BuildSha) -> str:
    indent = " " * draw(st.integers(3, 6))
    comment = draw(_COMMENTS).format(old=build)
    place = ["url: https://a.example", "cloud_run: {project: p, region: r}"]
    if draw(st.booleans()):
        quote = draw(st.sampled_from(["{}", "'{}'", '"{}"']))
        entries = draw(st.permutations([f"build: {quote.format(build)}", *place]))
        return f"  {name}: {{{', '.join(entries)}}}{comment}\n"
    written = draw(_QUOTES)
    value = written.replace("{indent}", indent).format(build)
    if "\n" not in value:
        value += comment
    lines = draw(st.permutations([f"build: {value}", *place]))
    body = "".join(f"{indent}{line}\n" for line in lines)
    return f"  {name}:{comment if comment.startswith('  ') else ''}\n{body}"


@given(manifests(), _SHAS, st.data())
def test_an_edit_changes_exactly_that_scalar(
    drawn: tuple[str, dict[str, BuildSha]], wanted: BuildSha, data: st.DataObject
) -> None:
    written, builds = drawn
    name = data.draw(st.sampled_from(sorted(builds)))
    after = promise_builds(written.encode(), {name: wanted}, file=FILE).after.decode()
    was = builds[name].value
    places = [at for at in range(len(written)) if written.startswith(was, at)]
    # Comments may name the build too; exactly one place has changed.
    changed = [written[:at] + wanted.value + written[at + 40 :] for at in places]
    assert after in changed
    promised = parse_manifest(after.encode(), file=FILE).services
    assert {each: service.build for each, service in promised.items()} == {
        **{each: build.value for each, build in builds.items()},
        name: wanted.value,
    }
