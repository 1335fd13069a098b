"""From the bytes of a prediction request to the bytes of its answer.

The server and a stateless replica run this code alike. It needs numpy, onnxruntime and msgspec;
neither the warehouse nor any library of the training, and pyarrow only for Arrow bodies.
"""

from freemlops.serving.endpoint import MAX_BODY, Endpoint
from freemlops.serving.model import PredictionAnswer, ServedModel
from freemlops.serving.route import Route, Routes

__all__ = ["MAX_BODY", "Endpoint", "PredictionAnswer", "Route", "Routes", "ServedModel"]
