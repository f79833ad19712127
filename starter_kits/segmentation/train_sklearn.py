# %% [markdown]
# # Digits over photos with scikit-learn
#
# We say of each pixel in numbers how it differs from what is around it. Boosted trees then decide
# whether it belongs to a digit. It takes less than a minute on one core, and shows what a network
# has to beat that sees shapes.
#
# Run this as a script, `python train_sklearn.py`.

# %%
import joblib
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from data import load_practice, load_train, mean_iou, pack, report
from model_sklearn import Model, features
from settings import HERE, read_settings

settings = read_settings("Trains the scikit-learn baseline.", epochs=60)

# %% [markdown]
# ## Pixels to learn from
#
# 2,400 images have ten million pixels, most of them of no digit. A thousandth of a pixel more
# teaches little, so we take 120 of each image: half of them of digits, half of anything else.

# %%
IMAGES = 600
PIXELS = 120

random = np.random.default_rng(settings.seed)
train = load_train(settings.data)
rows, labels = [], []
order = random.permutation(len(train.images))
for number in order[:IMAGES]:
    known = features(train.images[number : number + 1])
    mask = train.masks[number].ravel()
    for label in (0, 1):
        chosen = random.permutation(np.flatnonzero(mask == label))[: PIXELS // 2]
        rows.append(known[chosen])
        labels.append(np.full(len(chosen), label))
print(f"{sum(map(len, rows))} pixels of {IMAGES} images")

# %% [markdown]
# ## Training
#
# The trees see as many pixels of digits as others, so they call too many a digit's. The threshold
# that is best for the metric is looked for on images that they have not seen.

# %%
trees = HistGradientBoostingClassifier(
    max_iter=settings.epochs, learning_rate=0.2, max_leaf_nodes=31, random_state=settings.seed
)
trees.fit(np.concatenate(rows), np.concatenate(labels))

path = settings.out / "sklearn" / "trees.joblib"
path.parent.mkdir(parents=True, exist_ok=True)
joblib.dump({"trees": trees, "threshold": 0.5}, path)
held_out = order[-100:]
probabilities = Model(path.parent).probabilities(train.images[held_out])
thresholds = np.linspace(0.5, 0.95, 10)
scores = [mean_iou(train.masks[held_out], probabilities > value) for value in thresholds]
threshold = float(thresholds[int(np.argmax(scores))])
print(f"threshold {threshold:.2f}, mean IoU {max(scores):.3f} on images that were held out")

# %% [markdown]
# ## The submission
#
# What to try next: more pixels, other surroundings (gradients, the colour of an edge nearby), or a
# second round of trees that sees what the first one said about the neighbours.

# %%
joblib.dump({"trees": trees, "threshold": threshold}, path, compress=3)
practice = load_practice(settings.data)
report(practice.masks, Model(path.parent).predict({"image": practice.images}))
pack(HERE / "model_sklearn.py", path, settings.out / "sklearn.zip")
