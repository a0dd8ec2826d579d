"""What attention keeps and computes for one token, from the dimensions of a model."""

from typing import Final

MLA_QK_DIM: Final = 192
MLA_V_DIM: Final = 128
# Head sizes of the expanded form, which prefill computes; of the models with latent attention.


def kv_elems_per_token(
    layers: float, kv_heads: float, head_dim: float, *, latent_rank: float = 0, rope_dim: float = 0
) -> float:
    r"""Numbers that attention keeps for one token: multiply by the bytes of a number.

    Parameters
    ----------
    layers : float
        Layers that keep a cache.
    kv_heads : float
        Heads of keys and values: as many as query heads for multi-head attention, fewer for
        grouped queries, 1 for multi-query.
    head_dim : float
        Size of a head.
    latent_rank, rope_dim : float
        Of latent attention, which keeps one vector for all heads; 0 for the others.

    Returns
    -------
    float
        Numbers. [1]

    Notes
    -----
    :math:`2\,L\,h_{kv}\,d`; latent :math:`L\,(r + d_{rope})` [1]_.

    References
    ----------
    .. [1] DeepSeek-AI, "DeepSeek-V2: a strong, economical, and efficient mixture-of-experts
       language model," 2024, table 1, arXiv:2405.04434.
    """
    if latent_rank:
        return layers * (latent_rank + rope_dim)
    return 2.0 * layers * kv_heads * head_dim


def attention_decode_flop(
    layers: float,
    q_heads: float,
    head_dim: float,
    context: float,
    *,
    latent_rank: float = 0,
    rope_dim: float = 0,
) -> float:
    r"""Arithmetic of attention for one decoded token, the weights' own apart.

    Parameters
    ----------
    layers, q_heads, head_dim : float
        Layers, query heads and their size.
    context : float
        Tokens that it attends to. [tok]
    latent_rank, rope_dim : float
        Of latent attention in its absorbed form; 0 for the others.

    Returns
    -------
    float
        Floating-point operations. [FLOP]

    Notes
    -----
    Definition. :math:`4\,L\,H\,d\,C`; latent :math:`2\,L\,H\,(2r + d_{rope})\,C`.
    """
    if latent_rank:
        return 2.0 * layers * q_heads * (2.0 * latent_rank + rope_dim) * context
    return 4.0 * layers * q_heads * head_dim * context


def attention_prefill_flop(
    layers: float, q_heads: float, head_dim: float, isl: float, *, latent_rank: float = 0
) -> float:
    r"""Arithmetic of attention for one input token, the mean of a causal prompt.

    Parameters
    ----------
    layers, q_heads, head_dim : float
        Layers, query heads and their size.
    isl : float
        Length of the prompt. [tok]
    latent_rank : float
        Of latent attention, computed in its expanded form; 0 for the others.

    Returns
    -------
    float
        Floating-point operations. [FLOP]

    Notes
    -----
    Definition. :math:`2\,L\,H\,d\,S`, half of all pairs; latent :math:`L\,H\,(192 + 128)\,S`.
    """
    if latent_rank:
        return layers * q_heads * (MLA_QK_DIM + MLA_V_DIM) * isl
    return 2.0 * layers * q_heads * head_dim * isl
