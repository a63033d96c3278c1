output "service_attachment" {
  description = "The service attachment's URI, as consumers and the TiDB Cloud console ask for it."
  value       = google_compute_service_attachment.kafka.id
}

output "client_ports" {
  description = "The port of every broker at the endpoint, by external listener and broker id."
  value       = { for key, one in var.endpoints : key => one.client_port }
}

output "advertised" {
  description = "What clients are told of every broker, by external listener and broker id."
  value       = { for key, one in var.endpoints : key => one.advertised }
}

{{{bootstrap_outputs}}}
output "names" {
  description = "The names of what was made here."
  value = {
    instance_group     = google_compute_region_instance_group_manager.proxies.name
    instance_template  = google_compute_region_instance_template.proxy.name
    backend_service    = google_compute_region_backend_service.proxies.name
    forwarding_rule    = google_compute_forwarding_rule.proxies.name
    health_check       = google_compute_region_health_check.ready.name
    service_attachment = google_compute_service_attachment.kafka.name
    nat_subnet         = google_compute_subnetwork.nat.name
    firewall_rule      = google_compute_firewall.nat.name
  }
}
