"""What every tool shares: the places of this checkout, running a program, and telling the user."""

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ROOT / "addons"
STATE = ROOT / ".odoo"  # all that is made here; `make clean` removes it
VENV = STATE / "venv"
CONF = STATE / "odoo.conf"
DATA = STATE / "data"

START = time.monotonic()


class Failure(Exception):
    """What went wrong and what to do about it, in words for the user."""

    def __init__(self, problem, remedy=""):
        super().__init__(problem)
        self.problem, self.remedy = problem, remedy


def say(text):
    """One line of progress, with the time since the start."""
    print(f"[{time.monotonic() - START:4.0f}s] {text}", flush=True)


@contextlib.contextmanager
def phase(title):
    """Say what begins now, and how long it took."""
    say(f"{title} ...")
    begin = time.monotonic()
    yield
    say(f"{title}: {time.monotonic() - begin:.1f}s")


def interrupt(signum, _frame):
    """SIGINT, SIGTERM and SIGHUP all end a command the same way."""
    raise KeyboardInterrupt(signum)


def catch_signals():
    """Also when started in the background of a script, where SIGINT comes ignored."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, interrupt)


def ignore_signals():
    """For the last steps, which a second Ctrl-C must not cut short."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)


def end(child, signum=signal.SIGINT):
    """Wait for a program that was interrupted, and insist when it does not end.

    Ctrl-C reaches the whole process group, so the program has had its SIGINT already."""
    steps = [] if signum == signal.SIGINT else [signal.SIGINT]
    for step in (*steps, None, signal.SIGTERM, signal.SIGKILL):
        if step:
            child.send_signal(step)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(15 if step != signal.SIGINT else 0.1)
            return


def call(*args, **kw):
    """Run a program and return its exit code; when interrupted, let it end in good order."""
    with subprocess.Popen([str(arg) for arg in args], **kw) as child:
        try:
            return child.wait()
        except KeyboardInterrupt as error:
            end(child, *error.args)
            raise


def run(*args, problem, remedy="", **kw):
    """Run a program that has to succeed. Its output is shown only when it does not."""
    done = subprocess.run(
        [str(arg) for arg in args],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        check=False,
        **kw,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-25:])
        raise Failure(f"{tail}\n\n{problem}" if tail else problem, remedy)
    return done.stdout


@contextlib.contextmanager
def locked(name="setup"):
    """One command of this checkout at a time."""
    STATE.mkdir(exist_ok=True)
    with open(STATE / f"{name}.lock", "w") as handle:
        for _attempt in range(20):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(0.1)
        else:
            say("another command of this checkout is preparing something: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def write(path, text, mode=0o644):
    """Replace a file in one step, so that nobody reads half of it."""
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_text(text)
    new.chmod(mode)
    new.replace(path)
