/**
 * Settings that people can change. Each setting is one constant, from which flags, YAML keys, forms, help and run files
 * are generated. Start with {@link org.layerwise.settings.Setting}. The constants are defined in the packages that use
 * them.
 */
@NullMarked
package org.layerwise.settings;

import org.jspecify.annotations.NullMarked;
