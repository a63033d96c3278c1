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
  target_service        = google_compute_forwarding_rule.{{rule}}.id
  nat_subnets           = [google_compute_subnetwork.nat.id]
  connection_preference = "ACCEPT_MANUAL"
  reconcile_connections = var.reconcile_connections

  # {{{no_proxy_protocol}}}
  enable_proxy_protocol = false

  dynamic "consumer_accept_lists" {
    for_each = var.consumers

    content {
      project_id_or_num = consumer_accept_lists.key
      connection_limit  = consumer_accept_lists.value.connection_limit
    }
  }
