package secrets

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// azureArguments take nothing but a secret in resources of Azure: those that the
// provider's schemas mark sensitive (versions 3.117 and 4.81), may be written, and
// are not listed for whatever resource.
var azureArguments = []string{
	"access_key", "account_key", "administrator_login_password_wo", "administrator_password", "administrator_password_wo", "admin_password_wo",
	"api_token", "app_secret", "authorization_key", "certificate_blob_base64", "certificate_password", "client_certificate_password",
	"client_key", "cluster_bootstrap_account_password", "cluster_operator_account_password", "consumer_secret", "custom_keys",
	"default_admin_password", "docker_registry_password", "domain_password", "domain_user_password", "dsc_primary_access_key", "email_password",
	"encryption_password", "key_vault_key_secret", "license_key", "luis_key", "pfx_blob", "pfx_password", "primary_symmetric_token_key",
	"private_key_content_base64", "private_key_passphrase", "pull_secret", "radius_server_secret", "refresh_token", "registry_password",
	"reset_token", "run_as_password", "sas", "sas_key", "sas_token", "sas_uri", "sas_url", "secret_text", "server_app_secret", "service_key",
	"service_principal_key", "service_principal_secret", "shared_access_key", "shared_access_policy_key", "shared_access_signature", "shared_key",
	"signing_secret", "sms_channel_auth_token", "sql_administrator_login_password", "sql_service_account_password", "ssh_private_key",
	"ssh_private_key_base64", "storage_account_access_key", "storage_account_key", "storage_account_primary_key", "storage_container_sas_key",
	"storage_key", "tenant_token", "token_secret", "validation_token", "verification_token", "virtual_machine_ssh_key", "workspace_key",
}

// azureConnections hold addresses with a secret in them, or without one where an
// identity signs in.
var azureConnections = []string{
	"aof_storage_connection_string_0", "aof_storage_connection_string_1", "connection_string", "rdb_storage_connection_string",
	"servicebus_primary_connection_string", "eventhub_primary_connection_string",
}

// azureEnvironments hold variables of a workload.
var azureEnvironments = []string{"app_settings", "environment_variables", "secure_environment_variables", "sticky_settings"}

// azureSecretIn finds the secret of a connection string or a signed address.
var azureSecretIn = regexp.MustCompile(`(?i)(?:\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)=|[?&]sig=)([^;&"'\s]{3,})`)

// azure judges an argument of a resource of Azure; false where it is one like any
// other. Key Vault references of App Service stand for what is kept there.
func (m *matches) azure(name string, v *terraform.Value, p place) bool {
	r := p.resource
	if r == nil || !strings.HasPrefix(r.Type, azure.Provider+"_") {
		return false
	}
	leaf := v.Kind == terraform.String || v.Kind == terraform.Unknown
	if v.Kind == terraform.String && strings.HasPrefix(strings.ToLower(strings.TrimSpace(v.Text)), "@microsoft.keyvault(") {
		m.note(match{rule: "secret_name", carrier: azureCarrier(p), form: "reference", by: "name", place: p.String(), at: v.Pos})
		return true
	}
	switch {
	case leaf && (slices.Contains(azureArguments, name) || azureValue(r, name, p)):
		m.named(v, p, sensitiveArgument, "pattern")
	case v.Kind == terraform.String && slices.Contains([]string{"protected_settings", "settings_json"}, name):
		m.azureSettings(v, p)
	case leaf && azureConnection(name, p):
		m.azureConnection(v, p)
	case v.Kind == terraform.String && azureIn(p, azureEnvironments) && azureSecretIn.MatchString(v.Text):
		p.carrier = "env"
		m.azureConnection(v, p)
	default:
		return false
	}
	return true
}

// azureValue reports whether an argument "value" is a secret because of what holds
// it: a secret of a vault, of a container app, an encrypted variable.
func azureValue(r *terraform.Resource, name string, p place) bool {
	yes := func(argument string) bool {
		v := r.Body.Get(argument)
		return v.Kind == terraform.Bool && v.Bool || v.Kind == terraform.Unknown
	}
	switch {
	case name == "value_wo" && r.Type == "azurerm_key_vault_secret":
		return true
	case name != "value":
		return false
	case r.Type == "azurerm_key_vault_secret":
		return true
	case strings.HasPrefix(r.Type, "azurerm_automation_variable_"):
		return yes("encrypted")
	case r.Type == "azurerm_api_management_named_value":
		return yes("secret")
	}
	return len(p.path) > 1 && p.path[len(p.path)-2] == "secret" && strings.HasPrefix(r.Type, "azurerm_container_app")
}

// azureConnection reports whether an argument holds a connection string: by its
// name, or as the value of a block that does.
func azureConnection(name string, p place) bool {
	return slices.Contains(azureConnections, name) || name == "value" && len(p.path) > 1 && p.path[len(p.path)-2] == "connection_string"
}

func azureIn(p place, names []string) bool {
	return slices.ContainsFunc(p.path, func(s string) bool { return slices.Contains(names, s) })
}

func azureCarrier(p place) string {
	if azureIn(p, azureEnvironments) {
		return "env"
	}
	return carrier(p)
}

// azureConnection notes the secret in a connection string. One that names none
// signs in by an identity.
func (m *matches) azureConnection(v *terraform.Value, p place) {
	one := match{rule: "connection_string", carrier: azureCarrier(p), by: "pattern", place: p.String(), at: v.Pos}
	if v.Kind == terraform.Unknown {
		// Text around what only a resource knows may hold a secret of its own.
		for _, l := range v.Literals {
			if found := azureSecretIn.FindStringSubmatch(l.Text); found != nil && !strings.HasPrefix(found[1], "${") {
				one.form = "literal"
				m.secret(one, found[1])
				return
			}
		}
		m.named(v, p, "connection_string", "pattern")
		return
	}
	told := m.lines[v.Pos.Source+":"+strconv.Itoa(v.Pos.Line)]
	for _, found := range azureSecretIn.FindAllStringSubmatch(v.Text, -1) {
		if slices.ContainsFunc(told, func(value string) bool { return strings.Contains(found[1], value) }) {
			continue // by its shape in the file
		}
		literal := *v
		literal.Text = found[1]
		m.named(&literal, p, "connection_string", "pattern")
	}
}

// azureSettings notes secrets in settings of extensions written as JSON, by the
// names of their members.
func (m *matches) azureSettings(v *terraform.Value, p place) {
	if v.Encodes != nil {
		m.walk(v.Encodes, p)
		return
	}
	m.containers(v, p)
}
