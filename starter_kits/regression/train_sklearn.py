# %% [markdown]
# # Bike rentals with scikit-learn
#
# No network: a linear model, after each hour of the day, kind of day and season was given a switch
# of its own. It is packed into `submissions/sklearn.zip`.

# %%
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # these two before NumPy comes in
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import joblib
import numpy as np
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from data import load_practice, load_train, pack, report
from model_sklearn import Model, switches
from settings import HERE, read_settings

# Epochs are, here, the parts of the training data that are held out in turn.
settings = read_settings("Trains the scikit-learn baseline.", epochs=5)

# %% [markdown]
# ## What the model sees
#
# A straight line through the hours of a day fits badly: there are two rush hours. So
# `model_sklearn.py`, which the judge needs too, makes switches of the features.

# %%
hours = load_train(settings.data)
features = switches(hours.features)

# %% [markdown]
# ## The model
#
# Ridge regression. How strongly it is held back is chosen on blocks of days that were held out in
# turn: never on single hours, whose neighbours it would have seen.

# %%
folds = GroupKFold(n_splits=max(2, settings.epochs), shuffle=True, random_state=settings.seed)
pipeline = make_pipeline(
    StandardScaler(),
    RidgeCV(
        alphas=np.logspace(-1, 4, 11),
        scoring="neg_root_mean_squared_error",
        cv=list(folds.split(features, groups=hours.block)),
    ),
)
print(f"fitting {len(features)} hours of {features.shape[1]} numbers ...", flush=True)
pipeline.fit(features, hours.rentals)
ridge = pipeline[-1]
print(f"on held-out days: RMSE {-ridge.best_score_:.1f} with alpha {ridge.alpha_:.3g}")

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
report(practice.rentals, Model(weights.parent).predict({"features": practice.features}))
pack(HERE / "model_sklearn.py", weights, settings.out / "sklearn.zip")

# %% [markdown]
# ## What to try next
#
# - Boosted trees (`HistGradientBoostingRegressor`) find such switches by themselves.
# - Rentals vary more where they are many. Fit their logarithm or their root, and turn it back.
