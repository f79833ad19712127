"""Where files are kept: a folder or a bucket, and copies of a bucket's files on this machine."""
