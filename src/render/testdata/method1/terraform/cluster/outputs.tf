output "network" {
  description = "The VPC network."
  value       = google_compute_network.kafka.id
}

output "subnet" {
  description = "The subnet of the brokers, of the load balancers' addresses and of the proxies."
  value       = google_compute_subnetwork.brokers.id
}

output "nodes" {
  description = "The addresses of the Kafka nodes, by the names of their VMs."
  value       = { for name, node in google_compute_instance.node : name => node.network_interface[0].network_ip }
}

output "bastion" {
  description = "The bastion's name; reach it with: gcloud compute ssh NAME --tunnel-through-iap."
  value       = google_compute_instance.bastion.name
}
