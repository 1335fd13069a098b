"""Trained models as files: one ONNX graph from raw named columns, and a pickle."""
