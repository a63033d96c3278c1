output "network" {
  description = "The VPC network."
  value       = {{network_id}}
}

output "subnet" {
  description = "The subnet of the brokers, of the load balancers' addresses and of the proxies."
  value       = {{subnet_id}}
}
{{#cluster_is_new}}

output "nodes" {
  description = "The addresses of the Kafka nodes, by the names of their VMs."
  value       = { for name, node in google_compute_instance.node : name => node.network_interface[0].network_ip }
}
{{#has_bastion}}

output "bastion" {
  description = "The bastion's name; reach it with: gcloud compute ssh NAME --tunnel-through-iap."
  value       = google_compute_instance.bastion.name
}
{{/has_bastion}}
{{/cluster_is_new}}
