/** LoRA adapters on linear layers and their PEFT files. */
@NullMarked
package org.layerwise.lora;

import org.jspecify.annotations.NullMarked;
