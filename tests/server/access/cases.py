"""The whole matrix."""

from tests.server.access.admin_cases import ADMIN_CASES
from tests.server.access.api_cases import API_CASES
from tests.server.access.manage_cases import MANAGE_CASES
from tests.server.access.web_cases import WEB_CASES

CASES = (*WEB_CASES, *MANAGE_CASES, *API_CASES, *ADMIN_CASES)
