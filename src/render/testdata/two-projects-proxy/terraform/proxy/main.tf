# Every port of the endpoint leads to any of the proxies, and each of them to the right broker:
# service attachment, forwarding rule, backend service, instance group, proxy, broker.

data "google_compute_network" "kafka" {
  project = var.project
  name    = var.network
}

data "google_compute_subnetwork" "brokers" {
  project = var.project
  region  = var.region
  name    = var.subnet
}

resource "google_compute_region_backend_service" "proxies" {
  project               = var.project
  region                = var.region
  network               = data.google_compute_network.kafka.id
  name                  = "${var.load_balancer}${var.generation}"
  load_balancing_scheme = "INTERNAL"
  protocol              = "TCP"
  health_checks         = [google_compute_region_health_check.ready.id]

  # A whole consumer comes from one address of the NAT subnet: any affinity to clients' addresses
  # would lead all its connections to one proxy.
  session_affinity = "NONE"

  # 300 seconds here and 0 in Google's API, unless it is said.
  connection_draining_timeout_sec = var.connection_draining_timeout_sec

  backend {
    group = google_compute_region_instance_group_manager.proxies.instance_group
    # The provider's default, UTILIZATION, is not for passthrough load balancers.
    balancing_mode = "CONNECTION"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_forwarding_rule" "proxies" {
  project               = var.project
  region                = var.region
  name                  = "${var.load_balancer}${var.generation}"
  load_balancing_scheme = "INTERNAL"
  network               = data.google_compute_network.kafka.id
  # The brokers' subnet, never the NAT subnet.
  subnetwork          = data.google_compute_subnetwork.brokers.id
  backend_service     = google_compute_region_backend_service.proxies.id
  ip_protocol         = "TCP"
  all_ports           = true # a rule lists five ports at most; the firewall rule is the filter
  allow_global_access = var.global_access

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_subnetwork" "nat" {
  project       = var.project
  region        = var.region
  network       = data.google_compute_network.kafka.id
  name          = var.nat_subnet
  ip_cidr_range = var.nat_range
  purpose       = "PRIVATE_SERVICE_CONNECT"
}

resource "google_compute_service_attachment" "kafka" {
  project               = var.project
  region                = var.region
  name                  = var.service_attachment
  target_service        = google_compute_forwarding_rule.proxies.id
  nat_subnets           = [google_compute_subnetwork.nat.id]
  connection_preference = "ACCEPT_MANUAL"
  reconcile_connections = var.reconcile_connections

  # Portway tells consumers apart by port and reads no PROXY protocol header.
  enable_proxy_protocol = false

  dynamic "consumer_accept_lists" {
    for_each = var.consumers

    content {
      project_id_or_num = consumer_accept_lists.key
      connection_limit  = consumer_accept_lists.value.connection_limit
    }
  }

  # Consumers that are let in find every port open.
  depends_on = [google_compute_firewall.nat]
}

# Private Service Connect translates the consumer's address to one of the NAT subnet; the ports stay.
resource "google_compute_firewall" "nat" {
  project       = var.project
  network       = data.google_compute_network.kafka.id
  name          = var.firewall_rule
  direction     = "INGRESS"
  source_ranges = [google_compute_subnetwork.nat.ip_cidr_range]
  target_tags   = [var.tag]

  allow {
    protocol = "tcp"
    ports    = var.ports
  }
}
