variable "project" {
  description = "The project of the proxies and of the service attachment."
  type        = string
  default     = "my-kafka-project"
}

variable "region" {
  description = "The region of the brokers, of the service attachment and of its consumers."
  type        = string
  default     = "us-west1"
}

variable "zones" {
  description = "The zones over which the proxies are spread: those of the brokers."
  type        = list(string)
  default     = ["us-west1-a", "us-west1-b", "us-west1-c"]

  validation {
    condition     = length(var.zones) >= 1 && length(distinct(var.zones)) == length(var.zones)
    error_message = "At least one zone, and each once."
  }
}

variable "network" {
  description = "The brokers' VPC network."
  type        = string
  default     = "kafka-vpc"
}

variable "subnet" {
  description = "The subnet of the proxies and of the load balancer's address. The brokers let it in on their internal listener's port, 9092."
  type        = string
  default     = "brokers-subnet"
}

variable "instance_group" {
  description = "The name of the regional managed instance group, and how the proxies' names begin."
  type        = string
  default     = "kafka-proxy-ig"
}

variable "instance_template" {
  description = "How the instance template's name begins. Every content has a template of its own."
  type        = string
  default     = "kafka-proxy-tpl"
}

variable "machine_type" {
  description = "The machine type of the proxies."
  type        = string
  default     = "e2-medium"
}

variable "image" {
  description = "The image of the proxies' disks."
  type        = string
  default     = "debian-cloud/debian-12"
}

variable "replicas_min" {
  description = "The proxies that run at least."
  type        = number
  default     = 2

  validation {
    condition     = var.replicas_min >= 1
    error_message = "At least one proxy has to run; two, for one to be replaceable."
  }
}

variable "replicas_max" {
  description = "The proxies that run at most. Each answers for every broker in the same way, so any number will do."
  type        = number
  default     = 6
}

variable "startup_script" {
  description = "The file that starts a proxy on a new VM; proxy/startup.sh of the same plan unless given."
  type        = string
  default     = null
}

variable "service_account" {
  description = "The service account (its e-mail address) of the proxies: it needs to read the proxy's program, where that is in Cloud Storage. null: the project's default one, narrowed by scopes to that and to logs and metrics."
  type        = string
  default     = null
}

variable "tag" {
  description = "The network tag of the proxies, by which firewall rules find them."
  type        = string
  default     = "kafka-proxy"
}

variable "endpoints" {
  description = "Where clients find the brokers, by external listener and broker id: client_port at the endpoint, and what clients are told. The proxies know it from their own file; here it is for outputs."
  type = map(object({
    listener    = string
    client_port = number
    advertised  = string
  }))
  default = {
    "EXTERNAL-1" = {
      listener    = "EXTERNAL"
      client_port = 9092
      advertised  = "b1.abc.us-west1.gcp.3199745.tidbcloud.com:9092"
    }
    "EXTERNAL-2" = {
      listener    = "EXTERNAL"
      client_port = 9093
      advertised  = "b2.abc.us-west1.gcp.3199745.tidbcloud.com:9093"
    }
    "EXTERNAL-3" = {
      listener    = "EXTERNAL"
      client_port = 9094
      advertised  = "b3.abc.us-west1.gcp.3199745.tidbcloud.com:9094"
    }
  }
}

variable "bootstrap_servers" {
  description = "What clients of each external listener are given to start from."
  type        = map(list(string))
  default = {
    "EXTERNAL" = [
      "b1.abc.us-west1.gcp.3199745.tidbcloud.com:9092",
      "b2.abc.us-west1.gcp.3199745.tidbcloud.com:9093",
      "b3.abc.us-west1.gcp.3199745.tidbcloud.com:9094",
    ]
  }
}

variable "ports" {
  description = "The ports that the proxies bind, with those of brokers to come."
  type        = list(string)
  default     = ["9092-9155"]
}

variable "health_port" {
  description = "The port of the proxies' /readyz and /livez."
  type        = number
  default     = 9080
}

variable "health_check" {
  description = "The name of the load balancer's health check; -probes and -live are appended for what belongs to it."
  type        = string
  default     = "kafka-proxy-hc"
}

variable "health_interval_sec" {
  description = "How often the load balancer asks /readyz. Two failures take a proxy out, which has to be within the 5s from a proxy's failing readiness until it takes no new connection."
  type        = number
  default     = 2
}

variable "connection_draining_timeout_sec" {
  description = "How long connections of a proxy that leaves the group go on: as long as the proxy itself needs to answer and close them, 5s and 30s."
  type        = number
  default     = 35

  validation {
    condition     = var.connection_draining_timeout_sec >= 0 && var.connection_draining_timeout_sec <= 3600
    error_message = "From 0 to 3600 seconds."
  }
}

variable "startup_sec" {
  description = "How long a new VM may take to become a proxy before it is repaired."
  type        = number
  default     = 300
}

variable "cpu_target" {
  description = "The share of the proxies' CPUs in use above which another proxy is started."
  type        = number
  default     = 0.6

  validation {
    condition     = var.cpu_target > 0 && var.cpu_target <= 1
    error_message = "More than 0 and at most 1."
  }
}

variable "load_balancer" {
  description = "The name of the internal passthrough load balancer: of its backend service and its forwarding rule."
  type        = string
  default     = "kafka-proxy-lb"
}

variable "generation" {
  description = "Appended to that name and to the instance group's. Set it, for example to -2, in the same step as whatever makes Terraform replace the forwarding rule: while the service attachment targets the old one, the new one has to be made beside it, under another name."
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
  default     = "kafka-proxy-psc"
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
  default     = "proxy-psc-subnet"
}

variable "nat_range" {
  description = "The addresses of the NAT subnet: one for each connected endpoint; four are lost."
  type        = string
  default     = "10.100.0.64/26"

  validation {
    condition     = can(cidrhost(var.nat_range, 7))
    error_message = "An IPv4 range of /29 or more, such as 10.100.0.0/26."
  }
}

variable "firewall_rule" {
  description = "The name of the firewall rule that lets the NAT subnet in."
  type        = string
  default     = "allow-proxy-psc-traffic"
}
