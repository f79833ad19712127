"""The one catalogue of what participants are told: wording and help in one place.

Each entry has a verdict, a sentence that says what happened, and a help text that says
what to do next. Sentences are `str.format` templates; a detail that comes from a
participant's file is cut and stripped of control characters before it is put in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from evaluators.verdicts import Verdict

DETAIL_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to be shown.

    Attributes:
        code: its key in the catalogue, stable enough for a program to test.
        verdict: the verdict that goes with it.
        text: what happened, one or two sentences.
        help: what to do next.
    """

    code: str
    verdict: Verdict
    text: str
    help: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A catalogue entry: the templates of a message."""

    verdict: Verdict
    text: str
    help: str


_ARCHIVE_HELP = (
    "Zip only your own files, with plain relative names: model.py and the weights that it loads."
)

CATALOGUE: Mapping[str, Entry] = {
    # The upload.
    "empty_upload": Entry(
        Verdict.INVALID_ARTIFACT,
        "The upload is empty.",
        "Upload a zip that holds model.py, or one model file.",
    ),
    "upload_too_large": Entry(
        Verdict.INVALID_ARTIFACT,
        "The upload has {megabytes} MB; this task accepts at most {limit_mb} MB.",
        "Leave out training data, checkpoints and optimizer state, or save smaller weights.",
    ),
    "unpacks_too_large": Entry(
        Verdict.INVALID_ARTIFACT,
        "The archive unpacks to more than {limit_mb} MB, the limit of this task.",
        "Leave out training data, checkpoints and optimizer state, or save smaller weights.",
    ),
    "expands_too_much": Entry(
        Verdict.INVALID_ARTIFACT,
        "The archive unpacks to more than {ratio} times its own size.",
        "Real model files hardly shrink in a zip. Leave out files of zeros and text dumps.",
    ),
    "too_many_members": Entry(
        Verdict.INVALID_ARTIFACT,
        "The upload holds more than {limit} files and folders.",
        "Leave out data, caches and environments (.git, .venv, node_modules, __pycache__).",
    ),
    "unsafe_path": Entry(
        Verdict.INVALID_ARTIFACT,
        "The upload holds a name that could leave its folder: {name!r} ({reason}).",
        _ARCHIVE_HELP,
    ),
    "special_file": Entry(
        Verdict.INVALID_ARTIFACT,
        "The upload holds {kind}, which is not accepted: {name!r}.",
        "Replace links by the files they point to (zip without -y), and leave out everything "
        "that is not a plain file.",
    ),
    "duplicate_name": Entry(
        Verdict.INVALID_ARTIFACT,
        "The upload holds two files of the same name, or of names that some systems can't tell "
        "apart: {name!r}.",
        "Build the zip anew instead of appending to it, and don't rely on upper and lower case.",
    ),
    "encrypted_archive": Entry(
        Verdict.INVALID_ARTIFACT,
        "The archive is encrypted ({name!r}).",
        "Zip your files without a password.",
    ),
    "unsupported_compression": Entry(
        Verdict.INVALID_ARTIFACT,
        "The archive uses a compression that is not accepted ({method}) for {name!r}.",
        "Zip with the usual method (deflate), or without compression.",
    ),
    "broken_archive": Entry(
        Verdict.INVALID_ARTIFACT,
        "The archive is damaged or cut short: {reason}.",
        "Build the zip again, test it with `python -m zipfile -t FILE`, and upload it again.",
    ),
    "no_model": Entry(
        Verdict.INVALID_ARTIFACT,
        "No model was found. Looked for model.py at the top, then for one file that ends in "
        "{suffixes}. Found: {found}.",
        "Put model.py with a class Model at the top of the zip, or upload one model file.",
    ),
    "several_models": Entry(
        Verdict.INVALID_ARTIFACT,
        "There is no model.py, and more than one file could be the model: {found}.",
        "Upload just one of them, or add a model.py that says what to load.",
    ),
    # Loading.
    "model_import_failed": Entry(
        Verdict.LOAD_ERROR,
        "model.py could not be imported: {error}.",
        "Run the local check. Import only what the task's page lists, and load files relative to "
        "the folder that Model gets.",
    ),
    "model_class_missing": Entry(
        Verdict.LOAD_ERROR,
        "model.py has no usable class Model with {signatures}: {reason}.",
        "Define class Model with __init__(self, folder) and {signatures}.",
    ),
    "model_load_failed": Entry(
        Verdict.LOAD_ERROR,
        "The model could not be loaded: {error}.",
        "Run the local check, and compare your versions with those on the task's page. "
        "Files must be opened relative to the folder that Model gets.",
    ),
    "model_file_load_failed": Entry(
        Verdict.LOAD_ERROR,
        "{name} could not be loaded: {error}.{versions}",
        "Save it with the versions on the task's page, or add a model.py that loads it. "
        "A pickle finds your own classes and functions only with a model.py.",
    ),
    # Running.
    "predict_failed": Entry(
        Verdict.RUNTIME_ERROR,
        "{method} raised {error} in the {stage} stage.",
        "The practice log shows all that your model printed. If only the judged stage fails, look "
        "for inputs that your code doesn't expect: another number of rows, other values. There is "
        "no network in the sandbox, and only /tmp can be written.",
    ),
    "exited": Entry(
        Verdict.RUNTIME_ERROR,
        "The model's process ended by itself in the {stage} stage ({how}).",
        "Don't call exit(), os._exit() or kill() in a submission; a crash in native code ends the "
        "process too.",
    ),
    "judged_exited": Entry(
        Verdict.RUNTIME_ERROR,
        "The model's process ended by itself in the judged stage.",
        "Don't call exit(), os._exit() or kill() in a submission; a crash in native code ends the "
        "process too. How it ended is not told: an exit status could carry hidden inputs.",
    ),
    "bad_protocol": Entry(
        Verdict.RUNTIME_ERROR,
        "The model's process sent something that is not an answer, in the {stage} stage.",
        "Return arrays from predict and leave inherited file descriptors alone; print() is fine.",
    ),
    "out_of_time": Entry(
        Verdict.TIMEOUT,
        "The model was stopped after {seconds} s of the {stage} stage, the limit of this task.",
        "Predict in batches, use a smaller model, and load the weights once in __init__.",
    ),
    "out_of_memory": Entry(
        Verdict.OUT_OF_MEMORY,
        "The model asked for more than {limit_mb} MB of memory in the {stage} stage.",
        "Predict in smaller batches, use float32, and don't keep copies of all inputs.",
    ),
    "too_much_output": Entry(
        Verdict.OUTPUT_LIMIT,
        "The model printed more than {limit_mb} MB in the {stage} stage.",
        "Remove print() calls and progress bars from predict (Keras: verbose=0).",
    ),
    # Predictions.
    "predictions_missing": Entry(
        Verdict.INVALID_PREDICTIONS,
        "predict returned {got}, but this task wants {wanted}.",
        "Return one array, or a dictionary with just these names.",
    ),
    "predictions_type": Entry(
        Verdict.INVALID_PREDICTIONS,
        "The predictions {name!r} have the type {got}; this task wants {wanted}.",
        "Convert before you return: np.asarray(p, dtype=np.{wanted}).",
    ),
    "predictions_shape": Entry(
        Verdict.INVALID_PREDICTIONS,
        "The predictions {name!r} have the shape {got}; this task wants {wanted}.",
        "Return one answer for each input, in the order of the inputs.",
    ),
    "predictions_size": Entry(
        Verdict.INVALID_PREDICTIONS,
        "The predictions {name!r} came as {got} bytes; their type and shape need {wanted}.",
        "Return plain numpy arrays from predict, and leave the way they are sent alone.",
    ),
    "predictions_not_finite": Entry(
        Verdict.INVALID_PREDICTIONS,
        "The predictions {name!r} hold {count} values that are NaN or infinite.",
        "Look for a division by zero, log(0), or weights that diverged in training.",
    ),
    "probabilities_out_of_range": Entry(
        Verdict.INVALID_PREDICTIONS,
        "The predictions {name!r} are no probabilities: values run from {low} to {high}.",
        "They look like logits: add a softmax as the last step of the model.",
    ),
    "probabilities_sum": Entry(
        Verdict.INVALID_PREDICTIONS,
        "The predictions {name!r} are no probabilities: {count} rows don't add up to 1 (the worst "
        "adds up to {worst}).",
        "Add a softmax as the last step of the model, over the last axis.",
    ),
    "mask_values": Entry(
        Verdict.INVALID_PREDICTIONS,
        "The predictions {name!r} are no masks: {count} values are neither 0 nor 1 (the largest is "
        "{highest}).",
        "Compare probabilities with a threshold before you return: (p > 0.5).astype(np.uint8).",
    ),
    "log_probabilities_nan": Entry(
        Verdict.INVALID_PREDICTIONS,
        "The predictions {name!r} hold {count} values that are NaN or plus infinity.",
        "Look for log of a negative number, 0 * inf, or weights that diverged in training; minus "
        "infinity is allowed and means never.",
    ),
    "log_probabilities_none": Entry(
        Verdict.INVALID_PREDICTIONS,
        "The predictions {name!r} call every symbol impossible, in {count} rows.",
        "Leave at least one symbol of each row above minus infinity; log_softmax does.",
    ),
    "samples_wrong": Entry(
        Verdict.INVALID_PREDICTIONS,
        "sample returned {got}, but {wanted} texts were asked for.",
        "Return a list of just as many str as n says.",
    ),
    "judged_predictions": Entry(
        Verdict.INVALID_PREDICTIONS,
        "In the judged stage the predictions {name!r} {problem}.",
        "They were valid in the practice stage: look for what depends on the inputs, such as their "
        "number, a division by zero, or a softmax that is left out. Figures are not shown, as they "
        "could carry hidden inputs out.",
    ),
    "judged_predictions_missing": Entry(
        Verdict.INVALID_PREDICTIONS,
        "In the judged stage predict did not return {wanted}, as the task wants.",
        "Return one array, or a dictionary with just these names, whatever the inputs are.",
    ),
    "label_out_of_range": Entry(
        Verdict.INVALID_PREDICTIONS,
        "The predictions {name!r} hold values outside {low}..{high}.",
        "Return only the values that the task's page lists.",
    ),
    # Asked for.
    "cancelled": Entry(
        Verdict.CANCELLED,
        "The evaluation was cancelled.",
        "Submit again when you are ready.",
    ),
}


def detail(value: object) -> object:
    """Makes a detail fit for a page: text is cut and loses its control characters."""
    if isinstance(value, bool | int | float):
        return value
    text = "".join(c if c.isprintable() else "?" for c in str(value))
    return text if len(text) <= DETAIL_CHARACTERS else text[:DETAIL_CHARACTERS] + "…"


def message(code: str, **details: object) -> Message:
    """Fills in a catalogue entry.

    Args:
        code: a key of `CATALOGUE`.
        **details: the values of the placeholders of its text.

    Raises:
        KeyError: the code or a detail is missing: a mistake in our own code.
    """
    entry = CATALOGUE[code]
    cleaned = {name: detail(value) for name, value in details.items()}
    return Message(
        code=code,
        verdict=entry.verdict,
        text=entry.text.format(**cleaned),
        help=entry.help.format(**cleaned),
    )
