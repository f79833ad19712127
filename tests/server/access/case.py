"""A row of the matrix: an address of one object, and what each method answers to whom."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.server.access.people import PEOPLE, Means
from tests.server.access.policies import ASKED, Policy

SAFE = ("get", "head", "options")
UNSAFE = ("post", "put", "patch", "delete")
# Methods that are not in the row: nothing of an address may answer to them.
NOT_THERE = frozenset({405, 401})

Body = Mapping[str, object] | Callable[[], Mapping[str, object]]


@dataclass(frozen=True)
class Case:
    """What one address answers.

    Attributes:
        path: with the world's keys in braces.
        get: to whom it answers what; HEAD likewise. None where it has no GET.
        options: None for an address that tells its methods to nobody, or to whoever may ask.
        body: what is sent, in braces the world's keys; made anew where it is a function.
    """

    path: str
    get: Policy | None = None
    post: Policy | None = None
    put: Policy | None = None
    patch: Policy | None = None
    delete: Policy | None = None
    options: Policy | None = None
    body: Body = field(default_factory=dict)

    @property
    def means(self) -> Means:
        """Programs ask the API, browsers the pages."""
        return "program" if self.path.startswith("/api/") else "browser"

    @property
    def door(self) -> frozenset[int]:
        """What who has not logged in is answered."""
        return frozenset({401}) if self.means == "program" else frozenset({302})

    def policy(self, method: str) -> Policy | None:
        found = getattr(self, "get" if method == "head" else method)
        assert found is None or isinstance(found, dict)
        return found

    def expected(self, method: str, name: str) -> frozenset[int]:
        """The statuses that one of the people may get: one, but for what is not there."""
        policy = self.policy(method)
        if policy is not None:
            status = policy[name]
            return self.door if status == ASKED else frozenset({status})
        if method == "options" and self.means == "program":
            return frozenset({200}) if name != "anonymous" else frozenset({200, 401})
        return NOT_THERE if (self.means, name) == ("program", "anonymous") else frozenset({405})

    def sent(self, keys: Mapping[str, str]) -> dict[str, object]:
        body = self.body() if callable(self.body) else self.body
        return {k: v.format(**keys) if isinstance(v, str) else v for k, v in body.items()}

    def changes(self, method: str, name: str) -> bool:
        """Whether one of the people may change something by an unsafe method."""
        policy = self.policy(method)
        return policy is not None and policy[name] != ASKED and policy[name] < 400

    def unsafe(self) -> Iterator[tuple[str, str]]:
        """All unsafe methods with all people."""
        return ((method, name) for method in UNSAFE for name in PEOPLE)
