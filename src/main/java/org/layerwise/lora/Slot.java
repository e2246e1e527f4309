package org.layerwise.lora;

import java.util.List;
import java.util.function.Supplier;

/**
 * A tensor that is to be trained.
 *
 * @param name in PEFT's file
 * @param others names that it has in some files
 * @param initial what it starts as if no adapter says otherwise
 * @param optional whether an adapter may leave it out, because the base model has it
 */
record Slot(String name, List<String> others, long[] shape, Supplier<float[]> initial, boolean optional) {}
