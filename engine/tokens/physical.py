"""Physical AI: clips, images, robot policies and simulation, each by its own unit."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from engine.errors import Invalid
from engine.tables import gpu_systems, model_named
from engine.tokens import roofline
from engine.tokens.streams import RAY_TRACING

SECONDS_PER_HOUR: Final = 3600.0
CLIPS_PER_S: Final[Mapping[str, tuple[float, int]]] = {
    "gb300": (0.655, 72),
    "gb200": (0.496, 72),
    "mi355x": (0.073, 8),
}
# MLPerf Inference v6.1, Wan 2.2 text to video, offline: clips per second of so many GPUs.
IMAGES_PER_S: Final[Mapping[str, tuple[float, int]]] = {
    "gb300": (1305.0, 72),
    "vr200": (2393.0, 72),
}
# MLPerf Inference v6.1, Qwen3-VL-235B, offline: samples per second of so many GPUs.


def usd_per_clip(gpu: str, usd_per_gpu_h: float) -> float:
    """Cost of one generated video clip.

    Parameters
    ----------
    gpu : str
        A GPU with a measured rate.
    usd_per_gpu_h : float
        Cost of a GPU-hour. [USD/GPU-h]

    Returns
    -------
    float
        Cost. [USD/clip]

    Raises
    ------
    Invalid
        If nobody measured the GPU.

    Notes
    -----
    Offline rates of a system over its GPUs [1]_; not an official MLPerf metric.

    References
    ----------
    .. [1] MLCommons, MLPerf Inference v6.1, text to video.
    """
    return _per_unit(CLIPS_PER_S, gpu, usd_per_gpu_h, "video clips")


def usd_per_thousand_images(gpu: str, usd_per_gpu_h: float) -> float:
    """Cost of a thousand images that a vision-language model reads.

    Parameters
    ----------
    gpu : str
        A GPU with a measured rate.
    usd_per_gpu_h : float
        Cost of a GPU-hour. [USD/GPU-h]

    Returns
    -------
    float
        Cost. [USD per 1,000 samples]

    Raises
    ------
    Invalid
        If nobody measured the GPU.

    Notes
    -----
    Offline rates of a system over its GPUs [1]_; not an official MLPerf metric.

    References
    ----------
    .. [1] MLCommons, MLPerf Inference v6.1, vision-language.
    """
    return 1000.0 * _per_unit(IMAGES_PER_S, gpu, usd_per_gpu_h, "images")


def clips_per_s(gpu: str) -> float | None:
    """Video clips per second of one GPU, offline; None where nobody measured it. [1/s]

    Notes
    -----
    Definition. A system's rate over its GPUs.
    """
    return _rate(CLIPS_PER_S, gpu)


def images_per_s(gpu: str) -> float | None:
    """Images read per second by one GPU, offline; None where nobody measured it. [1/s]

    Notes
    -----
    Definition. A system's rate over its GPUs.
    """
    return _rate(IMAGES_PER_S, gpu)


def _rate(rates: Mapping[str, tuple[float, int]], gpu: str) -> float | None:
    return rates[gpu][0] / rates[gpu][1] if gpu in rates else None


def _per_unit(
    rates: Mapping[str, tuple[float, int]], gpu: str, usd_per_gpu_h: float, what: str
) -> float:
    if gpu not in rates:
        raise Invalid(f"Nobody measured {what} on {gpu}.", gpu=gpu)
    rate, gpus = rates[gpu]
    return usd_per_gpu_h * gpus / (rate * SECONDS_PER_HOUR)


def robots_per_gpu(
    gpu: str,
    model: str,
    precision: str,
    *,
    isl: float,
    osl: float,
    deadline_s: float,
    actions_per_s: float,
) -> int:
    """Robots that one GPU serves, every action within its deadline.

    Parameters
    ----------
    gpu, model, precision : str
        What serves.
    isl, osl : float
        Input and output of one action. [tok]
    deadline_s : float
        Time from picture to action, without the network. [s]
    actions_per_s : float
        Actions of one robot. [1/s]

    Returns
    -------
    int
        Robots; 0 when even one comes late.

    Raises
    ------
    UnknownModel
        If the model is not in the table.
    Invalid
        If the GPU is in no table.

    Notes
    -----
    Definition. The largest batch whose prefill and decode end within the deadline, by the
    roofline of one GPU; a robot keeps a place for the time of its action.
    """
    if gpu not in gpu_systems():
        raise Invalid(f"There is no table of {gpu}.", gpu=gpu)
    batch = np.arange(1.0, 513.0)
    step_s, prefill_s = roofline.step_and_prefill_s(
        model_named(model),
        gpu_systems()[gpu],
        precision,
        gpus=1,
        batch=batch,
        isl=isl,
        osl=osl,
        dp_attention=False,
    )
    whole_s = (step_s + prefill_s) * osl
    in_time = np.flatnonzero(whole_s <= deadline_s)
    if not in_time.size:
        return 0
    most = int(in_time[-1])
    return int(batch[most] / (actions_per_s * whole_s[most]))


def simulation_usd(gpu: str, gpu_hours: float, usd_per_gpu_h: float) -> float:
    """Cost of simulation that traces rays.

    Parameters
    ----------
    gpu : str
        A part that draws.
    gpu_hours : float
        Work. [GPU-h]
    usd_per_gpu_h : float
        Cost. [USD/GPU-h]

    Returns
    -------
    float
        Cost. [USD]

    Raises
    ------
    Invalid
        If the part has no ray-tracing cores: racks made for tokens have none.

    Notes
    -----
    Definition.
    """
    if gpu not in RAY_TRACING:
        raise Invalid(
            f"{gpu} draws nothing: simulation needs one of {', '.join(sorted(RAY_TRACING))}.",
            gpu=gpu,
        )
    return gpu_hours * usd_per_gpu_h
