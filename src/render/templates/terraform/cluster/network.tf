{{#network_is_existing}}
data "google_compute_network" "kafka" {
  project = var.project
  name    = var.network
}
{{/network_is_existing}}
{{^network_is_existing}}
resource "google_compute_network" "kafka" {
  project = var.project
  name    = var.network

  # The subnets are those of the plan. In auto mode Google Cloud would take all of 10.128.0.0/9.
  auto_create_subnetworks = false
}
{{/network_is_existing}}

{{#subnet_is_existing}}
data "google_compute_subnetwork" "brokers" {
  project = var.project
  region  = var.region
  name    = var.subnet
}
{{/subnet_is_existing}}
{{^subnet_is_existing}}
resource "google_compute_subnetwork" "brokers" {
  project       = var.project
  region        = var.region
  network       = {{network_id}}
  name          = var.subnet
  ip_cidr_range = var.subnet_range

  # VMs without an external address reach Cloud Storage, from which proxies fetch their program.
  private_ip_google_access = true
}
{{/subnet_is_existing}}
