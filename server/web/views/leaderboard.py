from django.contrib import messages
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from evaluators.report import Split
from server.accounts.models import User
from server.competitions.selectors import competition_access, team_find
from server.competitions.services import team_mark_baseline
from server.leaderboards.selectors import (
    board_split,
    leaderboard_cursor_around,
    leaderboard_cursor_back,
    leaderboard_page,
    leaderboard_row,
    team_standing,
)
from server.web.intervals import board_lines
from server.web.pages import page, person_of, person_page
from server.web.unchanged import board_etag, unchanged
from server.web.views.competition import tab_page

ROWS = 50


@require_safe
@page
def leaderboard(request: HttpRequest, slug: str) -> HttpResponse:
    """Who stands where: by public scores, after the reveal by private ones."""
    access = competition_access(user=request.user, slug=slug)
    competition = access.competition
    person = person_of(request)
    role = access.membership.role if access.membership else None
    cursor = request.GET.get("cursor") or None
    wanted = request.GET.get("split") or None
    split = board_split(access=access, wanted=wanted)
    etag = board_etag(competition, person and person.pk, role, request.get_full_path())
    if split is Split.PRIVATE and not competition.private_revealed:
        etag = ""  # the board's version tells only of what all may see
    # A message waits to be shown once: the page with it is no other's.
    if etag and not len(get_messages(request)) and (answer := unchanged(request, etag)):
        return answer
    board = leaderboard_page(competition=competition, split=split, cursor=cursor, limit=ROWS)
    team = team_find(user=request.user, competition=competition)
    standing = team_standing(team=team) if team else None
    on_page = team is not None and any(row.team_id == team.pk for row in board.rows)
    pinned = around = None
    if standing and not on_page:
        pinned = leaderboard_row(competition=competition, standing=standing, split=split)
        around = leaderboard_cursor_around(standing=standing, split=split)
    back = leaderboard_cursor_back(competition=competition, cursor=cursor, split=split, limit=ROWS)
    lines = board_lines([*([pinned] if pinned else []), *board.rows])
    context = {
        "board": board,
        "lines": lines[1:] if pinned else lines,
        # Those right of the score: the bar, other metrics, two more, and one for the staff.
        "reference_columns": 3
        + len(competition.task_version.secondary_metrics)
        + int(access.is_staff),
        "pinned": lines[0] if pinned else None,
        "private": split is Split.PRIVATE,
        "query": f"split={wanted}&" if wanted else "",
        "cursor": cursor,
        "back": back,
        "team": team,
        "on_page": on_page,
        "around": around,
        "etag": etag,
    }
    response = tab_page(request, access, "leaderboard", context)
    if etag:
        response.headers["ETag"] = etag
    return response


@require_POST
@person_page
def baseline(request: HttpRequest, person: User, slug: str, team_id: int) -> HttpResponse:
    """Marks a team as a baseline, or as a team again; for the course's staff."""
    access = competition_access(user=person, slug=slug)
    access.require_staff()
    team = team_mark_baseline(
        competition=access.competition,
        actor=person,
        team_id=team_id,
        is_baseline=request.POST.get("baseline") == "1",
    )
    kind = "is a baseline now and takes no rank" if team.is_baseline else "takes a rank again"
    messages.success(request, f"{team.name} {kind}.")
    return redirect("web:leaderboard", slug=slug)
