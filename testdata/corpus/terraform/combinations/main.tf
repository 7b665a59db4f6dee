# every way to write an expression over every kind of source

output "var" {
  value = {
    bare       = var.s
    paren      = (var.s)
    wrap       = "${var.s}"
    prefix     = "p-${var.s}"
    two        = "${var.s}/${var.s}"
    tuple      = [var.s]
    tuple_0    = [var.s, "z"][0]
    object     = { a = var.s }.a
    for_obj    = { for k in ["x"] : k => var.s }
    for_list   = [for k in ["x"] : var.s]
    for_coll   = [for k in [var.s] : k]
    for_if     = [for k in ["y"] : k if var.s == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : var.s]]
    for_group  = { for k in ["x", "y"] : "g" => var.s... }
    cond       = true ? var.s : "n"
    cond_else  = false ? "n" : var.s
    cond_on    = var.s == "v" ? 1 : 2
    cond_in    = var.s != null ? [var.s] : []
    try        = try(var.s, "f")
    try_miss   = try({ s = var.s }.nope, "miss")
    can        = can(var.s)
    upper      = try(upper(var.s), "E")
    json       = jsonencode({ a = var.s })
    splat      = [{ a = var.s }][*].a
    merge      = merge({ a = var.s }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = var.s }).a
    flatten    = flatten([[var.s], ["z"]])
    for_map    = [for k, v in { a = var.s } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = var.s }, "a", "d")
    coalesce   = coalesce(var.s, "x")
    concat     = concat([var.s], ["y"])
    values     = values({ a = var.s })
    tomap      = tomap({ a = var.s })["a"]
    toset      = tolist(toset([var.s]))
    element    = element([var.s], 0)
    one        = one([var.s])
    dir_if     = "%{if var.s != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${var.s == null ? "" : var.s}%{endfor}"
    tostring   = tostring(var.s)
    eq         = var.s == "v"
    contains   = contains(["v"], var.s)
    startswith = try(startswith(var.s, "v"), "E")
    zipmap     = zipmap(["a"], [var.s])
    index_of   = { v = 1 }[var.s == "v" ? "v" : "v"]
    not        = !(var.s == "v")
    format     = format("%v", var.s)
    neg        = try(-var.s, "E")
    add        = try(var.s + 1, "E")
    depth      = { a = [{ b = { c = var.s } }] }.a[0].b.c
  }
}

output "local" {
  value = {
    bare       = local.s
    paren      = (local.s)
    wrap       = "${local.s}"
    prefix     = "p-${local.s}"
    two        = "${local.s}/${local.s}"
    tuple      = [local.s]
    tuple_0    = [local.s, "z"][0]
    object     = { a = local.s }.a
    for_obj    = { for k in ["x"] : k => local.s }
    for_list   = [for k in ["x"] : local.s]
    for_coll   = [for k in [local.s] : k]
    for_if     = [for k in ["y"] : k if local.s == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : local.s]]
    for_group  = { for k in ["x", "y"] : "g" => local.s... }
    cond       = true ? local.s : "n"
    cond_else  = false ? "n" : local.s
    cond_on    = local.s == "v" ? 1 : 2
    cond_in    = local.s != null ? [local.s] : []
    try        = try(local.s, "f")
    try_miss   = try({ s = local.s }.nope, "miss")
    can        = can(local.s)
    upper      = try(upper(local.s), "E")
    json       = jsonencode({ a = local.s })
    splat      = [{ a = local.s }][*].a
    merge      = merge({ a = local.s }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = local.s }).a
    flatten    = flatten([[local.s], ["z"]])
    for_map    = [for k, v in { a = local.s } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = local.s }, "a", "d")
    coalesce   = coalesce(local.s, "x")
    concat     = concat([local.s], ["y"])
    values     = values({ a = local.s })
    tomap      = tomap({ a = local.s })["a"]
    toset      = tolist(toset([local.s]))
    element    = element([local.s], 0)
    one        = one([local.s])
    dir_if     = "%{if local.s != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${local.s == null ? "" : local.s}%{endfor}"
    tostring   = tostring(local.s)
    eq         = local.s == "v"
    contains   = contains(["v"], local.s)
    startswith = try(startswith(local.s, "v"), "E")
    zipmap     = zipmap(["a"], [local.s])
    index_of   = { v = 1 }[local.s == "v" ? "v" : "v"]
    not        = !(local.s == "v")
    format     = format("%v", local.s)
    neg        = try(-local.s, "E")
    add        = try(local.s + 1, "E")
    depth      = { a = [{ b = { c = local.s } }] }.a[0].b.c
  }
}

output "chain" {
  value = {
    bare       = local.chain
    paren      = (local.chain)
    wrap       = "${local.chain}"
    prefix     = "p-${local.chain}"
    two        = "${local.chain}/${local.chain}"
    tuple      = [local.chain]
    tuple_0    = [local.chain, "z"][0]
    object     = { a = local.chain }.a
    for_obj    = { for k in ["x"] : k => local.chain }
    for_list   = [for k in ["x"] : local.chain]
    for_coll   = [for k in [local.chain] : k]
    for_if     = [for k in ["y"] : k if local.chain == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : local.chain]]
    for_group  = { for k in ["x", "y"] : "g" => local.chain... }
    cond       = true ? local.chain : "n"
    cond_else  = false ? "n" : local.chain
    cond_on    = local.chain == "v" ? 1 : 2
    cond_in    = local.chain != null ? [local.chain] : []
    try        = try(local.chain, "f")
    try_miss   = try({ s = local.chain }.nope, "miss")
    can        = can(local.chain)
    upper      = try(upper(local.chain), "E")
    json       = jsonencode({ a = local.chain })
    splat      = [{ a = local.chain }][*].a
    merge      = merge({ a = local.chain }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = local.chain }).a
    flatten    = flatten([[local.chain], ["z"]])
    for_map    = [for k, v in { a = local.chain } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = local.chain }, "a", "d")
    coalesce   = coalesce(local.chain, "x")
    concat     = concat([local.chain], ["y"])
    values     = values({ a = local.chain })
    tomap      = tomap({ a = local.chain })["a"]
    toset      = tolist(toset([local.chain]))
    element    = element([local.chain], 0)
    one        = one([local.chain])
    dir_if     = "%{if local.chain != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${local.chain == null ? "" : local.chain}%{endfor}"
    tostring   = tostring(local.chain)
    eq         = local.chain == "v"
    contains   = contains(["v"], local.chain)
    startswith = try(startswith(local.chain, "v"), "E")
    zipmap     = zipmap(["a"], [local.chain])
    index_of   = { v = 1 }[local.chain == "v" ? "v" : "v"]
    not        = !(local.chain == "v")
    format     = format("%v", local.chain)
    neg        = try(-local.chain, "E")
    add        = try(local.chain + 1, "E")
    depth      = { a = [{ b = { c = local.chain } }] }.a[0].b.c
  }
}

output "obj" {
  value = {
    bare       = local.obj.s
    paren      = (local.obj.s)
    wrap       = "${local.obj.s}"
    prefix     = "p-${local.obj.s}"
    two        = "${local.obj.s}/${local.obj.s}"
    tuple      = [local.obj.s]
    tuple_0    = [local.obj.s, "z"][0]
    object     = { a = local.obj.s }.a
    for_obj    = { for k in ["x"] : k => local.obj.s }
    for_list   = [for k in ["x"] : local.obj.s]
    for_coll   = [for k in [local.obj.s] : k]
    for_if     = [for k in ["y"] : k if local.obj.s == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : local.obj.s]]
    for_group  = { for k in ["x", "y"] : "g" => local.obj.s... }
    cond       = true ? local.obj.s : "n"
    cond_else  = false ? "n" : local.obj.s
    cond_on    = local.obj.s == "v" ? 1 : 2
    cond_in    = local.obj.s != null ? [local.obj.s] : []
    try        = try(local.obj.s, "f")
    try_miss   = try({ s = local.obj.s }.nope, "miss")
    can        = can(local.obj.s)
    upper      = try(upper(local.obj.s), "E")
    json       = jsonencode({ a = local.obj.s })
    splat      = [{ a = local.obj.s }][*].a
    merge      = merge({ a = local.obj.s }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = local.obj.s }).a
    flatten    = flatten([[local.obj.s], ["z"]])
    for_map    = [for k, v in { a = local.obj.s } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = local.obj.s }, "a", "d")
    coalesce   = coalesce(local.obj.s, "x")
    concat     = concat([local.obj.s], ["y"])
    values     = values({ a = local.obj.s })
    tomap      = tomap({ a = local.obj.s })["a"]
    toset      = tolist(toset([local.obj.s]))
    element    = element([local.obj.s], 0)
    one        = one([local.obj.s])
    dir_if     = "%{if local.obj.s != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${local.obj.s == null ? "" : local.obj.s}%{endfor}"
    tostring   = tostring(local.obj.s)
    eq         = local.obj.s == "v"
    contains   = contains(["v"], local.obj.s)
    startswith = try(startswith(local.obj.s, "v"), "E")
    zipmap     = zipmap(["a"], [local.obj.s])
    index_of   = { v = 1 }[local.obj.s == "v" ? "v" : "v"]
    not        = !(local.obj.s == "v")
    format     = format("%v", local.obj.s)
    neg        = try(-local.obj.s, "E")
    add        = try(local.obj.s + 1, "E")
    depth      = { a = [{ b = { c = local.obj.s } }] }.a[0].b.c
  }
}

output "obj_index" {
  value = {
    bare       = local.obj["s"]
    paren      = (local.obj["s"])
    wrap       = "${local.obj["s"]}"
    prefix     = "p-${local.obj["s"]}"
    two        = "${local.obj["s"]}/${local.obj["s"]}"
    tuple      = [local.obj["s"]]
    tuple_0    = [local.obj["s"], "z"][0]
    object     = { a = local.obj["s"] }.a
    for_obj    = { for k in ["x"] : k => local.obj["s"] }
    for_list   = [for k in ["x"] : local.obj["s"]]
    for_coll   = [for k in [local.obj["s"]] : k]
    for_if     = [for k in ["y"] : k if local.obj["s"] == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : local.obj["s"]]]
    for_group  = { for k in ["x", "y"] : "g" => local.obj["s"]... }
    cond       = true ? local.obj["s"] : "n"
    cond_else  = false ? "n" : local.obj["s"]
    cond_on    = local.obj["s"] == "v" ? 1 : 2
    cond_in    = local.obj["s"] != null ? [local.obj["s"]] : []
    try        = try(local.obj["s"], "f")
    try_miss   = try({ s = local.obj["s"] }.nope, "miss")
    can        = can(local.obj["s"])
    upper      = try(upper(local.obj["s"]), "E")
    json       = jsonencode({ a = local.obj["s"] })
    splat      = [{ a = local.obj["s"] }][*].a
    merge      = merge({ a = local.obj["s"] }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = local.obj["s"] }).a
    flatten    = flatten([[local.obj["s"]], ["z"]])
    for_map    = [for k, v in { a = local.obj["s"] } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = local.obj["s"] }, "a", "d")
    coalesce   = coalesce(local.obj["s"], "x")
    concat     = concat([local.obj["s"]], ["y"])
    values     = values({ a = local.obj["s"] })
    tomap      = tomap({ a = local.obj["s"] })["a"]
    toset      = tolist(toset([local.obj["s"]]))
    element    = element([local.obj["s"]], 0)
    one        = one([local.obj["s"]])
    dir_if     = "%{if local.obj["s"] != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${local.obj["s"] == null ? "" : local.obj["s"]}%{endfor}"
    tostring   = tostring(local.obj["s"])
    eq         = local.obj["s"] == "v"
    contains   = contains(["v"], local.obj["s"])
    startswith = try(startswith(local.obj["s"], "v"), "E")
    zipmap     = zipmap(["a"], [local.obj["s"]])
    index_of   = { v = 1 }[local.obj["s"] == "v" ? "v" : "v"]
    not        = !(local.obj["s"] == "v")
    format     = format("%v", local.obj["s"])
    neg        = try(-local.obj["s"], "E")
    add        = try(local.obj["s"] + 1, "E")
    depth      = { a = [{ b = { c = local.obj["s"] } }] }.a[0].b.c
  }
}

output "list" {
  value = {
    bare       = local.list[0]
    paren      = (local.list[0])
    wrap       = "${local.list[0]}"
    prefix     = "p-${local.list[0]}"
    two        = "${local.list[0]}/${local.list[0]}"
    tuple      = [local.list[0]]
    tuple_0    = [local.list[0], "z"][0]
    object     = { a = local.list[0] }.a
    for_obj    = { for k in ["x"] : k => local.list[0] }
    for_list   = [for k in ["x"] : local.list[0]]
    for_coll   = [for k in [local.list[0]] : k]
    for_if     = [for k in ["y"] : k if local.list[0] == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : local.list[0]]]
    for_group  = { for k in ["x", "y"] : "g" => local.list[0]... }
    cond       = true ? local.list[0] : "n"
    cond_else  = false ? "n" : local.list[0]
    cond_on    = local.list[0] == "v" ? 1 : 2
    cond_in    = local.list[0] != null ? [local.list[0]] : []
    try        = try(local.list[0], "f")
    try_miss   = try({ s = local.list[0] }.nope, "miss")
    can        = can(local.list[0])
    upper      = try(upper(local.list[0]), "E")
    json       = jsonencode({ a = local.list[0] })
    splat      = [{ a = local.list[0] }][*].a
    merge      = merge({ a = local.list[0] }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = local.list[0] }).a
    flatten    = flatten([[local.list[0]], ["z"]])
    for_map    = [for k, v in { a = local.list[0] } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = local.list[0] }, "a", "d")
    coalesce   = coalesce(local.list[0], "x")
    concat     = concat([local.list[0]], ["y"])
    values     = values({ a = local.list[0] })
    tomap      = tomap({ a = local.list[0] })["a"]
    toset      = tolist(toset([local.list[0]]))
    element    = element([local.list[0]], 0)
    one        = one([local.list[0]])
    dir_if     = "%{if local.list[0] != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${local.list[0] == null ? "" : local.list[0]}%{endfor}"
    tostring   = tostring(local.list[0])
    eq         = local.list[0] == "v"
    contains   = contains(["v"], local.list[0])
    startswith = try(startswith(local.list[0], "v"), "E")
    zipmap     = zipmap(["a"], [local.list[0]])
    index_of   = { v = 1 }[local.list[0] == "v" ? "v" : "v"]
    not        = !(local.list[0] == "v")
    format     = format("%v", local.list[0])
    neg        = try(-local.list[0], "E")
    add        = try(local.list[0] + 1, "E")
    depth      = { a = [{ b = { c = local.list[0] } }] }.a[0].b.c
  }
}

output "list_expr" {
  value = {
    bare       = local.list[local.zero]
    paren      = (local.list[local.zero])
    wrap       = "${local.list[local.zero]}"
    prefix     = "p-${local.list[local.zero]}"
    two        = "${local.list[local.zero]}/${local.list[local.zero]}"
    tuple      = [local.list[local.zero]]
    tuple_0    = [local.list[local.zero], "z"][0]
    object     = { a = local.list[local.zero] }.a
    for_obj    = { for k in ["x"] : k => local.list[local.zero] }
    for_list   = [for k in ["x"] : local.list[local.zero]]
    for_coll   = [for k in [local.list[local.zero]] : k]
    for_if     = [for k in ["y"] : k if local.list[local.zero] == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : local.list[local.zero]]]
    for_group  = { for k in ["x", "y"] : "g" => local.list[local.zero]... }
    cond       = true ? local.list[local.zero] : "n"
    cond_else  = false ? "n" : local.list[local.zero]
    cond_on    = local.list[local.zero] == "v" ? 1 : 2
    cond_in    = local.list[local.zero] != null ? [local.list[local.zero]] : []
    try        = try(local.list[local.zero], "f")
    try_miss   = try({ s = local.list[local.zero] }.nope, "miss")
    can        = can(local.list[local.zero])
    upper      = try(upper(local.list[local.zero]), "E")
    json       = jsonencode({ a = local.list[local.zero] })
    splat      = [{ a = local.list[local.zero] }][*].a
    merge      = merge({ a = local.list[local.zero] }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = local.list[local.zero] }).a
    flatten    = flatten([[local.list[local.zero]], ["z"]])
    for_map    = [for k, v in { a = local.list[local.zero] } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = local.list[local.zero] }, "a", "d")
    coalesce   = coalesce(local.list[local.zero], "x")
    concat     = concat([local.list[local.zero]], ["y"])
    values     = values({ a = local.list[local.zero] })
    tomap      = tomap({ a = local.list[local.zero] })["a"]
    toset      = tolist(toset([local.list[local.zero]]))
    element    = element([local.list[local.zero]], 0)
    one        = one([local.list[local.zero]])
    dir_if     = "%{if local.list[local.zero] != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${local.list[local.zero] == null ? "" : local.list[local.zero]}%{endfor}"
    tostring   = tostring(local.list[local.zero])
    eq         = local.list[local.zero] == "v"
    contains   = contains(["v"], local.list[local.zero])
    startswith = try(startswith(local.list[local.zero], "v"), "E")
    zipmap     = zipmap(["a"], [local.list[local.zero]])
    index_of   = { v = 1 }[local.list[local.zero] == "v" ? "v" : "v"]
    not        = !(local.list[local.zero] == "v")
    format     = format("%v", local.list[local.zero])
    neg        = try(-local.list[local.zero], "E")
    add        = try(local.list[local.zero] + 1, "E")
    depth      = { a = [{ b = { c = local.list[local.zero] } }] }.a[0].b.c
  }
}

output "legacy" {
  value = {
    bare       = local.list.0
    paren      = (local.list.0)
    wrap       = "${local.list.0}"
    prefix     = "p-${local.list.0}"
    two        = "${local.list.0}/${local.list.0}"
    tuple      = [local.list.0]
    tuple_0    = [local.list.0, "z"][0]
    object     = { a = local.list.0 }.a
    for_obj    = { for k in ["x"] : k => local.list.0 }
    for_list   = [for k in ["x"] : local.list.0]
    for_coll   = [for k in [local.list.0] : k]
    for_if     = [for k in ["y"] : k if local.list.0 == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : local.list.0]]
    for_group  = { for k in ["x", "y"] : "g" => local.list.0... }
    cond       = true ? local.list.0 : "n"
    cond_else  = false ? "n" : local.list.0
    cond_on    = local.list.0 == "v" ? 1 : 2
    cond_in    = local.list.0 != null ? [local.list.0] : []
    try        = try(local.list.0, "f")
    try_miss   = try({ s = local.list.0 }.nope, "miss")
    can        = can(local.list.0)
    upper      = try(upper(local.list.0), "E")
    json       = jsonencode({ a = local.list.0 })
    splat      = [{ a = local.list.0 }][*].a
    merge      = merge({ a = local.list.0 }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = local.list.0 }).a
    flatten    = flatten([[local.list.0], ["z"]])
    for_map    = [for k, v in { a = local.list.0 } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = local.list.0 }, "a", "d")
    coalesce   = coalesce(local.list.0, "x")
    concat     = concat([local.list.0], ["y"])
    values     = values({ a = local.list.0 })
    tomap      = tomap({ a = local.list.0 })["a"]
    toset      = tolist(toset([local.list.0]))
    element    = element([local.list.0], 0)
    one        = one([local.list.0])
    dir_if     = "%{if local.list.0 != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${local.list.0 == null ? "" : local.list.0}%{endfor}"
    tostring   = tostring(local.list.0)
    eq         = local.list.0 == "v"
    contains   = contains(["v"], local.list.0)
    startswith = try(startswith(local.list.0, "v"), "E")
    zipmap     = zipmap(["a"], [local.list.0])
    index_of   = { v = 1 }[local.list.0 == "v" ? "v" : "v"]
    not        = !(local.list.0 == "v")
    format     = format("%v", local.list.0)
    neg        = try(-local.list.0, "E")
    add        = try(local.list.0 + 1, "E")
    depth      = { a = [{ b = { c = local.list.0 } }] }.a[0].b.c
  }
}

output "module" {
  value = {
    bare       = module.m.s
    paren      = (module.m.s)
    wrap       = "${module.m.s}"
    prefix     = "p-${module.m.s}"
    two        = "${module.m.s}/${module.m.s}"
    tuple      = [module.m.s]
    tuple_0    = [module.m.s, "z"][0]
    object     = { a = module.m.s }.a
    for_obj    = { for k in ["x"] : k => module.m.s }
    for_list   = [for k in ["x"] : module.m.s]
    for_coll   = [for k in [module.m.s] : k]
    for_if     = [for k in ["y"] : k if module.m.s == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : module.m.s]]
    for_group  = { for k in ["x", "y"] : "g" => module.m.s... }
    cond       = true ? module.m.s : "n"
    cond_else  = false ? "n" : module.m.s
    cond_on    = module.m.s == "v" ? 1 : 2
    cond_in    = module.m.s != null ? [module.m.s] : []
    try        = try(module.m.s, "f")
    try_miss   = try({ s = module.m.s }.nope, "miss")
    can        = can(module.m.s)
    upper      = try(upper(module.m.s), "E")
    json       = jsonencode({ a = module.m.s })
    splat      = [{ a = module.m.s }][*].a
    merge      = merge({ a = module.m.s }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = module.m.s }).a
    flatten    = flatten([[module.m.s], ["z"]])
    for_map    = [for k, v in { a = module.m.s } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = module.m.s }, "a", "d")
    coalesce   = coalesce(module.m.s, "x")
    concat     = concat([module.m.s], ["y"])
    values     = values({ a = module.m.s })
    tomap      = tomap({ a = module.m.s })["a"]
    toset      = tolist(toset([module.m.s]))
    element    = element([module.m.s], 0)
    one        = one([module.m.s])
    dir_if     = "%{if module.m.s != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${module.m.s == null ? "" : module.m.s}%{endfor}"
    tostring   = tostring(module.m.s)
    eq         = module.m.s == "v"
    contains   = contains(["v"], module.m.s)
    startswith = try(startswith(module.m.s, "v"), "E")
    zipmap     = zipmap(["a"], [module.m.s])
    index_of   = { v = 1 }[module.m.s == "v" ? "v" : "v"]
    not        = !(module.m.s == "v")
    format     = format("%v", module.m.s)
    neg        = try(-module.m.s, "E")
    add        = try(module.m.s + 1, "E")
    depth      = { a = [{ b = { c = module.m.s } }] }.a[0].b.c
  }
}

output "module_count" {
  value = {
    bare       = module.c[0].s
    paren      = (module.c[0].s)
    wrap       = "${module.c[0].s}"
    prefix     = "p-${module.c[0].s}"
    two        = "${module.c[0].s}/${module.c[0].s}"
    tuple      = [module.c[0].s]
    tuple_0    = [module.c[0].s, "z"][0]
    object     = { a = module.c[0].s }.a
    for_obj    = { for k in ["x"] : k => module.c[0].s }
    for_list   = [for k in ["x"] : module.c[0].s]
    for_coll   = [for k in [module.c[0].s] : k]
    for_if     = [for k in ["y"] : k if module.c[0].s == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : module.c[0].s]]
    for_group  = { for k in ["x", "y"] : "g" => module.c[0].s... }
    cond       = true ? module.c[0].s : "n"
    cond_else  = false ? "n" : module.c[0].s
    cond_on    = module.c[0].s == "v" ? 1 : 2
    cond_in    = module.c[0].s != null ? [module.c[0].s] : []
    try        = try(module.c[0].s, "f")
    try_miss   = try({ s = module.c[0].s }.nope, "miss")
    can        = can(module.c[0].s)
    upper      = try(upper(module.c[0].s), "E")
    json       = jsonencode({ a = module.c[0].s })
    splat      = [{ a = module.c[0].s }][*].a
    merge      = merge({ a = module.c[0].s }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = module.c[0].s }).a
    flatten    = flatten([[module.c[0].s], ["z"]])
    for_map    = [for k, v in { a = module.c[0].s } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = module.c[0].s }, "a", "d")
    coalesce   = coalesce(module.c[0].s, "x")
    concat     = concat([module.c[0].s], ["y"])
    values     = values({ a = module.c[0].s })
    tomap      = tomap({ a = module.c[0].s })["a"]
    toset      = tolist(toset([module.c[0].s]))
    element    = element([module.c[0].s], 0)
    one        = one([module.c[0].s])
    dir_if     = "%{if module.c[0].s != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${module.c[0].s == null ? "" : module.c[0].s}%{endfor}"
    tostring   = tostring(module.c[0].s)
    eq         = module.c[0].s == "v"
    contains   = contains(["v"], module.c[0].s)
    startswith = try(startswith(module.c[0].s, "v"), "E")
    zipmap     = zipmap(["a"], [module.c[0].s])
    index_of   = { v = 1 }[module.c[0].s == "v" ? "v" : "v"]
    not        = !(module.c[0].s == "v")
    format     = format("%v", module.c[0].s)
    neg        = try(-module.c[0].s, "E")
    add        = try(module.c[0].s + 1, "E")
    depth      = { a = [{ b = { c = module.c[0].s } }] }.a[0].b.c
  }
}

output "module_each" {
  value = {
    bare       = module.e["k"].s
    paren      = (module.e["k"].s)
    wrap       = "${module.e["k"].s}"
    prefix     = "p-${module.e["k"].s}"
    two        = "${module.e["k"].s}/${module.e["k"].s}"
    tuple      = [module.e["k"].s]
    tuple_0    = [module.e["k"].s, "z"][0]
    object     = { a = module.e["k"].s }.a
    for_obj    = { for k in ["x"] : k => module.e["k"].s }
    for_list   = [for k in ["x"] : module.e["k"].s]
    for_coll   = [for k in [module.e["k"].s] : k]
    for_if     = [for k in ["y"] : k if module.e["k"].s == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : module.e["k"].s]]
    for_group  = { for k in ["x", "y"] : "g" => module.e["k"].s... }
    cond       = true ? module.e["k"].s : "n"
    cond_else  = false ? "n" : module.e["k"].s
    cond_on    = module.e["k"].s == "v" ? 1 : 2
    cond_in    = module.e["k"].s != null ? [module.e["k"].s] : []
    try        = try(module.e["k"].s, "f")
    try_miss   = try({ s = module.e["k"].s }.nope, "miss")
    can        = can(module.e["k"].s)
    upper      = try(upper(module.e["k"].s), "E")
    json       = jsonencode({ a = module.e["k"].s })
    splat      = [{ a = module.e["k"].s }][*].a
    merge      = merge({ a = module.e["k"].s }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = module.e["k"].s }).a
    flatten    = flatten([[module.e["k"].s], ["z"]])
    for_map    = [for k, v in { a = module.e["k"].s } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = module.e["k"].s }, "a", "d")
    coalesce   = coalesce(module.e["k"].s, "x")
    concat     = concat([module.e["k"].s], ["y"])
    values     = values({ a = module.e["k"].s })
    tomap      = tomap({ a = module.e["k"].s })["a"]
    toset      = tolist(toset([module.e["k"].s]))
    element    = element([module.e["k"].s], 0)
    one        = one([module.e["k"].s])
    dir_if     = "%{if module.e["k"].s != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${module.e["k"].s == null ? "" : module.e["k"].s}%{endfor}"
    tostring   = tostring(module.e["k"].s)
    eq         = module.e["k"].s == "v"
    contains   = contains(["v"], module.e["k"].s)
    startswith = try(startswith(module.e["k"].s, "v"), "E")
    zipmap     = zipmap(["a"], [module.e["k"].s])
    index_of   = { v = 1 }[module.e["k"].s == "v" ? "v" : "v"]
    not        = !(module.e["k"].s == "v")
    format     = format("%v", module.e["k"].s)
    neg        = try(-module.e["k"].s, "E")
    add        = try(module.e["k"].s + 1, "E")
    depth      = { a = [{ b = { c = module.e["k"].s } }] }.a[0].b.c
  }
}

output "module_obj" {
  value = {
    bare       = module.m.obj.s
    paren      = (module.m.obj.s)
    wrap       = "${module.m.obj.s}"
    prefix     = "p-${module.m.obj.s}"
    two        = "${module.m.obj.s}/${module.m.obj.s}"
    tuple      = [module.m.obj.s]
    tuple_0    = [module.m.obj.s, "z"][0]
    object     = { a = module.m.obj.s }.a
    for_obj    = { for k in ["x"] : k => module.m.obj.s }
    for_list   = [for k in ["x"] : module.m.obj.s]
    for_coll   = [for k in [module.m.obj.s] : k]
    for_if     = [for k in ["y"] : k if module.m.obj.s == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : module.m.obj.s]]
    for_group  = { for k in ["x", "y"] : "g" => module.m.obj.s... }
    cond       = true ? module.m.obj.s : "n"
    cond_else  = false ? "n" : module.m.obj.s
    cond_on    = module.m.obj.s == "v" ? 1 : 2
    cond_in    = module.m.obj.s != null ? [module.m.obj.s] : []
    try        = try(module.m.obj.s, "f")
    try_miss   = try({ s = module.m.obj.s }.nope, "miss")
    can        = can(module.m.obj.s)
    upper      = try(upper(module.m.obj.s), "E")
    json       = jsonencode({ a = module.m.obj.s })
    splat      = [{ a = module.m.obj.s }][*].a
    merge      = merge({ a = module.m.obj.s }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = module.m.obj.s }).a
    flatten    = flatten([[module.m.obj.s], ["z"]])
    for_map    = [for k, v in { a = module.m.obj.s } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = module.m.obj.s }, "a", "d")
    coalesce   = coalesce(module.m.obj.s, "x")
    concat     = concat([module.m.obj.s], ["y"])
    values     = values({ a = module.m.obj.s })
    tomap      = tomap({ a = module.m.obj.s })["a"]
    toset      = tolist(toset([module.m.obj.s]))
    element    = element([module.m.obj.s], 0)
    one        = one([module.m.obj.s])
    dir_if     = "%{if module.m.obj.s != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${module.m.obj.s == null ? "" : module.m.obj.s}%{endfor}"
    tostring   = tostring(module.m.obj.s)
    eq         = module.m.obj.s == "v"
    contains   = contains(["v"], module.m.obj.s)
    startswith = try(startswith(module.m.obj.s, "v"), "E")
    zipmap     = zipmap(["a"], [module.m.obj.s])
    index_of   = { v = 1 }[module.m.obj.s == "v" ? "v" : "v"]
    not        = !(module.m.obj.s == "v")
    format     = format("%v", module.m.obj.s)
    neg        = try(-module.m.obj.s, "E")
    add        = try(module.m.obj.s + 1, "E")
    depth      = { a = [{ b = { c = module.m.obj.s } }] }.a[0].b.c
  }
}

output "module_list" {
  value = {
    bare       = module.m.list[0]
    paren      = (module.m.list[0])
    wrap       = "${module.m.list[0]}"
    prefix     = "p-${module.m.list[0]}"
    two        = "${module.m.list[0]}/${module.m.list[0]}"
    tuple      = [module.m.list[0]]
    tuple_0    = [module.m.list[0], "z"][0]
    object     = { a = module.m.list[0] }.a
    for_obj    = { for k in ["x"] : k => module.m.list[0] }
    for_list   = [for k in ["x"] : module.m.list[0]]
    for_coll   = [for k in [module.m.list[0]] : k]
    for_if     = [for k in ["y"] : k if module.m.list[0] == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : module.m.list[0]]]
    for_group  = { for k in ["x", "y"] : "g" => module.m.list[0]... }
    cond       = true ? module.m.list[0] : "n"
    cond_else  = false ? "n" : module.m.list[0]
    cond_on    = module.m.list[0] == "v" ? 1 : 2
    cond_in    = module.m.list[0] != null ? [module.m.list[0]] : []
    try        = try(module.m.list[0], "f")
    try_miss   = try({ s = module.m.list[0] }.nope, "miss")
    can        = can(module.m.list[0])
    upper      = try(upper(module.m.list[0]), "E")
    json       = jsonencode({ a = module.m.list[0] })
    splat      = [{ a = module.m.list[0] }][*].a
    merge      = merge({ a = module.m.list[0] }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = module.m.list[0] }).a
    flatten    = flatten([[module.m.list[0]], ["z"]])
    for_map    = [for k, v in { a = module.m.list[0] } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = module.m.list[0] }, "a", "d")
    coalesce   = coalesce(module.m.list[0], "x")
    concat     = concat([module.m.list[0]], ["y"])
    values     = values({ a = module.m.list[0] })
    tomap      = tomap({ a = module.m.list[0] })["a"]
    toset      = tolist(toset([module.m.list[0]]))
    element    = element([module.m.list[0]], 0)
    one        = one([module.m.list[0]])
    dir_if     = "%{if module.m.list[0] != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${module.m.list[0] == null ? "" : module.m.list[0]}%{endfor}"
    tostring   = tostring(module.m.list[0])
    eq         = module.m.list[0] == "v"
    contains   = contains(["v"], module.m.list[0])
    startswith = try(startswith(module.m.list[0], "v"), "E")
    zipmap     = zipmap(["a"], [module.m.list[0]])
    index_of   = { v = 1 }[module.m.list[0] == "v" ? "v" : "v"]
    not        = !(module.m.list[0] == "v")
    format     = format("%v", module.m.list[0])
    neg        = try(-module.m.list[0], "E")
    add        = try(module.m.list[0] + 1, "E")
    depth      = { a = [{ b = { c = module.m.list[0] } }] }.a[0].b.c
  }
}

output "resource" {
  value = {
    bare       = aws_sns_topic.t.name
    paren      = (aws_sns_topic.t.name)
    wrap       = "${aws_sns_topic.t.name}"
    prefix     = "p-${aws_sns_topic.t.name}"
    two        = "${aws_sns_topic.t.name}/${aws_sns_topic.t.name}"
    tuple      = [aws_sns_topic.t.name]
    tuple_0    = [aws_sns_topic.t.name, "z"][0]
    object     = { a = aws_sns_topic.t.name }.a
    for_obj    = { for k in ["x"] : k => aws_sns_topic.t.name }
    for_list   = [for k in ["x"] : aws_sns_topic.t.name]
    for_coll   = [for k in [aws_sns_topic.t.name] : k]
    for_if     = [for k in ["y"] : k if aws_sns_topic.t.name == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : aws_sns_topic.t.name]]
    for_group  = { for k in ["x", "y"] : "g" => aws_sns_topic.t.name... }
    cond       = true ? aws_sns_topic.t.name : "n"
    cond_else  = false ? "n" : aws_sns_topic.t.name
    cond_on    = aws_sns_topic.t.name == "v" ? 1 : 2
    cond_in    = aws_sns_topic.t.name != null ? [aws_sns_topic.t.name] : []
    try        = try(aws_sns_topic.t.name, "f")
    try_miss   = try({ s = aws_sns_topic.t.name }.nope, "miss")
    can        = can(aws_sns_topic.t.name)
    upper      = try(upper(aws_sns_topic.t.name), "E")
    json       = jsonencode({ a = aws_sns_topic.t.name })
    splat      = [{ a = aws_sns_topic.t.name }][*].a
    merge      = merge({ a = aws_sns_topic.t.name }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = aws_sns_topic.t.name }).a
    flatten    = flatten([[aws_sns_topic.t.name], ["z"]])
    for_map    = [for k, v in { a = aws_sns_topic.t.name } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = aws_sns_topic.t.name }, "a", "d")
    coalesce   = coalesce(aws_sns_topic.t.name, "x")
    concat     = concat([aws_sns_topic.t.name], ["y"])
    values     = values({ a = aws_sns_topic.t.name })
    tomap      = tomap({ a = aws_sns_topic.t.name })["a"]
    toset      = tolist(toset([aws_sns_topic.t.name]))
    element    = element([aws_sns_topic.t.name], 0)
    one        = one([aws_sns_topic.t.name])
    dir_if     = "%{if aws_sns_topic.t.name != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${aws_sns_topic.t.name == null ? "" : aws_sns_topic.t.name}%{endfor}"
    tostring   = tostring(aws_sns_topic.t.name)
    eq         = aws_sns_topic.t.name == "v"
    contains   = contains(["v"], aws_sns_topic.t.name)
    startswith = try(startswith(aws_sns_topic.t.name, "v"), "E")
    zipmap     = zipmap(["a"], [aws_sns_topic.t.name])
    index_of   = { v = 1 }[aws_sns_topic.t.name == "v" ? "v" : "v"]
    not        = !(aws_sns_topic.t.name == "v")
    format     = format("%v", aws_sns_topic.t.name)
    neg        = try(-aws_sns_topic.t.name, "E")
    add        = try(aws_sns_topic.t.name + 1, "E")
    depth      = { a = [{ b = { c = aws_sns_topic.t.name } }] }.a[0].b.c
  }
}

output "resource_count" {
  value = {
    bare       = aws_sns_topic.n[0].name
    paren      = (aws_sns_topic.n[0].name)
    wrap       = "${aws_sns_topic.n[0].name}"
    prefix     = "p-${aws_sns_topic.n[0].name}"
    two        = "${aws_sns_topic.n[0].name}/${aws_sns_topic.n[0].name}"
    tuple      = [aws_sns_topic.n[0].name]
    tuple_0    = [aws_sns_topic.n[0].name, "z"][0]
    object     = { a = aws_sns_topic.n[0].name }.a
    for_obj    = { for k in ["x"] : k => aws_sns_topic.n[0].name }
    for_list   = [for k in ["x"] : aws_sns_topic.n[0].name]
    for_coll   = [for k in [aws_sns_topic.n[0].name] : k]
    for_if     = [for k in ["y"] : k if aws_sns_topic.n[0].name == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : aws_sns_topic.n[0].name]]
    for_group  = { for k in ["x", "y"] : "g" => aws_sns_topic.n[0].name... }
    cond       = true ? aws_sns_topic.n[0].name : "n"
    cond_else  = false ? "n" : aws_sns_topic.n[0].name
    cond_on    = aws_sns_topic.n[0].name == "v" ? 1 : 2
    cond_in    = aws_sns_topic.n[0].name != null ? [aws_sns_topic.n[0].name] : []
    try        = try(aws_sns_topic.n[0].name, "f")
    try_miss   = try({ s = aws_sns_topic.n[0].name }.nope, "miss")
    can        = can(aws_sns_topic.n[0].name)
    upper      = try(upper(aws_sns_topic.n[0].name), "E")
    json       = jsonencode({ a = aws_sns_topic.n[0].name })
    splat      = [{ a = aws_sns_topic.n[0].name }][*].a
    merge      = merge({ a = aws_sns_topic.n[0].name }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = aws_sns_topic.n[0].name }).a
    flatten    = flatten([[aws_sns_topic.n[0].name], ["z"]])
    for_map    = [for k, v in { a = aws_sns_topic.n[0].name } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = aws_sns_topic.n[0].name }, "a", "d")
    coalesce   = coalesce(aws_sns_topic.n[0].name, "x")
    concat     = concat([aws_sns_topic.n[0].name], ["y"])
    values     = values({ a = aws_sns_topic.n[0].name })
    tomap      = tomap({ a = aws_sns_topic.n[0].name })["a"]
    toset      = tolist(toset([aws_sns_topic.n[0].name]))
    element    = element([aws_sns_topic.n[0].name], 0)
    one        = one([aws_sns_topic.n[0].name])
    dir_if     = "%{if aws_sns_topic.n[0].name != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${aws_sns_topic.n[0].name == null ? "" : aws_sns_topic.n[0].name}%{endfor}"
    tostring   = tostring(aws_sns_topic.n[0].name)
    eq         = aws_sns_topic.n[0].name == "v"
    contains   = contains(["v"], aws_sns_topic.n[0].name)
    startswith = try(startswith(aws_sns_topic.n[0].name, "v"), "E")
    zipmap     = zipmap(["a"], [aws_sns_topic.n[0].name])
    index_of   = { v = 1 }[aws_sns_topic.n[0].name == "v" ? "v" : "v"]
    not        = !(aws_sns_topic.n[0].name == "v")
    format     = format("%v", aws_sns_topic.n[0].name)
    neg        = try(-aws_sns_topic.n[0].name, "E")
    add        = try(aws_sns_topic.n[0].name + 1, "E")
    depth      = { a = [{ b = { c = aws_sns_topic.n[0].name } }] }.a[0].b.c
  }
}

output "resource_each" {
  value = {
    bare       = aws_sns_topic.e["k"].name
    paren      = (aws_sns_topic.e["k"].name)
    wrap       = "${aws_sns_topic.e["k"].name}"
    prefix     = "p-${aws_sns_topic.e["k"].name}"
    two        = "${aws_sns_topic.e["k"].name}/${aws_sns_topic.e["k"].name}"
    tuple      = [aws_sns_topic.e["k"].name]
    tuple_0    = [aws_sns_topic.e["k"].name, "z"][0]
    object     = { a = aws_sns_topic.e["k"].name }.a
    for_obj    = { for k in ["x"] : k => aws_sns_topic.e["k"].name }
    for_list   = [for k in ["x"] : aws_sns_topic.e["k"].name]
    for_coll   = [for k in [aws_sns_topic.e["k"].name] : k]
    for_if     = [for k in ["y"] : k if aws_sns_topic.e["k"].name == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : aws_sns_topic.e["k"].name]]
    for_group  = { for k in ["x", "y"] : "g" => aws_sns_topic.e["k"].name... }
    cond       = true ? aws_sns_topic.e["k"].name : "n"
    cond_else  = false ? "n" : aws_sns_topic.e["k"].name
    cond_on    = aws_sns_topic.e["k"].name == "v" ? 1 : 2
    cond_in    = aws_sns_topic.e["k"].name != null ? [aws_sns_topic.e["k"].name] : []
    try        = try(aws_sns_topic.e["k"].name, "f")
    try_miss   = try({ s = aws_sns_topic.e["k"].name }.nope, "miss")
    can        = can(aws_sns_topic.e["k"].name)
    upper      = try(upper(aws_sns_topic.e["k"].name), "E")
    json       = jsonencode({ a = aws_sns_topic.e["k"].name })
    splat      = [{ a = aws_sns_topic.e["k"].name }][*].a
    merge      = merge({ a = aws_sns_topic.e["k"].name }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = aws_sns_topic.e["k"].name }).a
    flatten    = flatten([[aws_sns_topic.e["k"].name], ["z"]])
    for_map    = [for k, v in { a = aws_sns_topic.e["k"].name } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = aws_sns_topic.e["k"].name }, "a", "d")
    coalesce   = coalesce(aws_sns_topic.e["k"].name, "x")
    concat     = concat([aws_sns_topic.e["k"].name], ["y"])
    values     = values({ a = aws_sns_topic.e["k"].name })
    tomap      = tomap({ a = aws_sns_topic.e["k"].name })["a"]
    toset      = tolist(toset([aws_sns_topic.e["k"].name]))
    element    = element([aws_sns_topic.e["k"].name], 0)
    one        = one([aws_sns_topic.e["k"].name])
    dir_if     = "%{if aws_sns_topic.e["k"].name != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${aws_sns_topic.e["k"].name == null ? "" : aws_sns_topic.e["k"].name}%{endfor}"
    tostring   = tostring(aws_sns_topic.e["k"].name)
    eq         = aws_sns_topic.e["k"].name == "v"
    contains   = contains(["v"], aws_sns_topic.e["k"].name)
    startswith = try(startswith(aws_sns_topic.e["k"].name, "v"), "E")
    zipmap     = zipmap(["a"], [aws_sns_topic.e["k"].name])
    index_of   = { v = 1 }[aws_sns_topic.e["k"].name == "v" ? "v" : "v"]
    not        = !(aws_sns_topic.e["k"].name == "v")
    format     = format("%v", aws_sns_topic.e["k"].name)
    neg        = try(-aws_sns_topic.e["k"].name, "E")
    add        = try(aws_sns_topic.e["k"].name + 1, "E")
    depth      = { a = [{ b = { c = aws_sns_topic.e["k"].name } }] }.a[0].b.c
  }
}

output "resource_expr" {
  value = {
    bare       = aws_sns_topic.n[local.zero].name
    paren      = (aws_sns_topic.n[local.zero].name)
    wrap       = "${aws_sns_topic.n[local.zero].name}"
    prefix     = "p-${aws_sns_topic.n[local.zero].name}"
    two        = "${aws_sns_topic.n[local.zero].name}/${aws_sns_topic.n[local.zero].name}"
    tuple      = [aws_sns_topic.n[local.zero].name]
    tuple_0    = [aws_sns_topic.n[local.zero].name, "z"][0]
    object     = { a = aws_sns_topic.n[local.zero].name }.a
    for_obj    = { for k in ["x"] : k => aws_sns_topic.n[local.zero].name }
    for_list   = [for k in ["x"] : aws_sns_topic.n[local.zero].name]
    for_coll   = [for k in [aws_sns_topic.n[local.zero].name] : k]
    for_if     = [for k in ["y"] : k if aws_sns_topic.n[local.zero].name == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : aws_sns_topic.n[local.zero].name]]
    for_group  = { for k in ["x", "y"] : "g" => aws_sns_topic.n[local.zero].name... }
    cond       = true ? aws_sns_topic.n[local.zero].name : "n"
    cond_else  = false ? "n" : aws_sns_topic.n[local.zero].name
    cond_on    = aws_sns_topic.n[local.zero].name == "v" ? 1 : 2
    cond_in    = aws_sns_topic.n[local.zero].name != null ? [aws_sns_topic.n[local.zero].name] : []
    try        = try(aws_sns_topic.n[local.zero].name, "f")
    try_miss   = try({ s = aws_sns_topic.n[local.zero].name }.nope, "miss")
    can        = can(aws_sns_topic.n[local.zero].name)
    upper      = try(upper(aws_sns_topic.n[local.zero].name), "E")
    json       = jsonencode({ a = aws_sns_topic.n[local.zero].name })
    splat      = [{ a = aws_sns_topic.n[local.zero].name }][*].a
    merge      = merge({ a = aws_sns_topic.n[local.zero].name }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = aws_sns_topic.n[local.zero].name }).a
    flatten    = flatten([[aws_sns_topic.n[local.zero].name], ["z"]])
    for_map    = [for k, v in { a = aws_sns_topic.n[local.zero].name } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = aws_sns_topic.n[local.zero].name }, "a", "d")
    coalesce   = coalesce(aws_sns_topic.n[local.zero].name, "x")
    concat     = concat([aws_sns_topic.n[local.zero].name], ["y"])
    values     = values({ a = aws_sns_topic.n[local.zero].name })
    tomap      = tomap({ a = aws_sns_topic.n[local.zero].name })["a"]
    toset      = tolist(toset([aws_sns_topic.n[local.zero].name]))
    element    = element([aws_sns_topic.n[local.zero].name], 0)
    one        = one([aws_sns_topic.n[local.zero].name])
    dir_if     = "%{if aws_sns_topic.n[local.zero].name != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${aws_sns_topic.n[local.zero].name == null ? "" : aws_sns_topic.n[local.zero].name}%{endfor}"
    tostring   = tostring(aws_sns_topic.n[local.zero].name)
    eq         = aws_sns_topic.n[local.zero].name == "v"
    contains   = contains(["v"], aws_sns_topic.n[local.zero].name)
    startswith = try(startswith(aws_sns_topic.n[local.zero].name, "v"), "E")
    zipmap     = zipmap(["a"], [aws_sns_topic.n[local.zero].name])
    index_of   = { v = 1 }[aws_sns_topic.n[local.zero].name == "v" ? "v" : "v"]
    not        = !(aws_sns_topic.n[local.zero].name == "v")
    format     = format("%v", aws_sns_topic.n[local.zero].name)
    neg        = try(-aws_sns_topic.n[local.zero].name, "E")
    add        = try(aws_sns_topic.n[local.zero].name + 1, "E")
    depth      = { a = [{ b = { c = aws_sns_topic.n[local.zero].name } }] }.a[0].b.c
  }
}

output "resource_splat" {
  value = {
    bare       = (aws_sns_topic.n[*].name)[0]
    paren      = ((aws_sns_topic.n[*].name)[0])
    wrap       = "${(aws_sns_topic.n[*].name)[0]}"
    prefix     = "p-${(aws_sns_topic.n[*].name)[0]}"
    two        = "${(aws_sns_topic.n[*].name)[0]}/${(aws_sns_topic.n[*].name)[0]}"
    tuple      = [(aws_sns_topic.n[*].name)[0]]
    tuple_0    = [(aws_sns_topic.n[*].name)[0], "z"][0]
    object     = { a = (aws_sns_topic.n[*].name)[0] }.a
    for_obj    = { for k in ["x"] : k => (aws_sns_topic.n[*].name)[0] }
    for_list   = [for k in ["x"] : (aws_sns_topic.n[*].name)[0]]
    for_coll   = [for k in [(aws_sns_topic.n[*].name)[0]] : k]
    for_if     = [for k in ["y"] : k if(aws_sns_topic.n[*].name)[0] == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : (aws_sns_topic.n[*].name)[0]]]
    for_group  = { for k in ["x", "y"] : "g" => (aws_sns_topic.n[*].name)[0]... }
    cond       = true ? (aws_sns_topic.n[*].name)[0] : "n"
    cond_else  = false ? "n" : (aws_sns_topic.n[*].name)[0]
    cond_on    = (aws_sns_topic.n[*].name)[0] == "v" ? 1 : 2
    cond_in    = (aws_sns_topic.n[*].name)[0] != null ? [(aws_sns_topic.n[*].name)[0]] : []
    try        = try((aws_sns_topic.n[*].name)[0], "f")
    try_miss   = try({ s = (aws_sns_topic.n[*].name)[0] }.nope, "miss")
    can        = can((aws_sns_topic.n[*].name)[0])
    upper      = try(upper((aws_sns_topic.n[*].name)[0]), "E")
    json       = jsonencode({ a = (aws_sns_topic.n[*].name)[0] })
    splat      = [{ a = (aws_sns_topic.n[*].name)[0] }][*].a
    merge      = merge({ a = (aws_sns_topic.n[*].name)[0] }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = (aws_sns_topic.n[*].name)[0] }).a
    flatten    = flatten([[(aws_sns_topic.n[*].name)[0]], ["z"]])
    for_map    = [for k, v in { a = (aws_sns_topic.n[*].name)[0] } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = (aws_sns_topic.n[*].name)[0] }, "a", "d")
    coalesce   = coalesce((aws_sns_topic.n[*].name)[0], "x")
    concat     = concat([(aws_sns_topic.n[*].name)[0]], ["y"])
    values     = values({ a = (aws_sns_topic.n[*].name)[0] })
    tomap      = tomap({ a = (aws_sns_topic.n[*].name)[0] })["a"]
    toset      = tolist(toset([(aws_sns_topic.n[*].name)[0]]))
    element    = element([(aws_sns_topic.n[*].name)[0]], 0)
    one        = one([(aws_sns_topic.n[*].name)[0]])
    dir_if     = "%{if(aws_sns_topic.n[*].name)[0] != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${(aws_sns_topic.n[*].name)[0] == null ? "" : (aws_sns_topic.n[*].name)[0]}%{endfor}"
    tostring   = tostring((aws_sns_topic.n[*].name)[0])
    eq         = (aws_sns_topic.n[*].name)[0] == "v"
    contains   = contains(["v"], (aws_sns_topic.n[*].name)[0])
    startswith = try(startswith((aws_sns_topic.n[*].name)[0], "v"), "E")
    zipmap     = zipmap(["a"], [(aws_sns_topic.n[*].name)[0]])
    index_of   = { v = 1 }[(aws_sns_topic.n[*].name)[0] == "v" ? "v" : "v"]
    not        = !((aws_sns_topic.n[*].name)[0] == "v")
    format     = format("%v", (aws_sns_topic.n[*].name)[0])
    neg        = try(-(aws_sns_topic.n[*].name)[0], "E")
    add        = try((aws_sns_topic.n[*].name)[0] + 1, "E")
    depth      = { a = [{ b = { c = (aws_sns_topic.n[*].name)[0] } }] }.a[0].b.c
  }
}

output "input" {
  value = {
    bare       = terraform_data.i.input.s
    paren      = (terraform_data.i.input.s)
    wrap       = "${terraform_data.i.input.s}"
    prefix     = "p-${terraform_data.i.input.s}"
    two        = "${terraform_data.i.input.s}/${terraform_data.i.input.s}"
    tuple      = [terraform_data.i.input.s]
    tuple_0    = [terraform_data.i.input.s, "z"][0]
    object     = { a = terraform_data.i.input.s }.a
    for_obj    = { for k in ["x"] : k => terraform_data.i.input.s }
    for_list   = [for k in ["x"] : terraform_data.i.input.s]
    for_coll   = [for k in [terraform_data.i.input.s] : k]
    for_if     = [for k in ["y"] : k if terraform_data.i.input.s == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : terraform_data.i.input.s]]
    for_group  = { for k in ["x", "y"] : "g" => terraform_data.i.input.s... }
    cond       = true ? terraform_data.i.input.s : "n"
    cond_else  = false ? "n" : terraform_data.i.input.s
    cond_on    = terraform_data.i.input.s == "v" ? 1 : 2
    cond_in    = terraform_data.i.input.s != null ? [terraform_data.i.input.s] : []
    try        = try(terraform_data.i.input.s, "f")
    try_miss   = try({ s = terraform_data.i.input.s }.nope, "miss")
    can        = can(terraform_data.i.input.s)
    upper      = try(upper(terraform_data.i.input.s), "E")
    json       = jsonencode({ a = terraform_data.i.input.s })
    splat      = [{ a = terraform_data.i.input.s }][*].a
    merge      = merge({ a = terraform_data.i.input.s }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = terraform_data.i.input.s }).a
    flatten    = flatten([[terraform_data.i.input.s], ["z"]])
    for_map    = [for k, v in { a = terraform_data.i.input.s } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = terraform_data.i.input.s }, "a", "d")
    coalesce   = coalesce(terraform_data.i.input.s, "x")
    concat     = concat([terraform_data.i.input.s], ["y"])
    values     = values({ a = terraform_data.i.input.s })
    tomap      = tomap({ a = terraform_data.i.input.s })["a"]
    toset      = tolist(toset([terraform_data.i.input.s]))
    element    = element([terraform_data.i.input.s], 0)
    one        = one([terraform_data.i.input.s])
    dir_if     = "%{if terraform_data.i.input.s != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${terraform_data.i.input.s == null ? "" : terraform_data.i.input.s}%{endfor}"
    tostring   = tostring(terraform_data.i.input.s)
    eq         = terraform_data.i.input.s == "v"
    contains   = contains(["v"], terraform_data.i.input.s)
    startswith = try(startswith(terraform_data.i.input.s, "v"), "E")
    zipmap     = zipmap(["a"], [terraform_data.i.input.s])
    index_of   = { v = 1 }[terraform_data.i.input.s == "v" ? "v" : "v"]
    not        = !(terraform_data.i.input.s == "v")
    format     = format("%v", terraform_data.i.input.s)
    neg        = try(-terraform_data.i.input.s, "E")
    add        = try(terraform_data.i.input.s + 1, "E")
    depth      = { a = [{ b = { c = terraform_data.i.input.s } }] }.a[0].b.c
  }
}

output "unknown" {
  value = {
    bare       = terraform_data.u.id
    paren      = (terraform_data.u.id)
    wrap       = "${terraform_data.u.id}"
    prefix     = "p-${terraform_data.u.id}"
    two        = "${terraform_data.u.id}/${terraform_data.u.id}"
    tuple      = [terraform_data.u.id]
    tuple_0    = [terraform_data.u.id, "z"][0]
    object     = { a = terraform_data.u.id }.a
    for_obj    = { for k in ["x"] : k => terraform_data.u.id }
    for_list   = [for k in ["x"] : terraform_data.u.id]
    for_coll   = [for k in [terraform_data.u.id] : k]
    for_if     = [for k in ["y"] : k if terraform_data.u.id == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : terraform_data.u.id]]
    for_group  = { for k in ["x", "y"] : "g" => terraform_data.u.id... }
    cond       = true ? terraform_data.u.id : "n"
    cond_else  = false ? "n" : terraform_data.u.id
    cond_on    = terraform_data.u.id == "v" ? 1 : 2
    cond_in    = terraform_data.u.id != null ? [terraform_data.u.id] : []
    try        = try(terraform_data.u.id, "f")
    try_miss   = try({ s = terraform_data.u.id }.nope, "miss")
    can        = can(terraform_data.u.id)
    upper      = try(upper(terraform_data.u.id), "E")
    json       = jsonencode({ a = terraform_data.u.id })
    splat      = [{ a = terraform_data.u.id }][*].a
    merge      = merge({ a = terraform_data.u.id }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = terraform_data.u.id }).a
    flatten    = flatten([[terraform_data.u.id], ["z"]])
    for_map    = [for k, v in { a = terraform_data.u.id } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = terraform_data.u.id }, "a", "d")
    coalesce   = coalesce(terraform_data.u.id, "x")
    concat     = concat([terraform_data.u.id], ["y"])
    values     = values({ a = terraform_data.u.id })
    tomap      = tomap({ a = terraform_data.u.id })["a"]
    toset      = tolist(toset([terraform_data.u.id]))
    element    = element([terraform_data.u.id], 0)
    one        = one([terraform_data.u.id])
    dir_if     = "%{if terraform_data.u.id != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${terraform_data.u.id == null ? "" : terraform_data.u.id}%{endfor}"
    tostring   = tostring(terraform_data.u.id)
    eq         = terraform_data.u.id == "v"
    contains   = contains(["v"], terraform_data.u.id)
    startswith = try(startswith(terraform_data.u.id, "v"), "E")
    zipmap     = zipmap(["a"], [terraform_data.u.id])
    index_of   = { v = 1 }[terraform_data.u.id == "v" ? "v" : "v"]
    not        = !(terraform_data.u.id == "v")
    format     = format("%v", terraform_data.u.id)
    neg        = try(-terraform_data.u.id, "E")
    add        = try(terraform_data.u.id + 1, "E")
    depth      = { a = [{ b = { c = terraform_data.u.id } }] }.a[0].b.c
  }
}

output "unknown_local" {
  value = {
    bare       = local.unknown
    paren      = (local.unknown)
    wrap       = "${local.unknown}"
    prefix     = "p-${local.unknown}"
    two        = "${local.unknown}/${local.unknown}"
    tuple      = [local.unknown]
    tuple_0    = [local.unknown, "z"][0]
    object     = { a = local.unknown }.a
    for_obj    = { for k in ["x"] : k => local.unknown }
    for_list   = [for k in ["x"] : local.unknown]
    for_coll   = [for k in [local.unknown] : k]
    for_if     = [for k in ["y"] : k if local.unknown == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : local.unknown]]
    for_group  = { for k in ["x", "y"] : "g" => local.unknown... }
    cond       = true ? local.unknown : "n"
    cond_else  = false ? "n" : local.unknown
    cond_on    = local.unknown == "v" ? 1 : 2
    cond_in    = local.unknown != null ? [local.unknown] : []
    try        = try(local.unknown, "f")
    try_miss   = try({ s = local.unknown }.nope, "miss")
    can        = can(local.unknown)
    upper      = try(upper(local.unknown), "E")
    json       = jsonencode({ a = local.unknown })
    splat      = [{ a = local.unknown }][*].a
    merge      = merge({ a = local.unknown }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = local.unknown }).a
    flatten    = flatten([[local.unknown], ["z"]])
    for_map    = [for k, v in { a = local.unknown } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = local.unknown }, "a", "d")
    coalesce   = coalesce(local.unknown, "x")
    concat     = concat([local.unknown], ["y"])
    values     = values({ a = local.unknown })
    tomap      = tomap({ a = local.unknown })["a"]
    toset      = tolist(toset([local.unknown]))
    element    = element([local.unknown], 0)
    one        = one([local.unknown])
    dir_if     = "%{if local.unknown != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${local.unknown == null ? "" : local.unknown}%{endfor}"
    tostring   = tostring(local.unknown)
    eq         = local.unknown == "v"
    contains   = contains(["v"], local.unknown)
    startswith = try(startswith(local.unknown, "v"), "E")
    zipmap     = zipmap(["a"], [local.unknown])
    index_of   = { v = 1 }[local.unknown == "v" ? "v" : "v"]
    not        = !(local.unknown == "v")
    format     = format("%v", local.unknown)
    neg        = try(-local.unknown, "E")
    add        = try(local.unknown + 1, "E")
    depth      = { a = [{ b = { c = local.unknown } }] }.a[0].b.c
  }
}

output "unknown_module" {
  value = {
    bare       = module.m.id
    paren      = (module.m.id)
    wrap       = "${module.m.id}"
    prefix     = "p-${module.m.id}"
    two        = "${module.m.id}/${module.m.id}"
    tuple      = [module.m.id]
    tuple_0    = [module.m.id, "z"][0]
    object     = { a = module.m.id }.a
    for_obj    = { for k in ["x"] : k => module.m.id }
    for_list   = [for k in ["x"] : module.m.id]
    for_coll   = [for k in [module.m.id] : k]
    for_if     = [for k in ["y"] : k if module.m.id == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : module.m.id]]
    for_group  = { for k in ["x", "y"] : "g" => module.m.id... }
    cond       = true ? module.m.id : "n"
    cond_else  = false ? "n" : module.m.id
    cond_on    = module.m.id == "v" ? 1 : 2
    cond_in    = module.m.id != null ? [module.m.id] : []
    try        = try(module.m.id, "f")
    try_miss   = try({ s = module.m.id }.nope, "miss")
    can        = can(module.m.id)
    upper      = try(upper(module.m.id), "E")
    json       = jsonencode({ a = module.m.id })
    splat      = [{ a = module.m.id }][*].a
    merge      = merge({ a = module.m.id }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = module.m.id }).a
    flatten    = flatten([[module.m.id], ["z"]])
    for_map    = [for k, v in { a = module.m.id } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = module.m.id }, "a", "d")
    coalesce   = coalesce(module.m.id, "x")
    concat     = concat([module.m.id], ["y"])
    values     = values({ a = module.m.id })
    tomap      = tomap({ a = module.m.id })["a"]
    toset      = tolist(toset([module.m.id]))
    element    = element([module.m.id], 0)
    one        = one([module.m.id])
    dir_if     = "%{if module.m.id != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${module.m.id == null ? "" : module.m.id}%{endfor}"
    tostring   = tostring(module.m.id)
    eq         = module.m.id == "v"
    contains   = contains(["v"], module.m.id)
    startswith = try(startswith(module.m.id, "v"), "E")
    zipmap     = zipmap(["a"], [module.m.id])
    index_of   = { v = 1 }[module.m.id == "v" ? "v" : "v"]
    not        = !(module.m.id == "v")
    format     = format("%v", module.m.id)
    neg        = try(-module.m.id, "E")
    add        = try(module.m.id + 1, "E")
    depth      = { a = [{ b = { c = module.m.id } }] }.a[0].b.c
  }
}

output "unknown_arn" {
  value = {
    bare       = aws_sns_topic.n[local.zero].arn
    paren      = (aws_sns_topic.n[local.zero].arn)
    wrap       = "${aws_sns_topic.n[local.zero].arn}"
    prefix     = "p-${aws_sns_topic.n[local.zero].arn}"
    two        = "${aws_sns_topic.n[local.zero].arn}/${aws_sns_topic.n[local.zero].arn}"
    tuple      = [aws_sns_topic.n[local.zero].arn]
    tuple_0    = [aws_sns_topic.n[local.zero].arn, "z"][0]
    object     = { a = aws_sns_topic.n[local.zero].arn }.a
    for_obj    = { for k in ["x"] : k => aws_sns_topic.n[local.zero].arn }
    for_list   = [for k in ["x"] : aws_sns_topic.n[local.zero].arn]
    for_coll   = [for k in [aws_sns_topic.n[local.zero].arn] : k]
    for_if     = [for k in ["y"] : k if aws_sns_topic.n[local.zero].arn == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : aws_sns_topic.n[local.zero].arn]]
    for_group  = { for k in ["x", "y"] : "g" => aws_sns_topic.n[local.zero].arn... }
    cond       = true ? aws_sns_topic.n[local.zero].arn : "n"
    cond_else  = false ? "n" : aws_sns_topic.n[local.zero].arn
    cond_on    = aws_sns_topic.n[local.zero].arn == "v" ? 1 : 2
    cond_in    = aws_sns_topic.n[local.zero].arn != null ? [aws_sns_topic.n[local.zero].arn] : []
    try        = try(aws_sns_topic.n[local.zero].arn, "f")
    try_miss   = try({ s = aws_sns_topic.n[local.zero].arn }.nope, "miss")
    can        = can(aws_sns_topic.n[local.zero].arn)
    upper      = try(upper(aws_sns_topic.n[local.zero].arn), "E")
    json       = jsonencode({ a = aws_sns_topic.n[local.zero].arn })
    splat      = [{ a = aws_sns_topic.n[local.zero].arn }][*].a
    merge      = merge({ a = aws_sns_topic.n[local.zero].arn }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = aws_sns_topic.n[local.zero].arn }).a
    flatten    = flatten([[aws_sns_topic.n[local.zero].arn], ["z"]])
    for_map    = [for k, v in { a = aws_sns_topic.n[local.zero].arn } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = aws_sns_topic.n[local.zero].arn }, "a", "d")
    coalesce   = coalesce(aws_sns_topic.n[local.zero].arn, "x")
    concat     = concat([aws_sns_topic.n[local.zero].arn], ["y"])
    values     = values({ a = aws_sns_topic.n[local.zero].arn })
    tomap      = tomap({ a = aws_sns_topic.n[local.zero].arn })["a"]
    toset      = tolist(toset([aws_sns_topic.n[local.zero].arn]))
    element    = element([aws_sns_topic.n[local.zero].arn], 0)
    one        = one([aws_sns_topic.n[local.zero].arn])
    dir_if     = "%{if aws_sns_topic.n[local.zero].arn != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${aws_sns_topic.n[local.zero].arn == null ? "" : aws_sns_topic.n[local.zero].arn}%{endfor}"
    tostring   = tostring(aws_sns_topic.n[local.zero].arn)
    eq         = aws_sns_topic.n[local.zero].arn == "v"
    contains   = contains(["v"], aws_sns_topic.n[local.zero].arn)
    startswith = try(startswith(aws_sns_topic.n[local.zero].arn, "v"), "E")
    zipmap     = zipmap(["a"], [aws_sns_topic.n[local.zero].arn])
    index_of   = { v = 1 }[aws_sns_topic.n[local.zero].arn == "v" ? "v" : "v"]
    not        = !(aws_sns_topic.n[local.zero].arn == "v")
    format     = format("%v", aws_sns_topic.n[local.zero].arn)
    neg        = try(-aws_sns_topic.n[local.zero].arn, "E")
    add        = try(aws_sns_topic.n[local.zero].arn + 1, "E")
    depth      = { a = [{ b = { c = aws_sns_topic.n[local.zero].arn } }] }.a[0].b.c
  }
}

output "var_obj" {
  value = {
    bare       = var.obj.s
    paren      = (var.obj.s)
    wrap       = "${var.obj.s}"
    prefix     = "p-${var.obj.s}"
    two        = "${var.obj.s}/${var.obj.s}"
    tuple      = [var.obj.s]
    tuple_0    = [var.obj.s, "z"][0]
    object     = { a = var.obj.s }.a
    for_obj    = { for k in ["x"] : k => var.obj.s }
    for_list   = [for k in ["x"] : var.obj.s]
    for_coll   = [for k in [var.obj.s] : k]
    for_if     = [for k in ["y"] : k if var.obj.s == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : var.obj.s]]
    for_group  = { for k in ["x", "y"] : "g" => var.obj.s... }
    cond       = true ? var.obj.s : "n"
    cond_else  = false ? "n" : var.obj.s
    cond_on    = var.obj.s == "v" ? 1 : 2
    cond_in    = var.obj.s != null ? [var.obj.s] : []
    try        = try(var.obj.s, "f")
    try_miss   = try({ s = var.obj.s }.nope, "miss")
    can        = can(var.obj.s)
    upper      = try(upper(var.obj.s), "E")
    json       = jsonencode({ a = var.obj.s })
    splat      = [{ a = var.obj.s }][*].a
    merge      = merge({ a = var.obj.s }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = var.obj.s }).a
    flatten    = flatten([[var.obj.s], ["z"]])
    for_map    = [for k, v in { a = var.obj.s } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = var.obj.s }, "a", "d")
    coalesce   = coalesce(var.obj.s, "x")
    concat     = concat([var.obj.s], ["y"])
    values     = values({ a = var.obj.s })
    tomap      = tomap({ a = var.obj.s })["a"]
    toset      = tolist(toset([var.obj.s]))
    element    = element([var.obj.s], 0)
    one        = one([var.obj.s])
    dir_if     = "%{if var.obj.s != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${var.obj.s == null ? "" : var.obj.s}%{endfor}"
    tostring   = tostring(var.obj.s)
    eq         = var.obj.s == "v"
    contains   = contains(["v"], var.obj.s)
    startswith = try(startswith(var.obj.s, "v"), "E")
    zipmap     = zipmap(["a"], [var.obj.s])
    index_of   = { v = 1 }[var.obj.s == "v" ? "v" : "v"]
    not        = !(var.obj.s == "v")
    format     = format("%v", var.obj.s)
    neg        = try(-var.obj.s, "E")
    add        = try(var.obj.s + 1, "E")
    depth      = { a = [{ b = { c = var.obj.s } }] }.a[0].b.c
  }
}

output "secret" {
  sensitive = true
  value = {
    bare       = var.secret
    paren      = (var.secret)
    wrap       = "${var.secret}"
    prefix     = "p-${var.secret}"
    two        = "${var.secret}/${var.secret}"
    tuple      = [var.secret]
    tuple_0    = [var.secret, "z"][0]
    object     = { a = var.secret }.a
    for_obj    = { for k in ["x"] : k => var.secret }
    for_list   = [for k in ["x"] : var.secret]
    for_coll   = [for k in [var.secret] : k]
    for_if     = [for k in ["y"] : k if var.secret == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : var.secret]]
    for_group  = { for k in ["x", "y"] : "g" => var.secret... }
    cond       = true ? var.secret : "n"
    cond_else  = false ? "n" : var.secret
    cond_on    = var.secret == "v" ? 1 : 2
    cond_in    = var.secret != null ? [var.secret] : []
    try        = try(var.secret, "f")
    try_miss   = try({ s = var.secret }.nope, "miss")
    can        = can(var.secret)
    upper      = try(upper(var.secret), "E")
    json       = jsonencode({ a = var.secret })
    splat      = [{ a = var.secret }][*].a
    merge      = merge({ a = var.secret }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = var.secret }).a
    flatten    = flatten([[var.secret], ["z"]])
    for_map    = [for k, v in { a = var.secret } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = var.secret }, "a", "d")
    coalesce   = coalesce(var.secret, "x")
    concat     = concat([var.secret], ["y"])
    values     = values({ a = var.secret })
    tomap      = tomap({ a = var.secret })["a"]
    toset      = tolist(toset([var.secret]))
    element    = element([var.secret], 0)
    one        = one([var.secret])
    dir_if     = "%{if var.secret != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${var.secret == null ? "" : var.secret}%{endfor}"
    tostring   = tostring(var.secret)
    eq         = var.secret == "v"
    contains   = contains(["v"], var.secret)
    startswith = try(startswith(var.secret, "v"), "E")
    zipmap     = zipmap(["a"], [var.secret])
    index_of   = { v = 1 }[var.secret == "v" ? "v" : "v"]
    not        = !(var.secret == "v")
    format     = format("%v", var.secret)
    neg        = try(-var.secret, "E")
    add        = try(var.secret + 1, "E")
    depth      = { a = [{ b = { c = var.secret } }] }.a[0].b.c
  }
}

output "secret_local" {
  sensitive = true
  value = {
    bare       = local.secret.s
    paren      = (local.secret.s)
    wrap       = "${local.secret.s}"
    prefix     = "p-${local.secret.s}"
    two        = "${local.secret.s}/${local.secret.s}"
    tuple      = [local.secret.s]
    tuple_0    = [local.secret.s, "z"][0]
    object     = { a = local.secret.s }.a
    for_obj    = { for k in ["x"] : k => local.secret.s }
    for_list   = [for k in ["x"] : local.secret.s]
    for_coll   = [for k in [local.secret.s] : k]
    for_if     = [for k in ["y"] : k if local.secret.s == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : local.secret.s]]
    for_group  = { for k in ["x", "y"] : "g" => local.secret.s... }
    cond       = true ? local.secret.s : "n"
    cond_else  = false ? "n" : local.secret.s
    cond_on    = local.secret.s == "v" ? 1 : 2
    cond_in    = local.secret.s != null ? [local.secret.s] : []
    try        = try(local.secret.s, "f")
    try_miss   = try({ s = local.secret.s }.nope, "miss")
    can        = can(local.secret.s)
    upper      = try(upper(local.secret.s), "E")
    json       = jsonencode({ a = local.secret.s })
    splat      = [{ a = local.secret.s }][*].a
    merge      = merge({ a = local.secret.s }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = local.secret.s }).a
    flatten    = flatten([[local.secret.s], ["z"]])
    for_map    = [for k, v in { a = local.secret.s } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = local.secret.s }, "a", "d")
    coalesce   = coalesce(local.secret.s, "x")
    concat     = concat([local.secret.s], ["y"])
    values     = values({ a = local.secret.s })
    tomap      = tomap({ a = local.secret.s })["a"]
    toset      = tolist(toset([local.secret.s]))
    element    = element([local.secret.s], 0)
    one        = one([local.secret.s])
    dir_if     = "%{if local.secret.s != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${local.secret.s == null ? "" : local.secret.s}%{endfor}"
    tostring   = tostring(local.secret.s)
    eq         = local.secret.s == "v"
    contains   = contains(["v"], local.secret.s)
    startswith = try(startswith(local.secret.s, "v"), "E")
    zipmap     = zipmap(["a"], [local.secret.s])
    index_of   = { v = 1 }[local.secret.s == "v" ? "v" : "v"]
    not        = !(local.secret.s == "v")
    format     = format("%v", local.secret.s)
    neg        = try(-local.secret.s, "E")
    add        = try(local.secret.s + 1, "E")
    depth      = { a = [{ b = { c = local.secret.s } }] }.a[0].b.c
  }
}

output "workspace" {
  value = {
    bare       = terraform.workspace
    paren      = (terraform.workspace)
    wrap       = "${terraform.workspace}"
    prefix     = "p-${terraform.workspace}"
    two        = "${terraform.workspace}/${terraform.workspace}"
    tuple      = [terraform.workspace]
    tuple_0    = [terraform.workspace, "z"][0]
    object     = { a = terraform.workspace }.a
    for_obj    = { for k in ["x"] : k => terraform.workspace }
    for_list   = [for k in ["x"] : terraform.workspace]
    for_coll   = [for k in [terraform.workspace] : k]
    for_if     = [for k in ["y"] : k if terraform.workspace == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : terraform.workspace]]
    for_group  = { for k in ["x", "y"] : "g" => terraform.workspace... }
    cond       = true ? terraform.workspace : "n"
    cond_else  = false ? "n" : terraform.workspace
    cond_on    = terraform.workspace == "v" ? 1 : 2
    cond_in    = terraform.workspace != null ? [terraform.workspace] : []
    try        = try(terraform.workspace, "f")
    try_miss   = try({ s = terraform.workspace }.nope, "miss")
    can        = can(terraform.workspace)
    upper      = try(upper(terraform.workspace), "E")
    json       = jsonencode({ a = terraform.workspace })
    splat      = [{ a = terraform.workspace }][*].a
    merge      = merge({ a = terraform.workspace }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = terraform.workspace }).a
    flatten    = flatten([[terraform.workspace], ["z"]])
    for_map    = [for k, v in { a = terraform.workspace } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = terraform.workspace }, "a", "d")
    coalesce   = coalesce(terraform.workspace, "x")
    concat     = concat([terraform.workspace], ["y"])
    values     = values({ a = terraform.workspace })
    tomap      = tomap({ a = terraform.workspace })["a"]
    toset      = tolist(toset([terraform.workspace]))
    element    = element([terraform.workspace], 0)
    one        = one([terraform.workspace])
    dir_if     = "%{if terraform.workspace != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${terraform.workspace == null ? "" : terraform.workspace}%{endfor}"
    tostring   = tostring(terraform.workspace)
    eq         = terraform.workspace == "v"
    contains   = contains(["v"], terraform.workspace)
    startswith = try(startswith(terraform.workspace, "v"), "E")
    zipmap     = zipmap(["a"], [terraform.workspace])
    index_of   = { v = 1 }[terraform.workspace == "v" ? "v" : "v"]
    not        = !(terraform.workspace == "v")
    format     = format("%v", terraform.workspace)
    neg        = try(-terraform.workspace, "E")
    add        = try(terraform.workspace + 1, "E")
    depth      = { a = [{ b = { c = terraform.workspace } }] }.a[0].b.c
  }
}

output "document" {
  value = {
    bare       = data.aws_iam_policy_document.d.json
    paren      = (data.aws_iam_policy_document.d.json)
    wrap       = "${data.aws_iam_policy_document.d.json}"
    prefix     = "p-${data.aws_iam_policy_document.d.json}"
    two        = "${data.aws_iam_policy_document.d.json}/${data.aws_iam_policy_document.d.json}"
    tuple      = [data.aws_iam_policy_document.d.json]
    tuple_0    = [data.aws_iam_policy_document.d.json, "z"][0]
    object     = { a = data.aws_iam_policy_document.d.json }.a
    for_obj    = { for k in ["x"] : k => data.aws_iam_policy_document.d.json }
    for_list   = [for k in ["x"] : data.aws_iam_policy_document.d.json]
    for_coll   = [for k in [data.aws_iam_policy_document.d.json] : k]
    for_if     = [for k in ["y"] : k if data.aws_iam_policy_document.d.json == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : data.aws_iam_policy_document.d.json]]
    for_group  = { for k in ["x", "y"] : "g" => data.aws_iam_policy_document.d.json... }
    cond       = true ? data.aws_iam_policy_document.d.json : "n"
    cond_else  = false ? "n" : data.aws_iam_policy_document.d.json
    cond_on    = data.aws_iam_policy_document.d.json == "v" ? 1 : 2
    cond_in    = data.aws_iam_policy_document.d.json != null ? [data.aws_iam_policy_document.d.json] : []
    try        = try(data.aws_iam_policy_document.d.json, "f")
    try_miss   = try({ s = data.aws_iam_policy_document.d.json }.nope, "miss")
    can        = can(data.aws_iam_policy_document.d.json)
    upper      = try(upper(data.aws_iam_policy_document.d.json), "E")
    json       = jsonencode({ a = data.aws_iam_policy_document.d.json })
    splat      = [{ a = data.aws_iam_policy_document.d.json }][*].a
    merge      = merge({ a = data.aws_iam_policy_document.d.json }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = data.aws_iam_policy_document.d.json }).a
    flatten    = flatten([[data.aws_iam_policy_document.d.json], ["z"]])
    for_map    = [for k, v in { a = data.aws_iam_policy_document.d.json } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = data.aws_iam_policy_document.d.json }, "a", "d")
    coalesce   = coalesce(data.aws_iam_policy_document.d.json, "x")
    concat     = concat([data.aws_iam_policy_document.d.json], ["y"])
    values     = values({ a = data.aws_iam_policy_document.d.json })
    tomap      = tomap({ a = data.aws_iam_policy_document.d.json })["a"]
    toset      = tolist(toset([data.aws_iam_policy_document.d.json]))
    element    = element([data.aws_iam_policy_document.d.json], 0)
    one        = one([data.aws_iam_policy_document.d.json])
    dir_if     = "%{if data.aws_iam_policy_document.d.json != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${data.aws_iam_policy_document.d.json == null ? "" : data.aws_iam_policy_document.d.json}%{endfor}"
    tostring   = tostring(data.aws_iam_policy_document.d.json)
    eq         = data.aws_iam_policy_document.d.json == "v"
    contains   = contains(["v"], data.aws_iam_policy_document.d.json)
    startswith = try(startswith(data.aws_iam_policy_document.d.json, "v"), "E")
    zipmap     = zipmap(["a"], [data.aws_iam_policy_document.d.json])
    index_of   = { v = 1 }[data.aws_iam_policy_document.d.json == "v" ? "v" : "v"]
    not        = !(data.aws_iam_policy_document.d.json == "v")
    format     = format("%v", data.aws_iam_policy_document.d.json)
    neg        = try(-data.aws_iam_policy_document.d.json, "E")
    add        = try(data.aws_iam_policy_document.d.json + 1, "E")
    depth      = { a = [{ b = { c = data.aws_iam_policy_document.d.json } }] }.a[0].b.c
  }
}

output "typed" {
  value = {
    bare       = module.m.typed.s
    paren      = (module.m.typed.s)
    wrap       = "${module.m.typed.s}"
    prefix     = "p-${module.m.typed.s}"
    two        = "${module.m.typed.s}/${module.m.typed.s}"
    tuple      = [module.m.typed.s]
    tuple_0    = [module.m.typed.s, "z"][0]
    object     = { a = module.m.typed.s }.a
    for_obj    = { for k in ["x"] : k => module.m.typed.s }
    for_list   = [for k in ["x"] : module.m.typed.s]
    for_coll   = [for k in [module.m.typed.s] : k]
    for_if     = [for k in ["y"] : k if module.m.typed.s == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : module.m.typed.s]]
    for_group  = { for k in ["x", "y"] : "g" => module.m.typed.s... }
    cond       = true ? module.m.typed.s : "n"
    cond_else  = false ? "n" : module.m.typed.s
    cond_on    = module.m.typed.s == "v" ? 1 : 2
    cond_in    = module.m.typed.s != null ? [module.m.typed.s] : []
    try        = try(module.m.typed.s, "f")
    try_miss   = try({ s = module.m.typed.s }.nope, "miss")
    can        = can(module.m.typed.s)
    upper      = try(upper(module.m.typed.s), "E")
    json       = jsonencode({ a = module.m.typed.s })
    splat      = [{ a = module.m.typed.s }][*].a
    merge      = merge({ a = module.m.typed.s }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = module.m.typed.s }).a
    flatten    = flatten([[module.m.typed.s], ["z"]])
    for_map    = [for k, v in { a = module.m.typed.s } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = module.m.typed.s }, "a", "d")
    coalesce   = coalesce(module.m.typed.s, "x")
    concat     = concat([module.m.typed.s], ["y"])
    values     = values({ a = module.m.typed.s })
    tomap      = tomap({ a = module.m.typed.s })["a"]
    toset      = tolist(toset([module.m.typed.s]))
    element    = element([module.m.typed.s], 0)
    one        = one([module.m.typed.s])
    dir_if     = "%{if module.m.typed.s != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${module.m.typed.s == null ? "" : module.m.typed.s}%{endfor}"
    tostring   = tostring(module.m.typed.s)
    eq         = module.m.typed.s == "v"
    contains   = contains(["v"], module.m.typed.s)
    startswith = try(startswith(module.m.typed.s, "v"), "E")
    zipmap     = zipmap(["a"], [module.m.typed.s])
    index_of   = { v = 1 }[module.m.typed.s == "v" ? "v" : "v"]
    not        = !(module.m.typed.s == "v")
    format     = format("%v", module.m.typed.s)
    neg        = try(-module.m.typed.s, "E")
    add        = try(module.m.typed.s + 1, "E")
    depth      = { a = [{ b = { c = module.m.typed.s } }] }.a[0].b.c
  }
}

output "optional" {
  value = {
    bare       = var.obj.o
    paren      = (var.obj.o)
    wrap       = "${var.obj.o}"
    prefix     = "p-${var.obj.o}"
    two        = "${var.obj.o}/${var.obj.o}"
    tuple      = [var.obj.o]
    tuple_0    = [var.obj.o, "z"][0]
    object     = { a = var.obj.o }.a
    for_obj    = { for k in ["x"] : k => var.obj.o }
    for_list   = [for k in ["x"] : var.obj.o]
    for_coll   = [for k in [var.obj.o] : k]
    for_if     = [for k in ["y"] : k if var.obj.o == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : var.obj.o]]
    for_group  = { for k in ["x", "y"] : "g" => var.obj.o... }
    cond       = true ? var.obj.o : "n"
    cond_else  = false ? "n" : var.obj.o
    cond_on    = var.obj.o == "v" ? 1 : 2
    cond_in    = var.obj.o != null ? [var.obj.o] : []
    try        = try(var.obj.o, "f")
    try_miss   = try({ s = var.obj.o }.nope, "miss")
    can        = can(var.obj.o)
    upper      = try(upper(var.obj.o), "E")
    json       = jsonencode({ a = var.obj.o })
    splat      = [{ a = var.obj.o }][*].a
    merge      = merge({ a = var.obj.o }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = var.obj.o }).a
    flatten    = flatten([[var.obj.o], ["z"]])
    for_map    = [for k, v in { a = var.obj.o } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = var.obj.o }, "a", "d")
    coalesce   = coalesce(var.obj.o, "x")
    concat     = concat([var.obj.o], ["y"])
    values     = values({ a = var.obj.o })
    tomap      = tomap({ a = var.obj.o })["a"]
    toset      = tolist(toset([var.obj.o]))
    element    = element([var.obj.o], 0)
    one        = one([var.obj.o])
    dir_if     = "%{if var.obj.o != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${var.obj.o == null ? "" : var.obj.o}%{endfor}"
    tostring   = tostring(var.obj.o)
    eq         = var.obj.o == "v"
    contains   = contains(["v"], var.obj.o)
    startswith = try(startswith(var.obj.o, "v"), "E")
    zipmap     = zipmap(["a"], [var.obj.o])
    index_of   = { v = 1 }[var.obj.o == "v" ? "v" : "v"]
    not        = !(var.obj.o == "v")
    format     = format("%v", var.obj.o)
    neg        = try(-var.obj.o, "E")
    add        = try(var.obj.o + 1, "E")
    depth      = { a = [{ b = { c = var.obj.o } }] }.a[0].b.c
  }
}

output "nothing" {
  value = {
    bare       = try(var.nothing, "REFUSED")
    paren      = try((var.nothing), "REFUSED")
    wrap       = try("${var.nothing}", "REFUSED")
    prefix     = try("p-${var.nothing}", "REFUSED")
    two        = try("${var.nothing}/${var.nothing}", "REFUSED")
    tuple      = try([var.nothing], "REFUSED")
    tuple_0    = try([var.nothing, "z"][0], "REFUSED")
    object     = try({ a = var.nothing }.a, "REFUSED")
    for_obj    = try({ for k in ["x"] : k => var.nothing }, "REFUSED")
    for_list   = try([for k in ["x"] : var.nothing], "REFUSED")
    for_coll   = try([for k in [var.nothing] : k], "REFUSED")
    for_if     = try([for k in ["y"] : k if var.nothing == "v"], "REFUSED")
    for_nested = try([for k in ["x"] : [for j in ["y"] : var.nothing]], "REFUSED")
    for_group  = try({ for k in ["x", "y"] : "g" => var.nothing... }, "REFUSED")
    cond       = try(true ? var.nothing : "n", "REFUSED")
    cond_else  = try(false ? "n" : var.nothing, "REFUSED")
    cond_on    = try(var.nothing == "v" ? 1 : 2, "REFUSED")
    cond_in    = try(var.nothing != null ? [var.nothing] : [], "REFUSED")
    try        = try(try(var.nothing, "f"), "REFUSED")
    try_miss   = try(try({ s = var.nothing }.nope, "miss"), "REFUSED")
    can        = try(can(var.nothing), "REFUSED")
    upper      = try(try(upper(var.nothing), "E"), "REFUSED")
    json       = try(jsonencode({ a = var.nothing }), "REFUSED")
    splat      = try([{ a = var.nothing }][*].a, "REFUSED")
    merge      = try(merge({ a = var.nothing }, { b = 1 }), "REFUSED")
    merge_over = try(merge({ a = 1 }, { a = var.nothing }).a, "REFUSED")
    flatten    = try(flatten([[var.nothing], ["z"]]), "REFUSED")
    for_map    = try([for k, v in { a = var.nothing } : "${k}=${v == null ? "-" : v}"], "REFUSED")
    lookup     = try(lookup({ a = var.nothing }, "a", "d"), "REFUSED")
    coalesce   = try(coalesce(var.nothing, "x"), "REFUSED")
    concat     = try(concat([var.nothing], ["y"]), "REFUSED")
    values     = try(values({ a = var.nothing }), "REFUSED")
    tomap      = try(tomap({ a = var.nothing })["a"], "REFUSED")
    toset      = try(tolist(toset([var.nothing])), "REFUSED")
    element    = try(element([var.nothing], 0), "REFUSED")
    one        = try(one([var.nothing]), "REFUSED")
    dir_if     = try("%{if var.nothing != null}yes%{else}no%{endif}", "REFUSED")
    dir_for    = try("%{for x in ["1"]}${x}${var.nothing == null ? "" : var.nothing}%{endfor}", "REFUSED")
    tostring   = try(tostring(var.nothing), "REFUSED")
    eq         = try(var.nothing == "v", "REFUSED")
    contains   = try(contains(["v"], var.nothing), "REFUSED")
    startswith = try(try(startswith(var.nothing, "v"), "E"), "REFUSED")
    zipmap     = try(zipmap(["a"], [var.nothing]), "REFUSED")
    index_of   = try({ v = 1 }[var.nothing == "v" ? "v" : "v"], "REFUSED")
    not        = try(!(var.nothing == "v"), "REFUSED")
    format     = try(format("%v", var.nothing), "REFUSED")
    neg        = try(try(-var.nothing, "E"), "REFUSED")
    add        = try(try(var.nothing + 1, "E"), "REFUSED")
    depth      = try({ a = [{ b = { c = var.nothing } }] }.a[0].b.c, "REFUSED")
  }
}

output "number" {
  value = {
    bare       = local.n
    paren      = (local.n)
    wrap       = "${local.n}"
    prefix     = "p-${local.n}"
    two        = "${local.n}/${local.n}"
    tuple      = [local.n]
    tuple_0    = [local.n, "z"][0]
    object     = { a = local.n }.a
    for_obj    = { for k in ["x"] : k => local.n }
    for_list   = [for k in ["x"] : local.n]
    for_coll   = [for k in [local.n] : k]
    for_if     = [for k in ["y"] : k if local.n == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : local.n]]
    for_group  = { for k in ["x", "y"] : "g" => local.n... }
    cond       = true ? local.n : "n"
    cond_else  = false ? "n" : local.n
    cond_on    = local.n == "v" ? 1 : 2
    cond_in    = local.n != null ? [local.n] : []
    try        = try(local.n, "f")
    try_miss   = try({ s = local.n }.nope, "miss")
    can        = can(local.n)
    upper      = try(upper(local.n), "E")
    json       = jsonencode({ a = local.n })
    splat      = [{ a = local.n }][*].a
    merge      = merge({ a = local.n }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = local.n }).a
    flatten    = flatten([[local.n], ["z"]])
    for_map    = [for k, v in { a = local.n } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = local.n }, "a", "d")
    coalesce   = coalesce(local.n, "x")
    concat     = concat([local.n], ["y"])
    values     = values({ a = local.n })
    tomap      = tomap({ a = local.n })["a"]
    toset      = tolist(toset([local.n]))
    element    = element([local.n], 0)
    one        = one([local.n])
    dir_if     = "%{if local.n != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${local.n == null ? "" : local.n}%{endfor}"
    tostring   = tostring(local.n)
    eq         = local.n == "v"
    contains   = contains(["v"], local.n)
    startswith = try(startswith(local.n, "v"), "E")
    zipmap     = zipmap(["a"], [local.n])
    index_of   = { v = 1 }[local.n == "v" ? "v" : "v"]
    not        = !(local.n == "v")
    format     = format("%v", local.n)
    neg        = try(-local.n, "E")
    add        = try(local.n + 1, "E")
    depth      = { a = [{ b = { c = local.n } }] }.a[0].b.c
  }
}

output "flag" {
  value = {
    bare       = local.flag
    paren      = (local.flag)
    wrap       = "${local.flag}"
    prefix     = "p-${local.flag}"
    two        = "${local.flag}/${local.flag}"
    tuple      = [local.flag]
    tuple_0    = [local.flag, "z"][0]
    object     = { a = local.flag }.a
    for_obj    = { for k in ["x"] : k => local.flag }
    for_list   = [for k in ["x"] : local.flag]
    for_coll   = [for k in [local.flag] : k]
    for_if     = [for k in ["y"] : k if local.flag == "v"]
    for_nested = [for k in ["x"] : [for j in ["y"] : local.flag]]
    for_group  = { for k in ["x", "y"] : "g" => local.flag... }
    cond       = true ? local.flag : "n"
    cond_else  = false ? "n" : local.flag
    cond_on    = local.flag == "v" ? 1 : 2
    cond_in    = local.flag != null ? [local.flag] : []
    try        = try(local.flag, "f")
    try_miss   = try({ s = local.flag }.nope, "miss")
    can        = can(local.flag)
    upper      = try(upper(local.flag), "E")
    json       = jsonencode({ a = local.flag })
    splat      = [{ a = local.flag }][*].a
    merge      = merge({ a = local.flag }, { b = 1 })
    merge_over = merge({ a = 1 }, { a = local.flag }).a
    flatten    = flatten([[local.flag], ["z"]])
    for_map    = [for k, v in { a = local.flag } : "${k}=${v == null ? "-" : v}"]
    lookup     = lookup({ a = local.flag }, "a", "d")
    coalesce   = coalesce(local.flag, "x")
    concat     = concat([local.flag], ["y"])
    values     = values({ a = local.flag })
    tomap      = tomap({ a = local.flag })["a"]
    toset      = tolist(toset([local.flag]))
    element    = element([local.flag], 0)
    one        = one([local.flag])
    dir_if     = "%{if local.flag != null}yes%{else}no%{endif}"
    dir_for    = "%{for x in ["1"]}${x}${local.flag == null ? "" : local.flag}%{endfor}"
    tostring   = tostring(local.flag)
    eq         = local.flag == "v"
    contains   = contains(["v"], local.flag)
    startswith = try(startswith(local.flag, "v"), "E")
    zipmap     = zipmap(["a"], [local.flag])
    index_of   = { v = 1 }[local.flag == "v" ? "v" : "v"]
    not        = !(local.flag == "v")
    format     = format("%v", local.flag)
    neg        = try(-local.flag, "E")
    add        = try(local.flag + 1, "E")
    depth      = { a = [{ b = { c = local.flag } }] }.a[0].b.c
  }
}
