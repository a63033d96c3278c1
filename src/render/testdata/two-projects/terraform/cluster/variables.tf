variable "project" {
  description = "The project of the network and of all that is in it."
  type        = string
  default     = "my-kafka-project"
}

variable "region" {
  description = "The region of the subnets."
  type        = string
  default     = "us-west1"
}

variable "network" {
  description = "The VPC network."
  type        = string
  default     = "kafka-vpc"
}

variable "subnet" {
  description = "The subnet of the brokers, of the load balancers' addresses and of the proxies."
  type        = string
  default     = "brokers-subnet"
}

variable "subnet_range" {
  description = "The addresses of that subnet."
  type        = string
  default     = "10.64.0.0/18"

  validation {
    condition     = can(cidrhost(var.subnet_range, 0))
    error_message = "An IPv4 range, such as 10.64.0.0/18."
  }
}

variable "nodes" {
  description = "The Kafka nodes, by the names of their VMs. The addresses are fixed: they stand in server.properties."
  type = map(object({
    zone    = string
    address = string
  }))
  default = {
    "broker-node1" = {
      zone    = "us-west1-a"
      address = "10.64.0.2"
    }
    "broker-node2" = {
      zone    = "us-west1-b"
      address = "10.64.0.3"
    }
    "broker-node3" = {
      zone    = "us-west1-c"
      address = "10.64.0.4"
    }
  }

  validation {
    condition     = length(distinct([for node in values(var.nodes) : node.address])) == length(var.nodes)
    error_message = "Two nodes have the same address."
  }
}

variable "node_machine_type" {
  description = "The machine type of the nodes."
  type        = string
  default     = "e2-medium"
}

variable "node_disk_gb" {
  description = "The disk of a node, in GB. It holds the system and Kafka's data."
  type        = number
  default     = 50

  validation {
    condition     = var.node_disk_gb >= 10
    error_message = "At least 10 GB."
  }
}

variable "node_tag" {
  description = "The network tag of the nodes, by which firewall rules find them."
  type        = string
  default     = "kafka-node"
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
    name         = "bastion-node"
    zone         = "us-west1-a"
    machine_type = "e2-medium"
    subnet       = "bastion-subnet"
    range        = "10.0.0.0/18"
    tag          = "kafka-bastion"
  }

  validation {
    condition     = can(cidrhost(var.bastion.range, 0))
    error_message = "The range is an IPv4 range, such as 10.0.0.0/18."
  }
}

variable "firewall_rules" {
  description = "What the nodes and the bastion let in, by the names of the rules: TCP from IPv4 ranges to the VMs with one of the tags."
  type = map(object({
    sources = list(string)
    tags    = list(string)
    ports   = list(string)
  }))
  default = {
    # Kafka between the nodes, and from the bastion.
    "kafka-vpc-allow-custom" = {
      sources = ["10.64.0.0/18", "10.0.0.0/18"]
      tags    = ["kafka-node"]
      ports   = ["9092", "29092", "39092-39093"]
    }
    # SSH through Identity-Aware Proxy.
    "kafka-vpc-allow-ssh" = {
      sources = ["35.235.240.0/20"]
      tags    = ["kafka-bastion", "kafka-node"]
      ports   = ["22"]
    }
  }

  validation {
    condition     = alltrue([for rule in values(var.firewall_rules) : !contains(rule.sources, "0.0.0.0/0")])
    error_message = "No rule here lets the whole internet in."
  }
}
