"""A large API document trained as a user does it, from the file to functions that can be called, each time into an empty
polyd."""

from harness.figures import Finding
from harness.plan import Plan
from harness.polyd import Polyd
from measurements.asleep import ALONE
from measurements.github import Training, train_github, training_figure

NAME = "training"


def _once(plan: Plan) -> Training:
    polyd = plan.keep(Polyd(plan.binaries, plan.folder("training") / "data", settings=ALONE))
    training = train_github(plan, polyd)
    polyd.stop()
    return training


def measure(plan: Plan) -> list[Finding]:
    plan.tell(f"GitHub's document, trained {plan.rounds} times")
    return [training_figure(NAME, [_once(plan) for _ in range(plan.rounds)])]
