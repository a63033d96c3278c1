#!/usr/bin/env bash
# Shows what there is of method 1, port mapping. Changes nothing. Exit code 0 only if all is there.
#
# Usage: status.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=../common.sh
. "$here/../common.sh"
read_arguments '' 'usage: status.sh' "$@"
step_name=""

{{{cluster}}}status_of 'networks subnets' {{nat_subnet}} --region="$region"
{{#rules}}
status_of firewall-rules {{name}}
{{/rules}}
{{#tagged_nodes}}
status_of_tag {{instance}} {{zone}} {{node_tag}}
{{/tagged_nodes}}
status_of network-endpoint-groups {{neg}} --region="$region"
list_endpoints {{neg}}
cat >"$scratch/wanted" <<'END'
{{#endpoints}}
{{{endpoint}}}
{{/endpoints}}
END
show_endpoints {{neg}} "$scratch/wanted"
status_of backend-services {{load_balancer}} --region="$region"
status_of forwarding-rules {{load_balancer}} --region="$region"
status_of_attachment {{service_attachment}} {{accept_list}}
show_connections {{service_attachment}}
finish_status
