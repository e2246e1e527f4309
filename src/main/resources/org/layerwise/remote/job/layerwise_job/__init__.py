"""What Layerwise runs on a cluster: trains the adapter of a job folder with PyTorch, transformers and PEFT."""
