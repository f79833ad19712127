# %% [markdown]
# # Which language is it? With scikit-learn
#
# A text comes in, 34 probabilities go out, one for each language. We count pairs of characters, try
# what comes of it on the practice sample, and pack it into `submissions/sklearn.zip`. It takes
# seconds.
#
# Run this as a script, `python train_sklearn.py`.

# %%
import os
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")  # these two before NumPy comes in
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import joblib
import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from data import LANGUAGES, load_practice, load_train, pack, report
from model_sklearn import Model
from settings import HERE, read_settings

settings = read_settings("Trains the scikit-learn baseline. It goes once through the data.", 1)

# %% [markdown]
# ## The data
#
# Each text has a language, and a `message`: all translations of one English message have the same
# number, and so have the fragments that were cut out of them. What you are judged on comes from
# messages that are not here.

# %%
train = load_train(settings.data)
print(f"{len(train.text)} texts of {len(np.unique(train.message))} messages")
for i in np.random.default_rng(settings.seed).choice(len(train.text), 8, replace=False):
    print(f"  {LANGUAGES[train.language[i]]}: {train.text[i]}")

# %% [markdown]
# ## Counting
#
# How often does each character stand in a text, and each pair of neighbours? `char_wb` counts
# within words only, and a space at their ends: `" p"` is how a word begins. (Such runs of
# characters are called *n-grams*.)
#
# *Naive Bayes* counts the same for each language, and takes every pair of a new text as one more
# hint: how much more often does it come up in Czech than in Slovak? It adds up all hints as if they
# knew nothing of each other. They do, so it is far too sure of itself, but often right. `alpha` is
# what it counts for a pair that a language has never had.

# %%
start = time.perf_counter()
pipeline = make_pipeline(
    CountVectorizer(analyzer="char_wb", ngram_range=(1, 2)),
    MultinomialNB(alpha=0.01),
)
pipeline.fit(train.text, train.language)
known = len(pipeline[0].vocabulary_)
print(f"counted {known} characters and pairs in {time.perf_counter() - start:.1f} s", flush=True)

# %% [markdown]
# ## How good is it?
#
# The practice sample holds texts of other messages. The score is the mean over five lengths of the
# mean over the languages, so three letters of Slovak count as much as three lines of English.

# %%
weights = settings.out / "sklearn" / "pipeline.joblib"
weights.parent.mkdir(parents=True, exist_ok=True)
joblib.dump(pipeline, weights, compress=3)

practice = load_practice(settings.data)
report(practice, Model(weights.parent).predict({"text": practice.text}))
pack(HERE / "model_sklearn.py", weights, settings.out / "sklearn.zip")

# %% [markdown]
# ## What to try next
#
# - Longer runs: `ngram_range=(1, 3)` or more. How much do they gain, and how large does the file
#   grow?
# - Naive Bayes expects the languages to be as frequent as in training, but all are judged alike:
#   `fit_prior=False`.
# - `LogisticRegression` or `SGDClassifier(loss="log_loss")` on `TfidfVectorizer`: hints that repeat
#   each other are then counted once. Compare the log loss as well.
