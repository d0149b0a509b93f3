"""The manifests of `openapi/examples/deploy/` hold by their schemas, and speak of the program as it is."""

import json
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from service.app import create_app
from service.settings import PREFIX, Settings
from tests.npm import installed

HERE = Path(__file__).parent
DEPLOY = HERE.parent.parent / "openapi" / "examples" / "deploy"
OF_KUBERNETES = ("deployment.yaml", "service.yaml", "autoscaler.yaml", "disruption-budget.yaml")


def read(name: str) -> dict[str, Any]:
    """Return a manifest."""
    document: dict[str, Any] = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def pod() -> dict[str, Any]:
    """Return the pod of the Deployment."""
    spec: dict[str, Any] = read("deployment.yaml")["spec"]["template"]["spec"]
    return spec


@pytest.fixture(scope="module")
def container(pod: dict[str, Any]) -> dict[str, Any]:
    """Return its one container."""
    (only,) = pod["containers"]
    found: dict[str, Any] = only
    return found


def values_of(container: dict[str, Any]) -> dict[str, str]:
    """Return the variables that are set."""
    return {variable["name"]: variable["value"] for variable in container["env"]}


@pytest.mark.parametrize("name", OF_KUBERNETES)
@pytest.mark.parametrize("version", ["1.28", "1.37"])
def test_kubernetes_would_take_it(name: str, version: str) -> None:
    """Each manifest has the schema of its kind, with no field that Kubernetes does not know."""
    validate = pytest.importorskip("kubernetes_validate").validate
    validate(read(name), version, strict=True)


def test_a_manifest_with_a_wrong_field_is_told() -> None:
    """The check is one: a misspelled field does not pass."""
    kubernetes_validate = pytest.importorskip("kubernetes_validate")
    wrong = read("deployment.yaml")
    wrong["spec"]["template"]["spec"]["containers"][0]["readinesProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.37", strict=True)


@pytest.mark.parametrize("interval", ["30s", "often"])
def test_the_prometheus_operator_would_take_the_monitor(interval: str) -> None:
    """The ServiceMonitor has the schema of the operator's own definition; a senseless interval has not."""
    monitor = read("service-monitor.yaml")
    monitor["spec"]["endpoints"][0]["interval"] = interval
    command = ["node", "monitor.js"]
    text = json.dumps(monitor)
    done = subprocess.run(
        command, cwd=installed(HERE), input=text, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode == 0) is (interval == "30s"), done.stderr


def test_docker_compose_would_take_it(capsys: pytest.CaptureFixture[str]) -> None:
    """The file of Compose has the schema of its specification."""
    main = pytest.importorskip("check_jsonschema").main
    with pytest.raises(SystemExit) as left:
        main(["--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yaml")])
    assert left.value.code == 0, capsys.readouterr()


def test_all_belongs_together(container: dict[str, Any]) -> None:
    """Service, autoscaler, budget and monitor mean the Deployment; the kustomization lists every file."""
    deployment = read("deployment.yaml")
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    served = {port["name"]: port["targetPort"] for port in read("service.yaml")["spec"]["ports"]}
    (scraped,) = read("service-monitor.yaml")["spec"]["endpoints"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert read("service.yaml")["spec"]["selector"] == labels
    assert read("disruption-budget.yaml")["spec"]["selector"]["matchLabels"] == labels
    assert read("service-monitor.yaml")["spec"]["selector"]["matchLabels"] == read("service.yaml")["metadata"]["labels"]
    assert read("autoscaler.yaml")["spec"]["scaleTargetRef"]["name"] == deployment["metadata"]["name"]
    assert served == {name: name for name in ports}
    assert scraped["port"] == "operations"
    assert ports == {"http": 8000, "operations": int(values_of(container)["DUALSCOPE_OPERATIONS_PORT"])}
    others = {path.name for path in DEPLOY.glob("*.yaml")} - {"kustomization.yaml", "compose.yaml"}
    assert set(read("kustomization.yaml")["resources"]) == others


def test_its_settings_are_ours(container: dict[str, Any]) -> None:
    """Every variable that is set is one that the program reads."""
    known = {PREFIX + field.name.upper() for field in msgspec.structs.fields(Settings)}
    given = set(values_of(container))
    assert given | set(read("compose.yaml")["services"]["dualscope"]["environment"]) <= known


def test_its_probes_and_its_scraper_ask_what_is_there(container: dict[str, Any]) -> None:
    """Paths of probes and of the monitor are routes."""
    routes = {route.path for route in create_app().routes}
    probes = [container[f"{name}Probe"]["httpGet"] for name in ("startup", "readiness", "liveness")]
    (scraped,) = read("service-monitor.yaml")["spec"]["endpoints"]
    assert {*(probe["path"] for probe in probes), scraped["path"]} <= routes
    assert [probe["port"] for probe in probes] == ["operations"] * 3
    assert probes[2]["path"] == "/health/live"


def test_it_has_no_rights_that_it_does_not_need(pod: dict[str, Any], container: dict[str, Any]) -> None:
    """Not root, the user of the image, a root that cannot be written, no token of the cluster."""
    user = next(
        line.split()[1] for line in (HERE.parent.parent / "Dockerfile").read_text().splitlines() if line[:5] == "USER "
    )
    assert pod["securityContext"] | {"runAsNonRoot": True, "runAsUser": int(user)} == pod["securityContext"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert pod["automountServiceAccountToken"] is False


def test_it_is_given_the_time_to_drain(pod: dict[str, Any], container: dict[str, Any]) -> None:
    """Kubernetes kills it later than it would have gone by itself."""
    drain = int(values_of(container)["DUALSCOPE_DRAIN_SECONDS"])
    assert pod["terminationGracePeriodSeconds"] >= drain + 10


def test_what_waits_fits_into_its_temporary_folder(pod: dict[str, Any], container: dict[str, Any]) -> None:
    """A file to import and the answers that wait for their reader are within the volume's size."""
    values = values_of(container)
    waiting = sum(int(values[f"DUALSCOPE_{name}_LIMIT_BYTES"]) for name in ("SPOOL", "IMPORT"))
    assert pod["volumes"][0]["emptyDir"]["sizeLimit"] == "1Gi"
    assert waiting <= 1024**3
