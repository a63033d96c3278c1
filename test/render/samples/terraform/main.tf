locals {
  brokers = {
    "1" = { name = "broker-1", zone = "us-west1-a", client_port = 9093 }
    "2" = { name = "broker-2", zone = "us-west1-b", client_port = 9094 }
    "3" = { name = "broker-3", zone = "us-west1-c", client_port = 9095 }
  }
  broker_port = 39092
}

data "google_compute_network" "kafka" {
  name = "kafka-vpc"
}

data "google_compute_subnetwork" "brokers" {
  name   = "brokers"
  region = var.region
}

data "google_compute_instance" "broker" {
  for_each = local.brokers
  name     = each.value.name
  zone     = each.value.zone
}

resource "google_compute_subnetwork" "psc" {
  name          = "kafka-psc"
  region        = var.region
  network       = data.google_compute_network.kafka.id
  purpose       = "PRIVATE_SERVICE_CONNECT"
  ip_cidr_range = "10.20.0.0/24"
}

resource "google_compute_region_network_endpoint_group" "kafka" {
  name                  = "kafka-neg"
  region                = var.region
  network               = data.google_compute_network.kafka.id
  subnetwork            = data.google_compute_subnetwork.brokers.id
  network_endpoint_type = "GCE_VM_IP_PORTMAP"
}

resource "google_compute_region_network_endpoint" "broker" {
  for_each                      = local.brokers
  region                        = var.region
  region_network_endpoint_group = google_compute_region_network_endpoint_group.kafka.name
  instance                      = data.google_compute_instance.broker[each.key].self_link
  ip_address                    = data.google_compute_instance.broker[each.key].network_interface[0].network_ip
  port                          = local.broker_port
  client_destination_port       = each.value.client_port
}

resource "google_compute_region_backend_service" "kafka" {
  name                  = "kafka-backend"
  region                = var.region
  protocol              = "TCP"
  load_balancing_scheme = "INTERNAL"
  network               = data.google_compute_network.kafka.id

  backend {
    group          = google_compute_region_network_endpoint_group.kafka.id
    balancing_mode = "CONNECTION"
  }
}

resource "google_compute_forwarding_rule" "kafka" {
  name                  = "kafka-rule"
  region                = var.region
  load_balancing_scheme = "INTERNAL"
  ip_protocol           = "TCP"
  all_ports             = true
  network               = data.google_compute_network.kafka.id
  subnetwork            = data.google_compute_subnetwork.brokers.id
  backend_service       = google_compute_region_backend_service.kafka.id
}

resource "google_compute_service_attachment" "kafka" {
  name                  = "kafka-attachment"
  region                = var.region
  target_service        = google_compute_forwarding_rule.kafka.id
  connection_preference = "ACCEPT_MANUAL"
  nat_subnets           = [google_compute_subnetwork.psc.id]
  enable_proxy_protocol = false
  reconcile_connections = true

  dynamic "consumer_accept_lists" {
    for_each = var.consumers
    content {
      project_id_or_num = consumer_accept_lists.key
      connection_limit  = consumer_accept_lists.value
    }
  }

  depends_on = [google_compute_region_network_endpoint.broker]
}

resource "google_compute_firewall" "kafka" {
  name          = "kafka-from-psc"
  network       = data.google_compute_network.kafka.name
  direction     = "INGRESS"
  source_ranges = [google_compute_subnetwork.psc.ip_cidr_range]
  target_tags   = ["kafka"]

  allow {
    protocol = "tcp"
    ports    = [tostring(local.broker_port)]
  }

  lifecycle {
    create_before_destroy = true
  }
}
