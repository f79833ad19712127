"""Lets single teams submit for longer than the others."""

from datetime import datetime

from django.db import transaction

from server.accounts.models import User
from server.competitions.models import Competition, Team, TeamExtension
from server.competitions.selectors import team_named
from server.competitions.services.teams import team_for
from server.courses.models import Action, Membership
from server.courses.services import action_log
from server.refusals import NotFound, Unprocessable


def extension_give(
    *, competition: Competition, actor: User, who: str, closes_at: datetime
) -> TeamExtension:
    """Gives a team a deadline of its own, or moves the one that it has.

    Args:
        competition: with its course loaded.
        actor: who gives it.
        who: a team's name, or the user name of a member of the course, whose team it is then.
        closes_at: the team's deadline.

    Raises:
        Unprocessable: there is no such team or member, or the deadline is not later than that
            for all.
    """
    if closes_at <= competition.closes_at:
        raise Unprocessable("An extension ends after the deadline for all. Choose a later time.")
    with transaction.atomic():
        team = Team.objects.select_for_update().get(pk=_team(competition, who).pk)
        extension = TeamExtension.objects.filter(team=team).first()
        before = extension.closes_at if extension else None
        if extension is None:
            extension = TeamExtension(team=team)
        extension.closes_at = closes_at
        extension.save()
        action_log(
            course=competition.course,
            actor=actor,
            action=Action.EXTENSION_GIVE,
            subject=_subject(competition, team),
            before={"closes_at": before},
            after={"closes_at": closes_at},
        )
    return extension


def extension_withdraw(*, competition: Competition, actor: User, extension_id: int) -> None:
    """Takes a team's own deadline back: that for all holds again.

    Raises:
        NotFound: there is no such extension.
    """
    with transaction.atomic():
        extension = (
            TeamExtension.objects.select_for_update(of=("self",))
            .filter(team__competition=competition, pk=extension_id)
            .select_related("team")
            .first()
        )
        if extension is None:
            raise NotFound("There is no such extension; perhaps it was withdrawn already.")
        action_log(
            course=competition.course,
            actor=actor,
            action=Action.EXTENSION_WITHDRAW,
            subject=_subject(competition, extension.team),
            before={"closes_at": extension.closes_at},
            after={"closes_at": None},
        )
        extension.delete()


def _team(competition: Competition, who: str) -> Team:
    name = who.strip()
    if not name.isprintable():
        raise Unprocessable("Write the name of a team, or a user name, in plain text.")
    if team := team_named(name=name, competition=competition):
        return team
    members = Membership.objects.filter(course=competition.course_id, user__username__iexact=name)
    if member := members.select_related("user").first():
        return team_for(user=member.user, competition=competition)
    raise Unprocessable(
        f"“{name}” is neither a team of this competition nor a user name of the course."
    )


def _subject(competition: Competition, team: Team) -> str:
    return f"{competition.slug}: {team.name}"
