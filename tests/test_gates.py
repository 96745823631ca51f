"""The ready-made gates: each is read from its file and run as its service would run it, on a repository of its own.

Nothing of this environment's bimikit is in theirs: every gate installs the tree as its file says. The network is only
left out, by settings of pip: what bimikit needs comes from a folder of links to what is installed here.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from packaging.requirements import Requirement
from support import ROOT

SAMPLE = ROOT / "examples" / "brand-repository"
UNTITLED = ("brand/logo.svg", b"<title>Kurage Audio</title>", b"")
AT = "--at=2026-12-01"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the gates are run by bash")


def needs_of(name: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """A distribution and all that it needs, as far as it is installed."""
    found: set[tuple[str, frozenset[str]]] = set()
    waiting = [(name, extras)]
    while waiting:
        one = waiting.pop()
        if one in found:
            continue
        try:
            required = distribution(one[0]).requires or ()
        except PackageNotFoundError:  # for another system or Python
            continue
        found.add(one)
        asked = ({"extra": extra} for extra in (*one[1], ""))
        waiting += [
            (each.name, frozenset(each.extras))
            for each, extra in product(map(Requirement, required), asked)
            if each.marker is None or each.marker.evaluate(extra)
        ]
    return {each for each, _ in found}


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of links to what bimikit, its plugin and its build need, and to nothing else but pip."""
    folder = tmp_path_factory.mktemp("packages")
    for name in (needs_of("bimikit", frozenset({"pytest"})) | needs_of("hatchling") | {"pip"}) - {"bimikit"}:
        known = distribution(name)
        for top in {file.parts[0] for file in known.files or ()} - {"..", "__pycache__"}:
            link = folder / top
            if not link.exists():
                link.symlink_to(Path(str(known.locate_file(top))))
    return folder


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """The tree as a service checks it out."""
    folder = tmp_path_factory.mktemp("source") / "bimikit"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("bimikit", "webapp", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "action.yml"):
        shutil.copy(ROOT / name, folder / name)
    as_repository(folder, environment)
    return folder


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory, packages: Path) -> dict[str, str]:
    """Nothing of ours but the way to packages without the network."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(
        "[user]\nname = Somebody\nemail = somebody@example.com\n[init]\ndefaultBranch = main\n"
        '[protocol "file"]\nallow = always\n[safe]\ndirectory = *\n'
    )
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(packages),
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # which means none, as pip reads it
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def run(command: list[str | Path], cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def as_repository(folder: Path, env: Mapping[str, str]) -> None:
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "All"]):
        done = run(["git", *command], folder, env)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def sample(tmp_path: Path, environment: dict[str, str]) -> Path:
    folder = tmp_path / "repository"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    as_repository(folder, environment)
    return folder


def spoil(folder: Path, file: str, old: bytes, new: bytes) -> None:
    path = folder / file
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new))


def loaded(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


# pre-commit


@pytest.fixture(scope="session")
def pre_commit(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> dict[str, str]:
    """An environment for pre-commit, with a cache of its own that the tests share."""
    return {**environment, "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit"))}


def hooks_of(folder: Path, source: Path, env: Mapping[str, str]) -> dict[str, subprocess.CompletedProcess[str]]:
    """Run the hooks of a repository's own configuration, but for where bimikit comes from, on all files."""
    file = folder / ".pre-commit-config.yaml"
    config = loaded(file)
    (repository,) = config["repos"]
    repository["repo"] = str(source)
    repository["rev"] = run(["git", "rev-parse", "HEAD"], source, env).stdout.strip()
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    assert run(["git", "add", "-A"], folder, env).returncode == 0
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color=never"]
    installed = run([sys.executable, "-m", "pre_commit", "install-hooks"], folder, env)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return {hook["id"]: run([*command, hook["id"]], folder, env) for hook in repository["hooks"]}


def test_the_hooks_pass_the_sample(sample: Path, source: Path, pre_commit: dict[str, str]) -> None:
    done = hooks_of(sample, source, pre_commit)
    assert list(done) == [hook["id"] for hook in loaded(ROOT / ".pre-commit-hooks.yaml")]
    for hook, one in done.items():
        assert one.returncode == 0, one.stdout + one.stderr
        assert "Passed" in one.stdout, hook


def test_the_hooks_stop_what_is_broken(sample: Path, source: Path, pre_commit: dict[str, str]) -> None:
    spoil(sample, *UNTITLED)
    spoil(sample, "dns/example.com.zone", b"p=reject; sp", b"p=none; sp")
    (sample / "brand" / "vmc.pem").write_text("no certificate\n")
    done = hooks_of(sample, source, pre_commit)
    expected = {
        "bimikit-svg": ("error[svg.title-missing]", "brand/logo.svg:2:1"),
        "bimikit-cert": ("error[cert.not-a-certificate]", "brand/vmc.pem"),
        "bimikit-publication": ("error[dmarc.policy-none]", "dns/example.com.zone"),
    }
    for hook, words in expected.items():
        assert done[hook].returncode == 1, done[hook].stdout + done[hook].stderr
        for word in words:
            assert word in done[hook].stdout, hook


@pytest.mark.parametrize(
    ("hook", "seen", "unseen"),
    [
        ("bimikit-svg", "logo.svg brand/logo.svgz", "README.md svg/readme a.svg.txt"),
        (
            "bimikit-cert",
            "vmc.pem certs/Acme-VMC.pem brand/cmc_2027.crt bimi/a.cer vmc2027.pem bimi/2027/acme.pem",
            "ca/root.pem tls/example.com.crt server.cer vmc.txt advmcx.pem brand/bimikit.md bimikit/tls.pem",
        ),
    ],
)
def test_a_hook_looks_at_the_files_it_is_for(hook: str, seen: str, unseen: str) -> None:
    (pattern,) = [re.compile(one["files"]) for one in loaded(ROOT / ".pre-commit-hooks.yaml") if one["id"] == hook]
    assert [file for file in seen.split() if not pattern.search(file)] == []
    assert [file for file in unseen.split() if pattern.search(file)] == []


def test_the_publication_hook_sees_a_deleted_logo_and_a_zone_of_any_name(
    sample: Path, source: Path, pre_commit: dict[str, str]
) -> None:
    (sample / "dns" / "example.com.zone").rename(sample / "dns" / "db.example.com")
    config = sample / "pyproject.toml"
    config.write_bytes(config.read_bytes().replace(b"dns/example.com.zone", b"dns/db.example.com"))
    assert hooks_of(sample, source, pre_commit)["bimikit-publication"].returncode == 0
    for command in (["add", "-A"], ["commit", "-q", "-m", "Renamed"], ["rm", "-q", "brand/logo.svg"]):
        done = run(["git", *command], sample, pre_commit)
        assert done.returncode == 0, done.stderr
    # as at a commit: only what is staged counts
    hook = [sys.executable, "-m", "pre_commit", "run", "--color=never", "bimikit-publication"]
    done = run(hook, sample, pre_commit)
    assert done.returncode == 1, done.stdout
    assert "brand/logo.svg" in done.stdout
    assert run(["git", "reset", "-q", "--hard"], sample, pre_commit).returncode == 0
    spoil(sample, "dns/db.example.com", b"p=reject; sp", b"p=none; sp")
    assert run(["git", "add", "-A"], sample, pre_commit).returncode == 0
    done = run(hook, sample, pre_commit)
    assert (done.returncode, "dmarc.policy-none" in done.stdout) == (1, True), done.stdout


def test_a_hook_takes_no_file_name_for_an_option(tmp_path: Path, source: Path, pre_commit: dict[str, str]) -> None:
    (tmp_path / "--version.svg").write_bytes((SAMPLE / "brand" / "logo.svg").read_bytes())
    hook = {"id": "bimikit-svg"}
    written = yaml.safe_dump({"repos": [{"repo": "", "rev": "", "hooks": [hook]}]})
    (tmp_path / ".pre-commit-config.yaml").write_text(written)
    as_repository(tmp_path, pre_commit)
    done = hooks_of(tmp_path, source, pre_commit)["bimikit-svg"]
    assert (done.returncode, "Passed" in done.stdout) == (0, True), done.stdout


# the GitHub Action


class Action:
    """The composite action, run step by step as GitHub's runner does: expressions filled in, files for outputs."""

    def __init__(self, source: Path, workspace: Path, temp: Path, env: Mapping[str, str]) -> None:
        self.definition = loaded(source / "action.yml")
        self._workspace, self._temp, self._env = workspace, temp, env
        self._known = {
            "github.action_path": str(source),
            "steps.python.outputs.python-path": sys.executable,
        }
        temp.mkdir(exist_ok=True)

    def run(self, inputs: Mapping[str, str], only: str = "") -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
        """Run the steps that have a script, or one of them, and return the last one's result and the outputs."""
        assert set(inputs) <= set(self.definition["inputs"])
        known = dict(self._known)
        for name, declared in self.definition["inputs"].items():
            known[f"inputs.{name}"] = inputs.get(name, declared["default"])
        outputs = self._temp / "outputs"
        outputs.write_text("")
        done: subprocess.CompletedProcess[str] | None = None
        for step in self.definition["runs"]["steps"]:
            if "run" not in step or only not in step["name"]:
                continue
            assert "${{" not in step["run"], "an input in a script would be run"
            script = self._temp / "script.sh"
            script.write_text(step["run"])
            own = {name: self._filled(value, known) for name, value in step["env"].items()}
            fixed = {"RUNNER_TEMP": str(self._temp), "GITHUB_OUTPUT": str(outputs)}
            folder = self._workspace / self._filled(step.get("working-directory", "."), known)
            assert step["shell"] == "bash"
            command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script]
            done = run(command, folder, {**self._env, **fixed, **own})
            if done.returncode:
                break
        assert done is not None
        return done, dict(line.split("=", 1) for line in outputs.read_text().splitlines())

    @staticmethod
    def _filled(text: str, known: Mapping[str, str]) -> str:
        return re.sub(r"\$\{\{ *(.*?) *\}\}", lambda match: known[match[1]], str(text))


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory, source: Path, environment: dict[str, str]) -> Path:
    """The runner's folder, in which the action has installed bimikit."""
    temp = tmp_path_factory.mktemp("runner")
    done, _ = Action(source, temp, temp, environment).run({}, only="Install")
    assert done.returncode == 0, done.stdout + done.stderr
    where = [temp / "bimikit" / "bin" / "python", "-c", "import bimikit; print(bimikit.__file__)"]
    assert run(where, temp, environment).stdout.startswith(str(temp)), "it isn't the installed one"
    return temp


@pytest.fixture
def action(sample: Path, source: Path, runner: Path, environment: dict[str, str]) -> Action:
    return Action(source, sample, runner, environment)


def uses_of_the_action() -> list[dict[str, str]]:
    """What the sample's workflow gives it."""
    jobs = loaded(SAMPLE / ".github" / "workflows" / "brand.yml")["jobs"].values()
    steps = [step for job in jobs for step in job["steps"]]
    return [step["with"] for step in steps if step.get("uses", "").startswith("OWNER/bimikit@")]


def test_the_samples_workflow_passes(sample: Path, action: Action) -> None:
    used = uses_of_the_action()
    assert [inputs.get("command", "check") for inputs in used] == ["check", "expiry"]
    for inputs in used:
        done, outputs = action.run(inputs, only="Judge")
        assert (done.returncode, outputs) == (0, {"exit-status": "0"}), done.stdout + done.stderr
        assert "::error" not in done.stdout
    assert json.loads((sample / "bimikit.sarif").read_text())["version"] == "2.1.0"


def test_the_action_annotates_the_line_and_fails(sample: Path, action: Action) -> None:
    spoil(sample, *UNTITLED)
    done, outputs = action.run(uses_of_the_action()[0], only="Judge")
    assert (done.returncode, outputs) == (1, {"exit-status": "1"})
    assert re.search(
        r"^::error file=brand/logo\.svg,line=2,col=1,endColumn=5,title=.*svg\.title-missing", done.stdout, re.M
    )
    (run_of,) = json.loads((sample / "bimikit.sarif").read_text())["runs"]
    places = {
        (result["ruleId"], place["physicalLocation"]["artifactLocation"]["uri"])
        for result in run_of["results"]
        for place in result["locations"]
    }
    assert ("svg.title-missing", "brand/logo.svg") in places


def test_the_action_takes_files_and_options_line_by_line(sample: Path, action: Action) -> None:
    spoil(sample, *UNTITLED)
    (sample / "the old one.svg").write_bytes((SAMPLE / "brand" / "logo.svg").read_bytes())
    inputs = {"command": "svg", "paths": "brand/logo.svg\n\nthe old one.svg\n", "args": "--select=svg.\n--lang=ja\n"}
    done, _ = action.run(inputs, only="Judge")
    assert done.returncode == 1
    assert [line.split(",")[0] for line in done.stdout.splitlines()] == ["::error file=brand/logo.svg"]
    assert re.search("[ぁ-ん]", done.stdout)


def test_no_blank_before_an_option_makes_it_a_path(sample: Path, action: Action) -> None:
    done, _ = action.run({"command": "svg", "paths": "brand/logo.svg", "args": "  --lang=ja  \n \n\t--select=svg.\r\n"},
                         only="Judge")  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def make_self_asserted(folder: Path) -> None:
    """Leave the certificates out of the sample's publications and records."""
    config = folder / "pyproject.toml"
    config.write_text(re.sub(r"(?m)^certificate = .*\n", "", config.read_text()))
    zone = folder / "dns" / "example.com.zone"
    zone.write_text(re.sub(r"a=https://[^\"; ]*", "a=", zone.read_text()))


def test_the_action_has_nothing_to_watch_where_all_is_self_asserted(sample: Path, action: Action) -> None:
    make_self_asserted(sample)
    done, outputs = action.run({"command": "expiry", "sarif": "bimikit.sarif"}, only="Judge")
    assert (done.returncode, outputs) == (0, {"exit-status": "0"}), done.stdout + done.stderr
    assert "nothing to watch" in done.stderr
    assert json.loads((sample / "bimikit.sarif").read_text())["version"] == "2.1.0"


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ({"command": "svg; touch ran"}, 2),
        ({"command": "svg", "paths": "$(touch ran)"}, 2),
        ({"command": "svg", "paths": '`touch ran`\n"; touch ran; "'}, 2),
        ({"command": "svg", "paths": "--output=ran"}, 2),
        ({"args": "--config=$(touch ran)"}, 2),
        ({"config": '"; touch ran; "'}, 2),
        ({"args": AT, "sarif": "$(touch ran).sarif"}, 0),
    ],
)
def test_nothing_in_an_input_is_run(inputs: dict[str, str], status: int, sample: Path, action: Action) -> None:
    done, outputs = action.run(inputs, only="Judge")
    assert (done.returncode, outputs) == (status, {"exit-status": str(status)}), done.stdout + done.stderr
    assert not (sample / "ran").exists()


def test_the_action_tells_what_it_could_not_find_out(sample: Path, action: Action) -> None:
    done, outputs = action.run({"args": f"{AT}\n--require=revocation"}, only="Judge")
    assert (done.returncode, outputs) == (3, {"exit-status": "3"}), done.stderr


# the GitLab template


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python as in the template's image, with nothing but pip, which is among the packages."""
    folder = tmp_path_factory.mktemp("image") / "python"
    venv.create(folder, symlinks=True)
    return folder


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, source: Path, environment: dict[str, str]) -> Path:
    """What the template is told to install."""
    folder = tmp_path_factory.mktemp("wheel")
    done = run([sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", folder, source], folder, environment)
    assert done.returncode == 0, done.stderr
    (file,) = folder.glob("*.whl")
    return file


def job(name: str, wheel: Path, project: Path, image: Path, env: Mapping[str, str], **variables: str) -> Any:
    """Run a job of the template as GitLab's runner does, in one shell."""
    template = loaded(ROOT / "templates" / "gitlab-ci.yml")
    own = template[name]
    base = template[own["extends"]]
    lines = [*base["before_script"], *own["script"]]
    path = f"{image / 'bin'}:{env['PATH']}"
    given = {**template["variables"], "BIMIKIT_PACKAGE": str(wheel), **variables}
    whole = {**env, **given, "PATH": path, "CI_PROJECT_DIR": str(project)}
    return run(["bash", "-e", "-o", "pipefail", "-c", "\n".join(lines)], project, whole)


def test_the_gitlab_job_passes_and_leaves_a_report(
    sample: Path, wheel: Path, image: Path, environment: dict[str, str]
) -> None:
    done = job("bimikit", wheel, sample, image, environment, BIMIKIT_CHECK_OPTIONS=AT)
    assert done.returncode == 0, done.stdout + done.stderr
    artifacts = loaded(ROOT / "templates" / "gitlab-ci.yml")["bimikit"]["artifacts"]
    suites = ET.parse(sample / artifacts["reports"]["junit"]).getroot()  # noqa: S314 - our own text
    assert (suites.get("failures"), suites.get("errors")) == ("0", "0")


def test_the_gitlab_job_fails_with_text_and_report(
    sample: Path, wheel: Path, image: Path, environment: dict[str, str]
) -> None:
    spoil(sample, *UNTITLED)
    done = job("bimikit", wheel, sample, image, environment, BIMIKIT_CHECK_OPTIONS=AT)
    assert done.returncode == 1
    assert "error[svg.title-missing]" in done.stdout
    assert "brand/logo.svg:2:1" in done.stdout
    failed = ET.parse(sample / "bimikit.xml").getroot().iter("failure")  # noqa: S314 - our own text
    assert "svg.title-missing" in {one.get("type") for one in failed}


def test_the_gitlab_watch_knows_when_certificates_end(
    sample: Path, wheel: Path, image: Path, environment: dict[str, str]
) -> None:
    for options, status in ((AT, 0), ("--at=2027-11-15", 1)):
        done = job(
            "bimikit-expiry",
            wheel,
            sample,
            image,
            environment,
            BIMIKIT_CHECK_OPTIONS="--for=gmail",
            BIMIKIT_EXPIRY_OPTIONS=options,
        )
        assert done.returncode == status, done.stdout + done.stderr
        assert (sample / "certificates.ics").read_text().startswith("BEGIN:VCALENDAR")
    assert "brand/vmc.pem" in done.stdout


def test_the_gitlab_watch_passes_where_all_is_self_asserted(
    sample: Path, wheel: Path, image: Path, environment: dict[str, str]
) -> None:
    make_self_asserted(sample)
    done = job("bimikit-expiry", wheel, sample, image, environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing to watch" in done.stderr
    assert (sample / "certificates.ics").read_text().startswith("BEGIN:VCALENDAR")


def runs_in(name: str, **variables: str) -> bool:
    """Whether a job of the template belongs to a pipeline, by its rules as GitLab reads them: the first that holds."""

    def holds(condition: str) -> bool:
        parts = condition.split(" && ")
        return all(
            variables.get(part.split()[0][1:], "") == part.split()[2].strip('"')
            if " == " in part
            else variables.get(part[1:], "") != ""
            for part in parts
        )

    rules = loaded(ROOT / "templates" / "gitlab-ci.yml")[name]["rules"]
    first = next((rule for rule in rules if "if" not in rule or holds(rule["if"])), {"when": "never"})
    return bool(first.get("when", "on_success") != "never")


@pytest.mark.parametrize(
    ("variables", "jobs"),
    [
        ({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main"}, ["bimikit"]),
        ({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "new", "CI_OPEN_MERGE_REQUESTS": "a/b!1"}, []),
        ({"CI_PIPELINE_SOURCE": "merge_request_event", "CI_OPEN_MERGE_REQUESTS": "a/b!1"}, ["bimikit"]),
        ({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_TAG": "v1"}, ["bimikit"]),
        ({"CI_PIPELINE_SOURCE": "web", "CI_COMMIT_BRANCH": "main"}, ["bimikit"]),
        ({"CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BRANCH": "main"}, ["bimikit-expiry"]),
    ],
)
def test_every_change_is_judged_once_on_gitlab_and_certificates_are_watched_on_schedule(
    variables: dict[str, str], jobs: list[str]
) -> None:
    assert [name for name in ("bimikit", "bimikit-expiry") if runs_in(name, **variables)] == jobs


def test_the_gitlab_job_says_that_nobody_told_where_bimikit_comes_from(
    sample: Path, wheel: Path, image: Path, environment: dict[str, str]
) -> None:
    done = job("bimikit", wheel, sample, image, environment, BIMIKIT_PACKAGE="")
    assert done.returncode != 0
    assert "BIMIKIT_PACKAGE" in done.stderr


# what the guide says


def test_the_guide_shows_every_hook_and_input() -> None:
    guide = (ROOT / "docs" / "gates.md").read_text(encoding="utf-8")
    hooks = [hook["id"] for hook in loaded(ROOT / ".pre-commit-hooks.yaml")]
    inputs = loaded(ROOT / "action.yml")["inputs"]
    variables = loaded(ROOT / "templates" / "gitlab-ci.yml")["variables"]
    for name in (*hooks, *inputs, *variables):
        assert f"`{name}`" in guide or f"{name}:" in guide, name
    for shown in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL):
        assert yaml.safe_load(shown)
