"""Set up: Odoo and its Python packages in .odoo/, made once and again when something changed."""

import csv
import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fetch_odoo
import pg
from common import ADDONS, CONF, DATA, ROOT, STATE, VENV, Failure, phase, run, say, write

TOOLS = ROOT / "tools"
UNPACKED = STATE / "odoo"
NEEDED_GB = 4
CHROMIUM = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
PDF_LIBRARIES = ("libxrender1", "libxext6", "libx11-6", "libfontconfig1", "libfreetype6")


def languages():
    """Names of the translation files to keep, e.g. fr and zh_CN."""
    return re.findall(r"[\w@]+", os.environ.get("ODOO_LANGUAGES", "fr zh_CN"))


def language_codes():
    """The same languages as Odoo's codes, e.g. fr_FR and zh_CN."""
    with open(odoo_lib() / "odoo/addons/base/data/res.lang.csv", encoding="utf-8") as handle:
        known = list(csv.DictReader(handle))
    codes = []
    for name in languages():
        found = [row["code"] for row in known if name in (row["code"], row["iso_code"])]
        if not found:
            raise Failure(f"ODOO_LANGUAGES names {name!r}, which Odoo does not know.")
        codes.append(found[0])
    return codes


def odoo_lib():
    """The folder that holds `odoo/`: ODOO_HOME, or the unpacked package."""
    if home := os.environ.get("ODOO_HOME"):
        return Path(home).expanduser().resolve()
    return UNPACKED / "lib/python3/dist-packages"


def addons_path():
    """Our addons, and those of Odoo that are not inside `odoo/addons`."""
    lib = odoo_lib()
    # a git checkout keeps its addons in two places, Debian's package in one
    return [ADDONS, lib / "addons"] if (lib / "odoo-bin").exists() else [ADDONS]


def _fingerprint(*parts):
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _once(name, fingerprint, make):
    """Call `make` unless it was done for this fingerprint already."""
    stamp = STATE / f"{name}.stamp"
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    make()
    stamp.write_text(fingerprint)


def _check_space():
    free = shutil.disk_usage(STATE).free / 1e9
    if not VENV.exists() and free < NEEDED_GB:
        raise Failure(
            f"Only {free:.1f} GB are free in {ROOT}; about {NEEDED_GB} GB are needed.",
            "Make room, or move the checkout to another disk.",
        )


def _get_odoo():
    if not os.environ.get("ODOO_HOME"):

        def unpack():
            with phase("Odoo 19: download and unpack"):
                fetch_odoo.fetch(UNPACKED, languages())

        _once("odoo", _fingerprint(str(UNPACKED), languages(), fetch_odoo.ODOO), unpack)
        _check_odoo()


def _check_odoo():
    lib = odoo_lib()
    release = lib / "odoo/release.py"
    if not release.exists():
        raise Failure(
            f"ODOO_HOME={os.environ.get('ODOO_HOME')} holds no odoo/release.py.",
            "Name the folder of an Odoo 19.0 checkout (the one with odoo-bin), or unset ODOO_HOME.",
        )
    if not re.search(r"version_info = \(19, 0,", release.read_text()):
        raise Failure(f"{lib} is not Odoo 19.0.", "Name another folder in ODOO_HOME, or unset it.")


def _make_venv():
    shutil.rmtree(VENV, ignore_errors=True)
    found = importlib.util.find_spec("ensurepip")
    with_pip = bool(found and found.origin)
    try:
        venv.create(VENV, with_pip=with_pip)
    except (subprocess.CalledProcessError, SystemExit) as error:  # Debian's exits
        raise Failure(
            f"{sys.executable} cannot make a virtual environment ({error}).",
            "Try another Python: make PYTHON=/usr/bin/python3 ...",
        ) from error
    if not with_pip:  # Debian without python3-venv
        with tempfile.TemporaryDirectory(dir=STATE) as folder:
            wheel = fetch_odoo.pip_wheel(folder)
            _pip("install", "--no-index", wheel, python_path=wheel)


def _pip(*args, python_path=""):
    environment = {
        **os.environ,
        "PYTHONPATH": str(python_path),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_NO_INPUT": "1",
    }
    run(
        *(VENV / "bin/python", "-m", "pip", "-q", *args),
        env=environment,
        problem="pip could not install the Python packages.",
        remedy="Is there a network, and does the package index answer? Run it again.",
    )


def _requirements(*names):
    """Install requirement files; done again when one of them changes."""
    files = [ROOT / name for name in names]

    def install():
        with phase(f"Python packages of {', '.join(names)}"):
            _pip("install", *(word for path in files for word in ("-r", path)))

    made = (STATE / "venv.stamp").stat().st_mtime_ns  # a new environment is empty
    _once(files[0].stem, _fingerprint(made, [path.read_text() for path in files]), install)


def _packages(dev):
    _once("venv", _fingerprint(str(VENV), sys.version_info[:2]), _make_venv)
    _requirements("tools/requirements-odoo.txt", "requirements.txt")
    if pg.needs_wheel():
        _requirements("tools/requirements-postgres.txt")
    if dev:
        _requirements("tools/requirements-dev.txt")


def _chromium():
    """Install the browser of the tests where we may."""
    if any(map(shutil.which, CHROMIUM)):
        return
    if not _apt_install("chromium"):
        say("No Chromium here: the tests in a browser are skipped. (apt-get install chromium)")


def _apt_install(*packages):
    """Install packages of the system, as root only; whether that was done."""
    if os.geteuid() or not shutil.which("apt-get"):
        return False
    with phase(f"installing {' '.join(packages)} with apt"):
        remedy = "Is there a network? Or install it by hand and run this again."
        problem = f"apt could not install {' '.join(packages)}."
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run("apt-get", "-q", "update", problem=problem, remedy=remedy, env=quiet)
        apt = ("apt-get", "-q", "install", "-y", "--no-install-recommends")
        run(*apt, *packages, problem=problem, remedy=remedy, env=quiet)
    return True


def _pdf():
    """Have wkhtmltopdf under the name that Odoo looks for, and the libraries it wants."""
    pack, link = VENV / "bin/wkhtmltopdf-pack", VENV / "bin/wkhtmltopdf"
    if not pack.exists() or link.exists():
        return
    broken = subprocess.run([pack, "--version"], capture_output=True, check=False).returncode
    if broken and not _apt_install(*PDF_LIBRARIES):
        say(f"PDF documents need more libraries: apt-get install {' '.join(PDF_LIBRARIES)}")
        return
    link.symlink_to(pack.name)


def _scripts():
    """Lead Python to Odoo, and write the command lines of .odoo/bin."""
    site = next((VENV / "lib").glob("python3*/site-packages"))
    write(site / "odoo.pth", f"{odoo_lib()}\n")
    # not `python -m odoo`: its gevent worker cannot start
    write(
        VENV / "bin/odoo", "from odoo.cli import main\n\nif __name__ == '__main__':\n    main()\n"
    )
    for name in ("odoo", "psql"):
        command = shlex.join([str(VENV / "bin/python"), str(TOOLS / "dev.py"), name])
        write(STATE / "bin" / name, f'#!/bin/sh\nexec {command} "$@"\n', 0o755)


def configure(database):
    """Write .odoo/odoo.conf: odoo.conf of the checkout, and what depends on this machine."""
    settings = {
        "addons_path": ",".join(map(str, addons_path())),
        "data_dir": DATA,
        "db_name": database,
        "db_host": os.environ.get("PGHOST"),
        "db_port": os.environ.get("PGPORT"),
        "db_user": os.environ.get("PGUSER"),
    }
    lines = [f"{name} = {value}" for name, value in settings.items() if value]
    fixed = (ROOT / "odoo.conf").read_text().rstrip()
    write(CONF, "\n".join([fixed, "", "; below: added by tools/setup.py", *lines, ""]))
    os.environ["ODOO_RC"] = str(CONF)


def prepare(dev=False):
    """All but the database: Odoo, its Python packages and the programs around them."""
    STATE.mkdir(exist_ok=True)
    _check_space()
    if os.environ.get("ODOO_HOME"):
        _check_odoo()
    with ThreadPoolExecutor() as pool:  # one waits for the network while the other unpacks
        jobs = [pool.submit(_get_odoo), pool.submit(_packages, dev)]
        if dev:
            jobs.append(pool.submit(_chromium))
    for job in jobs:
        job.result()
    _scripts()
    _pdf()
