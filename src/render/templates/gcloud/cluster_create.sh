{{#network_is_existing}}
existing_network {{network}}
{{/network_is_existing}}
{{^network_is_existing}}
network {{network}}
{{/network_is_existing}}
{{#subnet_is_existing}}
existing_subnet {{subnet}} {{network}} {{subnet_range}}
{{/subnet_is_existing}}
{{^subnet_is_existing}}
# Brokers, proxies and the load balancer's address share it. Private Google Access: its VMs have no
# external address, and still reach Google's own APIs such as Cloud Storage.
subnet {{subnet}} {{network}} {{subnet_range}} PRIVATE --enable-private-ip-google-access
{{/subnet_is_existing}}
{{#has_bastion}}
subnet {{bastion_subnet}} {{network}} {{bastion_range}} PRIVATE
{{/has_bastion}}
{{#cluster_rules}}
firewall_rule {{name}} {{network}} {{sources}} {{tags}} \
  {{ports}} \
  {{what}}
{{/cluster_rules}}
{{#has_bastion}}
# The bastion alone has an external address, to fetch Kafka by; SSH comes through Identity-Aware
# Proxy (gcloud compute ssh --tunnel-through-iap), nothing else gets in.
instance {{bastion}} {{bastion_zone}} {{bastion_subnet}} '' {{bastion_machine_type}} 20 \
  {{bastion_tag}}
{{/has_bastion}}
{{#new_nodes}}
instance {{instance}} {{zone}} {{subnet}} {{address}} {{machine_type}} {{disk_gb}} \
  {{node_tag}} --no-address
{{/new_nodes}}
