package org.layerwise.lora;

import org.jspecify.annotations.Nullable;

/**
 * Base model of an adapter, as named in PEFT's file.
 *
 * @param name id on the hub or a folder, {@code base_model_name_or_path}
 * @param revision commit, tag or branch on the hub, {@code revision}; null for a folder, or for the newest revision
 */
public record BaseModel(String name, @Nullable String revision) {}
