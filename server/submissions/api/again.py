"""Judging again what could not be judged."""

import dataclasses

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.competitions.selectors import competition_access
from server.submissions.api.shown import SubmissionDetail
from server.submissions.selectors import submission_access
from server.submissions.services import evaluation_again, evaluations_again


class AgainShown(serializers.Serializer[None]):
    """What is judged again."""

    queued = serializers.IntegerField(help_text="How many submissions wait to be judged again.")


class AgainView(APIView):
    """Judging one submission again."""

    @extend_schema(request=None, responses=SubmissionDetail)
    def post(self, request: Request, public_id: str) -> Response:
        """Has a submission judged again that ended as an error; for the course's staff.

        It waits behind all that students have submitted, and costs its team nothing.
        """
        user = person(request)
        access = submission_access(user=user, public_id=public_id)
        access.require_staff()
        evaluation = evaluation_again(submission=access.submission, by=user)
        after = dataclasses.replace(access, evaluation=evaluation)
        return Response(SubmissionDetail(after, context={"request": request}).data)


class AllAgainView(APIView):
    """Judging again all that failed."""

    @extend_schema(request=None, responses=AgainShown)
    def post(self, request: Request, slug: str) -> Response:
        """Has all judged again that ended as an error, 200 at a time; for the course's staff."""
        user = person(request)
        access = competition_access(user=user, slug=slug)
        access.require_staff()
        queued = evaluations_again(competition=access.competition, by=user)
        return Response({"queued": queued})
