variable "project" {
  description = "The project of the proxies and of the service attachment."
  type        = string
  default     = "{{project}}"
}

variable "region" {
  description = "The region of the brokers, of the service attachment and of its consumers."
  type        = string
  default     = "{{region}}"
}

variable "zones" {
  description = "The zones over which the proxies are spread: those of the brokers."
  type        = list(string)
  default     = [{{#zones}}"{{text}}"{{^last}}, {{/last}}{{/zones}}]

  validation {
    condition     = length(var.zones) >= 1 && length(distinct(var.zones)) == length(var.zones)
    error_message = "At least one zone, and each once."
  }
}

variable "network" {
  description = "The brokers' VPC network."
  type        = string
  default     = "{{network}}"
}

variable "subnet" {
  description = "The subnet of the proxies and of the load balancer's address. The brokers let it in on their internal listener's port, {{internal_port}}."
  type        = string
  default     = "{{subnet}}"
}

variable "instance_group" {
  description = "The name of the regional managed instance group, and how the proxies' names begin."
  type        = string
  default     = "{{instance_group}}"
}

variable "instance_template" {
  description = "How the instance template's name begins. Every content has a template of its own."
  type        = string
  default     = "{{instance_template}}"
}

variable "machine_type" {
  description = "The machine type of the proxies."
  type        = string
  default     = "{{machine_type}}"
}

variable "image" {
  description = "The image of the proxies' disks."
  type        = string
  default     = "debian-cloud/debian-12"
}

variable "replicas_min" {
  description = "The proxies that run at least."
  type        = number
  default     = {{replicas_min}}

  validation {
    condition     = var.replicas_min >= 1
    error_message = "At least one proxy has to run; two, for one to be replaceable."
  }
}

variable "replicas_max" {
  description = "The proxies that run at most. Each answers for every broker in the same way, so any number will do."
  type        = number
  default     = {{replicas_max}}
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
  default     = "{{proxy_tag}}"
}

variable "endpoints" {
  description = "Where clients find the brokers, by external listener and broker id: client_port at the endpoint, and what clients are told. The proxies know it from their own file; here it is for outputs."
  type = map(object({
    listener    = string
    client_port = number
    advertised  = string
  }))
  default = {
{{#endpoints}}
    "{{key}}" = {
      listener    = "{{listener}}"
      client_port = {{client_port}}
      advertised  = "{{advertised}}"
    }
{{/endpoints}}
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

variable "ports" {
  description = "The ports that the proxies bind, with those of brokers to come."
  type        = list(string)
  default     = [{{#ports}}"{{text}}"{{^last}}, {{/last}}{{/ports}}]
}

variable "health_port" {
  description = "The port of the proxies' /readyz and /livez."
  type        = number
  default     = {{health_port}}
}

variable "health_check" {
  description = "The name of the load balancer's health check; -probes and -live are appended for what belongs to it."
  type        = string
  default     = "{{health_check}}"
}

variable "health_interval_sec" {
  description = "How often the load balancer asks /readyz. Two failures take a proxy out, which has to be within the {{drain_notice}} from a proxy's failing readiness until it takes no new connection."
  type        = number
  default     = {{health_interval_s}}
}

variable "connection_draining_timeout_sec" {
  description = "How long connections of a proxy that leaves the group go on: as long as the proxy itself needs to answer and close them, {{drain_notice}} and {{drain_timeout}}."
  type        = number
  default     = {{draining_s}}

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

{{{load_balancer_variables}}}
variable "firewall_rule" {
  description = "The name of the firewall rule that lets the NAT subnet in."
  type        = string
  default     = "{{firewall_rule}}"
}
