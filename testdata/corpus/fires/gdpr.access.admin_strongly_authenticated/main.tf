resource "azurerm_linux_virtual_machine" "jump" {
  name                            = "jump"
  admin_username                  = "ops"
  disable_password_authentication = false
}
