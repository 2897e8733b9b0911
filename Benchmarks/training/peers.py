"""Runs our program, or a Python script of a peer, each in the environment that suits it."""

import json
import os
import subprocess
import sys


class Failed(Exception):
    """A program that did not come to an end; says its last words."""


def run_ours(program, coretype, words):
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1")
    if coretype:
        environment["OPENBLAS_CORETYPE"] = coretype
    return _run([program, *words], environment)


def run_torch(words):
    """numpy brings an OpenBLAS of its own, which these variables would mislead."""
    environment = {
        key: value for key, value in os.environ.items()
        if key not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS")}
    return _run([sys.executable, "-W", "ignore", *words], environment)


def _run(words, environment):
    done = subprocess.run(
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failed((done.stderr.strip().splitlines() or ["it said nothing"])[-1][:200])
    return json.loads(done.stdout.strip().splitlines()[-1])
