"""
Leaving a model alone that keeps failing.

After FAILURES in a row within WINDOW_SECONDS nobody asks it for OPEN_SECONDS; then one call goes
through, and what becomes of it decides. The state is this process's own: several processes find
out each for itself.
"""

import time
from dataclasses import dataclass, field

from chatrigo.integrations.llm_turns import ModelFailed
from chatrigo.language_model import Model

FAILURES = 5
WINDOW_SECONDS = 60.0
OPEN_SECONDS = 30.0
MOST_CIRCUITS = 1000
# What the server says of itself or of the key, not of one request.
OF_THE_KEY = (401, 402, 403, 404, 429)


@dataclass(slots=True)
class _Circuit:
    failures: list[float] = field(default_factory=list)
    open_until: float = 0.0
    probing: bool = False


_circuits: dict[tuple[str, str, str], _Circuit] = {}


def may_ask(model: Model) -> bool:
    """Whether to ask it now. Who is told yes says `worked`, `failed` or `left` afterwards."""
    circuit = _circuits.get(_of(model))
    if circuit is None or not circuit.open_until:
        return True
    if circuit.probing or time.monotonic() < circuit.open_until:
        return False
    circuit.probing = True
    return True


def is_open(model: Model) -> bool:
    """Whether it is left alone at this moment, for people to see."""
    circuit = _circuits.get(_of(model))
    return circuit is not None and time.monotonic() < circuit.open_until


def worked(model: Model) -> None:
    _circuits.pop(_of(model), None)


def left(model: Model) -> None:
    """The answer was not wanted any more: nothing is known of the model."""
    if circuit := _circuits.get(_of(model)):
        circuit.probing = False


def failed(model: Model, failure: ModelFailed, *, fairly: bool = True) -> None:
    """`fairly` is whether it had the time that it may take."""
    if not _tells_of_the_model(failure, fairly):
        return left(model)
    now = time.monotonic()
    circuit = _circuits.pop(_of(model), None) or _Circuit()
    _circuits[_of(model)] = circuit
    if len(_circuits) > MOST_CIRCUITS:
        del _circuits[next(iter(_circuits))]
    recent = [at for at in circuit.failures if at > now - WINDOW_SECONDS]
    circuit.failures = [*recent, now]
    if circuit.probing or len(circuit.failures) >= FAILURES:
        circuit.open_until = now + OPEN_SECONDS
    circuit.probing = False
    return None


def _tells_of_the_model(failure: ModelFailed, fairly: bool) -> bool:
    if failure.reason == "timeout":
        return fairly
    if failure.reason == "overloaded":
        return failure.status != 0  # else our own places were taken
    if failure.reason == "refused":
        return failure.status in OF_THE_KEY
    return failure.reason != "nonsense"


def _of(model: Model) -> tuple[str, str, str]:
    """Another's wrong key is no failure of ours."""
    return model.endpoint, model.name, model.key
