/**
 * Settings that people give: each is one constant, from which flags, YAML keys, forms, help and run files are made. {@link
 * org.layerwise.settings.Setting} is where to begin. The constants stand in the packages that use them.
 */
@NullMarked
package org.layerwise.settings;

import org.jspecify.annotations.NullMarked;
