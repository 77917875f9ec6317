"""A service that installs it installs nothing else, and loads no framework that it does not use."""

import json
import subprocess
import sys
from importlib.metadata import requires

_LOADED = """
import json, pkgutil, sys
before = set(sys.modules)
import skewcheck_expose
for module in pkgutil.iter_modules(skewcheck_expose.__path__):
    __import__("skewcheck_expose." + module.name)
loaded = {name.partition(".")[0] for name in sys.modules.keys() - before}
print(json.dumps(sorted(loaded - sys.stdlib_module_names)))
"""


def test_every_module_of_it_loads_with_the_standard_library_only() -> None:
    command = [sys.executable, "-c", _LOADED]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert json.loads(printed) == ["skewcheck_expose"]


def test_it_requires_no_other_distribution() -> None:
    assert not requires("skewcheck-expose")
