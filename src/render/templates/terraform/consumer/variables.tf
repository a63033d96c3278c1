variable "project" {
  description = "The consumer's project. It connects only if it is among the consumers of the service attachment."
  type        = string
}

variable "region" {
  description = "The region of the service attachments; the endpoints are in the same."
  type        = string
  default     = "{{region}}"
}

variable "network" {
  description = "The consumer's VPC network, not that of the brokers."
  type        = string
}

variable "subnetwork" {
  description = "The subnet that gives the endpoints their addresses."
  type        = string
}

variable "service_attachments" {
  description = "The URIs of the service attachments, by the names that their endpoints get. The modules of the other side have them as their output service_attachment."
  type = map(object({
    uri = string
  }))
  default = {
{{#attachments}}
    "{{name}}" = {
      uri = "{{uri}}"
    }
{{/attachments}}
  }

  validation {
    condition = alltrue([
      for one in values(var.service_attachments) :
      can(regex("^projects/[^/]+/regions/[^/]+/serviceAttachments/[^/]+$", one.uri))
    ])
    error_message = "A URI such as projects/my-kafka-project/regions/us-west1/serviceAttachments/kafka-psc."
  }
}

variable "names" {
  description = "The names that brokers advertise, as DNS records: in which domain, and by which endpoint they are reached."
  type = map(object({
    domain   = string
    endpoint = string
  }))
  default = {
{{#names}}
    # {{{comment}}}
    "{{record}}" = {
      domain   = "{{domain}}"
      endpoint = "{{endpoint}}"
    }
{{/names}}
  }
}

variable "global_access" {
  description = "Whether clients in other regions may use the endpoints. The load balancer of the other side must allow it, too."
  type        = bool
  default     = {{global_access}}
}
