package acme.image.own_registry_test

import data.acme.image.own_registry

pinned := "registry.example.org/shop/web@sha256:0000"

subject(kind, body) := {"kind": kind, "body": body}

pod(image) := {"containers": [{"name": "app", "image": image}]}

keys(kind, body) := found if {
	entries := own_registry.deny with input.subject as subject(kind, body)
	found := {entry.key | some entry in entries}
}

test_pinned if keys("Pod", {"spec": pod(pinned)}) == set()

test_elsewhere if keys("Pod", {"spec": pod("docker.io/library/nginx@sha256:0000")}) == {"registry app"}

test_tag if keys("Pod", {"spec": pod("registry.example.org/shop/web:1")}) == {"digest app"}

test_template if keys("Deployment", {"spec": {"template": {"spec": pod("nginx")}}}) == {"digest app", "registry app"}

test_job if keys("CronJob", {"spec": {"jobTemplate": {"spec": {"template": {"spec": pod("nginx")}}}}}) == {"digest app", "registry app"}

test_init if keys("Pod", {"spec": {"initContainers": [{"name": "first", "image": "nginx"}]}}) == {"digest first", "registry first"}

test_others if count(own_registry.not_applicable) == 1 with input.subject as subject("Service", {})
