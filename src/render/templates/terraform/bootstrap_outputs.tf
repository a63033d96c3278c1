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
