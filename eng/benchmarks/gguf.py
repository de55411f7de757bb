#!/usr/bin/env python3
"""The GGUF generator of the peer's folder, with Q4_1 (asymmetric blocks of 32) added.

usage: gguf.py PEER [options of its gen_gguf.py]
"""
import sys

sys.path.insert(0, sys.argv.pop(1))
sys.dont_write_bytecode = True
import gen_gguf as peer
import numpy as np

Q4_1 = 3


def q_q4_1(x):
    x = x.reshape(-1, 32)
    low = x.min(1)
    d = (x.max(1) - low) / np.float32(15)
    inverse = np.where(d > 0, 1 / np.where(d > 0, d, 1), 0).astype(np.float32)
    q = np.minimum(((x - low[:, None]) * inverse[:, None] + np.float32(0.5)).astype(np.uint8), 15)
    out = np.empty((x.shape[0], 20), np.uint8)
    out[:, 0:2] = d.astype("<f2").view(np.uint8).reshape(-1, 2)
    out[:, 2:4] = low.astype("<f2").view(np.uint8).reshape(-1, 2)
    out[:, 4:] = q[:, :16] | (q[:, 16:] << 4)
    return out.reshape(-1)


def pick(fmt, name, ne, shape, symmetric=peer.pick):
    if fmt != "q4_1": return symmetric(fmt, name, ne, shape)
    chosen = symmetric("q4_0", name, ne, shape)
    return Q4_1 if chosen == peer.Q4_0 else chosen


if Q4_1 not in peer.BLOCK:
    peer.BLOCK[Q4_1] = (32, 20)
    peer.NAMES[Q4_1] = "Q4_1"
    peer.FTYPE["q4_1"] = 3
    peer.QUANT[Q4_1] = q_q4_1
    peer.pick = pick
peer.main()
