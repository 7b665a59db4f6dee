resource "azurerm_eventhub" "logs" {
  name = "logs"
  retention_description {
    cleanup_policy = "Compact"
  }
}

resource "azurerm_application_gateway" "web" {
  name = "web"
}

resource "azurerm_monitor_diagnostic_setting" "web" {
  name                           = "web"
  target_resource_id             = azurerm_application_gateway.web.id
  eventhub_authorization_rule_id = "/subscriptions/1/rule"
  eventhub_name                  = azurerm_eventhub.logs.name
  enabled_log {
    category = "ApplicationGatewayAccessLog"
  }
}
