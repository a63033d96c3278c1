variable "project" {
  description = "The project of the brokers and of the service attachment."
  type        = string
  default     = "my-kafka-project"
}

variable "region" {
  description = "The region of the brokers, of the service attachment and of its consumers."
  type        = string
  default     = "us-west1"
}

variable "network" {
  description = "The brokers' VPC network."
  type        = string
  default     = "kafka-vpc"
}

variable "subnet" {
  description = "The brokers' subnet: all brokers have their first network interface in it. The load balancer takes its address from it, too."
  type        = string
  default     = "brokers-subnet"
}

variable "brokers" {
  description = "The brokers' zones, by the names of their VMs."
  type = map(object({
    zone = string
  }))
  default = {
    "broker-node1" = {
      zone = "us-west1-a"
    }
    "broker-node2" = {
      zone = "us-west1-b"
    }
    "broker-node3" = {
      zone = "us-west1-c"
    }
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
    "EXTERNAL-1" = {
      listener    = "EXTERNAL"
      broker      = "broker-node1"
      vm_port     = 39092
      client_port = 9093
      advertised  = "b1.abc.us-west1.gcp.3199745.tidbcloud.com:9093"
    }
    "EXTERNAL-2" = {
      listener    = "EXTERNAL"
      broker      = "broker-node2"
      vm_port     = 39092
      client_port = 9094
      advertised  = "b2.abc.us-west1.gcp.3199745.tidbcloud.com:9094"
    }
    "EXTERNAL-3" = {
      listener    = "EXTERNAL"
      broker      = "broker-node3"
      vm_port     = 39092
      client_port = 9095
      advertised  = "b3.abc.us-west1.gcp.3199745.tidbcloud.com:9095"
    }
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
    "EXTERNAL" = [
      "b1.abc.us-west1.gcp.3199745.tidbcloud.com:9093",
      "b2.abc.us-west1.gcp.3199745.tidbcloud.com:9094",
      "b3.abc.us-west1.gcp.3199745.tidbcloud.com:9095",
    ]
  }
}

variable "target_tags" {
  description = "Network tags that narrow the firewall rule further, if every broker's VM has one of them; it is narrow without, by the brokers' addresses."
  type        = list(string)
  default     = []
}

variable "network_endpoint_group" {
  description = "The name of the port mapping NEG."
  type        = string
  default     = "kafka-neg"
}

variable "load_balancer" {
  description = "The name of the internal passthrough load balancer: of its backend service and its forwarding rule."
  type        = string
  default     = "kafka-lb"
}

variable "generation" {
  description = "Appended to that name. Set it, for example to -2, in the same step as whatever makes Terraform replace the forwarding rule: while the service attachment targets the old one, the new one has to be made beside it, under another name."
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
  default     = false
}

variable "service_attachment" {
  description = "The name of the service attachment."
  type        = string
  default     = "kafka-psc"
}

variable "consumers" {
  description = "The projects that may connect to the service attachment, and how many endpoints each may have. All others stay pending."
  type = map(object({
    connection_limit = number
  }))
  default = {
    "tidbcloud-prod-000" = {
      connection_limit = 10
    }
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
  default     = "psc-subnet"
}

variable "nat_range" {
  description = "The addresses of the NAT subnet: one for each connected endpoint; four are lost."
  type        = string
  default     = "10.100.0.0/26"

  validation {
    condition     = can(cidrhost(var.nat_range, 7))
    error_message = "An IPv4 range of /29 or more, such as 10.100.0.0/26."
  }
}

variable "firewall_rule" {
  description = "The name of the firewall rule that lets the NAT subnet in."
  type        = string
  default     = "allow-psc-traffic"
}
