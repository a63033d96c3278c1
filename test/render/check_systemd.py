"""Rendered systemd units: sections and keys are systemd's, commands are absolute; and what
systemd-analyze says, where it is on the machine."""

import pathlib
import re
import tempfile
from typing import Iterator, NamedTuple

import findings
from findings import Report

KINDS = {".service": "Service", ".socket": "Socket", ".timer": "Timer", ".path": "Path",
         ".target": ""}
# Keys that rendered units may use. A longer list would hide misspellings no better: a new key is
# added here by whoever renders it first, with systemd.exec(5) and its relatives at hand.
KEYS = {
    "Unit": "Description Documentation After Before Wants Requires BindsTo PartOf Conflicts "
            "ConditionPathExists AssertPathExists StartLimitIntervalSec StartLimitBurst OnFailure "
            "RequiresMountsFor",
    "Install": "WantedBy RequiredBy Also Alias DefaultInstance",
    "Service": "Type ExecStart ExecStartPre ExecStartPost ExecReload ExecStop ExecStopPost "
               "ExecCondition Restart RestartSec TimeoutStartSec TimeoutStopSec TimeoutSec "
               "WatchdogSec KillMode KillSignal SendSIGKILL NotifyAccess RemainAfterExit PIDFile "
               "SuccessExitStatus RestartPreventExitStatus User Group DynamicUser "
               "SupplementaryGroups WorkingDirectory RootDirectory Environment EnvironmentFile "
               "StandardOutput StandardError StandardInput SyslogIdentifier UMask LimitNOFILE "
               "LimitCORE LimitMEMLOCK LimitNPROC Nice OOMScoreAdjust CPUQuota CPUWeight MemoryMax "
               "MemoryHigh TasksMax Slice Delegate AmbientCapabilities CapabilityBoundingSet "
               "NoNewPrivileges ProtectSystem ProtectHome PrivateTmp PrivateDevices PrivateUsers "
               "PrivateNetwork ProtectKernelTunables ProtectKernelModules ProtectKernelLogs "
               "ProtectControlGroups ProtectClock ProtectHostname ProtectProc ProcSubset "
               "RestrictAddressFamilies RestrictNamespaces RestrictRealtime RestrictSUIDSGID "
               "LockPersonality MemoryDenyWriteExecute RemoveIPC SystemCallFilter "
               "SystemCallArchitectures SystemCallErrorNumber ReadWritePaths ReadOnlyPaths "
               "InaccessiblePaths RuntimeDirectory RuntimeDirectoryMode StateDirectory "
               "StateDirectoryMode CacheDirectory LogsDirectory ConfigurationDirectory "
               "LoadCredential SetCredential KeyringMode IPAddressAllow IPAddressDeny",
    "Socket": "ListenStream ListenDatagram Accept BindIPv6Only Backlog ReusePort NoDelay "
              "KeepAlive FileDescriptorName SocketUser SocketGroup SocketMode",
    "Timer": "OnCalendar OnBootSec OnUnitActiveSec OnActiveSec RandomizedDelaySec Persistent "
             "AccuracySec Unit",
    "Path": "PathExists PathChanged PathModified DirectoryNotEmpty Unit MakeDirectory",
}
KNOWN = {section: frozenset(keys.split()) for section, keys in KEYS.items()}
_COMMAND = re.compile(r"^(Exec\w+=[-@:+!]*)(/\S+)", re.M)


class Setting(NamedTuple):
    section: str
    key: str
    value: str
    line: int


def units(root: pathlib.Path) -> list[pathlib.Path]:
    return [path for path in findings.files_below(root) if path.suffix in KINDS]


def settings(text: str) -> Iterator[Setting]:
    """Sections come as settings with an empty key; a line that is none of these has key None."""
    section, continued = "", False
    for number, line in enumerate(text.split("\n"), 1):
        is_continuation, continued = continued, line.endswith("\\")
        stripped = line.strip()
        if is_continuation or not stripped or stripped[0] in "#;":
            continue
        if stripped.startswith("[") and stripped.endswith("]"):
            section = stripped[1:-1]
            yield Setting(section, "", "", number)
        else:
            key, _, value = stripped.partition("=")
            yield Setting(section, key.strip(), value.strip(), number)


def check(root: pathlib.Path) -> Report:
    report = Report()
    for path in units(root):
        report.files_checked += 1
        _unit(findings.relative(path, root), KINDS[path.suffix], path.read_text("utf-8"), report)
    return report


def _unit(shown: str, kind: str, text: str, report: Report) -> None:
    seen = set()
    for setting in settings(text):
        seen.add((setting.section, setting.key))
        if setting.section not in KNOWN or setting.section not in ("Unit", "Install", kind):
            report.add(shown, setting.line, f"no section for this unit: [{setting.section}]")
        elif setting.key and setting.key not in KNOWN[setting.section]:
            report.add(shown, setting.line, f"[{setting.section}] has no key {setting.key} that "
                       "check_systemd.py knows")
        elif setting.key.startswith("Exec") and not re.match(r"[-@:+!]*/", setting.value):
            report.add(shown, setting.line, f"{setting.key} needs an absolute path")
    if kind == "Service" and ("Service", "ExecStart") not in seen:
        report.add(shown, 1, "a service needs ExecStart")
    if ("Unit", "Description") not in seen:
        report.add(shown, 1, "a unit needs a Description")


def verify(root: pathlib.Path) -> Report:
    """systemd-analyze asks whether each program is there. The rendered unit's is not, on a machine
    that only proves it: in the copies that are verified a program that is there stands in."""
    report, tool = Report(), findings.need_tool("systemd-verify", "systemd-analyze")
    paths = units(root)
    with tempfile.TemporaryDirectory(prefix="units-") as scratch:
        for path in paths:
            text = _COMMAND.sub(lambda match: match[1] + _stand_in(match[2]),
                                path.read_text("utf-8"))
            (pathlib.Path(scratch) / path.name).write_text(text, "utf-8")
        for path in paths:
            report.files_checked += 1
            instance = path.name.replace("@.", "@instance.")
            result = findings.run([tool, "verify", "--man=no", f"{scratch}/{instance}"],
                                  env={"PATH": "/usr/bin:/bin", "SYSTEMD_UNIT_PATH": f"{scratch}:",
                                       "SYSTEMD_LOG_COLOR": "0"})
            _read(result, path, findings.relative(path, root), report)
    return report


def _stand_in(program: str) -> str:
    return program if pathlib.Path(program).exists() else "/bin/true"


def _read(result, path: pathlib.Path, shown: str, report: Report) -> None:
    for text in result.stderr.strip().split("\n"):
        if path.name not in text and path.name.replace("@.", "@instance.") not in text:
            continue  # of another unit of this machine
        match = re.search(r":(\d+): (.*)", text)
        report.add(shown, int(match[1]) if match else 1,
                   f"systemd-analyze: {match[2] if match else text}")
    if result.returncode and not report.findings:
        report.add(shown, 1, f"systemd-analyze: exit code {result.returncode}: {result.stderr}")
