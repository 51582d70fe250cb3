"""Proofs for answers in which Prometheus 2.42 and this project's engine differ; see ../differ.py."""
