/** Structure of models: configurations read from {@code config.json}, and the module names of each family. */
@NullMarked
package org.layerwise.model.config;

import org.jspecify.annotations.NullMarked;
