"""S3 and R2 as a store."""
