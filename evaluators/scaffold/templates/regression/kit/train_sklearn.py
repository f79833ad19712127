# %% [markdown]
# # {{title}} with scikit-learn
#
# A classical model, trained in a second and packed into `submissions/sklearn.zip`.

# %%
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # these two before NumPy comes in
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import joblib
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from data import load_practice, load_train, pack, report
from model_sklearn import Model
from settings import HERE, read_settings

settings = read_settings("Trains the scikit-learn baseline. It goes once through the data.", 1)

# %% [markdown]
# ## The data and the model
#
# Ridge regression on the columns, their squares and their products.

# %%
train = load_train(settings.data)
flat = train.features.reshape(len(train.features), -1)
pipeline = make_pipeline(StandardScaler(), PolynomialFeatures(2), RidgeCV())
print(f"fitting {len(flat)} items of {flat.shape[1]} numbers ...", flush=True)
pipeline.fit(flat, train.target)

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
report(practice.target, Model(weights.parent).predict({"features": practice.features}))
pack(HERE / "model_sklearn.py", weights, settings.out / "sklearn.zip")
