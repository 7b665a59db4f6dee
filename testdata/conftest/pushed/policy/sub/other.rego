package sub.other

warn contains "old" if input.age > data.oldest
