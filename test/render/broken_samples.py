"""Broken variants of samples/, one mistake each: what it is, the file, a text in it, what stands
there instead, and a pattern that some finding must match. checks_test.py runs them."""

from typing import NamedTuple


class Broken(NamedTuple):
    what: str
    path: str
    old: str
    new: str
    finding: str


CREATE = "gcloud/port-mapping/create.sh"
MAIN = "terraform/main.tf"
UNIT = "systemd/portway.service"
MANIFEST = "kubernetes/portway.yaml"
CHART = "chart/templates/deployment.yaml"

SHELL = [
    Broken("unquoted list", CREATE, '"${missing[@]}"', "${missing[@]}", r"create\.sh:31: .*SC2068"),
    Broken("no end", CREATE, "\nfi\n", "\n", r"create\.sh:\d+: bash: "),
    Broken("style only", CREATE, "#!/usr/bin/env bash", "#!/usr/bin/env bash\necho `date`",
           "SC2006"),
    Broken("goes on after a failure", CREATE, "set -euo pipefail", "", "set -euo pipefail"),
    Broken("unused variable", "gcloud/port-mapping/names.sh",
           "# shellcheck disable=SC2034  # the scripts that source this use it\n", "", "SC2034"),
]

TERRAFORM = [
    Broken("does not parse", MAIN, 'name = "kafka-vpc"', 'name = = "kafka-vpc"', "does not parse"),
    Broken("unknown resource", MAIN, 'resource "google_compute_firewall"',
           'resource "google_compute_firewal"', r"main\.tf:95: .*google_compute_firewal is not in"),
    Broken("unknown argument", MAIN, "all_ports             = true",
           "every_port            = true", r"main\.tf:69: .* no argument or block every_port"),
    Broken("missing argument", MAIN, "  enable_proxy_protocol = false\n", "",
           ":75: google_compute_service_attachment needs enable_proxy_protocol"),
    Broken("missing one of", MAIN, "  ip_address  ", "  fqdnx       ",
           "needs at least one of ip_address, fqdn"),
    Broken("argument for a block", MAIN, '  allow {\n    protocol = "tcp"',
           '  allow = {\n    protocol = "tcp"', "allow is a block, not an argument"),
    Broken("block for an argument", MAIN, '  target_tags   = ["kafka"]\n',
           "  target_tags {\n  }\n", "target_tags is an argument, not a block"),
    Broken("unknown argument in a block", MAIN, 'balancing_mode = "CONNECTION"',
           'balancing      = "CONNECTION"',
           r"google_compute_region_backend_service\.backend has no"),
    Broken("unknown argument in a dynamic block", MAIN, "      connection_limit ",
           "      connection_limits", r"consumer_accept_lists has no .*connection_limits"),
    Broken("missing argument in a dynamic block", MAIN,
           "      connection_limit  = consumer_accept_lists.value\n", "",
           "consumer_accept_lists needs connection_limit"),
    Broken("unknown dynamic block", MAIN, 'dynamic "consumer_accept_lists"', 'dynamic "accept"',
           "has no block accept"),
    Broken("dynamic without for_each", MAIN, "    for_each = var.consumers\n", "",
           r":84: dynamic consumer_accept_lists needs for_each"),
    Broken("two blocks where one is allowed", MAIN, "  lifecycle {",
           '  log_config {\n    metadata = "A"\n  }\n  log_config {\n    metadata = "B"\n  }\n'
           "  lifecycle {", "has 2 blocks log_config; at most 1"),
    Broken("output only", MAIN, '  ip_protocol           = "TCP"\n',
           '  ip_protocol           = "TCP"\n  psc_connection_id     = "1"\n', "is set by Google"),
    Broken("deprecated", MAIN, '  target_tags   = ["kafka"]\n',
           '  target_tags   = ["kafka"]\n  enable_logging = true\n',
           "enable_logging is deprecated"),
    Broken("number", MAIN, "= local.broker_port\n  client", '= "many"\n  client', "a number, not"),
    Broken("list", MAIN, "[google_compute_subnetwork.psc.id]", '"psc"', "nat_subnets is a set"),
    Broken("boolean", MAIN, "enable_proxy_protocol = false", 'enable_proxy_protocol = "no"',
           "true or false, not"),
    Broken("undeclared variable", MAIN, "var.region", "var.place", r"main\.tf:16: var\.place"),
    Broken("undeclared local", MAIN, "= local.broker_port", "= local.port", r"local\.port"),
    Broken("undeclared resource", "terraform/outputs.tf",
           "google_compute_service_attachment.kafka.id\n",
           "google_compute_service_attachment.kafka1.id\n", r"outputs\.tf:2: .*kafka1"),
    Broken("undeclared in a heredoc", "terraform/outputs.tf", "in ${var.region}", "in ${var.place}",
           r"outputs\.tf:11: var\.place"),
    Broken("undeclared data", MAIN, "data.google_compute_network.kafka.name",
           "data.google_compute_network.main.name", r"network\.main\.name: nothing"),
    Broken("unknown attribute", MAIN, "google_compute_forwarding_rule.kafka.id",
           "google_compute_forwarding_rule.kafka.idd",
           r":78: google_compute_forwarding_rule has no attribute idd"),
    Broken("each without for_each", MAIN, "  for_each = local.brokers\n", "", "has no for_each"),
    Broken("unused variable", "terraform/variables.tf", 'variable "region"',
           'variable "zone" {\n  type = string\n}\n\nvariable "region"', "zone is used nowhere"),
    Broken("declared twice", MAIN, 'data "google_compute_instance" "broker"',
           'data "google_compute_network" "kafka"', "declared twice"),
    Broken("old provider", "terraform/versions.tf", ">= 7.40", ">= 6.0", "at least 7.40"),
]

TERRAFORM_FORMAT = [
    Broken("format", MAIN, 'name = "kafka-vpc"', 'name="kafka-vpc"', r"main\.tf:1: terraform fmt"),
    Broken("unknown function", MAIN, "tostring(local", "to_string(local", "no function to_string"),
]

TERRAFORM_VALIDATE = [
    Broken("unknown argument", MAIN, "all_ports             = true",
           "every_port            = true", "terraform validate: .*every_port"),
    Broken("missing one of", MAIN, "  ip_address  ", "  fqdnx       ", "terraform validate: "),
]

KUBERNETES = [
    Broken("not YAML", MANIFEST, "data:\n", "data: [\n", "not YAML"),
    Broken("unknown field", MANIFEST, "  replicas: 3", "  replica: 3",
           r"portway\.yaml:1\d: .*replica"),
    Broken("wrong type", MANIFEST, "  replicas: 3", "  replicas: three",
           "replicas: 'three' is not"),
    Broken("unknown kind", MANIFEST, "kind: PodDisruptionBudget", "kind: PodBudget",
           "has no PodBudget"),
    Broken("key twice", MANIFEST, "  replicas: 3", "  replicas: 3\n  replicas: 4",
           ":18: key replicas"),
    Broken("object twice", MANIFEST, "kind: PodDisruptionBudget\nmetadata:\n  name: portway",
           "kind: PodDisruptionBudget\nmetadata:\n  name: portway\n  namespace: kafka\nspec:\n"
           "  maxUnavailable: 1\n---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n"
           "  name: portway", "there twice"),
    Broken("attachment without subnets", MANIFEST, "  natSubnets: [kafka-psc]\n", "", "natSubnets"),
    Broken("attachment preference", MANIFEST, "ACCEPT_MANUAL", "MANUAL", "MANUAL"),
    Broken("attachment to nothing", MANIFEST, "{kind: Service, name: portway}",
           "{kind: Service, name: other}", "there is no Service other"),
    Broken("service selects nothing", MANIFEST, "  selector: {app.kubernetes.io/name: portway}",
           "  selector: {app.kubernetes.io/name: other}", "matches no pods"),
    Broken("target port", MANIFEST, "targetPort: broker-2", "targetPort: broker-3",
           ":6\\d: .*broker-3"),
    Broken("port twice", MANIFEST, "port: 9093, targetPort", "port: 9092, targetPort",
           "stands twice"),
    Broken("no volume", MANIFEST, "        - name: config\n", "        - name: conf\n",
           "volume config"),
    Broken("no config map", MANIFEST, "configMap: {name: portway}", "configMap: {name: other}",
           "no ConfigMap other"),
    Broken("probe port", MANIFEST, "port: admin}", "port: health}", "no port health"),
    Broken("budget selects nothing", MANIFEST,
           "  maxUnavailable: 1\n  selector:\n    matchLabels: {"
           "app.kubernetes.io/name: portway}",
           "  maxUnavailable: 1\n  selector:\n    matchLabels: {"
           "app.kubernetes.io/name: other}", "selector matches no pods"),
]

HELM = [
    Broken("template does not parse", CHART, "| quote }}", "| quote }", "helm template"),
    Broken("undeclared value", CHART, ".Values.image", ".Values.picture.name", "helm"),
    Broken("required value", "chart/values.yaml", "replicas: 3\n", "", "replicas"),
    Broken("no version", "chart/Chart.yaml", "version: 0.1.0\nappVersion", "appVersion", "version"),
    Broken("manifest with an unknown field", CHART, "  replicas:", "  replica:", "replica"),
    Broken("manifest with a wrong type", CHART, "image: {{ .Values.image | quote }}", "image: 1",
           "1 is not of type"),
]

SYSTEMD = [
    Broken("unknown key", UNIT, "RestartSec=1", "RestartSecs=1",
           r"service:12: .*no key RestartSecs"),
    Broken("unknown section", UNIT, "[Install]", "[Installs]", r"\[Installs\]"),
    Broken("relative command", UNIT, "ExecStart=/usr/local/bin/portway", "ExecStart=portway",
           "absolute"),
    Broken("no command", UNIT, "ExecStart=", "#", "needs ExecStart"),
    Broken("no description", UNIT, "Description=", "#", "needs a Description"),
]

SYSTEMD_VERIFY = [
    Broken("unknown key", UNIT, "RestartSec=1", "RestartSecs=1", r"service:12: .*Unknown key"),
    Broken("bad value", UNIT, "Type=exec", "Type=forkings", "forkings"),
    Broken("bad time", UNIT, "TimeoutStopSec=90", "TimeoutStopSec=soon", "soon"),
    Broken("no command", UNIT, "ExecStart=", "#", "has no ExecStart"),
]

BY_CHECK = {"shell": SHELL, "terraform": TERRAFORM, "terraform-fmt": TERRAFORM_FORMAT,
            "terraform-validate": TERRAFORM_VALIDATE,
            "kubernetes": KUBERNETES, "helm": HELM, "systemd": SYSTEMD,
            "systemd-verify": SYSTEMD_VERIFY}
