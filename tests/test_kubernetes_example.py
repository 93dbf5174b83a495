"""The manifests fit the code: settings that exist, probes that are served, the image's user and port."""

from __future__ import annotations

from typing import Any

import yaml

from server.app import create_app
from server.settings import Settings
from server.settings_table import SETTINGS
from server.version import VERSION
from tests.conftest import ROOT

FOLDER = ROOT / "examples" / "kubernetes"


def manifests() -> dict[str, dict[str, Any]]:
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]
    assert sorted(listed) == sorted(path.name for path in FOLDER.glob("*.yaml") if path.name != "kustomization.yaml")
    loaded = [yaml.safe_load((FOLDER / name).read_text()) for name in listed]
    return {manifest["kind"]: manifest for manifest in loaded}


def test_manifests_fit_the_code() -> None:
    parts = manifests()
    pod = parts["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["image"] == f"ailab-mock:{VERSION}"
    variables = {one["name"]: one.get("value", "file") for one in container["env"]}
    assert set(variables) <= {setting.variable for setting in SETTINGS}
    settings = Settings.resolve({}, variables)
    assert settings.workers == int(container["resources"]["requests"]["cpu"])
    assert container["ports"][0]["containerPort"] == settings.port
    served = {getattr(route, "path", "") for route in create_app(Settings.resolve({}, {})).routes}
    probes = [container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")]
    assert {probe["path"] for probe in probes} == {"/readyz", "/livez"} <= served
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert f"USER {pod['securityContext']['runAsUser']}\n" in dockerfile
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["resources"]["limits"]["memory"]


def test_everything_selects_the_same_pods() -> None:
    parts = manifests()
    labels = parts["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert parts["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert parts["Service"]["spec"]["selector"] == labels
    assert parts["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    target = parts["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    assert target["name"] == parts["Deployment"]["metadata"]["name"]
