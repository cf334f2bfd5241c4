#!/usr/bin/python3
"""The whitepaper's integration, run from nothing: a new customer in the CRM becomes a subscriber in marketing.

Starts two upstream systems and polyd, builds the integration with `poly` as a user would, sends events as the CRM
would, and asks the marketing system itself whether they arrived. Everything stays up until Ctrl-C, or with --once
stops at the end. Exits with 1 and a reason when a proof fails.
"""

import argparse
import fcntl
import shutil
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

from driver.build_steps import CONTEXT, Builder, Integration
from driver.http_json import RequestFailed
from driver.poly_cli import CommandFailed, Poly
from driver.proof import ProofFailed
from driver.proof_steps import Prover
from driver.screen import Screen
from driver.services import ServiceFailed, log_tail
from driver.systems import NODE, ROOT, Systems

WORK = ROOT / ".demo"
LOCK = ROOT / ".demo" / "lock"


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--once", action="store_true", help="stop everything at the end and exit")
    parser.add_argument("--binaries", type=Path, default=ROOT / "build/release/bin",
                        help="the folder of polyd and poly (default: build/release/bin)")
    return parser.parse_args()


def require_programs(binaries: Path) -> None:
    for program in (binaries / "polyd", binaries / "poly"):
        if not program.exists():
            raise ServiceFailed(f"{program} is missing; build it with `make build`")
    if not NODE.exists():
        raise ServiceFailed(f"{NODE} is missing; install it with `npm ci`")


@contextmanager
def fresh_work_folder():
    """The folder of this run, emptied; refused while another demo uses it."""
    WORK.mkdir(exist_ok=True)
    with LOCK.open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServiceFailed(f"another demo is running in {WORK}; stop it first") from None
        for entry in WORK.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry != LOCK:
                entry.unlink()
        yield


def show_commands(screen: Screen, systems: Systems, integration: Integration, program: Path) -> None:
    poly = program.relative_to(ROOT) if program.is_relative_to(ROOT) else program
    screen.commands("Commands to try next", [
        ("let the commands below know where and who",
         f"export POLY_API_BASE_URL={systems.polyd} POLY_API_KEY={systems.polyd_key}"),
        ("a customer without consent: skipped",
         f"curl -s {integration.event_url} -H 'content-type: application/json' "
         "-d '{\"type\":\"customer.created\",\"customerId\":10}'"),
        ("the orchestration, for any customer from 1 to 25", f"curl -s {integration.overview_url}/8"),
        ("find a function by what it does", f"{poly} search customer"),
        ("what the flow printed", f"{poly} logs {CONTEXT}.onCustomerCreated"),
        ("the whole API of this server", f"curl -s {systems.polyd}/openapi.json"),
        ("what marketing has",
         f"curl -s {systems.marketing}/subscribers -H 'authorization: Bearer {systems.marketing_key}'"),
    ])


def run(screen: Screen, systems: Systems, binaries: Path, once: bool) -> None:
    screen.title(
        "OpenPoly: CRM → marketing",
        "A customer created in the CRM becomes a subscriber in marketing; a nightly job repairs what was missed.",
    )
    systems.start(screen)
    poly = Poly(binaries / "poly", systems.polyd, systems.polyd_key)
    integration = Builder(systems, poly, screen, WORK).build()
    Prover(systems, poly, screen, integration).run()
    if once:
        return
    show_commands(screen, systems, integration, binaries / "poly")
    screen.say("Everything is running; Ctrl-C stops it.")
    systems.wait()


def run_and_stop(screen: Screen, systems: Systems, binaries: Path, once: bool) -> int:
    status = 0
    try:
        run(screen, systems, binaries, once)
    except KeyboardInterrupt:
        screen.say("Stopping.")
    except (ProofFailed, ServiceFailed, CommandFailed, RequestFailed) as failure:
        screen.failure(str(failure))
        screen.log_tail("polyd's log", log_tail(systems.polyd_log))
        status = 1
    finally:
        systems.stop()
    return status


def main() -> int:
    options = read_options()
    binaries = options.binaries.resolve()
    screen = Screen()
    # A demo that is told to end stops its systems as it does on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        require_programs(binaries)
        with fresh_work_folder():
            return run_and_stop(screen, Systems(binaries, WORK), binaries, options.once)
    except ServiceFailed as failure:
        screen.failure(str(failure))
        return 1


if __name__ == "__main__":
    sys.exit(main())
