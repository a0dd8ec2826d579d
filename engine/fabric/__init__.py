"""The network of the machines: fat trees, media, lengths, loss, latency and what fails."""
