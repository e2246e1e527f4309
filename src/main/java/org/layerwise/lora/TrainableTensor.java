package org.layerwise.lora;

import java.util.List;
import java.util.function.Supplier;

/**
 * Tensor to be trained.
 *
 * @param name name in PEFT's file
 * @param others other names of the tensor in some files
 * @param initial initial values if no adapter provides them
 * @param optional true if an adapter may lack the tensor, because the base model has it
 */
record TrainableTensor(String name, List<String> others, long[] shape, Supplier<float[]> initial, boolean optional) {}
