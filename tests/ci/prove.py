"""Does what docs/ci.md shows, and fails where something else comes out. tests/ci/run starts it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as XML
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
BINARY, SARIF_SCHEMA = (Path(argument).resolve() for argument in sys.argv[1:])

# The home is another one for what is run here.
RUSTUP_HOME = os.environ.get("RUSTUP_HOME", str(Path.home() / ".rustup"))

FINDING = "app.listen(8000)\n"
FIXED = "app.listen(process.env.API_PORT || 8000)\n"


def run(command, directory, expected=0, **environment):
    """Runs a command; its output, with what it said to people behind the data."""
    ran = subprocess.run(
        command, cwd=directory, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if ran.returncode != expected:
        sys.exit(f"{command} ended with {ran.returncode}, not {expected}:\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def project(directory):
    """A repository with one finding, committed."""
    (directory / "api").mkdir(parents=True)
    (directory / "api/server.js").write_text(FINDING)
    (directory / "notes.txt").write_text("8000\n")
    git(directory, "init", "--quiet")
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--message", "first")
    return directory


def git(directory, *arguments):
    return run(["git", *arguments], directory)


def validate(schema, *files):
    """Validates files against a schema: one by its name, or a file."""
    # One pattern of SARIF's schema is none for every dialect.
    named = ["--builtin-schema", schema] if isinstance(schema, str) else ["--schemafile", schema]
    transform = ["--data-transform", "gitlab-ci"] if schema == "vendor.gitlab-ci" else []
    run(["check-jsonschema", "--regex-variant", "python", *named, *transform, *files], REPOSITORY)


def examples():
    """The files that docs/ci.md shows, by the names in their first lines."""
    page = (REPOSITORY / "docs/ci.md").read_text()
    blocks = re.findall(r"^```yaml\n# (\S+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 5, f"docs/ci.md shows {[name for name, _ in blocks]}"
    return blocks


def prove_formats(home):
    shop = project(home / "formats")
    check = ["port-manager", "check", "--format"]
    sarif = home / "port-manager.sarif"
    sarif.write_text(run([*check, "sarif"], shop, expected=1))
    validate(SARIF_SCHEMA, sarif)
    # Of the whole example, which has every kind of finding, with fixes; and of files that cannot be read.
    shutil.copytree(REPOSITORY / "examples/shop", home / "shop")
    run(["port-manager", "init", "shop"], home)
    sarif.write_text(run([*check, "sarif", "shop"], home, expected=1))
    validate(SARIF_SCHEMA, sarif)
    results = json.loads(sarif.read_text())["runs"][0]["results"]
    assert len(results) > 5 and any("fixes" in result for result in results)
    sarif.write_text(run([*check, "sarif", "missing.js"], shop, expected=2))
    validate(SARIF_SCHEMA, sarif)

    suites = XML.fromstring(run([*check, "junit"], shop, expected=1))
    assert [failure.get("message") for failure in suites.iter("failure")] == [
        "port 8000 is hardcoded where the service listens"
    ]
    errors = XML.fromstring(run([*check, "checkstyle"], shop, expected=1)).findall("file/error")
    assert [(error.get("line"), error.get("severity")) for error in errors] == [("1", "warning")]


def prove_baseline(home):
    shop = project(home / "baseline")
    baseline = ["port-manager", "check", "--baseline", "ports-baseline.json"]
    run([*baseline, "--write-baseline"], shop)
    run(baseline, shop)
    assert "ports-baseline.json" not in run(["port-manager", "check", "--json"], shop, expected=1)
    (shop / "api/server.js").write_text(f"// moved\n{FINDING}")
    run(baseline, shop)
    (shop / "api/server.js").write_text(f"{FINDING}app.listen(8001)\n")
    run(baseline, shop, expected=1)


def prove_github(home):
    validate("vendor.github-actions", REPOSITORY / "action.yml")
    for name, text in examples():
        if name.startswith(".github/workflows/"):
            workflow = home / Path(name).name
            workflow.write_text(text)
            validate("vendor.github-workflows", workflow)
            inputs = [step["with"] for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"]
                      if step["uses"].startswith("OWNER/")]
            known = action()["inputs"]
            assert all(set(given) <= set(known) for given in inputs), f"{inputs} of {list(known)}"

    shop = project(home / "github")
    run(["port-manager", "integrate", "github-actions", "--yes"], shop)
    validate("vendor.github-workflows", shop / ".github/workflows/ports.yml")
    annotation = "::warning title=port-manager (hardcoded-port),file=api/server.js,line=1,"
    assert run_action(shop, {}, expected=1).startswith(annotation)
    assert run_action(shop, {"working-directory": "api"}, expected=1).startswith(annotation)
    assert run_action(shop, {"diff": "HEAD"}, expected=0) == ""
    run_action(shop, {"fail-on": "warning", "paths": "notes.txt\n"}, expected=0)
    run_action(shop, {"paths": "; exit 0; $(exit 0)"}, expected=2)
    run_action(shop, {"format": "sarif", "output": "port-manager.sarif"}, expected=1)
    validate(SARIF_SCHEMA, shop / "port-manager.sarif")


def action():
    return yaml.safe_load((REPOSITORY / "action.yml").read_text())


def run_action(directory, given, expected):
    """Runs the steps of the action as a runner does: in bash, with the inputs in the environment."""
    inputs = {name: given.get(name, declared["default"]) for name, declared in action()["inputs"].items()}
    values = {f"inputs.{name}": value for name, value in inputs.items()} | {"github.action_path": str(REPOSITORY)}

    def filled(text):
        return re.sub(r"\$\{\{ (\S+) \}\}", lambda found: values[found[1]], text)

    *before, last = action()["runs"]["steps"]
    for step in before:
        run_step(step, directory, 0, filled)
    return run_step(last, directory, expected, filled)


def run_step(step, directory, expected, filled, **environment):
    environment |= {name: filled(value) for name, value in step.get("env", {}).items()}
    directory = directory / filled(step.get("working-directory", "."))
    script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return run(script, directory, expected, **environment)


def prove_action_uses_its_own_rust(home):
    """The action installs port-manager without a toolchain of the project: rustup would run what rust-toolchain.toml names."""
    if shutil.which("rustup") is None:
        print("rustup is not installed: whose toolchain the action uses was not checked")
        return
    shop = project(home / "toolchain")
    (shop / "rust-toolchain.toml").write_text(f'[toolchain]\npath = "{shop / "evil"}"\n')
    ran = shop / "evil-has-run"
    for program in ("cargo", "rustc"):
        path = shop / "evil/bin" / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch '{ran}'\nexit 101\n")
        path.chmod(0o755)
    (shop / "evil/lib").mkdir()
    # cargo itself starts, and ends at once: it has no crates and may not fetch any, and so builds nothing.
    programs = home / "rust-alone"
    programs.mkdir()
    (programs / "cargo").symlink_to(shutil.which("cargo"))
    options = {"PATH": f"{programs}:/usr/bin:/bin", "RUSTUP_HOME": RUSTUP_HOME}
    options |= {"CARGO_HOME": str(home / "cargo"), "CARGO_NET_OFFLINE": "true"}
    (install,) = [step for step in action()["runs"]["steps"] if "cargo install" in step["run"]]
    run_step(install, shop, 101, lambda text: text.replace("${{ github.action_path }}", str(REPOSITORY)), **options)
    assert not ran.exists(), "the action ran a toolchain of the project that it checks"


def prove_gitlab(home):
    template = REPOSITORY / "server/src/operations/integrate/gitlab-ci.yml"
    validate("vendor.gitlab-ci", template)
    for name, text in examples():
        if name == ".gitlab-ci.yml":
            (home / name).write_text(text)
            validate("vendor.gitlab-ci", home / name)
    shop = project(home / "gitlab")
    run(["port-manager", "integrate", "gitlab-ci", "--yes"], shop)
    written = shop / ".gitlab/port-manager.yml"
    validate("vendor.gitlab-ci", written)
    job = yaml.safe_load(written.read_text())["port-manager"]
    script = "\n".join(job["script"])
    run(["sh", "-ec", script], shop, expected=1, PORT_MANAGER_ARGUMENTS="--fail-on warning")
    (finding,) = json.loads((shop / job["artifacts"]["reports"]["codequality"]).read_text())
    # What GitLab asks of each finding.
    assert finding["severity"] in ("info", "minor", "major", "critical", "blocker")
    assert finding["description"] and finding["check_name"] and finding["fingerprint"]
    assert finding["location"] == {"path": "api/server.js", "lines": {"begin": 1, "end": 1}}


def prove_pre_commit(home):
    # What pre-commit clones.
    hooks = home / "hooks"
    hooks.mkdir()
    shutil.copy(REPOSITORY / ".pre-commit-hooks.yaml", hooks)
    git(hooks, "init", "--quiet")
    git(hooks, "add", "--all")
    git(hooks, "commit", "--quiet", "--message", "hooks")
    git(hooks, "tag", "v0.1.0")
    for name, text in examples():
        if name != ".pre-commit-config.yaml":
            continue
        kind = "local" if "repo: local" in text else "cloned"
        shop = project(home / f"pre-commit-{kind}")
        (shop / name).write_text(text.replace("https://github.com/OWNER/port-manager", str(hooks)))
        run(["pre-commit", "install"], shop)
        git(shop, "add", name)
        git(shop, "commit", "--quiet", "--message", "hooks")
        said = run(["pre-commit", "run", "--all-files"], shop, expected=1)
        (shop / "api/server.js").write_text(f"{FINDING}// changed\n")
        git(shop, "add", "api")
        ran = subprocess.run(["git", "commit", "-m", "x"], cwd=shop, capture_output=True, text=True, check=False)
        assert ran.returncode == 1, ran
        # The page shows what is seen.
        page = (REPOSITORY / "docs/ci.md").read_text()
        shown = re.search(r"^```console\n\$ git commit .*?\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[1]
        for seen in (said, ran.stderr):
            assert shown.strip() in seen, f"docs/ci.md shows\n{shown}\nbut this was seen\n{seen}"
        (shop / "api/server.js").write_text(FIXED)
        (shop / ".ports.env.example").write_text("API_PORT=8000\n")
        git(shop, "add", "--all")
        git(shop, "commit", "--message", "fixed")
        run(["pre-commit", "run", "--all-files"], shop)
        print(f"pre-commit ({kind}): a finding stopped the commit, its fix went through")


def main():
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory).resolve()
        (home / "bin").mkdir()
        (home / "bin/port-manager").symlink_to(BINARY)
        git_name = {f"GIT_{who}_{what}": "dev" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        os.environ |= git_name | {
            "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(home),
            "CI": "true",
            "PORT_MANAGER_CONFIG_DIR": str(home / "config"),
            "PRE_COMMIT_HOME": str(home / "pre-commit"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        for proof in (prove_formats, prove_baseline, prove_github, prove_action_uses_its_own_rust, prove_gitlab, prove_pre_commit):
            proof(home)
            print(f"{proof.__name__}: ok")


main()
