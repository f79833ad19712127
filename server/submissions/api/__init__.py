"""Submissions through the API."""

from server.submissions.api.again import AgainView, AllAgainView
from server.submissions.api.competition import CompetitionView
from server.submissions.api.diagnostics import DiagnosticPictureView, DiagnosticsView
from server.submissions.api.staff import AllSubmissionsView, SubmissionsCsvView, UploadView
from server.submissions.api.submission import CancelView, SubmissionView
from server.submissions.api.team import TeamSubmissionsView

__all__ = [
    "AgainView",
    "AllAgainView",
    "AllSubmissionsView",
    "CancelView",
    "CompetitionView",
    "DiagnosticPictureView",
    "DiagnosticsView",
    "SubmissionView",
    "SubmissionsCsvView",
    "TeamSubmissionsView",
    "UploadView",
]
