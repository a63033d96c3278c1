output "addresses" {
  description = "The endpoints' addresses."
  value       = { for name, endpoint in google_compute_address.endpoint : name => endpoint.address }
}

output "connections" {
  description = "What became of each connection. ACCEPTED says that the endpoint was let in, not that traffic flows; PENDING, that this project is not among the consumers, or over its limit."
  value       = { for name, endpoint in google_compute_forwarding_rule.endpoint : name => endpoint.psc_connection_status }
}
