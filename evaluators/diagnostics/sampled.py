"""How what a language model draws compares with real texts."""

from pathlib import Path

from evaluators.diagnostics.answered import Answered, figures, percent
from evaluators.diagnostics.diagnostic import Cell, Draft, Table
from evaluators.diagnostics.neighbours import training_load
from evaluators.report import Samples
from evaluators.sampling_scores import SHORT_PASSAGE, Measures, sampling_scores

NAME, TITLE = "sampling", "What your model writes, in numbers"
LEAST_SAMPLES, LEAST_REAL = 2, 4


def drawn_measures(answered: Answered, samples: Samples, public: Path) -> Draft | None:
    """Measures of the texts that a language model drew, beside those of the practice sample.

    Of a model that could not draw any, the reason.

    Judged texts are never among the real ones: whoever chooses what is drawn could ask which runs
    of letters they have.
    """
    if samples.message is not None:
        return Draft(
            NAME,
            TITLE,
            answered.split,
            "There is nothing to be told: no texts could be drawn. No score depends on them.",
            Table(
                ("what happened", "what to do"),
                ((samples.message.text, samples.message.help),),
            ),
        )
    real = [str(text) for text in answered.items.inputs["text"]]
    if len(samples.texts) < LEAST_SAMPLES or len(real) < LEAST_REAL:
        return None
    loaded = training_load(public)
    training = [] if loaded is None else [str(text) for text in loaded[0]]
    scores = sampling_scores(samples.texts, real, training)
    drawn, human = (_numbers(one, copies=bool(training)) for one in (scores.samples, scores.human))
    return Draft(
        NAME,
        TITLE,
        answered.split,
        "All texts that were drawn, and half of the real ones of the practice sample; the other "
        "half is what both diverge from. The aim is to be like real texts in each number, not to "
        "be the smallest. No score depends on them.",
        Table(
            ("measure", "your model", "real texts"),
            tuple((name, value, human[name]) for name, value in drawn.items()),
            ("Frequencies, different words and BLEU are of as many characters of both.",),
        ),
    )


def _numbers(measures: Measures, *, copies: bool) -> dict[str, Cell]:
    one, two, three = measures.distinct
    numbers: dict[str, Cell] = {
        "divergence of runs of four characters, bits": figures(measures.divergence),
        "different words of all, %": percent(one),
        "different pairs of words, %": percent(two),
        "different runs of three words, %": percent(three),
        "BLEU-4 of each text against the others, %": percent(measures.self_bleu),
    }
    if copies:
        numbers |= {
            "longest passage of a text that is a training text's, median, characters": figures(
                measures.median_passage
            ),
            "longest of all such passages, characters": measures.longest_passage,
            f"texts without such a passage of more than {SHORT_PASSAGE} characters, %": percent(
                measures.short_passages
            ),
            "texts that are training texts, %": percent(measures.copies),
        }
    return numbers
