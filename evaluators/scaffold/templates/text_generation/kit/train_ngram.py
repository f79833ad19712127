# %% [markdown]
# # {{title}} by counting
#
# No network, no gradient: we look up what followed the last letters in the training text. It takes
# seconds, it is what networks have to beat, and it shows what the metric measures.
#
# Run this as a script, `python train_ngram.py`.

# %%
import numpy as np

from data import END, load_practice, load_train, pack, report, table
from model_ngram import BITS, Model
from settings import HERE, read_settings

settings = read_settings("Counts letters in their contexts.", epochs=0)
LONGEST = 5  # letters of context

# %% [markdown]
# ## The data
#
# Texts as symbols: their bytes, then the end of text. Before the first letter stand ends of text,
# so that a model can tell the beginning of a text from its middle.

# %%
symbols = table(load_train(settings.data)).astype(np.int64)
lengths = (symbols != END).sum(axis=1) + 1
before = np.full((len(symbols), LONGEST), END)
padded = np.concatenate([before, symbols], axis=1)
real = np.arange(symbols.shape[1]) < lengths[:, np.newaxis]
print(f"{len(symbols)} texts, {lengths.sum()} symbols")

# %% [markdown]
# ## Counting
#
# A context of k letters is a number: 9 bits a letter. Context and next symbol together are a
# number, too, and `np.unique` counts those. A context that occurred once tells little that a
# shorter one does not, and there are many of them: from three letters on they are left out, which
# keeps the file small.


# %%
def count(length: int) -> dict[str, np.ndarray]:
    """Counts what follows contexts of a length."""
    keys = np.zeros(symbols.shape, np.int64)
    for back in range(length, 0, -1):
        keys = (keys << BITS) | padded[:, LONGEST - back : LONGEST - back + symbols.shape[1]]
    pairs, counts = np.unique(((keys << BITS) | symbols)[real], return_counts=True)
    contexts, first, sizes = np.unique(pairs >> BITS, return_index=True, return_counts=True)
    kept = np.add.reduceat(counts, first) > (1 if length > 2 else 0)
    followers = np.repeat(kept, sizes)
    return {
        f"keys{length}": contexts[kept],
        f"first{length}": np.concatenate([[0], np.cumsum(sizes[kept])]).astype(np.uint32),
        f"symbols{length}": (pairs & ((1 << BITS) - 1))[followers].astype(np.uint16),
        f"counts{length}": counts[followers].astype(np.uint32),
    }


arrays = {"longest": np.array(LONGEST)}
for length in range(LONGEST + 1):
    arrays |= count(length)
    print(f"{len(arrays[f'keys{length}'])} contexts of {length} letters", flush=True)

# %% [markdown]
# ## The submission
#
# What to try next: longer contexts, other weights for them (Kneser and Ney 1995), words beside
# letters, or a network that is told what counting says.

# %%
weights = settings.out / "ngram" / "weights.npz"
weights.parent.mkdir(parents=True, exist_ok=True)
np.savez_compressed(weights, **arrays)
report(Model(weights.parent), load_practice(settings.data))
pack(HERE / "model_ngram.py", weights, settings.out / "ngram.zip")
