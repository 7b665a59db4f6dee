variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "office_cidrs" {
  description = "Where administrators sit."
  type        = list(string)
  default     = ["192.0.2.0/28"]
}

variable "services" {
  description = "What runs, on which port, and how long its logs live."
  type = map(object({
    port           = number
    retention_days = optional(number, 30)
    sources        = optional(list(string), ["10.0.0.0/16"])
  }))
  default = {
    web    = { port = 8443, sources = ["0.0.0.0/0"] }
    orders = { port = 8080 }
    search = { port = 9200, retention_days = 400 }
  }
}

variable "db_password" {
  type      = string
  sensitive = true
}
