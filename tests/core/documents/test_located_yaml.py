"""The tree of texts: the same from both YAML readers, and every place can be found."""

import pytest
import yaml

from skewcheck.core.documents.located_yaml import Mapping, Scalar, UnreadableError, compose, locate
from tests.core.document_samples import FULL


@pytest.mark.parametrize("loader", [yaml.CBaseLoader, yaml.BaseLoader])
def test_both_yaml_readers_give_the_same_tree(loader: type[yaml.BaseLoader]) -> None:
    assert compose(FULL, loader=loader) == compose(FULL, loader=yaml.CBaseLoader)


def test_the_slow_yaml_reader_refuses_the_same() -> None:
    with pytest.raises(UnreadableError, match="aliases"):
        compose("a: &a [x, x]\nb: [*a, *a]\n", loader=yaml.BaseLoader)


def test_a_place_is_that_of_the_nearest_thing_that_exists() -> None:
    root, _ = compose("a:\n  - b: 1\n")
    assert isinstance(root, Mapping)
    assert locate(root, ("a", 0, "b")) == (2, 8)
    assert locate(root, ("a", 0, "b"), key=True) == (2, 5)
    assert locate(root, ("a", 5)) == (2, 3)
    assert locate(root, ("a", 0, "c", "d")) == (2, 5)
    assert root.entries["a"].key == (1, 1)
    assert isinstance(compose("a")[0], Scalar)


def test_an_anchored_key_is_told_with_the_mapping_that_holds_it() -> None:
    _, flaws = compose("a:\n  &k b: 1\n")
    assert [(flaw.place, flaw.path) for flaw in flaws] == [((2, 3), ("a",))]
