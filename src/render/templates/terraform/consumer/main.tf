# The other end, in a network of your own: an endpoint for each service attachment, and the names
# that brokers advertise, leading there. TiDB Cloud makes both by itself; this is for clients and
# tests elsewhere.

data "google_compute_network" "consumer" {
  project = var.project
  name    = var.network
}

data "google_compute_subnetwork" "consumer" {
  project = var.project
  region  = var.region
  name    = var.subnetwork
}

resource "google_compute_address" "endpoint" {
  for_each = var.service_attachments

  project      = var.project
  region       = var.region
  name         = each.key
  address_type = "INTERNAL"
  subnetwork   = data.google_compute_subnetwork.consumer.id
}

resource "google_compute_forwarding_rule" "endpoint" {
  for_each = var.service_attachments

  project               = var.project
  region                = var.region
  name                  = each.key
  load_balancing_scheme = "" # none: an endpoint of Private Service Connect
  network               = data.google_compute_network.consumer.id
  ip_address            = google_compute_address.endpoint[each.key].id
  target                = each.value.uri

  allow_psc_global_access = var.global_access
  # The zones below are all the names there are.
  no_automate_dns_zone = true
  # An endpoint whose service attachment was deleted stays closed for ever.
  recreate_closed_psc = true
}

# A zone of this name answers for the whole domain in this network, in place of what the internet
# says about it.
resource "google_dns_managed_zone" "kafka" {
  for_each = toset([for one in values(var.names) : one.domain])

  project    = var.project
  name       = "kafka-${substr(sha256(each.key), 0, 16)}" # a domain may be too long for it
  dns_name   = "${each.key}."
  visibility = "private"

  private_visibility_config {
    networks {
      network_url = data.google_compute_network.consumer.id
    }
  }
}

resource "google_dns_record_set" "brokers" {
  for_each = var.names

  project      = var.project
  managed_zone = google_dns_managed_zone.kafka[each.value.domain].name
  name         = "${each.key}."
  type         = "A"
  ttl          = 60
  rrdatas      = [google_compute_address.endpoint[each.value.endpoint].address]
}
