"""Fixtures for tests against ailab-mock.

plugin   options and fixtures
server   one server for a session, shared by all workers
tenant   a key of its own: what it answers, and what it was asked
"""

from pytest_ailab_mock.server import Server
from pytest_ailab_mock.tenant import Tenant

__all__ = ["Server", "Tenant"]
