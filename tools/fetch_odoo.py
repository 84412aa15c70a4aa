"""Get Odoo 19 without touching the machine: download Debian's package with apt (its signature is
checked against Debian's archive keyring) and unpack it into a folder of this checkout.

The package is in Debian's unstable distribution only; it is unpacked, never installed."""

import os
import shutil
import subprocess
import tarfile
import tempfile
import threading
from pathlib import Path

from common import STATE, Failure, run

DEBS = STATE / "debs"
ONE_APT = threading.Lock()
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# jquery is in every bundle; the fonts are those of reports. (Debian links them in.)
ODOO = ("odoo-19", "libjs-jquery", "fonts-roboto-unhinted", "fonts-montserrat")
PIP = ("python3-pip-whl",)
# Files that Debian strips from Odoo, and that a bundle still names: without them
# every page logs a console error, which fails browser tests.
STUBS = {
    "addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js": (
        "// left out by Debian (background blur in calls)\n"
    )
}
OWN_ODOO = (
    "Put an Odoo 19.0 Community elsewhere and name its folder: ODOO_HOME=/path/to/odoo make run."
)


def _mirror():
    """The Debian mirror this machine already uses; DEBIAN_MIRROR names another one."""
    if mirror := os.environ.get("DEBIAN_MIRROR"):
        return mirror
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(LABEL)"]
        + ["Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    for line in targets.splitlines():
        uri, *rest = line.split()
        if rest == ["Debian", "Debian"]:
            return uri
    # No lists yet (a bare container): take the first source that is configured.
    for line in _sources():
        return line
    raise Failure(
        "apt knows no Debian mirror here.",
        f"Name one in DEBIAN_MIRROR, or run `apt-get update` first. {OWN_ODOO}",
    )


def _sources():
    """The addresses in apt's configuration, in both of its formats."""
    etc = Path("/etc/apt")
    for path in [*etc.glob("sources.list"), *sorted(etc.glob("sources.list.d/*"))]:
        for line in path.read_text(errors="replace").splitlines():
            words = [w for w in line.split() if not w.startswith(("[", "signed-by", "arch="))]
            if words[:1] in (["deb"], ["URIs:"]) and len(words) > 1 and "security" not in words[1]:
                yield words[1]


def _download(packages):
    """Bring packages of Debian unstable into DEBS, with an apt state of our own."""
    if not (shutil.which("apt-get") and KEYRING.exists()):
        raise Failure("Odoo is fetched with apt, which is not here (or has no keyring).", OWN_ODOO)
    state = DEBS / "apt"
    shutil.rmtree(state, ignore_errors=True)
    for sub in ("lists/partial", "cache/archives/partial"):
        (state / sub).mkdir(parents=True)
    (state / "status").touch()
    (state / "sid.list").write_text(f"deb [signed-by={KEYRING}] {_mirror()} sid main\n")
    # apt reads its paths from a file: an option on its command line cannot hold a space
    (state / "apt.conf").write_text(
        f"""
Dir::Etc::sourcelist "{state}/sid.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "{state}/lists";
Dir::State::status "{state}/status";
Dir::Cache "{state}/cache";
Acquire::Languages "none";
Acquire::Retries "3";
APT::Sandbox::User "";
"""
    )
    apt = ["apt-get", "-q", "-c", state / "apt.conf"]
    network = f"Is there a network, and does the Debian mirror answer? Run it again. {OWN_ODOO}"
    run(*apt, "update", problem="apt could not read Debian's list of packages.", remedy=network)
    problem = f"apt could not download {', '.join(packages)}."
    run(*apt, "download", *packages, problem=problem, remedy=network, cwd=DEBS)
    shutil.rmtree(state)


def _deb(package):
    """The .deb of a package, once downloaded."""
    return next(DEBS.glob(f"{package}_*.deb"), None)


def debs(packages):
    """The .deb files of the packages, downloaded where they are missing."""
    with ONE_APT:
        if missing := [name for name in packages if not _deb(name)]:
            _download(missing)
    return [_deb(name) for name in packages]


def unpack(deb, dest, keep):
    """Unpack the files of a package that `keep` accepts."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE) as dpkg:
        with tarfile.open(fileobj=dpkg.stdout, mode="r|") as tar:
            for member in tar:
                if keep(member.name):
                    tar.extract(member, dest)
        dpkg.stdout.read()
    if dpkg.returncode:
        deb.unlink()
        raise Failure(f"{deb} is damaged; it is removed now.", "Run it again.")


def _repair(lib):
    """Mend what the Debian package leaves broken outside of Debian."""
    for stub, text in STUBS.items():
        if not (lib / stub).exists():
            (lib / stub).parent.mkdir(parents=True, exist_ok=True)
            (lib / stub).write_text(text)
    for path in lib.rglob("*"):
        if path.is_symlink() and not path.exists():  # to a font or library not fetched
            path.unlink()
    # what Odoo needs, under the names PyPI gives them, so that pip can add other addons
    info = next(lib.parent.glob("odoo-*.egg-info")) / "PKG-INFO"
    text = info.read_text().replace("psycopg2>=2.2", "psycopg2-binary").replace("PyPDF2", "pypdf")
    info.write_text(text.replace("Requires-Dist: ofxparse\n", ""))


def fetch(dest, languages):
    """Unpack Odoo into `dest`, with its translations into these languages only (they are
    seven tenths of its size)."""
    wanted = {f"{name}.po" for lang in languages for name in (lang, lang.partition("_")[0])}
    parts = ("lib/python3/dist-packages/odoo", "share/javascript", "share/fonts")
    folders = tuple(f"./usr/{part}" for part in parts)

    def keep(name):
        if name.endswith((".po", ".pot")):
            return name.rpartition("/")[2] in wanted
        # dist-packages/addons is the package's own mistake: every addon again, without its data
        return name.startswith(folders)

    files = debs(ODOO)
    for left in dest.parent.glob("unpack-*"):  # of a command that was killed
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix="unpack-", dir=dest.parent) as folder:
        for deb in files:
            unpack(deb, folder, keep)
        _repair(Path(folder, "usr/lib/python3/dist-packages/odoo"))
        shutil.rmtree(dest, ignore_errors=True)
        shutil.move(Path(folder, "usr"), dest)


def pip_wheel(folder):
    """pip as a wheel, for a Python that Debian ships without it (package python3-venv)."""
    for deb in debs(PIP):
        unpack(deb, folder, lambda name: name.endswith(".whl"))
    return next(Path(folder).rglob("pip-*.whl"))
