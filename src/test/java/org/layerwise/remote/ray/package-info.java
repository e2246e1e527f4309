@NullMarked
package org.layerwise.remote.ray;

import org.jspecify.annotations.NullMarked;
