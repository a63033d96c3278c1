variable "project" {
  description = "The project of the brokers and of the service attachment."
  type        = string
  default     = "{{project}}"
}

variable "region" {
  description = "The region of the brokers, of the service attachment and of its consumers."
  type        = string
  default     = "{{region}}"
}

variable "network" {
  description = "The brokers' VPC network."
  type        = string
  default     = "{{network}}"
}

variable "subnet" {
  description = "The brokers' subnet: all brokers have their first network interface in it. The load balancer takes its address from it, too."
  type        = string
  default     = "{{subnet}}"
}

variable "brokers" {
  description = "The brokers' zones, by the names of their VMs."
  type = map(object({
    zone = string
  }))
  default = {
{{#brokers}}
    "{{instance}}" = {
      zone = "{{zone}}"
    }
{{/brokers}}
  }
}

variable "endpoints" {
  description = "What leads where, by external listener and broker id: client_port at the endpoint is vm_port of broker. Clients are told `advertised`."
  type = map(object({
    listener    = string
    broker      = string
    vm_port     = number
    client_port = number
    advertised  = string
  }))
  default = {
{{#endpoints}}
    "{{key}}" = {
      listener    = "{{listener}}"
      broker      = "{{broker}}"
      vm_port     = {{vm_port}}
      client_port = {{client_port}}
      advertised  = "{{advertised}}"
    }
{{/endpoints}}
  }

  validation {
    condition     = length(distinct([for one in values(var.endpoints) : one.client_port])) == length(var.endpoints)
    error_message = "Two endpoints have the same client_port; it decides which broker is meant."
  }

  validation {
    condition     = length(distinct([for one in values(var.endpoints) : "${one.broker}:${one.vm_port}"])) == length(var.endpoints)
    error_message = "Two endpoints lead to the same port of the same broker; Google Cloud maps a VM's port once, so give each external listener a vm_port of its own."
  }

  validation {
    condition     = length(var.endpoints) <= 1000
    error_message = "A port mapping NEG holds 1,000 endpoints."
  }

  validation {
    condition     = alltrue([for one in values(var.endpoints) : endswith(one.advertised, ":${one.client_port}")])
    error_message = "A broker must advertise the client_port that leads to it."
  }
}

variable "bootstrap_servers" {
  description = "What clients of each external listener are given to start from."
  type        = map(list(string))
  default = {
{{#listeners}}
    "{{name}}" = [
{{#bootstrap}}
      "{{text}}",
{{/bootstrap}}
    ]
{{/listeners}}
  }
}

variable "target_tags" {
  description = "{{#cluster_is_new}}The network tags by which the firewall rule finds the brokers.{{/cluster_is_new}}{{^cluster_is_new}}Network tags that narrow the firewall rule further, if every broker's VM has one of them; it is narrow without, by the brokers' addresses.{{/cluster_is_new}}"
  type        = list(string)
  default     = [{{#cluster_is_new}}"{{node_tag}}"{{/cluster_is_new}}]
}

variable "network_endpoint_group" {
  description = "The name of the port mapping NEG."
  type        = string
  default     = "{{network_endpoint_group}}"
}

{{{load_balancer_variables}}}
variable "firewall_rule" {
  description = "The name of the firewall rule that lets the NAT subnet in."
  type        = string
  default     = "{{firewall_rule}}"
}
