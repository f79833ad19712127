# %% [markdown]
# # Warped digits with scikit-learn
#
# No network: we describe each image by the directions of its strokes, and fit a classical model to
# these numbers. It is packed into `submissions/sklearn.zip`.

# %%
import os
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")  # these two before NumPy comes in
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import joblib
from sklearn.decomposition import PCA
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from data import load_practice, load_train, pack, report
from model_sklearn import Model, stroke_directions
from settings import HERE, read_settings

# An epoch is 30 steps of the solver.
settings = read_settings("Trains the scikit-learn baseline.", epochs=10)

# %% [markdown]
# ## What the model sees
#
# A warped or noisy digit differs in most of its pixels, but in few of its strokes' directions. How
# they are counted is in `model_sklearn.py`, since the judge needs it too.

# %%
digits = load_train(settings.data)
start = time.perf_counter()
print("describing the images ...", flush=True)
features = stroke_directions(digits.images)

# %% [markdown]
# ## The model
#
# Logistic regression on likenesses to 1,500 training images. A support vector machine with the same
# kernel would be right about as often, but has no probabilities of its own; logistic regression
# minimises just the log loss that is judged.

# %%
LANDMARKS = 1500

pipeline = make_pipeline(
    PCA(100, random_state=settings.seed),
    Nystroem(gamma=4, n_components=min(LANDMARKS, len(digits.labels)), random_state=settings.seed),
    LogisticRegression(C=100, max_iter=30 * settings.epochs),
)
print(f"fitting {len(features)} images of {features.shape[1]} numbers ...", flush=True)
pipeline.fit(features, digits.labels)
print(f"fitted in {time.perf_counter() - start:.1f} s", flush=True)

# %% [markdown]
# ## Trying and packing
#
# The pipeline is loaded again by the class that the judge will call, so that what is tried is what
# is submitted.

# %%
weights = settings.out / "sklearn" / "pipeline.joblib"
weights.parent.mkdir(parents=True, exist_ok=True)
joblib.dump(pipeline, weights)
practice = load_practice(settings.data)
report(practice.labels, Model(weights.parent).predict({"images": practice.images}))
pack(HERE / "model_sklearn.py", weights, settings.out / "sklearn.zip")

# %% [markdown]
# ## What to try next
#
# - Warp the training images more, and describe those as well: twice the rows cost twice the time.
# - Choose `gamma` and `C` on held-out *originals*, not on held-out images.
