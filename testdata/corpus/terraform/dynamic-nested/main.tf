variable "rules" {
  type = list(object({
    id          = string
    prefix      = optional(string, "")
    transitions = optional(list(object({ days = number, class = string })), [])
    expire      = optional(number)
  }))
  default = [
    { id = "logs", prefix = "log/", transitions = [{ days = 30, class = "STANDARD_IA" }, { days = 90, class = "GLACIER" }], expire = 365 },
    { id = "tmp", prefix = "tmp/", expire = 7 },
    { id = "keep", transitions = [{ days = "60", class = "GLACIER" }] },
  ]
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = "shop-exports"
  dynamic "rule" {
    for_each = var.rules
    content {
      id     = rule.value.id
      status = "Enabled"
      filter {
        prefix = rule.value.prefix
      }
      dynamic "transition" {
        for_each = rule.value.transitions
        iterator = step
        content {
          days          = step.value.days
          storage_class = step.value.class
        }
      }
      dynamic "expiration" {
        for_each = rule.value.expire[*]
        content {
          days = expiration.value
        }
      }
    }
  }
}

locals {
  origins = { api = ["GET", "HEAD"], app = ["GET", "HEAD", "OPTIONS"] }
}

resource "aws_cloudfront_distribution" "cdn" {
  enabled = true
  dynamic "origin" {
    for_each = local.origins
    content {
      origin_id   = origin.key
      domain_name = "${origin.key}.example.org"
      custom_origin_config {
        http_port              = 80
        https_port             = 443
        origin_protocol_policy = origin.key == "api" ? "https-only" : "match-viewer"
        origin_ssl_protocols   = origin.key == "api" ? ["TLSv1.2"] : ["TLSv1", "TLSv1.2"]
      }
      dynamic "custom_header" {
        for_each = { for m in origin.value : m => "${origin.key}-${m}" if m != "HEAD" }
        content {
          name  = "X-${custom_header.key}"
          value = custom_header.value
        }
      }
    }
  }
  default_cache_behavior {
    target_origin_id       = "app"
    viewer_protocol_policy = "allow-all"
    allowed_methods        = local.origins.app
    cached_methods         = local.origins["api"]
    forwarded_values {
      query_string = false
      cookies { forward = "none" }
    }
  }
  dynamic "ordered_cache_behavior" {
    for_each = [for k, v in local.origins : { path = "/${k}/*", origin = k, methods = v }]
    iterator = b
    content {
      path_pattern           = b.value.path
      target_origin_id       = b.value.origin
      viewer_protocol_policy = b.key == 0 ? "redirect-to-https" : "https-only"
      allowed_methods        = b.value.methods
      cached_methods         = ["GET", "HEAD"]
      dynamic "forwarded_values" {
        for_each = [b.value]
        content {
          query_string = true
          dynamic "cookies" {
            for_each = [forwarded_values.value.origin]
            content {
              forward = cookies.value == "api" ? "all" : "none"
            }
          }
        }
      }
    }
  }
  restrictions {
    geo_restriction { restriction_type = "none" }
  }
  viewer_certificate {
    cloudfront_default_certificate = true
    minimum_protocol_version       = "TLSv1"
  }
}
