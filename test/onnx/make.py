"""
Makes, from the installed packages, what the suite asks and the answers that are right: a folder for each backend test.

    make.py FOLDER < NAMES     the tests of these names, one a line

The work is done by worker.py; a test that ends it, or takes longer than PATIENCE seconds, is taken up again without that run.
"""

import json
import os
import select
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PATIENCE = 30


class Worker:
    def __init__(self, folder, environment):
        command = [sys.executable, HERE / "worker.py", folder]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, bufsize=0
        )

    def order(self, name, skip):
        """Makes a test; the run that was its last where it could not be made to the end."""
        self.process.stdin.write(json.dumps({"name": name, "skip": skip}).encode() + b"\n")
        last = None
        while True:
            ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
            line = self.process.stdout.readline() if ready else b""
            if not line:
                if not ready:
                    self.process.kill()
                if self.process.wait() > 0:  # not by a signal
                    raise SystemExit(f"{name} cannot be made: the worker failed, with the error above.")
                return last
            told = json.loads(line)
            if "done" in told:
                return None
            last = [told["form"], told["case"]]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def make(folder, names):
    with tempfile.TemporaryDirectory() as locales:
        environment = {**os.environ, **locale_environment(locales)}
        worker = Worker(folder, environment)
        for name in names:
            skip = []
            while (last := worker.order(name, skip)) is not None:
                print(f"{name}: ONNX Runtime in Python does not survive {last[1]} of the form {last[0]}", flush=True)
                skip.append(last)
                worker = Worker(folder, environment)
        worker.close()


def locale_environment(folder):
    """Some operators on strings want the locale en_US.UTF-8, which a slim machine lacks: C.UTF-8 under that name does."""
    here = Path("/usr/lib/locale/C.utf8")
    if not here.exists():
        return {}
    (Path(folder) / "en_US.UTF-8").symlink_to(here)
    return {"LOCPATH": folder}


if __name__ == "__main__":
    make(sys.argv[1], sys.stdin.read().split())
