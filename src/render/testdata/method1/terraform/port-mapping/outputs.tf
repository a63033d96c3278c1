output "service_attachment" {
  description = "The service attachment's URI, as consumers and the TiDB Cloud console ask for it."
  value       = google_compute_service_attachment.kafka.id
}

output "client_ports" {
  description = "The port of every broker at the endpoint, by external listener and broker id."
  value       = { for key, one in var.endpoints : key => one.client_port }
}

output "advertised" {
  description = "What every broker advertises, by external listener and broker id."
  value       = { for key, one in var.endpoints : key => one.advertised }
}

output "bootstrap_servers" {
  description = "What clients are given to start from, by external listener."
  value       = { for listener, servers in var.bootstrap_servers : listener => join(",", servers) }
}

output "bootstrap_ports" {
  description = "The ports of these, as the TiDB Cloud console asks for them."
  value = {
    for listener, servers in var.bootstrap_servers :
    listener => join(",", [for server in servers : regex("[0-9]+$", server)])
  }
}

output "names" {
  description = "The names of what was made here."
  value = {
    network_endpoint_group = google_compute_region_network_endpoint_group.brokers.name
    backend_service        = google_compute_region_backend_service.brokers.name
    forwarding_rule        = google_compute_forwarding_rule.brokers.name
    service_attachment     = google_compute_service_attachment.kafka.name
    nat_subnet             = google_compute_subnetwork.nat.name
    firewall_rule          = google_compute_firewall.nat.name
  }
}
