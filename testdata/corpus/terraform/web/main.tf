resource "aws_lb" "l" {
  name                       = "web"
  internal                   = false
  load_balancer_type         = "application"
  subnets                    = ["subnet-0a", "subnet-0b"]
  security_groups            = ["sg-0123456789abcdef0"]
  drop_invalid_header_fields = true
  access_logs {
    bucket  = "lb-logs"
    prefix  = "web"
    enabled = true
  }
}

resource "aws_lb_target_group" "t" {
  name     = "t"
  port     = 8443
  protocol = "HTTPS"
  vpc_id   = "vpc-0123456789abcdef0"
  health_check {
    path     = "/health"
    protocol = "HTTPS"
  }
}

resource "aws_lb_listener" "redirect" {
  load_balancer_arn = aws_lb.l.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.l.arn
  port              = "443"
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.t.arn
  }
}

resource "aws_cloudfront_distribution" "c" {
  enabled = true
  aliases = ["shop.example.org", "www.example.org"]
  origin {
    domain_name = "origin.example.org"
    origin_id   = "o"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    target_origin_id       = "o"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  }
  logging_config {
    bucket          = "cdn-logs.s3.amazonaws.com"
    include_cookies = true
  }
  restrictions {
    geo_restriction {
      restriction_type = "whitelist"
      locations        = ["DE", "AT"]
    }
  }
  viewer_certificate {
    acm_certificate_arn      = "arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}

resource "aws_api_gateway_domain_name" "a" {
  domain_name              = "api.example.org"
  security_policy          = "TLS_1_0"
  regional_certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"
  endpoint_configuration { types = ["REGIONAL"] }
}

resource "aws_elb" "classic" {
  name               = "classic"
  availability_zones = ["eu-central-1a"]
  listener {
    instance_port      = 80
    instance_protocol  = "http"
    lb_port            = 443
    lb_protocol        = "https"
    ssl_certificate_id = "arn:aws:iam::111122223333:server-certificate/c"
  }
}

resource "aws_launch_template" "lt" {
  name      = "template"
  user_data = base64encode(join("\n", ["#!/bin/sh", "echo ${aws_lb.l.name}"]))
  metadata_options {
    http_tokens                 = "optional"
    http_put_response_hop_limit = 2
  }
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      encrypted   = true
      volume_size = 20
    }
  }
}

resource "aws_instance" "i" {
  ami                         = "ami-0abcdef1234567890"
  instance_type               = "t3.micro"
  associate_public_ip_address = true
  user_data_base64            = base64encode("#cloud-config\n${yamlencode({ packages = ["nginx"], runcmd = [["systemctl", "start", "nginx"]] })}")
}
