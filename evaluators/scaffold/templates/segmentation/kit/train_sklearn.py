# %% [markdown]
# # {{title}} with scikit-learn
#
# Each pixel is an item of its own, described by what is around it; boosted trees say which of them
# are the object's. It is packed into `submissions/sklearn.zip`.

# %%
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # these two before NumPy comes in
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import joblib
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from data import load_practice, load_train, pack, report
from model_sklearn import Model, features
from settings import HERE, read_settings

# An epoch is four trees.
settings = read_settings("Trains the scikit-learn baseline.", epochs=10)

# %% [markdown]
# ## The data and the model
#
# Pixels beside each other tell much the same, so some of them are enough.

# %%
PIXELS = 40_000

train = load_train(settings.data)
described, target = features(train.images), train.masks.reshape(-1)
random = np.random.default_rng(settings.seed)
rows = random.permutation(len(target))[:PIXELS]
trees = HistGradientBoostingClassifier(max_iter=4 * settings.epochs, random_state=settings.seed)
print(f"fitting {len(rows)} pixels of {described.shape[1]} numbers ...", flush=True)
trees.fit(described[rows], target[rows])

# %% [markdown]
# ## Trying and packing
#
# The trees are loaded again by the class that the judge will call, so that what is tried is what is
# submitted.

# %%
weights = settings.out / "sklearn" / "trees.joblib"
weights.parent.mkdir(parents=True, exist_ok=True)
joblib.dump(trees, weights)
practice = load_practice(settings.data)
report(practice.masks, Model(weights.parent).predict({"image": practice.images}))
pack(HERE / "model_sklearn.py", weights, settings.out / "sklearn.zip")
