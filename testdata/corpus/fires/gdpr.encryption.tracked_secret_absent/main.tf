# The password is made up and opens nothing.
resource "aws_db_instance" "orders" {
  engine   = "postgres"
  username = "app"
  password = "correct-horse-battery"
}
