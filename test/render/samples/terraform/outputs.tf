output "service_attachment" {
  value = google_compute_service_attachment.kafka.id
}

output "bootstrap_ports" {
  value = join(",", sort([for broker in values(local.brokers) : tostring(broker.client_port)]))
}

output "script" {
  value = <<-END
    echo "${google_compute_service_attachment.kafka.id} in ${var.region}"
  END
}
