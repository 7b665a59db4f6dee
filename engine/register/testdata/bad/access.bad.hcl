service "a" {
  targets = ["host/a"]
  access "app" {
    objects = ["public.orders"]
  }
  access "report" {
    object     = ["public.orders"]
    privileges = "select"
  }
}
