# The proxies: VMs all alike, without state, none of which is needed.

locals {
  startup_script = coalesce(var.startup_script, "${path.module}/../../proxy/startup.sh")
}

# A template cannot be changed. A new one is made under a name of its own, the group moves over to
# it, and then the old one goes.
resource "google_compute_region_instance_template" "proxy" {
  project      = var.project
  region       = var.region
  name_prefix  = "${var.instance_template}-"
  machine_type = var.machine_type
  tags         = [var.tag]

  metadata_startup_script = file(local.startup_script)

  metadata = {
    enable-oslogin = "TRUE"
  }

  disk {
    source_image = var.image
    boot         = true
    auto_delete  = true
  }

  network_interface {
    subnetwork = data.google_compute_subnetwork.brokers.id
    # No access_config: no external address. Cloud Storage is reached through Private Google Access,
    # anything else only through Cloud NAT.
  }

  service_account {
    email = var.service_account
    scopes = [
      "https://www.googleapis.com/auth/devstorage.read_only",
      "https://www.googleapis.com/auth/logging.write",
      "https://www.googleapis.com/auth/monitoring.write",
    ]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_region_instance_group_manager" "proxies" {
  project            = var.project
  region             = var.region
  name               = "${var.instance_group}${var.generation}"
  base_instance_name = var.instance_group

  # No target_size: that is the autoscaler's.
  distribution_policy_zones = var.zones

  version {
    instance_template = google_compute_region_instance_template.proxy.self_link
  }

  auto_healing_policies {
    health_check      = google_compute_region_health_check.live.id
    initial_delay_sec = var.startup_sec
  }

  # New proxies first, then the old ones go. A regional group counts its surge by zones: it is none
  # or at least one for each.
  update_policy {
    type                  = "PROACTIVE"
    minimal_action        = "REPLACE"
    max_surge_fixed       = length(var.zones)
    max_unavailable_fixed = 0
  }
}

resource "google_compute_region_autoscaler" "proxies" {
  project = var.project
  region  = var.region
  name    = google_compute_region_instance_group_manager.proxies.name
  target  = google_compute_region_instance_group_manager.proxies.id

  autoscaling_policy {
    min_replicas    = var.replicas_min
    max_replicas    = max(var.replicas_min, var.replicas_max)
    cooldown_period = var.startup_sec

    cpu_utilization {
      target = var.cpu_target
    }

    # Connections to Kafka live long, and a proxy that leaves closes its own: one at a time.
    scale_in_control {
      time_window_sec = 600

      max_scaled_in_replicas {
        fixed = 1
      }
    }
  }
}

# Whether new connections should come: asked often, and no reason to replace a VM. A proxy is not
# ready while it knows no broker.
resource "google_compute_region_health_check" "ready" {
  project             = var.project
  region              = var.region
  name                = var.health_check
  check_interval_sec  = var.health_interval_sec
  timeout_sec         = var.health_interval_sec
  healthy_threshold   = 2
  unhealthy_threshold = 2

  http_health_check {
    port         = var.health_port
    request_path = "/readyz"
  }
}

# Whether the VM is to be replaced: asked slowly, and only of the process itself.
resource "google_compute_region_health_check" "live" {
  project             = var.project
  region              = var.region
  name                = "${var.health_check}-live"
  check_interval_sec  = 10
  timeout_sec         = 5
  healthy_threshold   = 1
  unhealthy_threshold = 6

  http_health_check {
    port         = var.health_port
    request_path = "/livez"
  }
}

# The probes come from Google, not from the NAT subnet.
resource "google_compute_firewall" "probes" {
  project       = var.project
  network       = data.google_compute_network.kafka.id
  name          = "${var.health_check}-probes"
  direction     = "INGRESS"
  source_ranges = ["35.191.0.0/16", "130.211.0.0/22"]
  target_tags   = [var.tag]

  allow {
    protocol = "tcp"
    ports    = [tostring(var.health_port)]
  }
}
