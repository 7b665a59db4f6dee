variable "name" { type = string }
variable "service" { type = string } # its name in the register
variable "region" { type = string }
variable "vpc_id" { type = string }
variable "subnet_ids" { type = list(string) }
variable "cluster_arn" { type = string }
variable "image" { type = string }
variable "port" { type = number }
variable "sources" { type = list(string) }
variable "egress" { type = list(string) }
variable "environment" { type = map(string) }
variable "retention_days" { type = number }
variable "key_arn" { type = string }
variable "log_key_arn" { type = string }
variable "bucket_arn" { type = string }

variable "queue" {
  type    = object({ retention_days = number })
  default = null
}
