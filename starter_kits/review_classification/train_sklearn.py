# %% [markdown]
# # Film reviews: praise or blame? With scikit-learn
#
# A sentence comes in, three probabilities go out: negative, neutral, positive. We weigh its words,
# try what comes of it on the practice sample, and pack it into `submissions/sklearn.zip`. It takes
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
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from data import OPINIONS, load_practice, load_train, pack, report
from model_sklearn import Model
from settings import HERE, read_settings

# An epoch is 10 steps of the solver.
settings = read_settings("Trains the scikit-learn baseline.", epochs=10)

# %% [markdown]
# ## The data
#
# Some twenty people rated each sentence from -4 to 4. From a mean of 0.75 on it counts as positive,
# and from -0.75 on as negative. Few sentences lie between, and they are hard to tell: in some there
# is no opinion, and in others there are two.

# %%
train = load_train(settings.data)
for opinion, name in enumerate(OPINIONS):
    text = train.text[train.opinion == opinion]
    print(f"{len(text)} sentences are {name}, as this one: {text[0]}")

# %% [markdown]
# ## Words and their weights
#
# Which words and pairs of words does a sentence have? *TF-IDF* counts those that few sentences have
# for more: "dull" says more than "the". `sublinear_tf` lets a word that comes twice count for less
# than double, and `min_df=2` forgets what only one sentence has.
#
# *Logistic regression* learns how much each word speaks for each opinion. With
# `class_weight="balanced"` the few neutral sentences weigh as much as the many others. Without, it
# would never answer "neutral": that pays if only the share of right answers counts, but the judge
# takes the mean over the three opinions.

# %%
start = time.perf_counter()
pipeline = make_pipeline(
    TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
    LogisticRegression(class_weight="balanced", max_iter=10 * settings.epochs),
)
pipeline.fit(train.text, train.opinion)
words, regression = pipeline[0].get_feature_names_out(), pipeline[1]
print(f"{len(words)} words and pairs, fitted in {time.perf_counter() - start:.1f} s", flush=True)
for name, weights in zip(OPINIONS, regression.coef_, strict=True):
    print(f"{name}: {', '.join(words[np.argsort(-weights)[:8]])}")

# %% [markdown]
# ## How good is it?
#
# The practice sample holds other sentences. Look at the three F1 scores: most of what there is to
# gain lies in the neutral ones.

# %%
weights = settings.out / "sklearn" / "pipeline.joblib"
weights.parent.mkdir(parents=True, exist_ok=True)
joblib.dump(pipeline, weights, compress=3)

practice = load_practice(settings.data)
report(practice.opinion, Model(weights.parent).predict({"text": practice.text}))
pack(HERE / "model_sklearn.py", weights, settings.out / "sklearn.zip")

# %% [markdown]
# ## What to try next
#
# - "Not good" and "good": which pairs of words does the model know, and which would it need?
# - Add runs of characters (`analyzer="char_wb"`, with `FeatureUnion`): "delightful" then has
#   something in common with "delights".
# - Give the neutral sentences more weight, or less: `class_weight={0: 1, 1: 4, 2: 1}`. And trust
#   the words more: `C=3`. Choose both on sentences that you hold out.
# - The training data has the mean rating too. Learn that with `Ridge`, and choose where "neutral"
#   begins and ends.
