variable "load_balancer" {
  description = "The name of the internal passthrough load balancer: of its backend service and its forwarding rule."
  type        = string
  default     = "{{load_balancer}}"
}

variable "generation" {
  description = "Appended to that name{{#is_proxy}} and to the instance group's{{/is_proxy}}. Set it, for example to -2, in the same step as whatever makes Terraform replace the forwarding rule: while the service attachment targets the old one, the new one has to be made beside it, under another name."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(-[a-z0-9]+)?$", var.generation))
    error_message = "Empty, or a hyphen with lower-case letters and digits after it."
  }
}

variable "global_access" {
  description = "Whether consumers in other regions may be let in."
  type        = bool
  default     = {{global_access}}
}

variable "service_attachment" {
  description = "The name of the service attachment."
  type        = string
  default     = "{{service_attachment}}"
}

variable "consumers" {
  description = "The projects that may connect to the service attachment, and how many endpoints each may have. All others stay pending."
  type = map(object({
    connection_limit = number
  }))
  default = {
{{#consumers}}
    "{{project}}" = {
      connection_limit = {{connection_limit}}
    }
{{/consumers}}
  }

  validation {
    condition     = alltrue([for consumer in values(var.consumers) : consumer.connection_limit >= 1])
    error_message = "A connection_limit is at least 1."
  }
}

variable "reconcile_connections" {
  description = "Whether a project that leaves `consumers` is cut off at once. false: its connected endpoints stay."
  type        = bool
  default     = true
}

variable "nat_subnet" {
  description = "The name of the NAT subnet. It belongs to this service attachment alone."
  type        = string
  default     = "{{nat_subnet}}"
}

variable "nat_range" {
  description = "The addresses of the NAT subnet: one for each connected endpoint; four are lost."
  type        = string
  default     = "{{nat_range}}"

  validation {
    condition     = can(cidrhost(var.nat_range, 7))
    error_message = "An IPv4 range of /29 or more, such as 10.100.0.0/26."
  }
}
