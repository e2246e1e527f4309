package org.layerwise.lora;

import org.jspecify.annotations.Nullable;

/**
 * The model that an adapter belongs to, as PEFT's file names it.
 *
 * @param name its id on the hub or a folder, {@code base_model_name_or_path}
 * @param revision commit, tag or branch on the hub, {@code revision}; null for a folder, or for the newest
 */
public record BaseModel(String name, @Nullable String revision) {}
