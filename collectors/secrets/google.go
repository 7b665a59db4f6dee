package secrets

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// googleArguments take nothing but a secret in resources of Google Cloud: those
// that the provider's schemas mark sensitive (version 7.45) and that are not
// listed for whatever resource.
var googleArguments = []string{
	"additional_authenticated_data", "api_key", "client_key", "consumer_secret", "disk_encryption_key_raw", "encoded_private_key", "key_value",
	"oauth2_client_secret", "pem_private_key", "plain_text", "plaintext", "private_key_pem", "raw_key", "sas_token", "azure_sas_token", "secret_data",
	"service_key", "shared_key", "site_secret", "trust_handshake_secret",
}

// googleScripts are arguments of machines, and keys of their metadata, that hold
// scripts.
var googleScripts = []string{
	"metadata_startup_script", "startup-script", "shutdown-script", "user-data", "windows-startup-script-cmd", "windows-startup-script-ps1",
	"sysprep-specialize-script-ps1", "startup_script",
}

// googleSecret reports whether an argument takes nothing but a secret.
func googleSecret(r *terraform.Resource, name string) bool {
	return r != nil && google.Read(r) && slices.Contains(googleArguments, name)
}

// googleScript reports whether an argument holds a script.
func googleScript(r *terraform.Resource, name string) bool {
	return r != nil && google.Read(r) && slices.Contains(googleScripts, name)
}

// googleReference reports whether an argument names a secret that is kept in
// Secret Manager: what other resources call so is the secret itself.
func googleReference(r *terraform.Resource, name string) bool {
	return r != nil && google.Read(r) && name == "secret" && r.Type != "google_chronicle_feed"
}

// googleReference notes that a secret is kept elsewhere. The versions and grants of a
// secret name it without using it.
func (m *matches) googleReference(v *terraform.Value, p place) {
	if strings.HasPrefix(p.resource.Type, "google_secret_manager_") {
		return
	}
	m.note(match{rule: "secret_name", carrier: carrier(p), form: "reference", by: "name", place: p.String(), at: v.Pos})
}
