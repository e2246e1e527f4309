package org.layerwise.lora;

import org.layerwise.tensor.Tensor;

/**
 * Trained tensor.
 *
 * @param name name in PEFT's {@code adapter_model.safetensors}
 * @param decays true if weight decay applies: HuggingFace's Trainer exempts biases and normalisations
 */
public record Parameter(String name, Tensor value, boolean decays) {}
