"""What breaks if a domain's DMARC policy is raised: source by source, with a go, wait or no-go and the numbers behind it."""
