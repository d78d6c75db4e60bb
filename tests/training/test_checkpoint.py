"""Checkpoints: everything comes back, and what is damaged is said to be."""

import json
from contextlib import suppress
from math import inf

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference.batches import random_batch

from cvtool.errors import DataError
from cvtool.models.architecture import parse
from cvtool.models.network import Network
from cvtool.training import checkpoint
from cvtool.training.optimizers import OPTIMIZERS, make_optimizer
from cvtool.training.progress import Progress

FORMULA = "conv3-3 + bn + relu + gap + fc-2"


def make(formula=FORMULA, seed=0):
    return Network(parse(formula), (4, 4, 1), seed=seed, init="auto", dtype="f4")


def learn(network, optimizer, steps):
    for step in steps:
        network.learn(random_batch((6, 4, 4, 1), "f4", seed=step), np.arange(6) % 2)
        optimizer.step(network.parameters, 0.01)


@pytest.fixture
def saved(tmp_path):
    """Save a network after three steps, as the third step of its second epoch."""
    network, optimizer = make(), make_optimizer("adam")
    learn(network, optimizer, range(3))
    path = tmp_path / "checkpoint" / "last.safetensors"
    mean = {"mean": np.array([0.5], "f4")}
    checkpoint.save(path, network, optimizer, mean, Progress(epoch=2, step=3))
    return path


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_learning_goes_on_as_if_never_interrupted(tmp_path, name):
    whole, optimizer = make(), make_optimizer(name)
    learn(whole, optimizer, range(7))

    first, second, path = make(), make(seed=1), tmp_path / "last.safetensors"
    early, late = make_optimizer(name), make_optimizer(name)
    learn(first, early, range(4))
    checkpoint.save(path, first, early, {}, Progress())
    checkpoint.load(path).restore(second, late)
    learn(second, late, range(4, 7))
    assert second.checksum() == whole.checksum()


numbers = st.one_of(st.floats(allow_nan=False), st.just(inf))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    counts=st.tuples(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**9)),
    sums=st.tuples(numbers, numbers),
    initial=st.none() | numbers,
)
def test_the_position_comes_back_to_the_last_bit(tmp_path, counts, sums, initial):
    epoch, step, images = counts
    progress = Progress(
        epoch=epoch,
        step=step,
        images=images,
        loss_sum=sums[0],
        best_val_accuracy=sums[1],
        initial_loss=initial,
    )
    checkpoint.save(tmp_path / "last", make(), make_optimizer("sgd"), {}, progress)
    assert checkpoint.load(tmp_path / "last").progress == progress


def test_every_group_comes_back_under_its_names(saved):
    loaded = checkpoint.load(saved)
    assert set(loaded.network) == set(make().arrays())
    assert {"fc1/weights/means", "fc1/weights/squares", "steps"} <= set(loaded.optimizer)
    assert loaded.view["mean"].tolist() == [0.5]
    assert loaded.source == str(saved)
    assert loaded.progress == Progress(epoch=2, step=3) == checkpoint.read_progress(saved)


def test_a_checkpoint_is_replaced_as_a_whole(saved):
    network, optimizer = make(seed=5), make_optimizer("sgd")
    checkpoint.save(saved, network, optimizer, {}, Progress(epoch=9))
    loaded = checkpoint.load(saved)
    assert loaded.progress.epoch == 9
    assert not loaded.view
    assert set(loaded.optimizer) == {"steps"}
    assert [path.name for path in saved.parent.iterdir()] == ["last.safetensors"]


def refused(path):
    """Load what cannot be loaded; return what is said."""
    with pytest.raises(DataError) as caught:
        checkpoint.load(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message


def test_a_missing_checkpoint_is_said_to_be(tmp_path):
    assert "no epoch of the run came to a good end" in refused(tmp_path / "last.safetensors")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_checkpoint_cut_anywhere_is_refused(saved, share):
    content = saved.read_bytes()
    path = saved.with_name("cut")
    path.write_bytes(content[: int(share * len(content))])
    assert refused(path).endswith("train again")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_bit_of_an_array_that_flips_is_noticed(saved, where, bit):
    content = bytearray(saved.read_bytes())
    arrays = 8 + int.from_bytes(content[:8], "little")
    content[arrays + int(where * (len(content) - arrays))] ^= 1 << bit
    path = saved.with_name("flipped")
    path.write_bytes(content)
    assert "bits of its arrays have changed" in refused(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(max_size=200))
def test_garbage_is_refused(tmp_path, garbage):
    path = tmp_path / "last.safetensors"
    path.write_bytes(garbage)
    assert "is not a whole checkpoint" in refused(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 2000), value=st.integers(0, 255))
def test_a_damaged_header_is_refused_or_harmless(saved, place, value):
    content = bytearray(saved.read_bytes())
    content[place] = value
    path = saved.with_name("damaged")
    path.write_bytes(bytes(content))
    with suppress(DataError):
        checkpoint.load(path)


POSITION = Progress().to_dict()


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {"format": "np"},
        {"progress": "not JSON"},
        {"progress": "[1, 2]"},
        {"progress": "7"},
        {"progress": json.dumps({name: POSITION[name] for name in POSITION if name != "epoch"})},
    ],
)
def test_arrays_without_their_position_are_refused(tmp_path, metadata):
    path = tmp_path / "last.safetensors"
    path.write_bytes(safetensors.numpy.save({"network/x": np.ones(3)}, metadata=metadata))
    assert "is not a whole checkpoint" in refused(path)


def test_another_networks_checkpoint_is_refused(saved):
    with pytest.raises(DataError, match="does not hold this network") as caught:
        checkpoint.load(saved).restore(make("fc-3"))
    assert str(saved) in str(caught.value)
