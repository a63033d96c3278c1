{{#new_nodes}}
remove instances {{instance}} --zone={{zone}}
{{/new_nodes}}
{{#has_bastion}}
remove instances {{bastion}} --zone={{bastion_zone}}
{{/has_bastion}}
{{#cluster_rules}}
remove firewall-rules {{name}}
{{/cluster_rules}}
{{#has_bastion}}
remove 'networks subnets' {{bastion_subnet}} --region="$region"
{{/has_bastion}}
{{^subnet_is_existing}}
remove 'networks subnets' {{subnet}} --region="$region"
{{/subnet_is_existing}}
{{^network_is_existing}}
remove networks {{network}}
{{/network_is_existing}}
