"""Writes submissions/trivial.zip: the bytes are counted. Any real model must beat it."""

import numpy as np

from data import SYMBOLS, encode, load_practice, load_train, pack, report
from model_trivial import Model
from settings import HERE, read_settings

settings = read_settings("Counts bytes and writes the trivial submission.", epochs=0)

counts = np.ones(SYMBOLS)
for text in load_train(settings.data):
    counts += np.bincount(encode(text), minlength=SYMBOLS)

weights = settings.out / "trivial" / "weights.npy"
weights.parent.mkdir(parents=True, exist_ok=True)
np.save(weights, np.log(counts / counts.sum()))
report(Model(weights.parent), load_practice(settings.data))
pack(HERE / "model_trivial.py", weights, settings.out / "trivial.zip")
