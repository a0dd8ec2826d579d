"""Time to the first token as a stack: waiting for a slot, and reading the prompt."""

from typing import Final

import numpy as np

from engine.ranges import bounded
from engine.tables import gpu_systems, model_named
from engine.tokens import roofline
from engine.tokens.queueing import mean_wait_s
from engine.tokens.throughput import Serving

REPLICA_GPUS: Final = 8
BUSIEST: Final = 0.99


def first_token_parts_s(
    serving: Serving, tok_s_user: float, usable_share: float
) -> tuple[float, float]:
    """Waiting for a slot and reading the prompt, without the network.

    Parameters
    ----------
    serving : Serving
        Workload and GPU.
    tok_s_user : float
        Output tokens per second of one user, > 0. [tok/s]
    usable_share : float
        How full the slots run at peak, 0 to 1. [1]

    Returns
    -------
    tuple of float
        Mean wait, and prefill on a replica of eight GPUs; zero where the model or GPU has no
        roofline. [s]

    Raises
    ------
    UnknownModel
        If the model is not in the table.

    Notes
    -----
    Definition. The slots of one replica are the sequences that its memory holds; a request
    keeps one for its output length at the speed asked for. Allen-Cunneen with exponential
    gaps and service.
    """
    system = gpu_systems().get(serving.gpu)
    if system is None:
        return 0.0, 0.0
    model = model_named(serving.model)
    _, prefill_s = roofline.step_and_prefill_s(
        model,
        system,
        serving.precision,
        gpus=REPLICA_GPUS,
        batch=np.ones(1),
        isl=float(serving.isl),
        osl=float(serving.osl),
        dp_attention=False,
        prefix_hit=serving.prefix_hit,
    )
    read_s = float(prefill_s[0]) * serving.osl
    limit = roofline.batch_limit(
        model,
        system,
        serving.precision,
        gpus=REPLICA_GPUS,
        context=float(serving.isl + serving.osl),
        dp_attention=False,
    )
    slots = int(np.clip(limit, 1, 1024))
    service_s = read_s + serving.osl / tok_s_user
    return mean_wait_s(slots, service_s, min(usable_share, BUSIEST)), read_s


def task_s(
    turns: float,
    *,
    rtt_s: float,
    first_token_s: float,
    osl: float,
    tok_s_user: float,
    tool_s: float,
) -> float:
    """Time of an agent's task with tools in between.

    Parameters
    ----------
    turns : float
        Turns of the task; the median of coding agents is 65.
    rtt_s : float
        Network round trip between agent and plant. [s]
    first_token_s : float
        Time to the first token of a turn. [s]
    osl : float
        Output of a turn. [tok]
    tok_s_user : float
        Speed, > 0. [tok/s]
    tool_s : float
        Time of the tool of a turn. [s]

    Returns
    -------
    float
        Seconds. [s]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. Every turn pays the network once; streaming hides it after the first token.
    """
    bounded("The speed per user", tok_s_user, 0.0, above_low=True, unit="tok/s")
    return turns * (rtt_s + first_token_s + osl / tok_s_user + tool_s)
