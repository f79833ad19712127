"""Pictures are sound PNGs, always the same, whatever the names in them."""

import io
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from evaluators.diagnostics import diagnostics_draw, practice_drafts
from evaluators.diagnostics.diagnostic import Draft, Table
from evaluators.diagnostics.pictures.bars import bars_draw
from evaluators.diagnostics.pictures.canvas import label
from evaluators.report import Split
from tests.evaluators.diagnostics.answers import KINDS, toy

ROOT = Path(__file__).parents[3]
STRANGE = ("日本語", "$x^{2$", "\\frac", "עברית", "a\nb", "\x1b[31m", "🙂", "%s {0}", "")
LARGEST = 250_000


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_draws_the_same_sound_pictures_without_a_warning(kind: str) -> None:
    made = toy(kind, np.random.default_rng(5), items=300, units=300)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first, second = (
            diagnostics_draw(
                practice_drafts(
                    spec=made.spec,
                    items=made.items,
                    predictions=made.predictions,
                    public=Path("/nowhere"),
                )
            )
            for _ in range(2)
        )
    assert first == second
    pictures = [one.picture for one in first if one.picture is not None]
    assert len(pictures) >= 2
    for picture in pictures:
        image = Image.open(io.BytesIO(picture))
        image.verify()
        assert image.format == "PNG" and 500 < image.width < 1200
        assert len(picture) < LARGEST
        assert set(image.info) <= {"dpi"}


def test_any_name_can_be_drawn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for lying in (True, False):
            bars_draw(STRANGE, range(len(STRANGE)), x="日本 $", y="$", lying=lying)
    assert label("日本語") == "\N{REPLACEMENT CHARACTER}" * 3
    assert label("Ž ě ü 1") == "Ž ě ü 1"
    assert len(label("x" * 100)) == 24


def test_a_machine_s_own_settings_change_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib

    plain = bars_draw(["a"], [1.0], x="x")
    monkeypatch.setitem(matplotlib.rcParams, "axes.facecolor", "red")
    monkeypatch.setitem(matplotlib.rcParams, "savefig.dpi", 20)
    assert bars_draw(["a"], [1.0], x="x") == plain
    assert matplotlib.rcParams["axes.facecolor"] == "red"


def test_judging_imports_matplotlib_only_when_something_is_drawn() -> None:
    script = (
        "import sys, evaluators.evaluate, evaluators.practice, springboard\n"
        "print([name for name in ('matplotlib', 'PIL') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'client'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "table",
    [
        Table(("a", "b"), ((1,),)),
        Table(("a",), ((float("nan"),),)),
        Table(("a",), tuple(("x" * 100,) for _ in range(3000))),
    ],
)
def test_a_table_that_is_none_is_left_out(table: Table, caplog: pytest.LogCaptureFixture) -> None:
    assert diagnostics_draw([Draft("a", "A", Split.PRACTICE, "", table)]) == ()
    assert "is left out" in caplog.text
    caplog.clear()
