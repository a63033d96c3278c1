status_of networks {{network}}
status_of 'networks subnets' {{subnet}} --region="$region"
{{#has_bastion}}
status_of 'networks subnets' {{bastion_subnet}} --region="$region"
{{/has_bastion}}
{{#cluster_rules}}
status_of firewall-rules {{name}}
{{/cluster_rules}}
{{#has_bastion}}
status_of instances {{bastion}} --zone={{bastion_zone}}
{{/has_bastion}}
{{#new_nodes}}
status_of instances {{instance}} --zone={{zone}}
{{/new_nodes}}
