"""Builds the page into dist/: the script gets its content's hash into its name."""

import hashlib
import shutil
from pathlib import Path

HERE = Path(__file__).parent
SOURCE, DIST = HERE / "src", HERE / "dist"


def build() -> None:
    shutil.rmtree(DIST, ignore_errors=True)
    (DIST / "assets").mkdir(parents=True)
    page = (SOURCE / "index.html").read_text()
    for script in sorted(SOURCE.glob("*.js")):
        digest = hashlib.sha256(script.read_bytes()).hexdigest()[:8]
        hashed = f"assets/{script.stem}-{digest}.js"
        shutil.copy(script, DIST / hashed)
        page = page.replace(f'src="{script.name}"', f'src="/{hashed}"')
    (DIST / "index.html").write_text(page)


if __name__ == "__main__":
    build()
