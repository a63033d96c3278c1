# A port of the endpoint leads to one port of one broker: service attachment, forwarding rule,
# backend service, port mapping NEG, broker. Nothing is balanced and nothing is health-checked.

data "google_compute_network" "kafka" {
  project = var.project
  name    = var.network
}

data "google_compute_subnetwork" "brokers" {
  project = var.project
  region  = var.region
  name    = var.subnet
}

data "google_compute_instance" "broker" {
  for_each = var.brokers

  project = var.project
  zone    = each.value.zone
  name    = each.key

  lifecycle {
    postcondition {
      condition     = endswith(self.network_interface[0].subnetwork, "/subnetworks/${var.subnet}")
      error_message = "The first network interface of ${each.key} is not in ${var.subnet}: a port mapping NEG takes only VMs of its own subnet."
    }
  }
}

resource "google_compute_region_network_endpoint_group" "brokers" {
  project               = var.project
  region                = var.region
  name                  = var.network_endpoint_group
  network               = data.google_compute_network.kafka.id
  subnetwork            = data.google_compute_subnetwork.brokers.id
  network_endpoint_type = "GCE_VM_IP_PORTMAP"
}

# A broker more is an endpoint more, and nothing else. An endpoint that changes is removed and made
# anew, which closes that one port for a moment. If a broker's VM is deleted, Google Cloud deletes
# its endpoints: apply again when the VM is back.
resource "google_compute_region_network_endpoint" "broker" {
  for_each = var.endpoints

  project                       = var.project
  region                        = var.region
  region_network_endpoint_group = google_compute_region_network_endpoint_group.brokers.name
  instance                      = data.google_compute_instance.broker[each.value.broker].self_link
  port                          = each.value.vm_port
  client_destination_port       = each.value.client_port

  # The provider demands it, though Google Cloud knows it from the instance.
  ip_address = data.google_compute_instance.broker[each.value.broker].network_interface[0].network_ip
}

resource "google_compute_region_backend_service" "brokers" {
  project               = var.project
  region                = var.region
  network               = data.google_compute_network.kafka.id
  name                  = "${var.load_balancer}${var.generation}"
  load_balancing_scheme = "INTERNAL"
  protocol              = "TCP"

  backend {
    group = google_compute_region_network_endpoint_group.brokers.id
    # The provider's default, UTILIZATION, is not for passthrough load balancers.
    balancing_mode = "CONNECTION"
  }

  # No health_checks: Google Cloud refuses them together with a port mapping NEG.

  # It has one forwarding rule for life, so it is replaced together with it.
  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_forwarding_rule" "brokers" {
  project               = var.project
  region                = var.region
  name                  = "${var.load_balancer}${var.generation}"
  load_balancing_scheme = "INTERNAL"
  network               = data.google_compute_network.kafka.id
  # The brokers' subnet, never the NAT subnet.
  subnetwork          = data.google_compute_subnetwork.brokers.id
  backend_service     = google_compute_region_backend_service.brokers.id
  ip_protocol         = "TCP"
  all_ports           = true # what a port mapping NEG demands; the firewall rule is the filter
  allow_global_access = var.global_access

  lifecycle {
    create_before_destroy = true
  }
}

{{{attachment}}}
  # Consumers that are let in find every port in its place, and open.
  depends_on = [google_compute_region_network_endpoint.broker, google_compute_firewall.nat]
}

# Private Service Connect translates the consumer's address to one of the NAT subnet, and the client
# port to the broker's own: vm_port is what must be open.
resource "google_compute_firewall" "nat" {
  project       = var.project
  network       = data.google_compute_network.kafka.id
  name          = var.firewall_rule
  direction     = "INGRESS"
  source_ranges = [google_compute_subnetwork.nat.ip_cidr_range]

{{#cluster_is_new}}
  target_tags = var.target_tags # those of the cluster's VMs
{{/cluster_is_new}}
{{^cluster_is_new}}
  # The brokers' VMs are not Terraform's, so their network tags are not, either. The rule is narrowed
  # to the addresses that packets for brokers can have: the brokers' own and the load balancer's.
  destination_ranges = concat(
    ["${google_compute_forwarding_rule.brokers.ip_address}/32"],
    [for broker in data.google_compute_instance.broker : "${broker.network_interface[0].network_ip}/32"],
  )
  target_tags = var.target_tags
{{/cluster_is_new}}

  allow {
    protocol = "tcp"
    ports    = sort(distinct([for one in values(var.endpoints) : tostring(one.vm_port)]))
  }
}
