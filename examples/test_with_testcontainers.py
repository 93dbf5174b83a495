"""Start the emulator in a container for a test session, with Testcontainers. Needs a Docker engine.

docker build -t ailab-mock .
pip install pytest httpx testcontainers
pytest test_with_testcontainers.py     # a copy in your own project
"""

import httpx
import pytest
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

PORT = 18463


def emulator():
    """Describe the container; it is ready once the models are loaded."""
    ready = HttpWaitStrategy(PORT, "/readyz").for_status_code(200)
    return DockerContainer("ailab-mock").with_exposed_ports(PORT).waiting_for(ready)


@pytest.fixture(scope="session")
def base_url():
    with emulator() as container:
        yield f"http://{container.get_container_host_ip()}:{container.get_exposed_port(PORT)}"


def test_credits(base_url):
    answer = httpx.get(f"{base_url}/api/common/query-credits", headers={"ailabapi-api-key": "any-key"})
    assert answer.json()["error_code"] == 0
