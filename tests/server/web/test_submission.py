from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from evaluators.report import Log, Progress, Split, Stage
from server.competitions.models import Competition
from server.leaderboards.services import evaluation_finish
from server.submissions.models import Evaluation, Submission
from server.submissions.services import evaluation_fail, evaluation_progress
from tests.server.cast import Cast
from tests.server.judging import claim_next, report_failed, report_scored, submit
from tests.server.web.reports import report_logits


@pytest.fixture
def submission(cast: Cast, competition: Competition) -> Submission:
    return submit(cast.student, competition, message="my first")


def text_of(client: Client, submission: Submission, part: str = "") -> str:
    return client.get(f"/submissions/{submission.public_id}/{part}").content.decode()


def poll(client: Client, page: str) -> tuple[int, str]:
    """Asks as htmx does, with the address that the page has."""
    address = page.split('hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    response = client.get(address, headers={"HX-Request": "true"})
    return response.status_code, response.content.decode()


def test_a_waiting_one_says_its_place_and_asks_again(
    cast: Cast, competition: Competition, submission: Submission, student: Client
) -> None:
    later = submit(cast.classmate, competition)
    assert "number <strong>1</strong> in the queue" in text_of(student, submission)
    classmate = Client()
    classmate.force_login(cast.classmate)
    page = text_of(classmate, later)
    assert "number <strong>2</strong> in the queue" in page
    assert 'hx-trigger="every 1s"' in page


def test_polling_sends_nothing_until_something_changes(
    submission: Submission, student: Client
) -> None:
    page = text_of(student, submission)
    assert poll(student, page) == (204, "")
    claim = claim_next()
    status, part = poll(student, page)
    assert status == 200 and "Starting" in part
    evaluation_progress(claim=claim, progress=Progress(Stage.PRACTICE, Log("loading\n")))
    status, part = poll(student, part)
    assert status == 200 and "Practice stage" in part and "loading" in part
    assert poll(student, part)[0] == 204


def test_screen_readers_are_told_of_steps_not_of_log_lines(
    submission: Submission, student: Client
) -> None:
    claim = claim_next()
    page = text_of(student, submission)
    evaluation_progress(claim=claim, progress=Progress(Stage.PRACTICE, Log("one\n")))
    _, part = poll(student, page)
    assert 'id="announcement"' in part
    evaluation_progress(claim=claim, progress=Progress(Stage.PRACTICE, Log("one\ntwo\n")))
    status, part = poll(student, part)
    assert status == 200 and 'id="announcement"' not in part


def test_it_says_that_its_worker_fell_silent(submission: Submission, student: Client) -> None:
    told = "Its worker fell silent; it is judged again when a worker is online."
    evaluation_progress(claim=claim_next(), progress=Progress(Stage.JUDGED, Log("loading\n")))
    page = text_of(student, submission)
    assert "Your model runs on the hidden inputs." in page and told not in page
    Evaluation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    status, part = poll(student, page)
    assert status == 200 and part.count(told) == 2  # to who sees it, and to who does not
    assert "hidden inputs" not in part and "in the queue" not in part
    assert 'aria-current="step">Waiting<' in part
    assert poll(student, part)[0] == 204
    listed = student.get("/competitions/halves/submissions/").content.decode()
    assert "Interrupted" in listed and "Judged stage" not in listed


def test_polling_stops_when_it_has_ended(submission: Submission, student: Client) -> None:
    page = text_of(student, submission)
    evaluation_finish(claim=claim_next(), report=report_scored(0.25))
    _, part = poll(student, page)
    assert "Scored" in part and "hx-get" not in part
    assert "hx-get" not in text_of(student, submission)


def test_it_shows_scores_with_their_intervals(submission: Submission, student: Client) -> None:
    evaluation_finish(claim=claim_next(), report=report_scored(0.25, private=7.5))
    page = text_of(student, submission)
    assert "0.2500" in page and "[0.1500, 0.3500]" in page
    assert "lower is better" in page and "higher is better" in page


def test_private_scores_are_for_staff_until_the_reveal(
    competition: Competition, submission: Submission, student: Client, instructor: Client
) -> None:
    evaluation_finish(claim=claim_next(), report=report_scored(0.25, private=7.5))
    assert "7.5000" not in text_of(student, submission)
    assert "7.5000" in text_of(instructor, submission)
    competition.private_revealed = True
    competition.save()
    assert "7.5000" in text_of(student, submission)
    assert Split.PRIVATE.value.title() in text_of(student, submission)


def test_what_its_scores_are_bound_to_is_for_staff(
    cast: Cast, submission: Submission, student: Client
) -> None:
    evaluation_finish(claim=claim_next(), report=report_scored(0.25))
    assistant = Client()
    assistant.force_login(cast.assistant)
    page = text_of(assistant, submission)
    assert "<dt>Sandbox</dt><dd>fake</dd>" in page
    for digest in ("t" * 64, "d" * 64, "r" * 64):
        assert digest in page
        assert digest not in text_of(student, submission)


def test_the_judged_log_is_for_staff_only(
    submission: Submission, student: Client, instructor: Client
) -> None:
    evaluation_finish(claim=claim_next(), report=report_scored(0.25))
    for part in ("", "status/"):
        assert "secret input" not in text_of(student, submission, part)
        assert "secret input" in text_of(instructor, submission, part)


def test_a_verdict_comes_in_words_with_help(submission: Submission, student: Client) -> None:
    evaluation_finish(claim=claim_next(), report=report_logits())
    page = text_of(student, submission)
    assert "Predictions not valid" in page
    assert "values run from -8.1 to 12.4" in page
    assert "add a softmax as the last step" in page


def test_it_says_when_the_log_was_cut(submission: Submission, student: Client) -> None:
    evaluation_finish(claim=claim_next(), report=report_scored(0.25))
    assert "The log was cut: 3 bytes more" in text_of(student, submission)


def test_a_model_that_never_ran_has_no_log(submission: Submission, student: Client) -> None:
    evaluation_finish(claim=claim_next(), report=report_failed())
    page = text_of(student, submission)
    assert "Upload not usable" in page and "told so far" in page


def test_a_fault_of_the_task_is_told_in_full_to_staff_only(
    submission: Submission, student: Client, instructor: Client
) -> None:
    evaluation_fail(claim=claim_next(), error="labels.npz is gone")
    page = text_of(student, submission)
    assert "your instructor has been told and nothing was charged" in page
    assert "labels.npz" not in page
    assert "labels.npz is gone" in text_of(instructor, submission)


def test_it_can_be_cancelled_while_it_waits(submission: Submission, student: Client) -> None:
    ask = text_of(student, submission, "cancel/")
    assert "does not count as one of today" in ask
    page = student.post(f"/submissions/{submission.public_id}/cancel/", follow=True)
    assert "The evaluation was cancelled." in page.content.decode()


def test_cancelling_a_running_one_says_that_it_stops(
    submission: Submission, student: Client
) -> None:
    claim_next()
    assert "still counts as one of today" in text_of(student, submission, "cancel/")
    page = student.post(f"/submissions/{submission.public_id}/cancel/", follow=True)
    text = page.content.decode()
    assert "Stopping" in text and 'id="cancel"' not in text


def test_cancelling_too_late_says_so(submission: Submission, student: Client) -> None:
    evaluation_finish(claim=claim_next(), report=report_scored(0.25))
    page = student.post(f"/submissions/{submission.public_id}/cancel/", follow=True)
    assert "nothing to cancel" in page.content.decode()
    assert submission.evaluations.get().verdict == "scored"


def test_a_logged_out_page_leads_to_the_log_in_instead_of_showing_it_inside(
    submission: Submission, student: Client
) -> None:
    page = text_of(student, submission)
    status, part = poll(Client(), page)
    assert (status, part) == (401, "")


def test_it_shows_attempt_digests_and_durations(submission: Submission, student: Client) -> None:
    evaluation_finish(claim=claim_next(), report=report_scored(0.25))
    page = text_of(student, submission)
    artifact = submission.evaluations.get().artifact
    assert artifact is not None and artifact.digest in page
    assert submission.sha256 in page and "Attempt" in page and "1.0 s" in page


def test_the_list_shows_each_with_its_score(
    cast: Cast, competition: Competition, submission: Submission, student: Client
) -> None:
    evaluation_finish(claim=claim_next(), report=report_scored(0.25))
    submit(cast.student, competition, message="my second")
    page = text_of_list(student)
    assert page.index("my second") < page.index("my first")
    assert "0.2500" in page and "Waiting" in page


def test_the_list_is_paged(cast: Cast, competition: Competition, student: Client) -> None:
    competition.daily_limit, competition.queue_limit = 1000, 100
    competition.save()
    for number in range(52):
        submit(cast.student, competition, message=f"try {number}.")
    first = student.get("/competitions/halves/submissions/")
    cursor = first.context["next_cursor"]
    second = student.get("/competitions/halves/submissions/", {"cursor": cursor})
    notes = [line.submission.message for page in (first, second) for line in page.context["lines"]]
    assert notes == [f"try {number}." for number in reversed(range(52))]
    assert second.context["next_cursor"] is None
    assert "Newest" in second.content.decode()


def text_of_list(client: Client) -> str:
    return client.get("/competitions/halves/submissions/").content.decode()
