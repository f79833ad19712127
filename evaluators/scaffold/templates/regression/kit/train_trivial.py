"""Writes submissions/trivial.zip, which knows only the mean: any real model must beat it."""

import json

from data import load_practice, load_train, pack, report
from model_trivial import Model
from settings import HERE, read_settings

settings = read_settings("Writes the trivial submission: the mean of the training data.", epochs=0)
mean = float(load_train(settings.data).target.mean())

weights = settings.out / "trivial" / "mean.json"
weights.parent.mkdir(parents=True, exist_ok=True)
weights.write_text(json.dumps(mean))
practice = load_practice(settings.data)
report(practice.target, Model(weights.parent).predict({"features": practice.features}))
pack(HERE / "model_trivial.py", weights, settings.out / "trivial.zip")
