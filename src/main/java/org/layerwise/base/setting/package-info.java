/**
 * A setting as one constant, from which flags, YAML keys, forms, help and run files are generated. Start with {@link
 * org.layerwise.base.setting.Setting}. The constants are defined beside the code that uses them.
 */
@NullMarked
package org.layerwise.base.setting;

import org.jspecify.annotations.NullMarked;
