package gdpr.log.rotation_covers_file_test

import data.gdpr.log.rotation_covers_file

bare(rotation, days) if {
	count(rotation_covers_file.deny) > 0 with input.subject as {"id": "/var/log/a", "type": "file", "observed": [{"last_write_days": days}], "rotation": rotation}
		with data.params.log.active_days as 7
		with data.params.log.ignore as []
}

test_uncovered if bare([], 1)

test_skipped_rule if bare([{"effective": false}], 1)

test_covered if not bare([{"effective": true}], 1)

test_quiet if not bare([], 8)

exempt(subject) if {
	count(rotation_covers_file.not_applicable) == 1 with input.subject as subject
		with data.params.log.active_days as 7
		with data.params.log.ignore as ["/var/log/b"]
}

test_exempt if {
	exempt({"id": "/var/log/a", "type": "file", "observed": [{"last_write_days": 8}], "rotation": []})
	exempt({"id": "/var/log/b", "type": "file", "observed": [{"last_write_days": 1}], "rotation": []})
	exempt({"id": "/var/log/a", "type": "file", "observed": [], "rotation": []})
	exempt({"id": "journal", "type": "journal", "observed": [{"last_write_days": 1}], "rotation": []})
}
