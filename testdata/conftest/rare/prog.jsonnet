local f(x) = x * 1000;
{ a: f(1000), b: [x + 1 for x in [1, 2]], c: import 'lib.libsonnet', d: std.length('abc'), e:: 'hidden', f: true }
