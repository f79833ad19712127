# %% [markdown]
# # {{title}} with scikit-learn
#
# A classical model, trained in a second and packed into `submissions/sklearn.zip`.

# %%
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # these two before NumPy comes in
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from data import load_practice, load_train, pack, report
from model_sklearn import Model
from settings import HERE, read_settings

# An epoch is 30 steps of the solver.
settings = read_settings("Trains the scikit-learn baseline.", epochs=10)

# %% [markdown]
# ## The data and the model
#
# How often does each character stand in a text, and each pair of neighbours? Logistic regression on
# that minimises just the log loss that is judged.

# %%
train = load_train(settings.data)
pipeline = make_pipeline(
    TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 2), sublinear_tf=True),
    LogisticRegression(C=10, max_iter=30 * settings.epochs),
)
print(f"fitting {len(train.text)} texts ...", flush=True)
pipeline.fit(train.text, train.target)

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
report(practice.target, Model(weights.parent).predict({"text": practice.text}))
pack(HERE / "model_sklearn.py", weights, settings.out / "sklearn.zip")
