"""Where the service reads manifests: a checkout as it is, or a git URL, fetched anew."""

from pathlib import Path

import pytest

from skewcheck import wiring
from skewcheck.core.errors import SkewcheckError, UsageError
from skewcheck.settings import Settings, read_settings
from skewcheck.wiring.checkout import Checkout, source_at
from tests.fakes import FakeClock
from tests.repositories import Repository


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"HOME": str(tmp_path / "home")})


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "acme")
    made.commit({"manifests/staging.yaml": "x"})
    return made


def environments(settings: Settings, source: wiring.Source) -> tuple[str, ...]:
    return wiring.all_environments(settings, source)


def test_a_path_is_read_as_it_is(settings: Settings, repository: Repository) -> None:
    source = source_at(settings, str(repository.path), "main", None)
    assert (source.repo, source.url, source.ref) == (repository.path, "", "main")
    assert environments(settings, source) == ("staging",)


def test_a_url_is_mirrored_and_fetched_anew_with_each_opening(
    settings: Settings, repository: Repository
) -> None:
    source = source_at(settings, repository.url, None, None)
    assert source.repo.parent == settings.cache
    repository.commit({"manifests/production.yaml": "x"})
    assert environments(settings, source) == ("production", "staging")


def test_the_project_has_the_same_name_by_url_and_by_its_mirror(
    settings: Settings, repository: Repository
) -> None:
    """So a child that is given the mirror's path carries on the service's rollouts."""
    source = source_at(settings, repository.url, None, None)
    for each in (source, wiring.Source(repo=source.repo)):
        with wiring.histories_of(settings, each) as histories:
            assert histories.open(".").project() == repository.url.removeprefix("file://")


def test_who_asks_often_fetches_once_in_a_while(settings: Settings, repository: Repository) -> None:
    clock = FakeClock()
    checkout = Checkout(source_at(settings, repository.url, None, None), clock)
    assert environments(settings, checkout.newest()) == ("staging",)
    repository.commit({"manifests/production.yaml": "x"})
    assert environments(settings, checkout.newest()) == ("staging",)
    clock.wait(10)
    assert environments(settings, checkout.newest()) == ("production", "staging")


def test_a_remote_that_is_gone_leaves_the_mirror_and_a_doubt(
    settings: Settings, repository: Repository
) -> None:
    source = source_at(settings, repository.url, None, None)
    repository.path.rename(repository.path.with_name("gone"))
    with wiring.histories_of(settings, source) as histories:
        history = histories.open(".")
        assert history.files_in(history.resolve("HEAD"), "manifests") == ("staging.yaml",)
        assert "could not be fetched" in history.doubts()[0].why


def test_a_remote_that_never_was_is_an_error_at_once(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SkewcheckError, match="cannot clone"):
        source_at(settings, f"file://{tmp_path}/nowhere", None, None)


def test_what_git_would_run_is_refused(settings: Settings) -> None:
    with pytest.raises(UsageError, match="remote helper"):
        source_at(settings, "ext::sh -c id", None, None)


def test_a_password_in_a_url_is_not_shown(settings: Settings) -> None:
    source = wiring.Source(repo=Path("/m"), url="https://ada:secret@git.acme.example/app")
    assert Checkout(source, FakeClock()).name == "https://git.acme.example/app"
    assert "secret" not in repr(source)
    assert settings.cache.is_absolute()
