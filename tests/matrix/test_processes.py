"""A training that is distributed: one process sounds and writes, the others do not."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from any_keras import BACKEND, IS_LEGACY, logged

_SECONDS = 300.0  # that two processes may take on a busy machine

# Each is told its rank, where the other is, and where to write.
_JOIN = {
    "jax": """
import jax
jax.config.update("jax_cpu_collectives_implementation", "gloo")
jax.distributed.initialize(f"127.0.0.1:{port}", 2, rank)
import keras
devices = keras.distribution.list_devices()
keras.distribution.set_distribution(
    keras.distribution.DataParallel(devices=devices, auto_shard_dataset=False)
)
""",
    "torch": """
import torch
torch.distributed.init_process_group(
    "gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=2
)
import keras
""",
    "tensorflow": """
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
split = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, split)
scope = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope()
""",
}
_TRAIN = """
import contextlib, sys
scope = contextlib.nullcontext()
rank, port, directory = int(sys.argv[1]), sys.argv[2], sys.argv[3]
{join}
from any_keras import fit, keras, network
from keras_sonify import SonifyCallback

ours = SonifyCallback(directory=directory, player=None, verbose=1)
lower = keras.callbacks.LearningRateScheduler(lambda e: 0.1 if e < 2 else 0.01)
with scope:
    model = network()
fit(model, ours, lower, batch_size=16)
"""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.mark.skipif(IS_LEGACY, reason="tried with Keras 3")
def test_two_processes_or_devices(tmp_path: Path) -> None:
    """JAX and PyTorch in two processes, TensorFlow's strategy on two devices in one."""
    code = _TRAIN.format(join=_JOIN[BACKEND])
    port = str(_free_port())
    tests = str(Path(__file__).parents[1])
    paths = os.pathsep.join(filter(None, [tests, os.environ.get("PYTHONPATH")]))
    ranks = range(1 if BACKEND == "tensorflow" else 2)
    workers = [
        subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-c",
                code,
                str(rank),
                port,
                str(tmp_path / str(rank)),
            ],
            env={**os.environ, "PYTHONPATH": paths},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for rank in ranks
    ]
    try:
        told = [worker.communicate(timeout=_SECONDS)[0] for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()

    assert [worker.returncode for worker in workers] == [0 for _ in ranks], "\n".join(
        told
    )
    has_epochs = ["Epoch 4 of 4:" in lines for lines in told]
    assert has_epochs == [rank == 0 for rank in ranks], "\n".join(told)
    assert [path.name for path in tmp_path.iterdir()] == ["0"]
    assert logged(tmp_path / "0")["learning_rate"] == pytest.approx(
        [0.1] * 2 + [0.01] * 2
    )
