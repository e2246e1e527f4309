/** Structure of models: sizes and options of their parts, and names of their modules. */
@NullMarked
package org.layerwise.model.config;

import org.jspecify.annotations.NullMarked;
