/** Families of models: readers of their {@code config.json}, and the names of their modules and classes. */
@NullMarked
package org.layerwise.model.family;

import org.jspecify.annotations.NullMarked;
