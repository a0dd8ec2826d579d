"""Models from their dimensions alone: caches, and the roofline where nobody's points are shipped.

Cache sizes follow the models' public configuration files. Offline throughput: MLPerf Inference
v5.1, datacenter, closed division, median of the submissions with the GPU, output tokens a second
and GPU; mean lengths of the data sets. Verified results of MLCommons; the figure per GPU is derived
and not an official MLPerf metric. The roofline's sigma is 0.25; a dense model read for 9,428 tokens
lies 0.71 to 1.13 from it where its constants were fitted on the part. On B300 and MI355X they were
fitted on mixtures of experts and give 0.34 to 0.55: those stand in the table of errors, not here.
"""

import math

import numpy as np
import pytest

import engine.cost
import engine.tokens
from engine.tables import gpu_systems, models
from engine.tokens import Serving, kv_elems_per_token, predicted_points, roofline_frontier
from engine.tokens.roofline import cache_elems

CACHES = [
    # model, layers, heads of keys and values, size, or latent rank and rope
    ("llama3.1-8b", 32, 8, 128, 0, 0),
    ("llama3.3-70b", 80, 8, 128, 0, 0),
    ("llama3.1-405b", 126, 8, 128, 0, 0),
    ("mixtral-8x7b", 32, 8, 128, 0, 0),
    ("mixtral-8x22b", 56, 8, 128, 0, 0),
    ("qwen3-235b-a22b", 94, 4, 128, 0, 0),
    ("deepseek-r1", 61, 128, 128, 512, 64),
    ("kimi-k2", 61, 64, 128, 512, 64),
]
OFFLINE = [
    ("llama3.1-405b", "h100", "fp8", 9428, 684, 48.9),
    ("llama3.1-405b", "h200", "fp8", 9428, 684, 68.6),
    ("llama3.1-405b", "b200", "fp4", 9428, 684, 205.2),
    ("llama3.1-405b", "gb200", "fp4", 9428, 684, 212.9),
    ("llama3.1-8b", "h100", "fp8", 778, 73, 5777.0),
    ("llama3.1-8b", "h200", "fp8", 778, 73, 6649.0),
    ("llama3.1-8b", "b200", "fp4", 778, 73, 17891.0),
]
UNMEASURED = ("llama3.1-405b", "qwen3-235b-a22b", "mixtral-8x22b", "gpt-oss-120b")
GPUS = ("h100", "h200", "b200", "gb200", "mi355x")


@pytest.mark.parametrize("row", CACHES, ids=lambda row: row[0])
def test_a_token_keeps_what_the_configuration_says(row):
    model, layers, heads, size, rank, rope = row
    found = kv_elems_per_token(layers, heads, size, latent_rank=rank, rope_dim=rope)

    assert models()[model].kv_elems_per_token == found


def test_multi_head_attention_keeps_every_head():
    """GPT-3: 96 layers, 96 heads of 128; 4.7 MB a token at two bytes a number."""
    assert 2 * kv_elems_per_token(96, 96, 128) == 4_718_592


def test_sliding_layers_keep_their_window_and_no_more():
    """Gemma 4 26B-A4B: 5 full and 25 sliding layers of 1,024 tokens, 8 heads of 256."""
    model = models()["gemma-4-26b-a4b"]
    full, sliding = 5 * 2 * 8 * 256, 25 * 2 * 8 * 256

    assert cache_elems(model, 8192.0) == full * 8192 + sliding * 1024
    assert cache_elems(model, 512.0) == (full + sliding) * 512


@pytest.mark.parametrize("row", OFFLINE, ids=lambda row: f"{row[0]}-{row[1]}")
def test_saturation_lies_within_the_stated_error(row):
    model, gpu, precision, isl, osl, measured = row
    _, rates = predicted_points(
        models()[model], gpu_systems()[gpu], precision, isl=float(isl), osl=float(osl)
    )
    output = float(rates.max()) * osl / (isl + osl)

    assert abs(math.log(output / measured)) < 1.6 * 0.25


@pytest.mark.parametrize("model", UNMEASURED)
def test_the_roofline_needs_dimensions_and_a_gpu_only(model):
    at_twenty = {}
    for gpu in GPUS:
        precision = "fp4" if model == "gpt-oss-120b" else "fp8"
        found = roofline_frontier(
            Serving(model=model, gpu=gpu, precision=precision, isl=8192, osl=1024, prefix_hit=0.0)
        )
        assert found is not None, gpu
        assert np.all(np.diff(found.tok_s_per_user) > 0.0)
        assert np.all(np.diff(found.tok_s_per_gpu) < 0.0)
        assert found.at(found.fastest_tok_s_user + 1.0) is None
        at_twenty[gpu] = found.at(20.0)
    assert at_twenty["h100"] < at_twenty["h200"] < at_twenty["b200"] <= at_twenty["gb200"]


@pytest.mark.parametrize("package", [engine.tokens, engine.cost])
def test_functions_are_found_by_name_and_say_their_units(package):
    for name in package.__all__:
        found = getattr(package, name)
        words = found.__doc__ or ""
        assert words, name
        if not isinstance(found, type):
            assert "Returns" in words and "Notes" in words, name
