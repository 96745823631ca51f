"""What breaks if a domain's DMARC policy is raised: source by source, and go, wait or no-go with the numbers behind."""
