variable "project" {
  description = "The project of the network and of all that is in it."
  type        = string
  default     = "{{project}}"
}

variable "region" {
  description = "The region of the subnets."
  type        = string
  default     = "{{region}}"
}

variable "network" {
  description = "The VPC network{{#network_is_existing}}, which is there already{{/network_is_existing}}."
  type        = string
  default     = "{{network}}"
}

variable "subnet" {
  description = "The subnet of the brokers, of the load balancers' addresses and of the proxies{{#subnet_is_existing}}, which is there already{{/subnet_is_existing}}."
  type        = string
  default     = "{{subnet}}"
}
{{^subnet_is_existing}}

variable "subnet_range" {
  description = "The addresses of that subnet."
  type        = string
  default     = "{{subnet_range}}"

  validation {
    condition     = can(cidrhost(var.subnet_range, 0))
    error_message = "An IPv4 range, such as 10.64.0.0/18."
  }
}
{{/subnet_is_existing}}
{{#cluster_is_new}}

variable "nodes" {
  description = "The Kafka nodes, by the names of their VMs. The addresses are fixed: they stand in server.properties."
  type = map(object({
    zone    = string
    address = string
  }))
  default = {
{{#nodes}}
    "{{instance}}" = {
      zone    = "{{zone}}"
      address = "{{address}}"
    }
{{/nodes}}
  }

  validation {
    condition     = length(distinct([for node in values(var.nodes) : node.address])) == length(var.nodes)
    error_message = "Two nodes have the same address."
  }
}

variable "node_machine_type" {
  description = "The machine type of the nodes."
  type        = string
  default     = "{{node_machine_type}}"
}

variable "node_disk_gb" {
  description = "The disk of a node, in GB. It holds the system and Kafka's data."
  type        = number
  default     = {{node_disk_gb}}

  validation {
    condition     = var.node_disk_gb >= 10
    error_message = "At least 10 GB."
  }
}

variable "node_tag" {
  description = "The network tag of the nodes, by which firewall rules find them."
  type        = string
  default     = "{{node_tag}}"
}

variable "deletion_protection" {
  description = "Whether Google Cloud refuses to delete a node's VM. Its disk goes with it, and the data on it: set this to false in a step of its own before nodes are removed."
  type        = bool
  default     = true
}

variable "image" {
  description = "The image of the VMs' disks."
  type        = string
  default     = "debian-cloud/debian-12"
}
{{#bastion}}

variable "bastion" {
  description = "The host from which the cluster is set up and tested."
  type = object({
    name         = string
    zone         = string
    machine_type = string
    subnet       = string
    range        = string
    tag          = string
  })
  default = {
    name         = "{{name}}"
    zone         = "{{zone}}"
    machine_type = "{{machine_type}}"
    subnet       = "{{subnet}}"
    range        = "{{range}}"
    tag          = "{{tag}}"
  }

  validation {
    condition     = can(cidrhost(var.bastion.range, 0))
    error_message = "The range is an IPv4 range, such as 10.0.0.0/18."
  }
}
{{/bastion}}

variable "firewall_rules" {
  description = "What the nodes{{#has_bastion}} and the bastion{{/has_bastion}} let in, by the names of the rules: TCP from IPv4 ranges to the VMs with one of the tags."
  type = map(object({
    sources = list(string)
    tags    = list(string)
    ports   = list(string)
  }))
  default = {
{{#firewall_rules}}
    # {{{description}}}.
    "{{name}}" = {
      sources = [{{#sources}}"{{text}}"{{^last}}, {{/last}}{{/sources}}]
      tags    = [{{#tags}}"{{text}}"{{^last}}, {{/last}}{{/tags}}]
      ports   = [{{#ports}}"{{text}}"{{^last}}, {{/last}}{{/ports}}]
    }
{{/firewall_rules}}
  }

  validation {
    condition     = alltrue([for rule in values(var.firewall_rules) : !contains(rule.sources, "0.0.0.0/0")])
    error_message = "No rule here lets the whole internet in."
  }
}
{{/cluster_is_new}}
