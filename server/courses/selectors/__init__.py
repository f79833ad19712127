"""Reads courses and who belongs to them."""

from server.courses.selectors.memberships import Viewer, membership_find, memberships_of

__all__ = ["Viewer", "membership_find", "memberships_of"]
