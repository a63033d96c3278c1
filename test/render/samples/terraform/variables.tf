variable "project" {
  type        = string
  description = "The project of the brokers."
}

variable "region" {
  type    = string
  default = "us-west1"
}

variable "consumers" {
  type = map(number)
  default = {
    tidb-consumer = 10
  }
  validation {
    condition     = alltrue([for limit in values(var.consumers) : limit > 0])
    error_message = "A limit is at least 1."
  }
}
