"""Databases: a fresh one in a moment, as a copy of a template that is made when it is out of date.

There are two layers, each with and without demo data: `deps` holds what our addons build on,
`suite` our addons on top of it. A template's comment says what it was made from."""

import ast
import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys

import pg
import setup
from common import ADDONS, DATA, ROOT, VENV, Failure, call, ignore_signals, locked, phase, say

FILESTORE = DATA / "filestore"
LOG_PROBLEM = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")
# These change neither the tables nor the records of a database.
NOT_IN_DATABASE = {"tests", "static", "__pycache__"}


def full_name(name):
    """The name of a database that the tools choose. On a server that others use too, it says
    which checkout it is of."""
    if pg.is_private():
        return name
    return f"{name}_{hashlib.sha1(str(ROOT).encode()).hexdigest()[:6]}"


def sql(query, db="postgres"):
    """The answer of the server, a row a line."""
    done = subprocess.run(
        ["psql", "-qAtwX", "-v", "ON_ERROR_STOP=1", "-d", db, "-c", query],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failure(f"{done.stderr.strip()}\nPostgreSQL refused: {query}")
    return done.stdout.strip()


def exists(name):
    """Whether there is a database of that name."""
    return bool(sql(f"select 1 from pg_database where datname = '{name}'"))


def drop(name):
    """Remove a database and its files, whoever uses it."""
    sql(f'drop database if exists "{name}" with (force)')
    shutil.rmtree(FILESTORE / name, ignore_errors=True)


def clone(source, target):
    """Copy a database."""
    drop(target)
    sql(f'create database "{target}" template "{source}"')
    if (FILESTORE / source).exists():  # its files never change: link them
        shutil.copytree(FILESTORE / source, FILESTORE / target, copy_function=os.link)


def rename(source, target):
    """Give a database another name, in the place of what had it."""
    drop(target)
    sql(f'alter database "{source}" rename to "{target}"')
    if (FILESTORE / source).exists():
        (FILESTORE / source).rename(FILESTORE / target)


def note(name):
    """What `annotate` left on a database."""
    text = sql(
        f"select shobj_description(oid, 'pg_database') from pg_database where datname = '{name}'"
    )
    return json.loads(text) if text.startswith("{") else {}


def annotate(name, value):
    """Leave a note on a database, as its comment: it goes when the database goes."""
    text = json.dumps(value).replace("'", "''")
    sql(f"comment on database \"{name}\" is '{text}'")


def addons():
    """Our addons: {name: manifest}."""
    found = {}
    for path in sorted(ADDONS.glob("*/__manifest__.py")):
        try:
            manifest = ast.literal_eval(path.read_text())
        except (ValueError, SyntaxError) as error:
            raise Failure(f"{path.relative_to(ROOT)}: {error}") from error
        if manifest.get("installable", True):
            found[path.parent.name] = manifest
    if not found:
        raise Failure("There are no addons in addons/.")
    return found


def suite(demo):
    """What is installed: the whole, glue to optional apps of Odoo included; a demo without these
    apps, as who tries the suite does not ask for them."""
    return {
        name: manifest
        for name, manifest in addons().items()
        if not (demo and manifest.get("auto_install"))
    }


def dependencies(demo=False):
    """What our addons build on."""
    chosen = suite(demo)
    needed = {name for manifest in chosen.values() for name in manifest["depends"]}
    return sorted(needed - set(chosen))


def sources(names):
    """A fingerprint of what each of these addons puts into a database: {name: hash}."""
    prints = {}
    for name in names:
        digest = hashlib.sha256()
        for path in sorted((ADDONS / name).rglob("*")):
            parts = path.relative_to(ADDONS / name).parts
            icon = parts[:2] == ("static", "description")
            if path.is_file() and (icon or not NOT_IN_DATABASE.intersection(parts)):
                digest.update(f"{path.relative_to(ADDONS)}\n".encode() + path.read_bytes())
        prints[name] = digest.hexdigest()[:16]
    return prints


def odoo(*args, **kw):
    """The command line of Odoo."""
    return call(VENV / "bin/python", VENV / "bin/odoo", *args, **kw)


def install(db, *options, strict=True):
    """Install or update addons; a warning in the log of ours is a failure."""
    options = ("-d", db, *options, "--stop-after-init", "--no-http", "--log-level=warn")
    log = DATA / f"install-{db}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w") as handle:
        code = odoo("server", *options, stdout=handle, stderr=subprocess.STDOUT)
    text = log.read_text(errors="replace")
    log.unlink()
    warned = any(LOG_PROBLEM.match(line) for line in text.splitlines())
    if code or (strict and warned):
        sys.stderr.write(text)
        raise Failure(
            f"Installing {' '.join(options[2:4])} {'failed' if code else 'logged a warning'}.",
            "The log above says why.",
        )


def _build(name, made_from, source, steps, strict, demo):
    """A template; it gets its name at the end, so that a half-made one is never used.

    :param demo: which addons count as having their demo data in the end, an SQL condition
    """
    if exists(name) and note(name).get("made_from") == made_from:
        return name
    with phase(f"database template {name}"):
        half = full_name("building")
        if source:
            clone(source, half)
        else:
            drop(half)
        for options in steps:
            install(half, *options, "--skip-auto-install", strict=strict)
        sql(f"UPDATE ir_module_module SET demo = {demo}", half)
        rename(half, name)
        annotate(name, {"made_from": made_from})
    return name


def template(demo):
    """The template with all our addons; to be called under the lock of the set-up.

    Odoo loads the demo data of an addon only where all below it have theirs. Here its own
    furniture shop stays away from the demo company: it would fill the lists with what has nothing
    to do with after-sales, and takes a minute to load."""
    kind = "demo" if demo else "plain"
    base = dependencies(demo)
    languages = ",".join(setup.language_codes()) if demo else ""
    made_from = [base, languages, str(setup.odoo_lib()), (ROOT / "odoo.conf").read_text()]
    steps = [["-i", ",".join(base)]]
    if languages:  # second: with the very first step they would replace English
        steps = [["-i", "base"], [*steps[0], f"--load-language={languages}"]]
    below = "state = 'installed'" if demo else "false"
    deps = _build(full_name(f"template_deps_{kind}"), made_from, None, steps, False, below)
    ours = ",".join(suite(demo))
    steps = [["-i", ours, *(["--with-demo"] if demo else [])]]
    own = f"name = ANY (string_to_array('{ours}', ','))" if demo else "false"
    made_from = [*made_from, sources(suite(demo))]
    return _build(full_name(f"template_suite_{kind}"), made_from, deps, steps, True, own)


def create(name, demo):
    """A fresh database with all our addons, in the place of what had its name."""
    source = template(demo)
    if exists(name):
        say(f"replacing the database {name}")
    clone(source, name)
    noted = {"addons": sources(suite(demo)), "languages": setup.language_codes() if demo else []}
    annotate(name, noted)


@contextlib.contextmanager
def temporary():
    """The name of a fresh database without demo data, gone afterwards."""
    name = full_name(f"test_{secrets.token_hex(4)}")
    try:
        with locked():
            clone(template(demo=False), name)
        yield name
    finally:
        ignore_signals()
        drop(name)


def update(name):
    """Bring a database up to date with our addons; its data stays."""
    if not exists(name):
        raise Failure(f"There is no database {name}.", f"Make it: make demo DB={name}")
    old = note(name)
    installed = {*suite(demo=True), *old.get("addons", {})} & set(addons())
    now = {"addons": sources(sorted(installed)), "languages": setup.language_codes()}
    changed = [m for m, value in now["addons"].items() if old.get("addons", {}).get(m) != value]
    options = []
    if changed:
        options += ["-i", ",".join(changed), "-u", ",".join(changed), "--i18n-overwrite"]
    if added := set(now["languages"]) - set(old.get("languages", [])):
        options.append(f"--load-language={','.join(sorted(added))}")
    if options:
        with phase(f"updating the database {name}: {', '.join(changed) or 'languages'}"):
            install(name, *options, "--skip-auto-install", strict=False)
            annotate(name, now)
