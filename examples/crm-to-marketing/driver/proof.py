"""A claim that the demo makes about the running systems; a claim that does not hold ends the demo."""


class ProofFailed(Exception):
    """The demo ran, and something is not as it must be."""


def prove(holds: bool, claim: str) -> None:
    if not holds:
        raise ProofFailed(f"not true: {claim}")
