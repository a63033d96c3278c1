"""What terraform itself says of the modules: its format, its functions, and where a google provider
is on the machine, its validation. Never by the network."""

import json
import os
import pathlib
import re
import shutil
import tempfile
from typing import Iterator

import findings
from check_terraform import module_folders
from findings import Report
from terraform_source import SourceFile

TIMEOUT_SECONDS = 120
# Directories that terraform searches for providers by itself.
IMPLIED_MIRRORS = ("~/.terraform.d/plugins", "~/.local/share/terraform/plugins",
                   "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins")
TYPE_CONSTRUCTORS = {"object", "tuple", "optional", "list", "map", "set"}


class Terraform:
    """terraform without the settings of whoever runs it, and a place for what it writes."""

    def __init__(self, check: str):
        self.program = findings.need_tool(check, "terraform")
        self.scratch = tempfile.TemporaryDirectory(prefix="portway-terraform-")
        settings = pathlib.Path(self.scratch.name) / "terraformrc"
        settings.write_text("", "utf-8")
        self.environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1",
                            "TF_CLI_CONFIG_FILE": str(settings),
                            "TF_DATA_DIR": f"{self.scratch.name}/data"}

    def __enter__(self) -> "Terraform":
        return self

    def __exit__(self, *_error: object) -> None:
        self.scratch.cleanup()

    def run(self, folder: pathlib.Path, *arguments: str):
        return findings.run([self.program, *arguments], cwd=folder, env=self.environment,
                            timeout=TIMEOUT_SECONDS)


def check_format(root: pathlib.Path) -> Report:
    report = Report()
    with Terraform("terraform-fmt") as terraform:
        for folder in module_folders(root):
            report.files_checked += 1
            result = terraform.run(folder, "fmt", "-check", "-no-color", "-list=true")
            for name in result.stdout.split():
                report.add(findings.relative(folder / name, root), 1, "terraform fmt changes this")
            if result.returncode and not result.stdout.strip():
                report.add(findings.relative(folder, root), 1, f"terraform fmt: {result.stderr}")
        known = _functions(terraform, root)
        for shown, name, line in _calls(root):
            if name.removeprefix("core::") not in known:
                report.add(shown, line, f"terraform has no function {name}")
    return report


def _functions(terraform: Terraform, root: pathlib.Path) -> set[str]:
    """Empty stdout is a terraform before 1.4; every finding it would give is then wrong."""
    result = terraform.run(root, "metadata", "functions", "-json")
    if result.returncode:
        raise findings.Skipped("terraform-fmt", "this terraform does not tell its functions")
    return set(json.loads(result.stdout)["function_signatures"]) | TYPE_CONSTRUCTORS


def _calls(root: pathlib.Path) -> Iterator[tuple[str, str, int]]:
    findings.use_packages("terraform-fmt")
    for folder in module_folders(root):
        for path in sorted(folder.glob("*.tf")):
            shown = findings.relative(path, root)
            try:
                for name, line in SourceFile(path, shown).calls():
                    yield shown, name, line
            except Exception:  # what does not parse is said by check_terraform and by fmt
                continue


def provider_mirror() -> pathlib.Path | None:
    """A folder that terraform can take the google provider from without any network."""
    places = [os.environ.get("PORTWAY_TERRAFORM_PLUGINS", ""), *IMPLIED_MIRRORS]
    settings = pathlib.Path(os.environ.get("TF_CLI_CONFIG_FILE", ""))
    if settings.is_file():
        places += re.findall(r'\bpath\s*=\s*"([^"]+)"', settings.read_text("utf-8"))
    for place in filter(None, places):
        folder = pathlib.Path(place).expanduser()
        if (folder / "registry.terraform.io" / "hashicorp" / "google").is_dir():
            return folder
    return None


def check_validate(root: pathlib.Path) -> Report:
    check, report = "terraform-validate", Report()
    findings.need_tool(check, "terraform")
    mirror = provider_mirror()
    if mirror is None:
        raise findings.Skipped(check, "no google provider is in terraform's own plugin folders, "
                               "nor in PORTWAY_TERRAFORM_PLUGINS")
    with Terraform(check) as terraform:
        copy = pathlib.Path(terraform.scratch.name) / "rendered"
        shutil.copytree(root, copy)
        for folder in module_folders(copy):
            report.files_checked += 1
            _validate(terraform, mirror, folder, findings.relative(folder, copy), report)
    return report


def _validate(terraform: Terraform, mirror: pathlib.Path, folder: pathlib.Path, shown: str,
              report: Report) -> None:
    started = terraform.run(folder, "init", "-backend=false", "-input=false", "-no-color",
                            f"-plugin-dir={mirror}")
    if started.returncode:
        report.add(shown, 1, f"terraform init: {started.stderr.strip()}")
        return
    result = terraform.run(folder, "validate", "-json")
    for diagnostic in json.loads(result.stdout).get("diagnostics", []):
        where = diagnostic.get("range", {})
        report.add(f"{shown}/{where.get('filename', '')}", where.get("start", {}).get("line", 1),
                   f"terraform validate: {diagnostic['summary']}: {diagnostic.get('detail', '')}")
