package org.layerwise.lora;

import org.layerwise.tensor.Tensor;

/**
 * A tensor that is trained.
 *
 * @param name its name in PEFT's {@code adapter_model.safetensors}
 * @param decays whether weight decay applies: HuggingFace's Trainer spares biases and normalisations
 */
public record Parameter(String name, Tensor value, boolean decays) {}
