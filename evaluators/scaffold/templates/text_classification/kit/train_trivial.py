"""Writes submissions/trivial.zip. There is nothing to train: any real model must beat it."""

from data import load_practice, pack, report
from model_trivial import Model
from settings import HERE, read_settings

settings = read_settings("Writes the trivial submission: all classes alike.", epochs=0)
settings.out.mkdir(parents=True, exist_ok=True)
practice = load_practice(settings.data)
report(practice.target, Model(settings.out).predict({"text": practice.text}))
pack(HERE / "model_trivial.py", None, settings.out / "trivial.zip")
