from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from server.competitions.selectors import competition_access, team_find
from server.leaderboards.selectors import (
    leaderboard_cursor_around,
    leaderboard_cursor_back,
    leaderboard_page,
    team_rank,
    team_standing,
)
from server.web.pages import page
from server.web.views.competition import tab_page

ROWS = 50


@require_safe
@page
def leaderboard(request: HttpRequest, slug: str) -> HttpResponse:
    """Who stands where on the public split."""
    access = competition_access(user=request.user, slug=slug)
    competition = access.competition
    cursor = request.GET.get("cursor") or None
    board = leaderboard_page(competition=competition, cursor=cursor, limit=ROWS)
    team = team_find(user=request.user, competition=competition)
    standing = team_standing(team=team) if team else None
    rank = team_rank(standing=standing) if standing else None
    on_page = team is not None and any(row.team_id == team.pk for row in board.rows)
    around = None
    if standing and rank and not on_page:
        around = leaderboard_cursor_around(standing=standing, rank=rank)
    back = leaderboard_cursor_back(competition=competition, cursor=cursor, limit=ROWS)
    context = {
        "board": board,
        "cursor": cursor,
        "back": back,
        "team": team,
        "rank": rank,
        "on_page": on_page,
        "around": around,
    }
    return tab_page(request, access, "leaderboard", context)
