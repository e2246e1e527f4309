/** What a model is made of: configurations read from {@code config.json}, and what each family calls its modules. */
@NullMarked
package org.layerwise.model.config;

import org.jspecify.annotations.NullMarked;
