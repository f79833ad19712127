"""Which worker may judge what waits for a GPU."""

import itertools

import pytest

from server.competitions.models import Competition
from server.submissions.claim import Claim
from server.submissions.models import Evaluation
from server.submissions.selectors import queue as queues
from server.submissions.selectors import queues_waiting, waiting_next
from server.submissions.services import claiming, evaluation_claim, evaluation_requeue
from tests.server.cast import Cast, competition_make, person_make, task_version_make
from tests.server.judging import evaluation_of, submit
from tests.server.submissions.gpu import on_gpu, online, silent
from tests.server.threads import together

WORKERS = ("none", "silent", "drained", "well")


def _gpu_worker(state: str) -> None:
    if state == "none":
        return
    worker = online("gpu:1", "gpu", drained=["Xid 48"] if state == "drained" else [])
    if state == "silent":
        silent(worker)


@pytest.mark.parametrize(
    ("allowed", "gpu_worker", "asks"),
    list(itertools.product((False, True), WORKERS, ("cpu", "gpu"))),
)
def test_a_cpu_worker_takes_it_only_where_allowed_and_no_gpu_worker_is_online(
    allowed: bool, gpu_worker: str, asks: str, cast: Cast, competition: Competition
) -> None:
    submit(cast.student, on_gpu(competition, cpu_fallback=allowed))
    _gpu_worker(gpu_worker)
    claim = evaluation_claim(queue=asks, worker="test")
    may = asks == "gpu" or (allowed and gpu_worker in ("none", "silent"))
    assert (claim is not None) is may
    if claim is not None:
        assert claim.queue == "gpu"
    row = Evaluation.objects.get()
    assert (row.queue, row.attempt) == ("gpu", int(may))


def test_a_gpu_worker_takes_nothing_of_the_cpus(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    assert evaluation_claim(queue="gpu", worker="test") is None


def test_another_courses_permission_is_no_permission(cast: Cast, competition: Competition) -> None:
    cast.other_course.cpu_fallback = True
    cast.other_course.save()
    submit(cast.student, on_gpu(competition))
    assert evaluation_claim(queue="cpu", worker="test") is None


def test_whoever_waits_longer_comes_first_whatever_they_wait_for(cast: Cast) -> None:
    gpu = on_gpu(competition_make(cast.course, task_version=task_version_make()), cpu_fallback=True)
    cpu = competition_make(cast.course, slug="cpu", task_version=task_version_make(artifact_mb=2))
    first = evaluation_of(submit(cast.student, gpu))
    second = evaluation_of(submit(cast.classmate, cpu))
    claims = [evaluation_claim(queue="cpu", worker="test") for _ in range(2)]
    assert [claim.evaluation_id for claim in claims if claim] == [first.pk, second.pk]


def test_a_gpu_worker_that_comes_online_meanwhile_keeps_it(
    cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(cast.student, on_gpu(competition, cpu_fallback=True))
    found: list[Evaluation | None] = []

    def slowly(**wanted: object) -> Evaluation | None:
        found.append(waiting_next(**wanted))  # type: ignore[arg-type]
        online("gpu:1", "gpu")
        return found[-1]

    monkeypatch.setattr(claiming, "waiting_next", slowly)
    assert evaluation_claim(queue="cpu", worker="test") is None
    assert [one is None for one in found] == [False, True]
    assert Evaluation.objects.get().attempt == 0


def test_given_back_by_a_cpu_worker_it_waits_for_a_gpu_again(
    cast: Cast, competition: Competition
) -> None:
    submit(cast.student, on_gpu(competition, cpu_fallback=True))
    claim = evaluation_claim(queue="cpu", worker="test")
    assert claim is not None
    evaluation_requeue(claim=claim, error="disk full")
    online("gpu:1", "gpu")
    assert evaluation_claim(queue="cpu", worker="other") is None
    again = evaluation_claim(queue="gpu", worker="gpu:1/7")
    assert again is not None and again.token == 2


def test_both_kinds_of_workers_are_rung_for_it(cast: Cast, competition: Competition) -> None:
    submit(cast.student, on_gpu(competition, cpu_fallback=True))
    assert queues_waiting() == {"cpu": 1, "gpu": 1}
    online("gpu:1", "gpu")
    assert queues_waiting() == {"gpu": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("allowed", [False, True])
def test_a_submission_rings_for_who_may_judge_it(
    allowed: bool, cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("server.submissions.doorbell.ring", lambda *, queue: rung.append(queue))
    submit(cast.student, on_gpu(competition, cpu_fallback=allowed))
    assert rung == (["gpu", "cpu"] if allowed else ["gpu"])


@pytest.mark.django_db(transaction=True)
def test_two_cpu_workers_and_one_for_gpus_share_without_a_quarrel(
    cast: Cast, competition: Competition
) -> None:
    competition = on_gpu(competition, cpu_fallback=True)
    for number in range(12):
        person = person_make(f"person{number}")
        cast.course.memberships.create(user=person)
        submit(person, competition)

    def claim_all(number: int) -> list[Claim]:
        queue, claims = ("gpu", "cpu", "cpu")[number], []
        if queue == "gpu":
            online("gpu:1", "gpu")
        while claim := evaluation_claim(queue=queue, worker=f"{queue}:{number}/1"):
            claims.append(claim)
        return claims

    claimed = [claim for claims in together(claim_all, threads=3) for claim in claims]
    assert sorted(claim.evaluation_id for claim in claimed) == sorted(
        Evaluation.objects.values_list("pk", flat=True)
    )
    assert {claim.token for claim in claimed} == {1}


def test_what_may_be_judged_joins_no_table(cast: Cast) -> None:
    # PostgreSQL asks a conditional update's conditions again of a row that another worker has just
    # changed, but not those behind a join.
    condition = queues.may_judge(queue="cpu", at=cast.course.created)
    sql = str(Evaluation.objects.filter(condition).query)
    assert " JOIN " not in sql.split(" WHERE ")[0]
