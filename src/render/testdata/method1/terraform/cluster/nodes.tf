# The VMs only: Kafka is put on them by the start-up and install scripts of the same plan.
resource "google_compute_instance" "node" {
  for_each = var.nodes

  project      = var.project
  zone         = each.value.zone
  name         = each.key
  machine_type = var.node_machine_type
  tags         = [var.node_tag]

  # Neither is done to a broker in passing: both take a step of their own.
  deletion_protection       = var.deletion_protection
  allow_stopping_for_update = false

  boot_disk {
    initialize_params {
      image = var.image
      size  = var.node_disk_gb
    }
  }

  network_interface {
    subnetwork = google_compute_subnetwork.brokers.id
    network_ip = each.value.address
    # No access_config: no external address.
  }

  metadata = {
    enable-oslogin = "TRUE"
  }

  lifecycle {
    # A newer image must not replace a broker and its data.
    ignore_changes = [boot_disk[0].initialize_params[0].image]
  }
}

resource "google_compute_subnetwork" "bastion" {
  project       = var.project
  region        = var.region
  network       = google_compute_network.kafka.id
  name          = var.bastion.subnet
  ip_cidr_range = var.bastion.range

  private_ip_google_access = true
}

resource "google_compute_instance" "bastion" {
  project      = var.project
  zone         = var.bastion.zone
  name         = var.bastion.name
  machine_type = var.bastion.machine_type
  tags         = [var.bastion.tag]

  allow_stopping_for_update = true

  boot_disk {
    initialize_params {
      image = var.image
    }
  }

  network_interface {
    subnetwork = google_compute_subnetwork.bastion.id

    # An external address, ephemeral, to download Kafka and Java. SSH comes through
    # Identity-Aware Proxy all the same: no rule lets it in from the internet.
    access_config {}
  }

  metadata = {
    enable-oslogin = "TRUE"
  }
}

resource "google_compute_firewall" "cluster" {
  for_each = var.firewall_rules

  project       = var.project
  network       = google_compute_network.kafka.id
  name          = each.key
  direction     = "INGRESS"
  source_ranges = each.value.sources
  target_tags   = each.value.tags

  allow {
    protocol = "tcp"
    ports    = each.value.ports
  }
}
