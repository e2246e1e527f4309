/** LoRA adapters on linear layers and their files in PEFT's format. */
@NullMarked
package org.layerwise.lora;

import org.jspecify.annotations.NullMarked;
