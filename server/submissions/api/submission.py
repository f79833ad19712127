"""One submission: showing and cancelling it."""

import dataclasses

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.submissions.api.shown import SubmissionDetail
from server.submissions.selectors import submission_access
from server.submissions.services import evaluation_cancel


class SubmissionView(APIView):
    """One submission."""

    @extend_schema(responses=SubmissionDetail)
    def get(self, request: Request, public_id: str) -> Response:
        """Shows a submission of your team, or of a course of which you are staff."""
        access = submission_access(user=person(request), public_id=public_id)
        return Response(SubmissionDetail(access, context={"request": request}).data)


class CancelView(APIView):
    """Cancelling a submission."""

    @extend_schema(request=None, responses=SubmissionDetail)
    def post(self, request: Request, public_id: str) -> Response:
        """Cancels a submission: at once while it waits, soon while it runs."""
        user = person(request)
        access = submission_access(user=user, public_id=public_id)
        evaluation = evaluation_cancel(evaluation=access.evaluation, by=user)
        after = dataclasses.replace(access, evaluation=evaluation)
        return Response(SubmissionDetail(after, context={"request": request}).data)
