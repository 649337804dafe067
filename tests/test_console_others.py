"""What others than Keras print while they train is read, too."""

import pytest
from logged import read

ZERO = [(0, {"loss": 0.9}), (1, {"loss": 0.5})]
BOTH = [(0, {"loss": 0.9, "val_loss": 1.0}), (1, {"loss": 0.5, "val_loss": 0.7})]
ACC = [
    (0, {"loss": 0.9, "acc": 0.5, "val_loss": 1.0, "val_acc": 0.4}),
    (1, {"loss": 0.5, "acc": 0.7, "val_loss": 0.7, "val_acc": 0.6}),
]
OTHERS = {
    "epoch {n} loss {0}\n": ZERO,
    "epoch: {n}, loss: {0}, val_loss: {2}, time: 3.5s\n": BOTH,
    "Epoch [{n}/9], Loss: {0}\n": ZERO,
    "[epoch:{n}/9] [loss:{0}] [lr:0.01] [total time:0:02:28]\n": [
        (epoch, {**row, "lr": 0.01}) for epoch, row in ZERO
    ],
    "Epoch {n}/9\n----------\ntrain Loss: {0} Acc: {1}\nval Loss: {2} Acc: {3}\n": ACC,
    "Epoch {n} | Train Loss: {0} | Acc: {1} | Val Loss: {2} | Acc: {3}\n": ACC,
    "Epoch {n}: train loss={0}, train acc={1}, val loss={2}, val acc={3}\n": ACC,
    "2025-01-01 - root - INFO - epoch={n} train_loss={0} val_loss={2}\n": BOTH,
    "Train Epoch: {n} [0/60000 (0%)]\tLoss: 2.3\nTrain Epoch: {n} [64/60000]\t"
    "Loss: {0}\n\nTest set: Average loss: {2}\n": BOTH,
    "\rEpoch {n}:   1%|▏ | 1/99 [00:00<00:05, 19.8it/s, loss=2.5]"
    "\rEpoch {n}: 100%|█| 99/99 [00:05<00:00, 19.8it/s, v_num=0, train_loss={0}, "
    "val_loss={2}]": BOTH,
    "{{'loss': 2.0, 'epoch': {n}}}\n{{'loss': {0}, 'epoch': {n}}}\n"
    "{{'eval_loss': {2}, 'eval_runtime': 1.5, 'epoch': {n}}}\n": BOTH,
    "[{n}]\tall-rmse:{0}\tmost-rmse:{2}\n": [
        (n, {"all-rmse": row["loss"], "most-rmse": row["val_loss"]}) for n, row in BOTH
    ],
    "[{n}]\ttraining's auc: {0}\tvalid_1's auc: {2}\n": [
        (n, {"auc": row["loss"], "val_auc": row["val_loss"]}) for n, row in BOTH
    ],
    "2025 | INFO | train | epoch 00{n} | loss {0} | wps 99\n"
    "2025 | INFO | valid | epoch 00{n} | valid on 'valid' subset | loss {2}\n": BOTH,
    "2025-01-01 10:00:00,000 EPOCH {n} done: loss {0}\n"
    "2025-01-01 10:00:00,000 DEV : loss {2}\n": BOTH,
    "INFO:root:Epoch[{n}] Train-acc={1}\nINFO:root:Epoch[{n}] Time cost=1.2\n"
    "INFO:root:Epoch[{n}] Validation-acc={3}\n": [
        (n, {"acc": row["acc"], "val_acc": row["val_acc"]}) for n, row in ACC
    ],
    "[{n},  2000] loss: 2.131\n[{n},  4000] loss: {0}\n": ZERO,
    "\x1b[32m[2025-10-21 r]\x1b[0m: INFO Train: [{n}/9]\tlr 0.01\tloss 0.1 ({0})\n": [
        (epoch, {"lr": 0.01, **row}) for epoch, row in ZERO
    ],
}
NUMBERS = [(0.9, 0.5, 1.0, 0.4), (0.5, 0.7, 0.7, 0.6)]


@pytest.mark.parametrize("form", OTHERS)
@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("noise", ["", "2025-11-10 14:24:10.02: using 2 cores\n" * 30])
def test_what_others_print_is_read(form: str, first: int, noise: str) -> None:
    """Epochs count from 0 or 1, and numbers have names."""
    if "'epoch'" in form:
        first = 1  # Hugging Face's epochs are how much is done
    lines = [form.format(*row, n=n) for n, row in enumerate(NUMBERS, start=first)]

    assert read(noise + "".join(lines)) == (OTHERS[form], [])


def test_each_training_counts_as_it_likes() -> None:
    """One that is prepared from 0 may go on from 1."""
    text = "".join(f"epoch {n} loss 0.5\n" for n in (0, 1, 1, 2)).replace(
        "epoch 1 loss 0.5\nepoch 1", "epoch 1 loss 0.5\nepoch 2 loss 0.5\nepoch 1"
    )

    assert [epoch for epoch, _ in read(text)[0]] == [0, 1, 2, 0, 1]


def test_a_share_of_all_is_a_share() -> None:
    """As the example of MNIST prints it; what is best so far is no value of now."""
    text = "Test Epoch: 1 Accuracy: 9852/10000 (99%), best accuracy: 0.9\n"

    assert read(text)[0] == [(0, {"val_accuracy": 0.9852})]
