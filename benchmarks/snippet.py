"""The snippet's size beside other analytics scripts, minified and compressed with gzip -9.

`python benchmarks/snippet.py` needs npm and the snippet's packages (`npm ci` in js_snippet).
Each script comes out of the package that its makers publish, in a directory that goes away; what
they publish unminified is bundled and minified as our own is. GoatCounter and Matomo publish no
package with their browser script: their rows are figures noted on 2026-11-21 from their own files.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import table

ROOT = Path(__file__).resolve().parent.parent / "js_snippet"
LIMIT = 2500
AIM = 2000

# Name, package with version, file in it.
PUBLISHED = (
    ("Plausible, legacy", "plausible-tracker@0.3.9", "build/module/index.js"),
    ("Plausible", "@plausible-analytics/tracker@0.4.6", "plausible.js"),
    ("Umami 2.10", "umami@2.10.0", "src/tracker/index.js"),
    ("Swetrix", "swetrix@4.6.1", "dist/swetrix.js"),
)
OURS = ("ds.js", "more.js", "survey.js")
NOTED = (("GoatCounter", 2256), ("Umami", 2382), ("Matomo", 21867))


def main() -> int:
    with tempfile.TemporaryDirectory() as work:
        rows = [*ours(), *published(Path(work)), *noted()]
    rows.sort(key=lambda row: row[1])
    size = next(size for name, size, _ in rows if name == "darksocial")
    shown = [(name, f"{bytes_:,}", f"{bytes_ / size:.2f}", how) for name, bytes_, how in rows]
    print(table(("script", "bytes, gzip -9", "of ours", "from"), shown))
    if size > LIMIT:
        print(f"{size:,} bytes are more than {LIMIT:,}.", file=sys.stderr)
        return 1
    print(f"\nLimit {LIMIT:,}, aim {AIM:,}.")
    return 0


def ours() -> Iterator[tuple[str, int, str]]:
    """Our script, what it fetches when it has run, and the survey."""
    sizes = {name: zipped((ROOT / "dist" / name).read_bytes()) for name in OURS}
    yield "darksocial", sizes["ds.js"], "dist/ds.js"
    yield "darksocial with its second script", sizes["ds.js"] + sizes["more.js"], "and more.js"
    yield "the survey alone", sizes["survey.js"], "dist/survey.js"


def published(work: Path) -> Iterator[tuple[str, int, str]]:
    for name, package, file in PUBLISHED:
        yield name, zipped(minified(fetched(work, package) / file)), f"{package}, {file}"


def fetched(work: Path, package: str) -> Path:
    """Return a directory in `work` that holds what an npm package consists of."""
    folder = work / re.sub(r"\W+", "-", package)
    folder.mkdir()
    run("npm", "pack", "--silent", "--pack-destination", str(folder), package)
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "package"


def noted() -> Iterator[tuple[str, int, str]]:
    for name, size in NOTED:
        yield name, size, "noted"


def minified(path: Path) -> bytes:
    """Return a script bundled and minified as our own build does it, by esbuild and terser."""
    tools = ROOT / "node_modules" / ".bin"
    flags = ("--bundle", "--minify", "--format=iife", "--target=es2021", "--legal-comments=none")
    bundled = path.with_suffix(".bundled.js")
    bundled.write_bytes(run(str(tools / "esbuild"), str(path), *flags, "--global-name=tracker"))
    compress = ("--compress", "unsafe_arrows", "--mangle", "--ecma", "2020", "--module")
    return run(str(tools / "terser"), str(bundled), *compress)


def zipped(code: bytes) -> int:
    return len(gzip.compress(code, 9))


def run(*command: str) -> bytes:
    return subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout


if __name__ == "__main__":
    raise SystemExit(main())
