package lib.socket_test

import data.lib.socket

test_one if socket.label("tcp", 5432, 5432) == "tcp/5432"

test_range if socket.label("tcp", 0, 65535) == "tcp/0-65535"

test_without_ports if socket.label("icmp", 0, 0) == "icmp"

test_any if socket.label("any", 0, 65535) == "every port"
