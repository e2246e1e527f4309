/** JSON and YAML files, whose errors name the file and the key. */
@NullMarked
package org.layerwise.base.json;

import org.jspecify.annotations.NullMarked;
