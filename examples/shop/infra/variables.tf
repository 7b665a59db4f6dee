variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "copy_region" {
  description = "Region of the second copy of invoices."
  type        = string
  default     = "us-east-1" # Planted: outside the EEA.
}

variable "account_id" {
  type    = string
  default = "111122223333"
}

variable "domain" {
  type    = string
  default = "shop.example.org"
}

variable "certificate_arn" {
  type    = string
  default = "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000001"
}

variable "office_cidrs" {
  description = "Where administrators sit, by VPN."
  type        = list(string)
  default     = ["10.40.0.0/24"]
}

variable "services" {
  description = "What runs, and what it may reach."
  type = map(object({
    port           = number
    image          = string
    internal       = optional(bool, false) # called by other services, not by the load balancer
    egress         = optional(list(string), ["10.20.0.0/16"])
    retention_days = optional(number, 30)
    environment    = optional(map(string), {})
    queue          = optional(object({ retention_days = optional(number, 4) }))
  }))
  default = {
    web = {
      port  = 8080
      image = "registry.example.org/shop/web:4.2.0"
    }
    orders = {
      port  = 8081
      image = "registry.example.org/shop/orders:7.1.3"
      queue = {}
    }
    mail = {
      port           = 8082
      image          = "registry.example.org/shop/mail:1.9.0"
      internal       = true
      egress         = ["0.0.0.0/0"]                               # Planted: whoever takes over the service can send data anywhere.
      retention_days = 400                                         # Planted: application logs are due after 90 days.
      environment    = { SMTP_PASSWORD = "correct-horse-battery" } # Planted: a password in the code.
      queue          = {}
    }
  }
}

variable "db_password" {
  type      = string
  sensitive = true
}
