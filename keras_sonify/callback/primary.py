"""Whether this process is the one of a distributed training that sounds."""

import sys
from typing import Any


def is_primary(model: object = None) -> bool:
    """Ask the frameworks that are loaded whether this process leads the training.

    Every worker of a distributed training runs all callbacks. Environment variables
    do not tell who leads: independent jobs of one `srun` have ranks too. Nothing is
    imported here, nothing waits for other workers, and in doubt the answer is yes.

    Args:
        model: The model that trains; may tell of a TensorFlow strategy. Defaults to
            `None`.
    """
    return all(ask(model) for ask in (_ask_jax, _ask_torch, _ask_tensorflow))


def _ask_jax(_: object) -> bool:
    # Asking JAX starts its backend, which only a training on JAX has done already.
    keras = sys.modules.get("keras")
    jax: Any = sys.modules.get("jax")
    try:
        if keras is None or jax is None or keras.backend.backend() != "jax":
            return True
        return bool(jax.process_index() == 0)
    except Exception:  # noqa: BLE001 - in doubt, sound
        return True


def _ask_torch(_: object) -> bool:
    distributed: Any = sys.modules.get("torch.distributed")
    try:
        if distributed is None or not distributed.is_initialized():
            return True
        return bool(distributed.get_rank() == 0)
    except Exception:  # noqa: BLE001 - in doubt, sound
        return True


def _ask_tensorflow(model: object) -> bool:
    strategy: Any = getattr(model, "distribute_strategy", None)
    try:
        return strategy is None or bool(strategy.extended.should_save_summary)
    except Exception:  # noqa: BLE001 - in doubt, sound
        return True
