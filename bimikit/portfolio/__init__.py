"""Many domains: what each publishes, found out fast, politely, and so that nothing is lost or asked twice."""
