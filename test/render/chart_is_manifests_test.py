#!/usr/bin/env python3
"""chart_is_manifests.py finds what is made to differ: chart_is_manifests_test.py FOLDER, a rendered
folder with chart/ and manifests/ that says the same twice."""

import pathlib
import shutil
import sys
import tempfile

import chart_is_manifests
import findings

# (file, what is there, what is put instead, a part of what must be found)
CHANGES = [
    ("chart/values.yaml", "cpu: 500m", "cpu: 250m", "'500m' in the manifests, '250m' in the chart"),
    ("chart/values.yaml", "to: 9155", "to: 9154", "endPort: 9155"),
    ("chart/values.yaml", "ids: 1-64", "ids: 1-63", "checksum/config"),
    ("chart/templates/service.yaml", "externalTrafficPolicy: Local", "externalTrafficPolicy: "
     "Cluster", "externalTrafficPolicy: 'Local'"),
    ("chart/templates/deployment.yaml", "              readOnly: true\n", "",
     "only in the manifests"),
    ("manifests/40-poddisruptionbudget.yaml", "maxUnavailable: 1", "maxUnavailable: \"1\"",
     "maxUnavailable: '1'"),
    ("manifests/40-poddisruptionbudget.yaml", "kind: PodDisruptionBudget", "kind: LimitRange",
     "PodDisruptionBudget/portway: only in the chart"),
]


def main(folder: pathlib.Path) -> int:
    findings.use_packages("helm")
    failures = [f"the folder itself: {found}" for found in chart_is_manifests.compare(folder)]
    for name, before, after, expected in CHANGES:
        with tempfile.TemporaryDirectory(prefix="portway-chart-") as copy:
            changed = pathlib.Path(copy) / "kubernetes"
            shutil.copytree(folder, changed)
            text = (changed / name).read_text("utf-8")
            if before not in text:
                failures.append(f"{name}: there is no {before!r}")
            (changed / name).write_text(text.replace(before, after), "utf-8")
            found = chart_is_manifests.compare(changed)
            if not any(expected in line for line in found):
                failures.append(f"{name}: {after!r} was not found; found was {found}")
    print("\n".join(failures) or f"{len(CHANGES)} differences made, all found")
    return findings.EXIT_FOUND if failures else findings.EXIT_FINE


if __name__ == "__main__":
    try:
        sys.exit(main(pathlib.Path(sys.argv[1])))
    except findings.Skipped as skipped:
        print(skipped)
        sys.exit(findings.EXIT_SKIPPED)
