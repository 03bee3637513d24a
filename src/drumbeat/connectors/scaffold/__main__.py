"""``python -m drumbeat.connectors.scaffold NAME``: start a connector with its tests."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from drumbeat.connectors.scaffold.channels import STARTS
from drumbeat.connectors.scaffold.write import CannotScaffold, scaffold


def main(given: Sequence[str]) -> int:
    """Exit code: 0 done, 2 nothing was written."""
    asked = _parser().parse_args(given)
    root = Path(asked.root)
    try:
        files = scaffold(asked.name, asked.channel, root)
    except CannotScaffold as error:
        print(error, file=sys.stderr)
        return 2
    for path in files:
        print(f"wrote {path.relative_to(root)}")
    print(_next_steps(asked.name, files))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="drumbeat.connectors.scaffold", description=__doc__)
    parser.add_argument("name", help="such as acme: lower-case letters, digits and _")
    parser.add_argument("--channel", choices=sorted(STARTS), default="social")
    parser.add_argument("--root", default=".", help="the repository or workspace to write into")
    return parser


def _next_steps(name: str, files: Sequence[Path]) -> str:
    has_suite = any(path.name == "test_conformance.py" for path in files)
    suite = "" if has_suite else f" tests/connectors/test_conformance.py -k {name}"
    return f"""
Next:
  1. python -m pytest tests/connectors/{name}{suite}
  2. make Api in connector.py speak the real API, and peer.py answer as the platform does
  3. say in manifest.toml what it can really do; the suite tests every claim
  4. grant it in drumbeat.yaml: connections start in shadow until a person allows writing
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
