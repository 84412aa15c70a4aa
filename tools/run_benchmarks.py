"""`make bench`: the benchmarks, on a fresh database."""

import databases
from common import CONF, ROOT, VENV, Failure, call

FOLDER = ROOT / "benchmarks"


def run(args):
    """Run the benchmarks that `args` name, with the options after the names; all without names."""
    known = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "common")
    names = [arg for arg in args if arg in known]
    options = args[len(names) :]
    if args[: len(names)] != names or (options and not options[0].startswith("-")):
        raise Failure(f"Which benchmark? One of: {', '.join(known)}")
    with databases.temporary() as database:
        codes = [
            call(
                *(VENV / "bin/python", FOLDER / f"{name}.py"),
                *("-c", CONF, "-d", database, *options),
            )
            for name in names or known
        ]
    return max(codes)
