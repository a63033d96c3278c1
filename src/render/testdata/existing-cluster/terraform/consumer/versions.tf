terraform {
  required_version = ">= 1.5"

  required_providers {
    google = {
      source = "hashicorp/google"
      # 7.15: port mapping endpoints. 7.36 and 7.40: changes of connection_limit and of
      # enable_proxy_protocol are no longer lost.
      version = ">= 7.40"
    }
  }
}
