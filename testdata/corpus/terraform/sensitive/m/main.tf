variable "secret" { sensitive = true }
output "hidden" {
  value     = "h-${var.secret}"
  sensitive = true
}
output "shown" { value = nonsensitive(substr(var.secret, 0, 3)) }
