"""What is said of the digits alone; see tests/tasks/test_descriptions.py for what all tasks say."""

from tests.digits import TASK


def test_it_says_that_mnist_states_no_licence() -> None:
    text = " ".join((TASK / "description.md").read_text().split())
    assert "MNIST states no licence of its own" in text
