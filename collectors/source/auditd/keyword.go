package auditd

// keywords are the names that auditd knows, of all versions, and whether a value may have
// an option.
func keywords() map[string]bool {
	return map[string]bool{
		"local_events": false, "write_logs": false, "log_file": false, "log_format": false, "log_group": false, "flush": false, "freq": false,
		"num_logs": false, "dispatcher": false, "name_format": false, "name": false, "disp_qos": false, "max_log_file": false,
		"max_log_file_action": true, "space_left": false, "space_left_action": true, "action_mail_acct": false, "verify_email": false,
		"admin_space_left": false, "admin_space_left_action": true, "disk_full_action": true, "disk_error_action": true, "priority_boost": false,
		"tcp_listen_port": false, "tcp_listen_queue": false, "tcp_max_per_addr": false, "use_libwrap": false, "tcp_client_ports": false,
		"tcp_client_max_idle": false, "transport": false, "enable_krb5": false, "krb5_principal": false, "krb5_key_file": false,
		"tls_psk_file": false, "tls_psk_identity": false, "tls_cipher_suites": false, "tls_key_exchange": false, "tls_require_pqc": false,
		"tls_auth": false, "tls_crypto_profile": false, "tls_allowed_clients": false, "distribute_network": false, "q_depth": false,
		"overflow_action": false, "max_restarts": false, "plugin_dir": false, "end_of_event_timeout": false, "report_interval": false,
	}
}

// enumerations are the words that a name takes, of all versions.
func enumerations() map[string][]string {
	failure := []string{"ignore", "syslog", "rotate", "email", "exec", "suspend", "single", "halt"}
	return map[string][]string{
		"local_events": {"yes", "no"}, "write_logs": {"yes", "no"}, "log_format": {"raw", "nolog", "enriched"},
		"max_log_file_action": {"ignore", "syslog", "exec", "suspend", "rotate", "keep_logs"},
		"space_left_action":   failure, "admin_space_left_action": failure,
		"disk_full_action": failure, "disk_error_action": {"ignore", "syslog", "exec", "suspend", "single", "halt"},
		"overflow_action": {"ignore", "syslog", "suspend", "single", "halt"},
	}
}
