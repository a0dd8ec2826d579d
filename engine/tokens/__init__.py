"""What the machines deliver: workload, throughput, tokens per second."""
