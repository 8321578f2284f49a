"""Sample pictures of our own for practice mode; two of them have problems on purpose."""
